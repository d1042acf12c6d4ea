"""What the pass over a long file found, kept on the disk: the next start needs no pass."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
import zipfile
from dataclasses import dataclass, fields
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.caches import shrink
from app.errors import BadInputError
from app.media.fingerprint import fingerprint
from app.media.picture_timing import VideoTiming
from app.media.sound_index import COLUMNS, AudioIndex, Ints
from app.paths import cache_dir

CACHE_BYTES = 200_000_000
"""Bound of the folder, 3 MB for an hour; the least recently used go first."""
_SMALLEST = 16 << 20
"""Smaller files are read through in less time than is worth a look at the disk."""
_FORMAT = 1
"""Number of the layout and of what the values mean; other numbers aren't read."""
_UNREADABLE = (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile)
_FACTS = tuple(f.name for f in fields(AudioIndex) if f.name not in (*COLUMNS, "start"))


@dataclass(frozen=True)
class PacketScan:
    """Result of the pass over one file."""

    audio: dict[int, AudioIndex]
    video: VideoTiming | None


def index_place(path: Path) -> Path | None:
    """Where the result for a file with this content is kept; None for a small file."""
    try:
        if path.stat().st_size < _SMALLEST:
            return None
        return cache_dir() / "index" / f"{fingerprint(path)}.npz"
    except (OSError, BadInputError):
        return None


def kept_scan(place: Path) -> PacketScan | None:
    """What was kept there; None when there is nothing that can be read."""
    try:
        with np.load(place, allow_pickle=False) as file:
            head = json.loads(file["head"].tobytes())
            if head["format"] != _FORMAT:
                return None
            audio = {
                facts["stream"]: AudioIndex(
                    **facts,
                    start=Fraction(*start),
                    **{name: _sums(file[f"{facts['stream']}.{name}"]) for name in COLUMNS},
                )
                for facts, start in head["audio"]
            }
        os.utime(place)
        return PacketScan(audio, _timing(head["video"]))
    except _UNREADABLE:
        return None


def keep_scan(place: Path, scan: PacketScan) -> None:
    """Keep a result; a folder that can't be written to is no error."""
    head: dict[str, Any] = {"format": _FORMAT, "video": None, "audio": []}
    if scan.video is not None:
        video, step = scan.video, scan.video.step
        pair = None if step is None else [step.numerator, step.denominator]
        head["video"] = [video.frames, video.first, video.end, video.variable_rate, pair]
    columns = {}
    for number, index in scan.audio.items():
        facts = {name: getattr(index, name) for name in _FACTS}
        head["audio"].append([facts, [index.start.numerator, index.start.denominator]])
        for name in COLUMNS:
            columns[f"{number}.{name}"] = _steps(getattr(index, name))
    columns["head"] = np.frombuffer(json.dumps(head).encode(), np.uint8)
    with contextlib.suppress(OSError):
        place.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=place.parent, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                np.savez(file, **columns)
            os.replace(temporary, place)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
            raise
        shrink(place.parent, CACHE_BYTES)


def _sums(steps: NDArray[Any]) -> Any:
    return np.cumsum(steps, dtype=np.int64)


def _steps(values: Ints) -> NDArray[Any]:
    """Differences, in the smallest integers that hold them; `_sums` takes them back."""
    steps = np.diff(values, prepend=0)
    for kind in (np.int8, np.int16, np.int32):
        limits = np.iinfo(kind)
        if len(steps) and limits.min <= steps.min() and steps.max() <= limits.max:
            return steps.astype(kind)
    return steps


def _timing(kept: list[Any] | None) -> VideoTiming | None:
    if kept is None:
        return None
    frames, first, end, varies, step = kept
    return VideoTiming(frames, first, end, varies, None if step is None else Fraction(*step))
