"""Options that several commands share."""

from __future__ import annotations

import argparse
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from app.errors import BadInputError
from app.times import parse_time

if TYPE_CHECKING:
    from app.isolation import Parts


def add_clip(parser: argparse.ArgumentParser) -> None:
    """The clip to work on."""
    parser.add_argument("clip", type=Path, metavar="CLIP", help="video file with sound")


def add_landmarks(parser: argparse.ArgumentParser) -> None:
    """How faces are measured, and which are one person."""
    parser.add_argument(
        "--landmarks",
        choices=("mediapipe", "accurate"),
        default="mediapipe",
        help="how lips are measured; accurate is slower and needs extra weights",
    )
    parser.add_argument(
        "--join",
        action="append",
        default=[],
        metavar="A+B",
        help="take these ids as one person; may be repeated",
    )


def add_overwrite(parser: argparse.ArgumentParser) -> None:
    """Permission to replace files."""
    parser.add_argument("--overwrite", action="store_true", help="replace existing files")


def add_json(parser: argparse.ArgumentParser) -> None:
    """Output for programs; `app.cli` looks for it before anything is parsed."""
    parser.add_argument("--json", action="store_true", help="one JSON object per line on stdout")


def time_value(text: str) -> Fraction:
    """A time on the command line, in seconds."""
    try:
        return parse_time(text)
    except BadInputError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def part_options(parser: argparse.ArgumentParser) -> None:
    """Parts of the default model to try."""
    first = parser.add_mutually_exclusive_group()
    first.add_argument(
        "--separator",
        type=Path,
        metavar="FILE",
        help="score the default model with this separator of train default",
    )
    first.add_argument(
        "--no-separator",
        action="store_true",
        help="score a third part that was trained so, on its own",
    )
    third = parser.add_mutually_exclusive_group()
    third.add_argument(
        "--fused",
        type=Path,
        metavar="FILE",
        help="score the default model with this third part of train fused",
    )
    third.add_argument(
        "--no-fused", action="store_true", help="score the default model without its third part"
    )


def parts_of(args: argparse.Namespace) -> Parts:
    """What was given of `part_options`."""
    from app.isolation import Parts

    return Parts(args.separator, args.no_separator, args.fused, args.no_fused)
