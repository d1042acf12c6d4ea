"""``evaluate``: score a model on mixtures whose voices are known."""

from __future__ import annotations

import argparse
from pathlib import Path

from app.commands.options import add_json
from app.commands.separate import DEVICES
from app.jobs import CancelToken
from app.terminal import Terminal

NAME = "evaluate"
HELP = "score a model on mixtures with known voices"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "folder",
        type=Path,
        metavar="DIR",
        help="mixtures as ID.mkv with ID_target.wav and ID_others.wav",
    )
    parser.add_argument("--model", default="solovox", metavar="ID", help="see the models command")
    parser.add_argument("--device", choices=DEVICES, default="auto")
    add_json(parser)


def run(args: argparse.Namespace, terminal: Terminal, token: CancelToken) -> int:
    """Score every mixture of the folder and print the table."""
    from app.evaluate import evaluate

    report = evaluate(
        args.folder,
        model=args.model,
        device=args.device,
        on_progress=terminal.progress,
        token=token,
    )
    terminal.result(report.facts(), report.lines())
    return 0
