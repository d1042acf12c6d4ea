"""``bench``: measure speed and memory of the whole job or the window, photograph the window."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from app.commands.options import add_json, part_options, parts_of
from app.errors import BadInputError
from app.jobs import CancelToken
from app.terminal import Terminal

if TYPE_CHECKING:
    from app.bench.report import BenchReport
    from app.bench.window import WindowReport

NAME = "bench"
HELP = "measure speed and memory"
SHORTEST_SECONDS = 4


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what can be measured."""
    benches = parser.add_subparsers(dest="bench", metavar="WHAT", required=True)
    job = benches.add_parser("job", help="one clip from file to voices, stage by stage")
    job.add_argument("--seconds", type=float, default=60.0, metavar="S", help="length of the clip")
    job.add_argument(
        "--people", type=int, choices=(1, 2), default=2, help="how many the clip shows (default: 2)"
    )
    job.add_argument(
        "--long", type=float, metavar="MIN", help="also run a clip of so many minutes, for memory"
    )
    job.add_argument(
        "--repeat",
        type=int,
        default=3,
        metavar="N",
        help="runs of the whole job; the middle one counts (default: 3)",
    )
    window = benches.add_parser("window", help="what an editor waits for in the window")
    window.add_argument(
        "--seconds", type=float, default=60.0, metavar="S", help="length of the clip"
    )
    window.add_argument(
        "--no-long", action="store_true", help="leave out the clip of an hour, for memory"
    )
    joins = benches.add_parser(
        "joins", help="what learning a clip's own voices gives, on joins of single-face clips"
    )
    joins.add_argument(
        "folder", type=Path, metavar="DIR", help="clips (.mkv) with one speaking face each"
    )
    steady = benches.add_parser(
        "steady", help="whether an output stays one person's over a minute of two voices"
    )
    steady.add_argument(
        "folder", type=Path, metavar="DIR", help="clips (.mkv) with one speaking face each"
    )
    faces = benches.add_parser("faces", help="what lost, late and exchanged faces cost")
    faces.add_argument("folder", type=Path, metavar="DIR", help="mixtures with known voices")
    faces.add_argument("--recipes", type=Path, metavar="FILE", help="what the mixtures are")
    for part in (steady, faces):
        part.add_argument("--model", default="solovox", metavar="ID", help="see the models command")
    pairs = benches.add_parser(
        "pairs", help="every two people of a folder at once: what a change of the model is worth"
    )
    pairs.add_argument(
        "folder", type=Path, metavar="DIR", help="clips (.mkv) with one speaking face each"
    )
    part_options(pairs)
    networks = benches.add_parser(
        "networks", help="train, measure and compare the networks that only hear"
    )
    networks.add_argument("--models", metavar="A,B", help="ids with commas (default: each family)")
    networks.add_argument(
        "--data",
        type=Path,
        nargs="+",
        default=[],
        metavar="DIR",
        help="training material; without it nothing is trained",
    )
    networks.add_argument(
        "--budget", default="25m", metavar="LIMIT", help="processor time or steps for each network"
    )
    networks.add_argument(
        "--longer",
        metavar="LIMIT",
        help="also train the best on voice + music to this budget, and set the default model "
        "beside it",
    )
    networks.add_argument("--recipe", choices=("reference", "modern"), default="reference")
    networks.add_argument(
        "--mixtures", type=Path, metavar="DIR", help="mixtures of filmed voices to score on"
    )
    networks.add_argument(
        "--runs", type=Path, metavar="DIR", help="folder of all runs (default: in the cache)"
    )
    networks.add_argument(
        "--page", type=Path, metavar="FILE.md", help="write the comparison there, with a picture"
    )
    pictures = benches.add_parser(
        "pictures", help="photographs of the window at work, for the documentation"
    )
    pictures.add_argument(
        "--out", type=Path, default=Path("docs/pictures"), metavar="DIR", help="where they go"
    )
    pictures.add_argument(
        "--every",
        action="store_true",
        help="each step in each colour scheme, scale, size and direction, to look at",
    )
    for part in benches.choices.values():
        add_json(part)


