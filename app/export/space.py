"""Whether there is room for what is to be written, asked before the work."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from app.errors import NotPossibleError

_SAMPLE_BYTES = {"wav16": 2.0, "wav24": 3.0, "wav32f": 4.0, "flac": 3.0, "aac": 0.5, "mp3": 0.6}
_RESERVE = 16 << 20
"""Kept free for headers, the system and whoever else writes."""


def sound_bytes(format: str, samples: int, channels: int) -> int:
    """Most that a sound file takes."""
    return int(samples * channels * _SAMPLE_BYTES[format])


def check_space(
    needs: Mapping[Path, int],
    who: str = "The export needs",
    remedy: str = "choose another folder",
) -> None:
    """Raise NotPossibleError when a disk has less room than ``needs`` (folder -> bytes).

    Folders on one disk share its room. A folder that does not exist yet is made on the disk of the
    nearest one above it.
    """
    wanted: dict[int, int] = {}
    places: dict[int, Path] = {}
    for folder, size in needs.items():
        place = folder
        while not place.exists() and place != place.parent:
            place = place.parent
        disk = os.stat(place).st_dev
        wanted[disk] = wanted.get(disk, 0) + size
        places.setdefault(disk, folder)
    for disk, size in wanted.items():
        place = places[disk]
        while not place.exists() and place != place.parent:
            place = place.parent
        free = shutil.disk_usage(place).free
        if free < size + _RESERVE:
            raise NotPossibleError(
                f"{who} about {_readable(size)} in {places[disk]} and "
                f"{_readable(free)} are free; free some space or {remedy}."
            )


def _readable(size: int) -> str:
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{size / 1e6:.0f} MB"
