"""Tiles of a sound's spectrogram: as costly for an hour as for a minute, kept on disk."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from app.media.audio import AudioReader

COLUMNS = 256
"""Columns of a tile."""
ROWS = 128
"""Rows of a tile, evenly spaced on the mel scale, highest first."""
FINEST_HOP = 64
"""Samples between two columns of level 0; each further level has four times as many."""
LEVELS = 8
WINDOW = 2048
LOWEST_HZ, HIGHEST_HZ = 60.0, 14_000.0
FLOOR_DB, CEILING_DB = -95.0, -15.0
"""Levels, relative to a full-scale sine, that are drawn as black and as brightest."""
CACHE_BYTES = 200_000_000
_DENSE_HOP = 4 * WINDOW
"""Up to this hop all sound is read; beyond it each column looks at two windows of its stretch."""

Tile = NDArray[np.uint8]


def hop_of(level: int) -> int:
    """Samples between two columns."""
    return int(FINEST_HOP * 4**level)


def level_for(samples_per_pixel: float) -> int:
    """The coarsest level that has at least a column per pixel, if there is one."""
    level = 0
    while level + 1 < LEVELS and hop_of(level + 1) <= max(FINEST_HOP, samples_per_pixel):
        level += 1
    return level


def tile(
    reader: AudioReader, level: int, number: int, check: Callable[[], None] = lambda: None
) -> Tile:
    """(ROWS, COLUMNS) loudness, 0 = `FLOOR_DB` or less, 255 = `CEILING_DB` or more.

    Column k looks at the sound around sample ``(number * COLUMNS + k + 0.5) * hop``.
    """
    hop = hop_of(level)
    first = number * COLUMNS * hop
    centres = first + hop // 2 + hop * np.arange(COLUMNS)
    if hop <= _DENSE_HOP:
        check()
        low = int(centres[0]) - WINDOW // 2
        sound = _mono(reader, low, int(centres[-1]) + WINDOW // 2)
        power = _power(np.lib.stride_tricks.sliding_window_view(sound, WINDOW)[::hop])
    else:
        power = np.zeros((COLUMNS, WINDOW // 2 + 1), np.float32)
        for offset in (-hop // 4, hop // 4):
            windows = []
            for centre in centres + offset:
                check()
                begin = int(centre) - WINDOW // 2
                windows.append(_mono(reader, begin, begin + WINDOW))
            np.maximum(power, _power(np.stack(windows)), out=power)
    starts = _row_starts(reader.sample_rate)
    rows = np.maximum.reduceat(power, starts[:-1], axis=1)[:, ::-1].T
    level_db = 10 * np.log10(np.maximum(rows, 1e-20))
    share = (level_db - FLOOR_DB) / (CEILING_DB - FLOOR_DB)
    return np.asarray(np.clip(share * 255, 0, 255), np.uint8)


class TileCache:
    """Tiles in one folder; the least recently used go when it grows too large."""

    def __init__(self, folder: Path, max_bytes: int = CACHE_BYTES) -> None:
        self._folder = folder
        self._max_bytes = max_bytes

    def get(self, key: str) -> Tile | None:
        """The tile kept under ``key``; None when there is none or it is damaged."""
        path = self._folder / f"{key}.npy"
        try:
            kept = np.load(path, allow_pickle=False)
        except (OSError, ValueError, EOFError):
            return None
        with contextlib.suppress(OSError):
            os.utime(path)
        return kept if kept.shape == (ROWS, COLUMNS) and kept.dtype == np.uint8 else None

    def put(self, key: str, made: Tile) -> None:
        """Keep a tile; a folder that can't be written to is no error, only no cache."""
        with contextlib.suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=self._folder, suffix=".part")
            with os.fdopen(handle, "wb") as file:
                np.save(file, made)
            os.replace(temporary, self._folder / f"{key}.npy")
            self._shrink()

    def _shrink(self) -> None:
        files = sorted((p.stat().st_mtime_ns, p.stat().st_size, p) for p in self._folder.iterdir())
        total = sum(size for _, size, _ in files)
        for _, size, path in files:
            if total <= self._max_bytes:
                return
            path.unlink(missing_ok=True)
            total -= size


def _mono(reader: AudioReader, start: int, stop: int) -> NDArray[np.float32]:
    """Mean of the channels; silence outside the sound."""
    out = np.zeros(stop - start, np.float32)
    low, high = max(0, start), reader.end_before(stop)
    if low < high:
        out[low - start : high - start] = reader.read(low, high).mean(axis=0)
    return out


def _power(windows: NDArray[np.float32]) -> NDArray[np.float32]:
    """(N, bins) power of (N, WINDOW) samples; a full-scale sine gives 1."""
    shape = np.hanning(WINDOW).astype(np.float32)
    bins = np.fft.rfft(windows * shape, axis=1)
    return np.asarray(np.abs(bins) ** 2 / (shape.sum() / 2) ** 2, np.float32)


@cache
def _row_starts(rate: int) -> NDArray[np.intp]:
    """First FFT bin of each row, lowest first, and the end of the last."""

    def mel(hertz: float) -> float:
        return float(2595 * np.log10(1 + hertz / 700))

    highest = min(HIGHEST_HZ, rate / 2)
    edges = 700 * (10 ** (np.linspace(mel(LOWEST_HZ), mel(highest), ROWS + 1) / 2595) - 1)
    return np.minimum(np.floor(edges * WINDOW / rate), WINDOW // 2).astype(np.intp)
