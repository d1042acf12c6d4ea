"""CMX 3600 edit decision lists.

Source: SMPTE 258M and the list formats of editing programs' manuals. One picture track and four
channels of sound are all the format has: A (1), A2 (2), AA (both), and 3 and 4 by an ``AUD`` line.
"""

from __future__ import annotations

import re
from pathlib import Path

from app.export.timeline import Stem, Timeline

EDL_CHANNELS = 4


def to_edl(timeline: Timeline) -> tuple[str, list[Stem]]:
    """The list as text, and the stems that there was no channel left for."""
    lines = [
        f"TITLE: {_one_line(timeline.name)[:70]}",
        "FCM: DROP FRAME" if timeline.drop else "FCM: NON-DROP FRAME",
        "",
    ]
    reels: dict[str, int] = {}
    first, frames = timeline.first, timeline.frames
    lines += _event(timeline, 1, _reel(timeline.path, reels), "V", first, first, frames)
    lines += _names(timeline.path, "")
    channel, event = 1, 1
    left_out = []
    for stem in timeline.stems:
        if channel + stem.channels - 1 > EDL_CHANNELS:
            left_out.append(stem)
            continue
        event += 1
        used = range(channel, channel + stem.channels)
        channel += stem.channels
        track, extra = _tracks(used)
        reel = _reel(stem.path, reels)
        lines += _event(timeline, event, reel, track, stem.source_first, stem.first, stem.frames)
        lines += [extra] if extra else []
        lines += _names(stem.path, stem.title)
    return "\r\n".join(lines) + "\r\n", left_out


def _event(
    timeline: Timeline, number: int, reel: str, track: str, source: int, record: int, frames: int
) -> list[str]:
    times = " ".join(
        str(timeline.timecode(frame))
        for frame in (source, source + frames, record, record + frames)
    )
    return [f"{number:03d}  {reel:<8} {track:<5} C        {times}"]


def _tracks(channels: range) -> tuple[str, str]:
    """The track field of an event and its AUD line."""
    names = {(1,): "A", (2,): "A2", (1, 2): "AA"}
    low = tuple(channel for channel in channels if channel <= 2)
    high = [str(channel) for channel in channels if channel > 2]
    return names.get(low, "NONE"), f"AUD  {'    '.join(high)}" if high else ""


def _names(path: Path, title: str) -> list[str]:
    lines = [f"* FROM CLIP NAME: {_one_line(path.name)}"]
    if title:
        lines.append(f"* COMMENT: {_one_line(title)}")
    return [*lines, ""]


def _reel(path: Path, taken: dict[str, int]) -> str:
    """Eight letters and digits, another for each file."""
    base = re.sub(r"[^A-Z0-9]", "", path.stem.upper())[:8] or "REEL"
    number = taken[base] = taken.get(base, 0) + 1
    return base if number == 1 else f"{base[:6]}{number:02d}"


def _one_line(text: str) -> str:
    return " ".join(text.split())