def run(args: argparse.Namespace, terminal: Terminal, token: CancelToken) -> int:
    """Run the measurement and print its table."""
    if args.bench == "joins":
        return _joins(args, terminal, token)
    if args.bench == "steady":
        return _steady(args, terminal, token)
    if args.bench == "pairs":
        return _pairs(args, terminal, token)
    if args.bench == "faces":
        return _faces(args, terminal, token)
    if args.bench == "networks":
        return _networks(args, terminal, token)
    if args.bench == "pictures":
        return _pictures(args, terminal, token)
    if args.seconds < SHORTEST_SECONDS:
        raise BadInputError(f"Measure clips of {SHORTEST_SECONDS} seconds or more.")
    report: BenchReport | WindowReport
    if args.bench == "window":
        from app.bench.window import bench_window

        report = bench_window(
            args.seconds, long=not args.no_long, on_progress=terminal.progress, token=token
        )
    else:
        from app.bench.job import bench_job

        if args.long is not None and args.long <= 0:
            raise BadInputError("Give the long clip a length of more than 0 minutes.")
        if args.repeat < 1:
            raise BadInputError("Run the whole job once or more.")
        report = bench_job(
            args.seconds,
            people=args.people,
            runs=args.repeat,
            long_minutes=args.long,
            on_progress=terminal.progress,
            token=token,
        )
    terminal.result(report.facts(), report.lines())
    return 0


def _joins(args: argparse.Namespace, terminal: Terminal, token: CancelToken) -> int:
    from app.bench.joins import bench_joins, lines

    scores = bench_joins(args.folder, on_progress=terminal.progress, token=token)
    terminal.result({"joins": [asdict(score) for score in scores]}, lines(scores))
    return 0


def _pictures(args: argparse.Namespace, terminal: Terminal, token: CancelToken) -> int:
    from app.bench.pictures import take_pictures

    made = take_pictures(args.out, every=args.every, on_progress=terminal.progress, token=token)
    paths = [str(path) for path in made]
    terminal.result({"pictures": paths}, paths)
    return 0


def _steady(args: argparse.Namespace, terminal: Terminal, token: CancelToken) -> int:
    from app.bench.steady import bench_steady, lines

    scores = bench_steady(args.folder, model=args.model, on_progress=terminal.progress, token=token)
    terminal.result({"pairs": [asdict(score) for score in scores]}, lines(scores))
    return 0


def _faces(args: argparse.Namespace, terminal: Terminal, token: CancelToken) -> int:
    from app.bench.faces import bench_faces, lines

    scores = bench_faces(
        args.folder, args.recipes, model=args.model, on_progress=terminal.progress, token=token
    )
    terminal.result({"disturbances": [asdict(score) for score in scores]}, lines(scores))
    return 0


def _pairs(args: argparse.Namespace, terminal: Terminal, token: CancelToken) -> int:
    from app.bench.pairs import bench_pairs, lines
    from app.isolation import IsolateOptions

    options = IsolateOptions(parts=parts_of(args))
    scores = bench_pairs(args.folder, options, on_progress=terminal.progress, token=token)
    terminal.result({"pairs": [asdict(score) for score in scores]}, lines(scores))
    return 0


def _networks(args: argparse.Namespace, terminal: Terminal, token: CancelToken) -> int:
    from app.bench.network_page import table
    from app.bench.networks import COMPARED, NetworkBench, bench_networks

    bench = NetworkBench(
        models=tuple(args.models.split(",")) if args.models else COMPARED,
        data=tuple(args.data),
        budget=args.budget,
        longer=args.longer,
        recipe=args.recipe,
        mixtures=args.mixtures,
        runs=args.runs,
        page=args.page,
    )
    result = bench_networks(bench, on_progress=terminal.progress, token=token)
    terminal.result(result, table(result))
    return 0
