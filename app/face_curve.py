"""When a singer is in the picture, when the lips move, and what that lets through of the voice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

CURVE_FPS = 25
STILL_MOTION = 0.2
"""Lip motion below which the lips count as still; `vision.features` says how that was measured."""
_SHORTEST_STILL = 10
"""Frames; the lips hardly move in a held vowel, so a shorter standstill closes nothing."""
_SHORTEST_ABSENCE = 5
"""Frames; a face lost for less is still there."""
_EDGE = 5
"""Frames that opening and closing take, all of them inside the silent stretch."""


@dataclass(frozen=True)
class FaceCurve:
    """One singer's face at 25 frames a second; frame k is at k / 25 s after sample 0."""

    visible: NDArray[np.bool_]
    """(T,) False where the singer is not in the picture."""
    motion: NDArray[np.float32]
    """(T,) lip motion of `vision.features`: near 0 = still, 0.4 and more = talking or singing."""

    def part(self, first: int, last: int) -> FaceCurve:
        """The frames from ``first`` to before ``last``."""
        return FaceCurve(self.visible[first:last], self.motion[first:last])


def pass_curve(
    face: FaceCurve, gate: bool, off_screen: Literal["model", "silence"]
) -> NDArray[np.float32] | None:
    """What of the voice is let through, 0 to 1 for each frame; None when it is all.

    With ``gate`` nothing passes while visible lips are still; with ``off_screen`` silence
    nothing while the singer is not in the picture. Edges are soft and lie inside the silence.
    """
    closed = np.zeros(face.visible.shape, np.bool_)
    if gate:
        still = face.visible & (face.motion < STILL_MOTION)
        closed |= _long_stretches(still, _SHORTEST_STILL)
    if off_screen == "silence":
        closed |= _long_stretches(~face.visible, _SHORTEST_ABSENCE)
    if not closed.any():
        return None
    # The smallest value around each frame: open is widened by half an edge before smoothing.
    half = _EDGE // 2
    around = np.pad(closed, half, mode="edge")
    inner = np.lib.stride_tricks.sliding_window_view(around, _EDGE).all(axis=1)
    kernel = np.hanning(_EDGE + 2)[1:-1]
    padded = np.pad(np.where(inner, 0.0, 1.0), half, mode="edge")
    return np.convolve(padded, kernel / kernel.sum(), mode="valid").astype(np.float32)


def at_samples(curve: NDArray[np.float32], start: int, stop: int, rate: int) -> NDArray[np.float32]:
    """Read a curve at the samples ``start`` to ``stop``; its ends hold on."""
    position = np.arange(start, stop) * (CURVE_FPS / rate)
    return np.interp(position, np.arange(curve.size), curve).astype(np.float32)


def _long_stretches(mask: NDArray[np.bool_], shortest: int) -> NDArray[np.bool_]:
    """Keep only runs of True of at least ``shortest`` frames."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8)))
    kept = np.zeros_like(mask)
    for start, stop in zip(edges[::2], edges[1::2], strict=True):
        if stop - start >= shortest:
            kept[start:stop] = True
    return kept
