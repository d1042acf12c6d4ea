"""``faces``: who is in the clip, as a table and a contact sheet."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.commands.options import add_clip, add_json, add_landmarks, add_overwrite
from app.errors import BadInputError
from app.jobs import CancelToken
from app.singers import Singer, choose, find_singers, parse_join
from app.terminal import Terminal
from app.times import format_time

if TYPE_CHECKING:
    from app.clip import Clip
    from vision.types import FaceScan

NAME = "faces"
HELP = "list the people of a clip and draw a contact sheet"
_HEADER = f"{'id':<3} {'name':<10} {'from':>9} {'to':>9} {'screen time':>12} {'quality':>8}  place"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_clip(parser)
    parser.add_argument(
        "--sheet",
        type=Path,
        metavar="PNG",
        help="name of the contact sheet (default: {clip}_faces.png in the current folder)",
    )
    add_landmarks(parser)
    add_overwrite(parser)
    add_json(parser)


def run(args: argparse.Namespace, terminal: Terminal, token: CancelToken) -> int:
    """Find the faces, draw the sheet and print a row per singer."""
    from app.clip import Clip
    from app.sheet import draw_sheet, write_sheet

    clip = Clip.open(args.clip)
    clip.require_video()
    _check_sheet(args)
    scan, singers = find_people(args, clip, terminal, token)
    choose(singers)
    sheet = draw_sheet(clip, scan, singers)
    path = write_sheet(sheet, args.sheet, clip, args.overwrite)
    joins = _suggestions(scan, singers)
    rows = [_row(singer, clip) for singer in singers]
    for first, second in joins:
        terminal.note(
            f"{first} and {second} look like one person; confirm it with --join {first}+{second}.",
            join=[first, second],
        )
    facts = {"clip": str(clip.path), "singers": rows, "sheet": str(path)}
    lines = [_HEADER, *(_line(row) for row in rows), f"Contact sheet: {path}"]
    terminal.result(facts, lines)
    return 0


def find_people(
    args: argparse.Namespace,
    clip: Clip,
    terminal: Terminal,
    token: CancelToken,
    on_running: Callable[[], object] | None = None,
) -> tuple[FaceScan, list[Singer]]:
    """Scan a clip, or take the scan from the cache, and group it into singers.

    ``on_running`` as for `scan_clip`.
    """
    from app.scan import scan_clip

    joins = [parse_join(text) for text in args.join]
    scan = scan_clip(
        clip,
        landmarks=args.landmarks,
        on_progress=terminal.progress,
        token=token,
        on_running=on_running,
    )
    return scan, find_singers(scan, joins)


def _check_sheet(args: argparse.Namespace) -> None:
    sheet: Path | None = args.sheet
    if sheet is None:
        return
    if sheet.suffix.lower() != ".png":
        raise BadInputError(f"The contact sheet is a PNG picture; let {sheet.name} end in .png.")
    if sheet.exists() and not args.overwrite:
        raise BadInputError(
            f"{sheet} exists already; give another name with --sheet or allow --overwrite."
        )


def _suggestions(scan: FaceScan, singers: Sequence[Singer]) -> list[tuple[str, str]]:
    from vision.people import suggest_joins

    owner = {track: singer.id for singer in singers for track in singer.tracks}
    pairs: list[tuple[str, str]] = []
    for join in suggest_joins(scan):
        pair = (owner.get(join.track_a, ""), owner.get(join.track_b, ""))
        if all(pair) and pair[0] != pair[1] and pair not in pairs:
            pairs.append(pair)
    return pairs


def _row(singer: Singer, clip: Clip) -> dict[str, Any]:
    return {
        "id": singer.id,
        "name": singer.name,
        "first_s": round(float(singer.first - clip.start), 3),
        "last_s": round(float(singer.last - clip.start), 3),
        "screen_time_s": round(singer.seconds, 3),
        "quality": round(singer.quality, 3),
        "box": [round(value, 4) for value in singer.mean_box],
    }


def _line(row: dict[str, Any]) -> str:
    centre = row["box"][0] + row["box"][2] / 2
    place = "left" if centre < 0.4 else "right" if centre > 0.6 else "middle"
    return (
        f"{row['id']:<3} {row['name']:<10} {format_time(row['first_s']):>9} "
        f"{format_time(row['last_s']):>9} {row['screen_time_s']:>10.1f} s "
        f"{row['quality']:>7.0%}  {place}"
    )
