"""`python -m audio_models.train default --data DIR --budget 90m [--resume] [--out DIR]`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from audio_models.errors import ModelError
from audio_models.train.material import TrainingDataError
from audio_models.train.run import run_training


def main(argv: list[str] | None = None) -> int:
    """Exit code 0 when the budget was used, 2 for a wrong request."""
    parser = argparse.ArgumentParser(prog="audio_models.train", description=__doc__)
    parser.add_argument("model", choices=["default"])
    parser.add_argument("--data", type=Path, required=True, help="folder of the material")
    parser.add_argument("--out", type=Path, help="folder of the run (default: user cache)")
    parser.add_argument("--budget", default="90m", help="time over all resumptions, like 90m")
    parser.add_argument("--resume", action="store_true", help="go on from the last checkpoint")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--device", default="cpu", choices=["cpu", "cuda"])
    parser.add_argument("--workers", type=int, default=0, help="processes that make mixtures")
    options = vars(parser.parse_args(argv))
    del options["model"]
    try:
        summary = run_training(report=_report, **options)
    except (ModelError, TrainingDataError) as error:
        print(error, file=sys.stderr)
        return 2
    print(f"{summary.samples} mixtures seen; weights in {summary.weights}")
    return 0


def _report(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
