"""``bench``: measure speed and memory of the whole job."""

from __future__ import annotations

import argparse

from app.commands.options import add_json
from app.jobs import CancelToken
from app.terminal import Terminal

NAME = "bench"
HELP = "measure speed and memory"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what can be measured."""
    benches = parser.add_subparsers(dest="bench", metavar="WHAT", required=True)
    job = benches.add_parser("job", help="one clip from file to voices, stage by stage")
    job.add_argument("--seconds", type=float, default=60.0, metavar="S", help="length of the clip")
    add_json(job)


def run(args: argparse.Namespace, terminal: Terminal, token: CancelToken) -> int:
    """Run the measurement and print its table."""
    from app.bench.job import bench_job

    report = bench_job(args.seconds, on_progress=terminal.progress, token=token)
    terminal.result(report.facts(), report.lines())
    return 0
