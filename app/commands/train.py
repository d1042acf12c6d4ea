"""``train``: make the default model's weights again, from recordings and filmed speech."""

from __future__ import annotations

import argparse
from pathlib import Path

from app.commands.options import add_json
from app.errors import BadInputError
from app.jobs import CancelToken
from app.terminal import Terminal

NAME = "train"
HELP = "train the parts of the default model"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the parts and their options."""
    parts = parser.add_subparsers(dest="part", metavar="PART", required=True)
    separator = parts.add_parser("default", help="the separator, from a folder of recordings")
    separator.add_argument(
        "--data",
        type=Path,
        metavar="DIR",
        required=True,
        help="folder with manifest.json and its recordings",
    )
    separator.add_argument(
        "--out", type=Path, metavar="DIR", help="folder of the run (default: in the user's cache)"
    )
    separator.add_argument("--budget", default="90m", metavar="TIME", help="like 90m, 2h or 300s")
    separator.add_argument("--resume", action="store_true", help="go on from the last checkpoint")
    separator.add_argument(
        "--from",
        dest="start",
        type=Path,
        metavar="FILE",
        help="weights that a new run goes on from, for instance the shipped ones",
    )
    separator.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    separator.add_argument("--threads", type=int, default=1, metavar="N")
    separator.add_argument(
        "--workers", type=int, default=0, metavar="N", help="processes that make mixtures"
    )
    landmarks = parts.add_parser("landmarks", help="follow the faces of filmed speech, for lips")
    landmarks.add_argument(
        "--data",
        type=Path,
        metavar="PATH",
        required=True,
        help="clips of one face each: a folder, or a tar file",
    )
    landmarks.add_argument("--out", type=Path, metavar="FILE", required=True, help="npz to write")
    lips = parts.add_parser("lips", help="the sound-to-mouth regressor, from such landmarks")
    lips.add_argument("--data", type=Path, metavar="FILE", required=True, help="npz of landmarks")
    lips.add_argument(
        "--out", type=Path, metavar="FILE", required=True, help="safetensors to write"
    )
    lips.add_argument("--steps", type=int, default=2000, metavar="N")
    for part in parts.choices.values():
        add_json(part)


def run(args: argparse.Namespace, terminal: Terminal, token: CancelToken) -> int:
    """Train one part; Ctrl-C leaves the separator's last checkpoint to resume from."""
    from audio_models.errors import ModelError
    from audio_models.train.material import TrainingDataError

    try:
        {"default": _separator, "landmarks": _landmarks, "lips": _lips}[args.part](
            args, terminal, token
        )
    except (ModelError, TrainingDataError) as error:
        raise BadInputError(str(error)) from error
    return 0


def _separator(args: argparse.Namespace, terminal: Terminal, token: CancelToken) -> None:
    from audio_models.train.run import run_training

    summary = run_training(
        args.data,
        args.out,
        args.budget,
        args.resume,
        args.threads,
        args.device,
        args.workers,
        args.start,
        report=terminal.note,
        check=token.check,
    )
    facts = {"weights": str(summary.weights), "log": str(summary.log), "samples": summary.samples}
    terminal.result(facts, [f"{summary.samples} mixtures seen; weights in {summary.weights}"])


def _landmarks(args: argparse.Namespace, terminal: Terminal, token: CancelToken) -> None:
    from app.training import extract_landmarks

    count = extract_landmarks(args.data, args.out, on_progress=terminal.progress, token=token)
    terminal.result({"clips": count, "file": str(args.out)}, [f"{count} clips in {args.out}"])


def _lips(args: argparse.Namespace, terminal: Terminal, token: CancelToken) -> None:
    from app.training import train_lips_file

    figures = train_lips_file(args.data, args.out, args.steps, report=terminal.note, token=token)
    raw, moving = ([round(r, 2) for r in rs] for rs in (figures.components, figures.high_passed))
    facts = {"components": raw, "high_passed": moving, "seconds": round(figures.seconds)}
    lines = [
        f"r of predicted and real mouth components on held-out clips: {raw}",
        f"the same with the slow part removed: {moving}",
    ]
    terminal.result(facts, lines)
