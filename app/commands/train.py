"""``train``: train the separator of the default model on a folder of recordings."""

from __future__ import annotations

import argparse
from pathlib import Path

from app.commands.options import add_json
from app.errors import BadInputError
from app.jobs import CancelToken
from app.terminal import Terminal

NAME = "train"
HELP = "train the default model's separator"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "data", type=Path, metavar="DIR", help="folder with manifest.json and its recordings"
    )
    parser.add_argument(
        "--out", type=Path, metavar="DIR", help="folder of the run (default: in the user's cache)"
    )
    parser.add_argument("--budget", default="90m", metavar="TIME", help="like 90m, 2h or 300s")
    parser.add_argument("--resume", action="store_true", help="go on from the last checkpoint")
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    parser.add_argument("--threads", type=int, default=1, metavar="N")
    parser.add_argument(
        "--workers", type=int, default=0, metavar="N", help="processes that make mixtures"
    )
    add_json(parser)


def run(args: argparse.Namespace, terminal: Terminal, token: CancelToken) -> int:
    """Train until the budget is used; Ctrl-C leaves the last checkpoint to resume from."""
    from audio_models.errors import ModelError
    from audio_models.train.material import TrainingDataError
    from audio_models.train.run import run_training

    try:
        summary = run_training(
            args.data,
            args.out,
            args.budget,
            args.resume,
            args.threads,
            args.device,
            args.workers,
            report=terminal.note,
            check=token.check,
        )
    except (ModelError, TrainingDataError) as error:
        raise BadInputError(str(error)) from error
    facts = {"weights": str(summary.weights), "log": str(summary.log), "samples": summary.samples}
    terminal.result(facts, [f"{summary.samples} mixtures seen; weights in {summary.weights}"])
    return 0
