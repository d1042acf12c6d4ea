"""``evaluate``: score a model on mixtures whose voices are known."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from app.commands.options import add_json, part_options, parts_of
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
        help="mixtures as ID.mkv with ID_target.wav and ID_others.wav, or songs",
    )
    parser.add_argument(
        "--dataset",
        choices=("mixtures", "musdb"),
        default="mixtures",
        help="what DIR holds: mixtures of filmed people, or songs with stems as in MUSDB18",
    )
    parser.add_argument(
        "--model",
        default="solovox",
        metavar="ID",
        help="see the models command; for songs several with commas",
    )
    parser.add_argument("--device", choices=DEVICES, default="auto")
    parser.add_argument(
        "--recipes",
        type=Path,
        metavar="FILE",
        help="recipes.json with kinds and sides (default: in DIR, or beside the project)",
    )
    parser.add_argument(
        "--wrong-faces",
        action="store_true",
        help="also run single-face mixtures with another person's face: what the face is worth",
    )
    parser.add_argument(
        "--no-joint",
        action="store_true",
        help="do not weigh the visible singers against each other",
    )
    songs = parser.add_argument_group("songs")
    songs.add_argument(
        "--griffin-lim",
        type=int,
        default=0,
        metavar="N",
        help="also score magnitude networks with a phase of so many rounds",
    )
    songs.add_argument("--songs", type=int, metavar="N", help="only so many songs")
    songs.add_argument("--seconds", type=float, metavar="S", help="only so much of each song")
    songs.add_argument(
        "--plots", type=Path, metavar="DIR", help="draw scores and spectrograms of every song there"
    )
    parser.add_argument("--report", type=Path, metavar="FILE", help="also write all figures there")
    parser.add_argument(
        "--page",
        type=Path,
        metavar="FILE.md",
        help="measure the default model against all yardsticks and write this page",
    )
    parser.add_argument(
        "--curves",
        type=Path,
        nargs="+",
        default=[],
        metavar="FILE.csv",
        help="validation logs of train default to draw in the page",
    )
    parser.add_argument(
        "--beside",
        default="",
        metavar="ID,ID",
        help="also score these models for the page, as their weights are now",
    )
    parser.add_argument(
        "--parts",
        type=Path,
        nargs="+",
        default=[],
        metavar="FILE",
        help="separators of train default for the page: the whole recipe's, then those without a "
        "part of it",
    )
    parser.add_argument(
        "--routes",
        type=Path,
        nargs=4,
        metavar=("ALONE", "SEPARATOR", "SHORTER", "FUSED"),
        help="weights of equal training for the page: of train fused --no-separator, of train "
        "default, of a shorter train default and of train fused behind it",
    )
    parser.add_argument(
        "--keep",
        action="store_true",
        help="keep those rows and tables of the page there is for which no --beside, --parts or "
        "--routes is given",
    )
    part_options(parser)
    add_json(parser)


def run(args: argparse.Namespace, terminal: Terminal, token: CancelToken) -> int:
    """Score every mixture of the folder and print the table."""
    from app.evaluate import evaluate

    if args.page is not None:
        return _page(args, terminal, token)
    if args.dataset == "musdb":
        return _songs(args, terminal, token)
    report = evaluate(
        args.folder,
        model=args.model,
        device=args.device,
        joint=not args.no_joint,
        recipes=args.recipes,
        parts=parts_of(args),
        wrong_faces=args.wrong_faces,
        on_progress=terminal.progress,
        token=token,
    )
    if args.report is not None:
        args.report.write_text(json.dumps(report.facts(), indent=1) + "\n", encoding="utf-8")
    terminal.result(report.facts(), report.lines())
    return 0


def _page(args: argparse.Namespace, terminal: Terminal, token: CancelToken) -> int:
    from app.model_page import write_page
    from app.model_parts import Routes

    report = write_page(
        args.folder,
        args.page,
        recipes=args.recipes,
        curves=args.curves,
        beside=[model for model in args.beside.split(",") if model],
        parts=args.parts,
        routes=Routes(*args.routes) if args.routes else None,
        keep=args.keep,
        on_progress=terminal.progress,
        token=token,
    )
    terminal.result(report.facts(), [*report.lines(), f"Written: {args.page}"])
    return 0


def _songs(args: argparse.Namespace, terminal: Terminal, token: CancelToken) -> int:
    from app.evaluate_songs import SongOptions, evaluate_songs

    options = SongOptions(
        models=tuple(args.model.split(",")),
        device=args.device,
        griffin_lim=args.griffin_lim,
        songs=args.songs,
        seconds=args.seconds,
        plots=args.plots,
    )
    report = evaluate_songs(args.folder, options, on_progress=terminal.progress, token=token)
    if args.report is not None:
        args.report.write_text(json.dumps(report.facts(), indent=1) + "\n", encoding="utf-8")
    terminal.result(report.facts(), report.lines())
    return 0
