"""Face scans on disk: one file per scan, and a folder of them with a size limit."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
import time
import zipfile
from dataclasses import fields
from fractions import Fraction
from pathlib import Path

import numpy as np

from vision.bounded import shrink_folder
from vision.errors import VisionError
from vision.types import FaceScan, FaceTrack

FORMAT = 1
"""Number of the file layout and of what the values mean; other numbers aren't read."""
STALE_S = 3600
_TRACK_ARRAYS = tuple(f.name for f in fields(FaceTrack) if f.name not in ("id", "shot"))
_UNREADABLE = (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile)


def save_scan(scan: FaceScan, path: Path) -> None:
    """Write a scan to ``path`` as a zip of plain arrays, complete or not at all."""
    head = {
        "format": FORMAT,
        "frame_size": list(scan.frame_size),
        "time_base": [scan.time_base.numerator, scan.time_base.denominator],
        "first_pts": scan.first_pts,
        "last_pts": scan.last_pts,
        "frames": scan.frames,
        "cuts": [int(cut) for cut in scan.cuts],
        "tracks": [{"id": track.id, "shot": track.shot} for track in scan.tracks],
    }
    arrays = {"head": np.frombuffer(json.dumps(head).encode(), dtype=np.uint8)}
    for number, track in enumerate(scan.tracks):
        for name in _TRACK_ARRAYS:
            arrays[f"{number}.{name}"] = getattr(track, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.stem, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez(file, **arrays)
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def load_scan(path: Path) -> FaceScan:
    """Read what `save_scan` wrote; raises `VisionError` for anything else. Nothing unpickles."""
    try:
        with np.load(path, allow_pickle=False) as file:
            head = json.loads(file["head"].tobytes())
            if head["format"] != FORMAT:
                raise ValueError("other format")
            tracks = tuple(
                FaceTrack(
                    id=entry["id"],
                    shot=entry["shot"],
                    **{name: file[f"{number}.{name}"] for name in _TRACK_ARRAYS},
                )
                for number, entry in enumerate(head["tracks"])
            )
    except _UNREADABLE as error:
        raise VisionError(
            f"The face data in {path} can't be read; delete the file and scan the clip again."
        ) from error
    return FaceScan(
        frame_size=(head["frame_size"][0], head["frame_size"][1]),
        time_base=Fraction(*head["time_base"]),
        first_pts=head["first_pts"],
        last_pts=head["last_pts"],
        frames=head["frames"],
        cuts=tuple(head["cuts"]),
        tracks=tracks,
    )


class ScanCache:
    """Scans by key in one folder; the least recently used go when the folder grows too large."""

    def __init__(self, folder: Path, max_bytes: int = 500_000_000) -> None:
        self._folder = folder
        self._max_bytes = max_bytes

    def get(self, key: str) -> FaceScan | None:
        """Return the scan kept under ``key``; None if there is none or its file is damaged."""
        path = self._path(key)
        try:
            scan = load_scan(path)
        except VisionError:
            with contextlib.suppress(OSError):
                path.unlink()
            return None
        with contextlib.suppress(OSError):
            os.utime(path)
        return scan

    def put(self, key: str, scan: FaceScan) -> None:
        """Keep a scan; a folder that can't be written to is no error, only no cache."""
        try:
            save_scan(scan, self._path(key))
            self._shrink(self._path(key))
        except OSError:
            return

    def _path(self, key: str) -> Path:
        # Keys may hold anything; a hash is a safe file name on every system.
        return self._folder / f"{hashlib.sha256(key.encode()).hexdigest()[:32]}.faces"

    def _shrink(self, newest: Path) -> None:
        for left in self._folder.glob("*.part"):  # by a process that was ended while writing
            with contextlib.suppress(OSError):
                if time.time() - left.stat().st_mtime > STALE_S:
                    left.unlink()
        shrink_folder(self._folder, "*.faces", newest, self._max_bytes)
