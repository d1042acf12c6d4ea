"""Camera cuts found on a stream of frames; flashes and fast pans are not cuts."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from statistics import median

import numpy as np
from numpy.typing import NDArray

from vision.types import FloatArray

THUMB = (48, 27)
"""Width and height on which frames are compared: small enough to forget motion of details."""
MIN_CHANGE = 0.08
"""Least dissimilarity (0 same picture, 1 unrelated) from one frame to the next at a cut.

Real footage without cuts stays below 0.05; another person before the same wall gives 0.09.
"""
SURE_CHANGE = 0.25
"""Dissimilarity that must remain after a large change for it to be a cut."""
ADAPTIVE_RATIO = 3.0
"""A cut also stands out by this factor from the changes of the frames around it, unlike a pan."""
LOOKAHEAD = 6
"""Frames after which a change must still hold; a flash or a passing object is over by then."""
MIN_SHOT = 4
"""Two cuts closer than this many frames are one (mixed or blended frames at an edit)."""


@dataclass(frozen=True)
class ShotUpdate:
    """What one more frame tells."""

    suspected: bool
    """This frame looks unlike the previous one; whether it is a cut is known later."""
    confirmed: tuple[int, ...]
    """pts of frames now known to be the first after a cut."""


class ShotDetector:
    """Finds cuts with a short delay; feed every frame once, in order."""

    def __init__(self) -> None:
        self._before: FloatArray | None = None
        self._changes: deque[float] = deque(maxlen=12)
        self._pending: list[_Candidate] = []
        self._since_cut = MIN_SHOT

    def update(self, pts: int, image: NDArray[np.uint8]) -> ShotUpdate:
        """Take the next frame (h, w, 3) RGB."""
        thumb = _thumb(image)
        suspected = False
        confirmed: list[int] = []
        if self._before is not None:
            change = dissimilarity(self._before, thumb)
            for candidate in self._pending:
                candidate.later.append(dissimilarity(candidate.before, thumb))
                candidate.changes.append(change)
            confirmed = [c.pts for c in self._pending if c.complete() and c.is_cut()]
            self._pending = [c for c in self._pending if not c.complete()]
            usual = median(self._changes) if self._changes else 0.0
            suspected = change > max(MIN_CHANGE, ADAPTIVE_RATIO * usual)
            if suspected and self._since_cut >= MIN_SHOT:
                self._pending.append(_Candidate(pts, self._before, change))
                self._since_cut = 0
            self._changes.append(change)
        self._since_cut += 1
        self._before = thumb
        return ShotUpdate(suspected, tuple(confirmed))

    def finish(self) -> tuple[int, ...]:
        """Give the cuts that the end of the clip left open: those that held until then."""
        return tuple(c.pts for c in self._pending if c.is_cut())


@dataclass
class _Candidate:
    """A change that may be a cut, with what follows it."""

    pts: int
    before: FloatArray
    """Thumb of the last frame before the change."""
    change: float
    later: list[float] = field(default_factory=list)
    """Dissimilarity of each later frame to ``before``."""
    changes: list[float] = field(default_factory=list)
    """Dissimilarity of each later frame to the one before it."""

    def complete(self) -> bool:
        return len(self.later) == LOOKAHEAD

    def is_cut(self) -> bool:
        """Tell a cut from a flash (the old picture returns) and from a pan (changes go on)."""
        if not self.later:
            return True
        stays = min(self.later[-3:]) > min(0.5 * self.change, SURE_CHANGE)
        return stays and self.change > ADAPTIVE_RATIO * float(np.median(self.changes))


def dissimilarity(a: FloatArray, b: FloatArray) -> float:
    """Compare two thumbs: 0 for the same picture, about 1 for unrelated ones.

    One minus the correlation, so that exposure changes and fades alone change little; colour
    counts as much as brightness, so that a cut between similar framings is seen.
    """
    return float(1.0 - (a * b).mean())


def _thumb(image: NDArray[np.uint8]) -> FloatArray:
    """Reduce a frame to a small standardised picture (27, 48, 3)."""
    import cv2

    # Averaging a fifth of the pixels is enough here and much faster than averaging all.
    sampled = cv2.resize(image, (5 * THUMB[0], 5 * THUMB[1]), interpolation=cv2.INTER_NEAREST)
    small = cv2.resize(sampled, THUMB, interpolation=cv2.INTER_AREA)
    opponent: FloatArray = cv2.cvtColor(small, cv2.COLOR_RGB2YCrCb).astype(np.float32)
    opponent[..., 1:] *= 2.0  # colour differences span a smaller range than brightness
    opponent = np.asarray(cv2.GaussianBlur(opponent, (3, 3), 0), dtype=np.float32)
    opponent -= opponent.mean(axis=(0, 1))
    spread = float(np.sqrt((opponent**2).mean()))
    return np.asarray(opponent / max(spread, 4.0), dtype=np.float32)
