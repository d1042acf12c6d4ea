"""Start or continue a training run of the default model's separator."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from audio_models.errors import ModelError

if TYPE_CHECKING:
    from audio_models.separator import SeparatorConfig

_UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0}


@dataclass(frozen=True)
class RunSummary:
    """What a finished run leaves."""

    weights: Path
    log: Path
    samples: int
    seconds: float


def parse_budget(text: str) -> float:
    """`90m`, `2h`, `45s` or plain seconds -> seconds.

    Raises:
        ModelError: the text is no duration.
    """
    match = re.fullmatch(r"(\d+(?:\.\d+)?)([smh]?)", text.strip().lower())
    if match is None or float(match[1]) <= 0:
        raise ModelError(f"'{text}' is no duration; write the budget like 90m, 2h or 300s.")
    return float(match[1]) * _UNITS[match[2] or "s"]


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
        threads: processor threads of the network.
        device: `cpu` or `cuda`.
        workers: processes that make mixtures; 0 makes them in this one.
        start: weights of an earlier run that a new run goes on from, when its checkpoint is gone.
        processor_time: count the budget in time of this process's cores.
        shape: of the separator of a new run; the usual one unless given.
        report: takes one line of progress.
        check: called every step, may raise to stop.
        **settings: fields of `TrainingConfig` for a new run.

    Raises:
        ModelError: the budget is no duration, the folder already holds a run, no such device, or
            `start` holds no separator.
        TrainingDataError: the material is missing.
    """
    import torch

    from audio_models.separator_bands import BandConfig
    from audio_models.train import loop
    from audio_models.train.material import default_cache, open_pack
    from audio_models.train.played import with_played_scores
    from audio_models.train.sung import with_singing

    seconds = parse_budget(budget)
    if device == "cuda" and not torch.cuda.is_available():
        raise ModelError("There is no CUDA graphics card here; pass --device cpu.")
    out = out or default_cache() / "runs" / "separator"
    torch.set_num_threads(threads)
    model_config = shape or BandConfig()
    config = loop.TrainingConfig(**settings)  # type: ignore[arg-type]
    out.mkdir(parents=True, exist_ok=True)
    if not resume and (out / loop.CHECKPOINT).exists():
        raise ModelError(f"{out} already holds a run; pass --resume to go on or another --out.")
    pack = with_singing(open_pack(data, report=report), report=report, check=check)
    pack = with_played_scores(pack, data, report=report, check=check)
    training = loop.Training(pack, out, model_config, config, torch.device(device), report)
    if resume and training.resume():
        report(f"Going on from step {training.step} after {training.spent / 60:.1f} minutes")
    elif start is not None:
        training.start_from(start)
        report(f"Starting from {start}, step {training.step}")
    training.run(seconds, workers=workers, processor_time=processor_time, check=check)
    return RunSummary(
        out / loop.WEIGHTS,
        out / loop.LOG,
        training.step * training.config.batch,
        training.spent,
    )
