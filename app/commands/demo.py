"""``demo``: render a synthetic duet, isolate both singers, and compare with the known truth."""

from __future__ import annotations

import argparse
from pathlib import Path

from app.commands.options import add_json
from app.jobs import CancelToken
from app.terminal import Terminal

NAME = "demo"
HELP = "render a synthetic duet and isolate both singers"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "--folder",
        type=Path,
        default=Path("solovox_demo"),
        metavar="DIR",
        help="where clip and voices go (default: solovox_demo in the current folder)",
    )
    parser.add_argument("--seconds", type=float, default=12.0, metavar="S", help="length, 12")
    add_json(parser)


def run(args: argparse.Namespace, terminal: Terminal, token: CancelToken) -> int:
    """Run the whole job on a clip that the program makes itself."""
    from app.demo.job import run_demo

    report = run_demo(args.folder, seconds=args.seconds, on_progress=terminal.progress, token=token)
    terminal.result(report.facts(), report.lines())
    return 0
