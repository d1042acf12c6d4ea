"""Sound at two and four times its speed, forwards and backwards, without aliases; no Qt."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

SPEEDS = (1, 2, 4)
_CYCLES = 12
"""Zero crossings of the low-pass on each side."""


def reach(step: int) -> int:
    """Samples around a stretch that the filter looks at."""
    return 0 if abs(step) == 1 else _CYCLES * abs(step)


def at_speed(sound: NDArray[np.float32], first: int, count: int, step: int) -> NDArray[np.float32]:
    """Give (C, count) frames of (C, M) sound from index ``first`` on in steps of ``step``.

    A negative step plays backwards. `reach` samples must lie around what is taken.
    """
    if step < 0:
        sound, first, step = sound[:, ::-1], sound.shape[1] - 1 - first, -step
    if step == 1:
        return np.ascontiguousarray(sound[:, first : first + count])
    half = reach(step)
    part = sound[:, first - half : first + (count - 1) * step + half + 1]
    windows = np.lib.stride_tricks.sliding_window_view(part, 2 * half + 1, axis=1)[:, ::step]
    return np.asarray(windows @ _low_pass(step), np.float32)


@lru_cache(maxsize=4)
def _low_pass(step: int) -> NDArray[np.float32]:
    """Windowed sinc that passes what is left below half the new rate."""
    half = reach(step)
    place = np.arange(-half, half + 1)
    taps = np.sinc(0.9 * place / step) * np.kaiser(2 * half + 1, 8)
    return (taps / taps.sum()).astype(np.float32)
