"""Start or continue the training of any network of the registry."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from audio_models.errors import ModelError
from audio_models.networks import CONFIGS, build_network, changed
from audio_models.train.budget import Budget
from audio_models.train.journal import PICTURE
from audio_models.train.lips import TalkingClip, load_clips
from audio_models.train.material import TrainingDataError, default_cache
from audio_models.train.network_loop import BEST, CHECKPOINT, NetworkTraining
from audio_models.train.recipes import (
    YNET_RECIPE,
    Recipe,
    changed_recipe,
    modern_recipe,
    reference_recipe,
)
from audio_models.train.remix import open_draws
from audio_models.train.task import SoundTask, Task
from audio_models.train.workers import workers
from audio_models.train.ynet_task import YNetTask
from audio_models.ynet import Visual

_YNETS: dict[str, tuple[Visual, bool]] = {
    "ynet-g": ("graph", False),
    "ynet-gr": ("graph", True),
    "ynet-m": ("video", False),
    "ynet-mr": ("video", True),
}
"""What each variant looks at, and whether it learns from duets."""
TRAINABLE = (*CONFIGS, *_YNETS)
_SETTINGS = ("network", "training")


@dataclass(frozen=True)
class NetworkRun:
    """What a finished training leaves."""

    weights: Path
    """The best by validation."""
    picture: Path
    steps: int
    skipped: int
    seconds: float
    score: float
    leads: bool
    """False in the helping processes of a parallel training, which write nothing."""


def train_network(
    model_id: str,
    data: Sequence[Path],
    *,
    out: Path | None = None,
    budget: str = "20m",
    resume: bool = False,
    modern: bool = False,
    config: Path | None = None,
    device: str = "auto",
    threads: int | None = None,
    processor_time: bool = False,
    report: Callable[[str], None] = print,
    check: Callable[[], None] = lambda: None,
) -> NetworkRun:
    """Train a network on folders of material, and for Y-Net on a file of filmed voices.

    Args:
        model_id: one of `TRAINABLE`.
        data: folders with ``manifest.json``, of MUSDB18 or of pairs; for Y-Net also the npz file
            of ``train landmarks``.
        out: folder of the run; default in the user's cache.
        budget: over all resumptions, see `Budget`.
        resume: go on from the folder's checkpoint; without it a folder in use is refused.
        modern: take the modern recipe instead of the authors'.
        config: JSON file with ``network`` and ``training``, settings to change.
        device: ``auto``, ``cpu`` or ``cuda``.
        threads: processor threads of the network; as torch has them when None.
        processor_time: count the budget in seconds of processor cores.
        report: takes one line of progress.
        check: called every step, may raise to stop.

    Raises:
        ModelError: a wrong request.
        TrainingDataError: the material is missing or does not fit.
    """
    limit = Budget.parse(budget)
    if model_id not in TRAINABLE:
        raise ModelError(f"{model_id} cannot be trained; choose one of {', '.join(TRAINABLE)}.")
    settings = _read_settings(config)
    if threads is not None:
        torch.set_num_threads(threads)
    out = out or default_cache() / "runs" / model_id
    if not resume and (out / CHECKPOINT).exists():
        raise ModelError(f"{out} already holds a run; pass --resume to go on or another --out.")
    out.mkdir(parents=True, exist_ok=True)
    with workers(device) as team:
        say = report if team.leads else _quiet
        task, recipe = _task(model_id, data, settings, modern, say, check)
        training = NetworkTraining(task, model_id, out, recipe, team, say)
        if resume and training.resume():
            say(f"Going on from step {training.step} after {training.spent / 60:.1f} minutes")
        training.run(limit, check, processor_time)
    return NetworkRun(
        out / BEST,
        out / PICTURE,
        training.step,
        training.skipped,
        training.spent,
        training.best,
        team.leads,
    )


def _task(
    model_id: str,
    data: Sequence[Path],
    settings: dict[str, dict[str, Any]],
    modern: bool,
    report: Callable[[str], None],
    check: Callable[[], None],
) -> tuple[Task, Recipe]:
    """The model and how it learns; new weights follow from the seed."""
    folders = [path for path in data if path.is_dir()]
    for path in data:
        if not path.exists():
            raise TrainingDataError(f"There is no {path}; check the name.")
    if not folders:
        raise TrainingDataError("Give a folder with music, or songs, with --data.")
    reference = YNET_RECIPE
    if model_id in CONFIGS:
        network_config = changed(CONFIGS[model_id], settings["network"])
        reference = reference_recipe(network_config)
    elif settings["network"]:
        raise ModelError("Y-Net has no settings of its own; leave 'network' out.")
    recipe = modern_recipe(reference) if modern else reference
    recipe = changed_recipe(recipe, settings["training"])
    torch.manual_seed(recipe.seed)
    if model_id not in CONFIGS:
        visual, duets = _YNETS[model_id]
        clips = _clips([path for path in data if path.is_file()])
        sides = [open_draws(folders, side, 16384, 1, report=report) for side in (False, True)]
        return YNetTask(visual, duets, clips, sides[0], sides[1], recipe), recipe
    network = build_network(network_config)
    rate, channels = network.sample_rate, network.channels
    learnt, held_out = (
        open_draws(folders, side, rate, channels, report=report, check=check)
        for side in (False, True)
    )
    return SoundTask(model_id, network, learnt, held_out, recipe), recipe


def _clips(files: Sequence[Path]) -> list[TalkingClip]:
    if not files:
        raise TrainingDataError(
            "Y-Net learns from filmed voices; make a file of them with 'train landmarks' and give "
            "it with --data."
        )
    return [clip for file in files for clip in load_clips(file)]


def _read_settings(path: Path | None) -> dict[str, dict[str, Any]]:
    settings: dict[str, dict[str, Any]] = {name: {} for name in _SETTINGS}
    if path is None:
        return settings
    try:
        given = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ModelError(f"{path} cannot be read ({error.strerror}); check the name.") from error
    except ValueError as error:
        raise ModelError(f"{path} is no JSON file ({error}); correct it.") from error
    if not isinstance(given, dict) or not set(given) <= set(_SETTINGS):
        raise ModelError(f"{path} may hold 'network' and 'training' and nothing else.")
    for name, value in given.items():
        if not isinstance(value, dict):
            raise ModelError(f"'{name}' in {path} must be a list of settings in braces.")
        settings[name] = value
    return settings


def _quiet(_line: str) -> None:
    """What the helping processes have to say."""
