"""Options of ``separate`` that say what is written, and what is told of the written files."""

from __future__ import annotations

import argparse
from fractions import Fraction
from math import isfinite
from typing import TYPE_CHECKING, Any, Literal

from app.edits import ExportSettings
from app.errors import BadInputError
from app.export.naming import FIELDS, TEMPLATE, file_name
from app.terminal import Terminal
from app.times import parse_time

if TYPE_CHECKING:
    from app.delivery_job import Delivery, Written

FORMATS = ("wav16", "wav24", "wav32f", "flac", "aac", "mp3")
TIMELINES = ("fcpxml", "otio", "xml", "edl")


def add_export(parser: argparse.ArgumentParser) -> None:
    """What is written, how and under which name."""
    parser.add_argument("--format", choices=FORMATS, default="wav24", help="of sound files")
    parser.add_argument(
        "--video",
        action="store_true",
        help="write the clip with the voice as first sound and the original as second",
    )
    parser.add_argument("--rest", action="store_true", help="also write the original minus voices")
    parser.add_argument(
        "--timeline",
        action="append",
        choices=TIMELINES,
        default=[],
        help="also write a timeline with the stems under the clip, at its timecode; xml is Final "
        "Cut Pro 7 XML for Premiere Pro; may be repeated",
    )
    parser.add_argument(
        "--handles",
        type=_handles,
        default=(Fraction(0), "frames"),
        metavar="N",
        help="extra sound before and after the range: 12 frames as 12, or seconds as 0.5s",
    )
    parser.add_argument(
        "--loudness",
        type=_loudness,
        default=("untouched", -16.0),
        metavar="L",
        help="untouched (default), match (the original's), ebu (-23 LUFS), or LUFS such as -16",
    )
    parser.add_argument(
        "--true-peak",
        type=_decibels,
        metavar="DB",
        help="lower the gain where a true peak would pass this, such as -1 dBTP",
    )
    parser.add_argument(
        "--fade",
        type=_milliseconds,
        default=0,
        metavar="MS",
        help="fade both ends of a range, milliseconds (default: 0)",
    )
    parser.add_argument(
        "--name",
        type=_template,
        default=TEMPLATE,
        metavar="TEMPLATE",
        help="of the files, with " + ", ".join(f"{{{name}}}" for name in FIELDS),
    )


def export_settings(args: argparse.Namespace) -> ExportSettings:
    """The settings that the options ask for."""
    timelines = tuple(dict.fromkeys(args.timeline))
    return ExportSettings(
        voices=not args.video or bool(timelines),
        rest=args.rest,
        video="clip" if args.video else "",
        format=args.format,
        timelines=timelines,
        handles=args.handles[0],
        handle_unit=args.handles[1],
        loudness=args.loudness[0],
        lufs=args.loudness[1],
        true_peak=args.true_peak,
        name=args.name,
    )


def tell_files(delivery: Delivery, terminal: Terminal) -> None:
    """Say how loud each sound file is, and what else there is to know."""
    for file in delivery.files:
        if file.loudness is not None:
            loud = file.loudness.integrated
            peak = file.loudness.true_peak
            level = "silent" if loud is None else f"{loud:.1f} LUFS"
            if isfinite(peak):
                level += f", true peak {peak:.1f} dBTP"
            terminal.note(f"{file.output.path.name}: {level}")
    for text in delivery.notes:
        terminal.note(text)
    if delivery.clipped:
        terminal.warning(
            f"{delivery.clipped} samples were beyond full scale and were cut; wav32f keeps them, "
            "and --true-peak lowers the gain instead."
        )


def facts_of(file: Written) -> dict[str, Any]:
    """One written file for ``--json``."""
    facts: dict[str, Any] = {
        "kind": file.output.kind,
        "singer": file.output.singer,
        "path": str(file.output.path),
    }
    if file.loudness is not None:
        peak = file.loudness.true_peak
        loud = file.loudness.integrated
        facts["loudness_lufs"] = None if loud is None else round(loud, 2)
        facts["true_peak_dbtp"] = round(peak, 2) if isfinite(peak) else None
        facts["gain_db"] = round(file.gain_db, 2)
    return facts


def _handles(text: str) -> tuple[Fraction, Literal["frames", "seconds"]]:
    try:
        if text.endswith("s"):
            return parse_time(text[:-1]), "seconds"
        frames = int(text)
        if frames >= 0:
            return Fraction(frames), "frames"
    except (ValueError, BadInputError):
        pass
    raise argparse.ArgumentTypeError(f"'{text}' is no length; write frames as 12 or time as 0.5s.")


def _loudness(text: str) -> tuple[Literal["untouched", "match", "ebu", "custom"], float]:
    if text in ("untouched", "match", "ebu"):
        return text, -16.0  # type: ignore[return-value]
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not -70 <= value < 0:
        raise argparse.ArgumentTypeError(
            f"'{text}' is no loudness; choose untouched, match, ebu, or LUFS from -70 to -1."
        )
    return "custom", value


def _decibels(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 1.0
    if not -60 <= value <= 0:
        raise argparse.ArgumentTypeError(f"'{text}' is no peak; write dBTP from -60 to 0.")
    return value


def _milliseconds(text: str) -> int:
    if not text.isdecimal() or int(text) > 10_000:
        raise argparse.ArgumentTypeError(f"'{text}' is no fade; write milliseconds, up to 10000.")
    return int(text)


def _template(text: str) -> str:
    try:
        file_name(text, dict.fromkeys(FIELDS, "x"), ".wav")
    except BadInputError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    return text
