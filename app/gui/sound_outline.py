"""Outlines of sounds for drawing at any zoom: coarse ones kept, fine ones fetched; no Qt."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

FINEST = 256
"""Samples per entry of the finest kept level; that of `app.media.peaks`."""
_FACTOR = 4
_LEVELS = 6

Extremes = NDArray[np.float32]
"""(2, N) lowest and highest values."""
Fine = Callable[[int, int], Extremes | None]
"""Extremes over the channels of each sample start..stop; None when they aren't there yet."""


class SoundOutline:
    """Lowest and highest values of one sound, in levels each four times as coarse as the last.

    The outline may grow while the sound is still being read.
    """

    def __init__(self, samples: int, fine: Fine | None = None, finest: int = FINEST) -> None:
        self.samples = samples
        self.ready = 0
        """Samples before this one are known."""
        self.version = 0
        """Grows with every change."""
        self._fine = fine
        self._finest = finest
        self._known = 0
        self._levels = [np.zeros((2, 0), np.float32)] * _LEVELS
        self._reserve(samples)

    def resize(self, samples: int) -> None:
        """Take another length: that of a clip is exact only when it was read to its end."""
        self.samples = samples
        self._reserve(samples)
        self.ready = min(samples, self._known)
        self.version += 1

    def _reserve(self, samples: int) -> None:
        size = self._finest
        for number, level in enumerate(self._levels):
            missing = -(-samples // size) - level.shape[1]
            if missing > 0:
                self._levels[number] = np.pad(level, ((0, 0), (0, missing)))
            size *= _FACTOR

    def add(self, first: int, part: Extremes) -> None:
        """Take entries of the finest level from number ``first`` on."""
        stop = first + part.shape[1]
        self._reserve(stop * self._finest)
        self._levels[0][:, first:stop] = part
        low, high = first, stop
        for finer, coarser in zip(self._levels, self._levels[1:], strict=False):
            low, high = low // _FACTOR, -(-high // _FACTOR)
            source = finer[:, low * _FACTOR : high * _FACTOR]
            starts = np.arange(0, source.shape[1], _FACTOR)
            if len(starts):
                coarser[0, low:high] = np.minimum.reduceat(source[0], starts)
                coarser[1, low:high] = np.maximum.reduceat(source[1], starts)
        self._known = max(self._known, stop * self._finest)
        self.ready = min(self.samples, max(self.ready, self._known))
        self.version += 1

    def columns(self, start: int, stop: int, count: int) -> Extremes:
        """(2, count) extremes of equal parts of start..stop; 0 outside the sound.

        The cost depends on ``count``, not on the length.
        """
        out = np.zeros((2, count), np.float32)
        edges = start + (stop - start) * np.arange(count + 1) / max(1, count)
        inside = (edges[1:] > 0) & (edges[:-1] < self.ready)
        if not inside.any():
            return out
        width = (stop - start) / max(1, count)
        if width < self._finest and self._fine is not None:
            low, high = max(0, start), min(self.samples, stop + 1)
            fine = self._fine(low, high) if high > low else None
            if fine is not None and fine.shape[1]:
                return _reduced(fine, (edges - low), inside, out)
        level = 0
        while level + 1 < _LEVELS and self._finest * _FACTOR ** (level + 1) <= width:
            level += 1
        return _reduced(self._levels[level], edges / (self._finest * _FACTOR**level), inside, out)

    def samples_between(self, start: int, stop: int) -> Extremes | None:
        """Extremes over the channels of each sample, None when they aren't there yet."""
        return self._fine(start, stop) if self._fine is not None else None


def _reduced(
    source: Extremes, edges: NDArray[np.float64], inside: NDArray[np.bool_], out: Extremes
) -> Extremes:
    """Extremes of ``source`` between neighbouring ``edges`` (entries), at least one entry each."""
    size = source.shape[1]
    first = np.clip(np.floor(edges[:-1]), 0, size - 1).astype(np.intp)
    last = np.clip(np.ceil(edges[1:]), first + 1, size).astype(np.intp)
    # reduceat takes pairs: the second of each is where the part ends, if there is more behind it.
    padded = np.concatenate([source, source[:, -1:]], axis=1)
    pairs = np.stack([first, last], axis=1).ravel()
    low = np.minimum.reduceat(padded[0], pairs)[::2]
    high = np.maximum.reduceat(padded[1], pairs)[::2]
    out[0, inside], out[1, inside] = low[inside], high[inside]
    return out
