"""The drawing envelope of a voice: lowest and highest value of each stretch."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

PEAK_SAMPLES = 1024
"""Samples of one entry of the envelope."""


def peak_count(samples: int) -> int:
    """Entries of the envelope of so many samples."""
    return -(-samples // PEAK_SAMPLES)


def add_peaks(whole: NDArray[np.float32], offset: int, part: NDArray[np.float32]) -> None:
    """Widen an envelope by `block_peaks` of a part that begins ``offset`` samples after it."""
    first = offset // PEAK_SAMPLES
    last = min(whole.shape[1], first + part.shape[1])
    place = whole[:, first:last]
    place[0] = np.minimum(place[0], part[0, : last - first])
    place[1] = np.maximum(place[1], part[1, : last - first])


def block_peaks(start: int, origin: int, block: NDArray[np.float32]) -> NDArray[np.float32]:
    """Lowest and highest value in each bucket of `PEAK_SAMPLES` that a block touches.

    ``block`` is (C, N) at sample ``start``; buckets count from ``origin``. Returns (2, B).
    """
    if block.shape[1] == 0:
        return np.zeros((2, 0), np.float32)
    lead = (start - origin) % PEAK_SAMPLES
    tail = -(lead + block.shape[1]) % PEAK_SAMPLES
    low = np.pad(block.min(axis=0), (lead, tail)).reshape(-1, PEAK_SAMPLES).min(axis=1)
    high = np.pad(block.max(axis=0), (lead, tail)).reshape(-1, PEAK_SAMPLES).max(axis=1)
    return np.stack([low, high]).astype(np.float32)
