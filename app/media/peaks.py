"""The outline of a sound for drawing: lowest and highest values at several resolutions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from app.media.audio import AudioReader

FINEST = 256
"""Samples per entry of the finest level."""
_FACTOR = 4
"""Each level is coarser than the one before by this factor."""
_LEVELS = 6
_READ = FINEST * _FACTOR**_LEVELS

Outline = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class WaveformPeaks:
    """Outlines of one sound, all channels together."""

    samples: int
    levels: tuple[Outline, ...]
    """(2, B) lowest and highest value of each stretch of ``FINEST * 4**level`` samples."""

    def outline(self, start: int, stop: int, columns: int) -> Outline:
        """(2, columns) lowest and highest values of equal parts of start..stop, for drawing.

        Values come from the coarsest level that is still as fine as a column, so the cost depends
        on ``columns`` alone. Parts outside the sound are 0.
        """
        width = max(1.0, (stop - start) / max(1, columns))
        level = 0
        while level + 1 < len(self.levels) and FINEST * _FACTOR ** (level + 1) <= width:
            level += 1
        size = FINEST * _FACTOR**level
        source = self.levels[level]
        out = np.zeros((2, columns), np.float32)
        edges = start + (stop - start) * np.arange(columns + 1) / max(1, columns)
        first = np.clip(edges[:-1] // size, 0, source.shape[1]).astype(int)
        last = np.clip(np.maximum(np.ceil(edges[1:] / size), first + 1), 0, source.shape[1])
        for column, (a, b) in enumerate(zip(first, last.astype(int), strict=True)):
            if a < b and edges[column + 1] > 0 and edges[column] < self.samples:
                out[0, column] = source[0, a:b].min()
                out[1, column] = source[1, a:b].max()
        return out

    def save(self, path: Path) -> None:
        """Write to ``path`` (numpy archive), whole or not at all."""
        temporary = path.with_name(path.name + ".part")
        try:
            with temporary.open("wb") as file:
                np.savez(file, samples=self.samples, finest=self.levels[0])
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)

    @staticmethod
    def load(path: Path) -> WaveformPeaks | None:
        """What `save` wrote; None when it is missing or unreadable."""
        try:
            with np.load(path, allow_pickle=False) as data:
                return _with_coarser(int(data["samples"]), data["finest"])
        except (OSError, ValueError, KeyError, BadZipFile):
            return None


def waveform_peaks(
    reader: AudioReader,
    check: Callable[[], None] = lambda: None,
    grow: Callable[[Outline], None] = lambda part: None,
) -> WaveformPeaks:
    """Read the whole sound once, in order, in little memory; ``check`` may raise to cancel.

    ``grow`` gets each further part of the finest level as it becomes known.
    """
    parts = [np.zeros((2, 0), np.float32)]
    for block in reader.blocks(size=_READ):
        check()
        parts.append(_outline_of(block.min(axis=0), block.max(axis=0), FINEST))
        grow(parts[-1])
    return _with_coarser(reader.samples, np.concatenate(parts, axis=1))


def _with_coarser(samples: int, finest: Outline) -> WaveformPeaks:
    levels = [finest]
    for _ in range(_LEVELS - 1):
        levels.append(_outline_of(levels[-1][0], levels[-1][1], _FACTOR))
    return WaveformPeaks(samples, tuple(levels))


def _outline_of(low: NDArray[np.float32], high: NDArray[np.float32], size: int) -> Outline:
    """(2, B) extremes of groups of ``size``; the last group may be shorter."""
    starts = np.arange(0, len(low), size)
    if len(starts) == 0:
        return np.zeros((2, 0), np.float32)
    return np.stack([np.minimum.reduceat(low, starts), np.maximum.reduceat(high, starts)])
