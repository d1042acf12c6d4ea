"""Start or continue a training run of the default model's separator."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from audio_models.errors import ModelError

if TYPE_CHECKING:
    from audio_models.separator import SeparatorConfig
    from audio_models.train.loop import Training
    from audio_models.train.material import Pack

_UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0}


@dataclass(frozen=True)
class RunSummary:
    """What a finished run leaves."""

    weights: Path
    log: Path
    samples: int
    seconds: float
    leads: bool
    """Whether this process speaks for the run; False in all but one that `torchrun` started."""


def parse_budget(text: str) -> float:
    """`90m`, `2h`, `45s` or plain seconds -> seconds.

    Raises:
        ModelError: the text is no duration.
    """
    match = re.fullmatch(r"(\d+(?:\.\d+)?)([smh]?)", text.strip().lower())
    if match is None or float(match[1]) <= 0:
        raise ModelError(f"'{text}' is no duration; write the budget like 90m, 2h or 300s.")
    return float(match[1]) * _UNITS[match[2] or "s"]


@dataclass(frozen=True)
class _Run:
    """What every process of a run is told."""

    data: Path
    out: Path
    seconds: float
    resume: bool
    threads: int
    device: str
    workers: int
    start: Path | None
    processor_time: bool
    shape: SeparatorConfig | None
    strength: float | None
    settings: dict[str, object]


def run_training(
    data: Path,
    out: Path | None = None,
    budget: str = "90m",
    resume: bool = False,
    threads: int = 1,
    device: str = "cpu",
    workers: int = 0,
    start: Path | None = None,
    processor_time: bool = False,
    shape: SeparatorConfig | None = None,
    processes: int = 1,
    strength: float | None = None,
    report: Callable[[str], None] = print,
    check: Callable[[], None] = lambda: None,
    **settings: object,
) -> RunSummary:
    """Train the separator on the material folder `data` for a time budget.

    Args:
        data: folder with `manifest.json` and the recordings it lists.
        out: folder of the run (checkpoint, weights, log); default in the user's cache.
        budget: time of training over all resumptions, like `90m`.
        resume: go on from the folder's checkpoint; without it a folder in use is refused.
        threads: processor threads of the network, in each process.
        device: `cpu` or `cuda`.
        workers: processes that make mixtures; 0 makes them in the one that learns from them.
        start: weights of an earlier run that a new run goes on from, when its checkpoint is gone.
        processor_time: count the budget in time of processor cores.
        shape: of the separator of a new run; the usual one unless given.
        processes: that learn together, each from its own mixtures; their gradients are averaged.
        strength: how often sounds are changed (`TrainingConfig.strength`), 0 to 1; a resumed run
            goes on with it.
        report: takes one line of progress.
        check: called every step, may raise to stop.
        **settings: fields of `TrainingConfig` for a new run.

    Raises:
        ModelError: the budget is no duration, `strength` no share, the folder already holds a run,
            no such device or not as many, `start` holds no separator, or a process ended before
            its time.
        TrainingDataError: the material is missing.
    """
    import torch

    from audio_models.train import loop
    from audio_models.train.material import default_cache
    from audio_models.train.workers import helpers

    seconds = parse_budget(budget)
    if processes < 1:
        raise ModelError("A training needs at least one process.")
    if strength is not None and not 0.0 <= strength <= 1.0:
        raise ModelError(f"A strength of {strength:g} is no share; give 0 to 1.")
    cards = torch.cuda.device_count()
    if device == "cuda" and not torch.cuda.is_available():
        raise ModelError("There is no CUDA graphics card here; pass --device cpu.")
    if device == "cuda" and processes > cards:
        raise ModelError(f"CUDA graphics cards here: {cards}; give at most as many --processes.")
    out = out or default_cache() / "runs" / "separator"
    out.mkdir(parents=True, exist_ok=True)
    if not resume and (out / loop.CHECKPOINT).exists():
        raise ModelError(f"{out} already holds a run; pass --resume to go on or another --out.")
    run = _Run(
        data,
        out,
        seconds,
        resume,
        threads,
        device,
        workers,
        start,
        processor_time,
        shape,
        strength,
        settings,
    )
    # What is made on first use is made before there are others who would make it too.
    pack = _material(data, report, check)
    with helpers(processes - 1, _help, run, check):
        training = _take_part(run, pack, report, check)
    return RunSummary(
        out / loop.WEIGHTS, out / loop.LOG, training.samples, training.spent, training.team.leads
    )


def _help(run: _Run, join: Callable[[], None]) -> None:
    pack = _material(run.data, _quiet)
    join()
    _take_part(run, pack, _quiet)


def _quiet(line: str) -> None:
    """The leading process speaks for all."""


def _material(
    data: Path, report: Callable[[str], None], check: Callable[[], None] = lambda: None
) -> Pack:
    from audio_models.train.material import open_pack
    from audio_models.train.pitch import with_pitches
    from audio_models.train.played import with_played_scores
    from audio_models.train.sung import with_singing

    pack = with_singing(open_pack(data, report=report), report=report, check=check)
    pack = with_pitches(pack, report=report, check=check)
    return with_played_scores(pack, data, report=report, check=check)


def _take_part(
    run: _Run, pack: Pack, report: Callable[[str], None], check: Callable[[], None] = lambda: None
) -> Training:
    import torch

    from audio_models.separator_bands import BandConfig
    from audio_models.train.loop import Training, TrainingConfig
    from audio_models.train.workers import workers

    torch.set_num_threads(run.threads)
    config = TrainingConfig(**run.settings)  # type: ignore[arg-type]
    with workers(run.device) as team:
        say = report if team.leads else _quiet
        training = Training(pack, run.out, run.shape or BandConfig(phases=True), config, team, say)
        if run.resume and training.resume():
            say(f"Going on from step {training.step} after {training.spent / 60:.1f} minutes")
        elif run.start is not None:
            training.start_from(run.start)
            say(f"Starting from {run.start}, step {training.step}")
        if run.strength is not None:
            training.config = replace(training.config, strength=run.strength)
        training.run(
            run.seconds, workers=run.workers, processor_time=run.processor_time, check=check
        )
    return training
