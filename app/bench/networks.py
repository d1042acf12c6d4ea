"""``bench networks``: trains every family with one budget each, measures and compares them.

Everything lies in one folder and is taken up where it stands: a run that was ended goes on with the
network it was at.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.bench.child import run_child
from app.bench.network_longer import best_longer
from app.bench.network_page import write_page
from app.bench.network_run import (
    PROJECT,
    Course,
    check_budget,
    keep_facts,
    known_facts,
    scored,
    train,
)
from app.bench.network_scores import MUSIC_KIND
from app.errors import BadInputError
from app.jobs import CancelToken, OnProgress, ProgressClock
from app.mixtures import Mixture, find_mixtures
from app.paths import cache_dir

STAGE = "Comparing networks"
COMPARED = (
    "unet-jansson",
    "unet-jansson-5",
    "unet-jansson-4",
    "unet-jansson-3",
    "tdf-unet",
    "tdc-unet",
    "tfc-unet",
    "tfc-tdf-unet",
    "tfc-tdf-unet-7",
    "tdc-rnn-unet",
    "wave-unet-m1",
    "wave-unet-m4",
    "wave-unet-m5",
    "wave-unet-m7",
    "cnn-mask",
    "cnn-mask-resnet18",
)
"""Each family, and the depths of Jansson's U-Net; in the order of the table."""
_MEASURED = "measured.json"
_PEER_SECONDS = 10


@dataclass(frozen=True)
class NetworkBench:
    """What to compare."""

    models: tuple[str, ...] = COMPARED
    data: tuple[Path, ...] = ()
    """Training material; without it nothing is trained and only what is there is scored."""
    budget: str = "25m"
    """Of processor time, for each network; one that had more already is left as it is."""
    longer: str | None = None
    """Budget to which the best of them on voice + music is trained on; needs mixtures."""
    recipe: str = "reference"
    mixtures: Path | None = None
    """Folder of mixtures of filmed voices, for their kinds with music."""
    runs: Path | None = None
    """Folder of all runs; default in the user's cache."""
    page: Path | None = None
    """Where to write the page; its picture goes beside it."""


def bench_networks(
    bench: NetworkBench,
    *,
    on_progress: OnProgress | None = None,
    token: CancelToken | None = None,
) -> dict[str, Any]:
    """Train what is not trained yet, measure, score, and write the page.

    Returns:
        The figures of every network by id under ``networks``, and the peers under ``peers``.

    Raises:
        BadInputError: a model, a folder or the budget is wrong.
        NotPossibleError: a training or a measurement failed.
    """
    token = token or CancelToken()
    _check(bench)
    runs = bench.runs or cache_dir() / "runs" / "compare"
    runs.mkdir(parents=True, exist_ok=True)
    mixtures = _with_music(bench.mixtures)
    clock = ProgressClock(STAGE, 3 * len(bench.models) + 1, on_progress)
    networks: dict[str, dict[str, Any]] = {}
    for number, model_id in enumerate(bench.models):
        folder = runs / model_id
        folder.mkdir(exist_ok=True)
        networks[model_id] = _measured(model_id, folder, token)
        clock.update(number + 1)
    course = Course(bench.data, bench.budget, bench.recipe)
    for number, model_id in enumerate(bench.models):
        networks[model_id] |= train(model_id, runs / model_id, course, token)
        clock.update(len(bench.models) + number + 1)
    for number, model_id in enumerate(bench.models):
        networks[model_id] |= scored(runs / model_id, bench.data, mixtures, token)
        clock.update(2 * len(bench.models) + number + 1)
    longer = None
    if bench.longer is not None:
        further = Course(bench.data, bench.longer, bench.recipe)
        longer = best_longer(
            runs, networks, further, mixtures, on_progress=on_progress, token=token
        )
    result = {
        "cores": cores(),
        "recipe": bench.recipe,
        "networks": networks,
        "peers": _peers(runs, token),
        "mixtures": len(mixtures),
        "longer": longer,
    }
    clock.update(3 * len(bench.models) + 1)
    if bench.page is not None:
        write_page(result, runs, bench.page)
    return result


def _check(bench: NetworkBench) -> None:
    from audio_models.registry import MODELS

    known = [spec.id for spec in MODELS if spec.trained_here]
    for model_id in bench.models:
        if model_id not in known:
            raise BadInputError(
                f"{model_id} is no network to compare; choose from {', '.join(known)}."
            )
    for folder in bench.data:
        if not folder.is_dir():
            raise BadInputError(f"There is no folder {folder}; give training material.")
    if bench.page is not None and not bench.page.parent.is_dir():
        raise BadInputError(f"There is no folder {bench.page.parent}; make it first.")
    check_budget(bench.budget)
    if bench.longer is not None:
        check_budget(bench.longer)
        if bench.mixtures is None:
            raise BadInputError("Give mixtures as well, to see which network is the best.")


def _with_music(folder: Path | None) -> list[Mixture]:
    if folder is None:
        return []
    return [m for m in find_mixtures(folder) if m.kind == MUSIC_KIND and not m.doubtful]


def _measured(model_id: str, folder: Path, token: CancelToken) -> dict[str, Any]:
    """Size and speed; measured once."""
    known = known_facts(folder / _MEASURED)
    if not known:
        arguments = ["-m", "app.bench.network_child", model_id, str(cores())]
        child = run_child(arguments, folder, {"PYTHONPATH": str(PROJECT)}, token)
        known = dict(child.events[-1])
        keep_facts(folder / _MEASURED, known)
    return known


def _peers(runs: Path, token: CancelToken) -> dict[str, Any]:
    """Networks of the shape and size of Open-Unmix and Hybrid Demucs, new weights."""
    known = known_facts(runs / "peers.json")
    if not known:
        import torch

        from app.bench.peers import SAMPLE_RATE, time_peers

        torch.set_num_threads(cores())
        sound = 0.1 * torch.randn(2, _PEER_SECONDS * SAMPLE_RATE)
        known = {
            peer.name: {
                "parameters": peer.parameters,
                "real_time_factor": peer.real_time_factor,
                "processor_factor": peer.cpu,
            }
            for peer in time_peers(sound, token.check)
        }
        keep_facts(runs / "peers.json", known)
    return known


def cores() -> int:
    """Cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
