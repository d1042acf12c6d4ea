"""Which samples the lanes show, from the whole clip down to single samples; no Qt."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

LEAST_SPAN = 48
"""Samples across the lanes at the closest zoom."""


@dataclass(frozen=True)
class Viewport:
    """A stretch of the clip, in whole samples; never beyond the clip's ends."""

    first: int = 0
    """Extent of the clip."""
    last: int = 0
    start: int = 0
    """First sample shown."""
    span: int = 1
    """Number of samples shown."""

    @classmethod
    def whole(cls, first: int, last: int) -> Viewport:
        """Show everything."""
        return cls(first, last, first, max(1, last - first))

    def within(self, first: int, last: int) -> Viewport:
        """The same stretch of a clip that turns out to have these ends; all of it stays all."""
        if self.is_whole or self.start >= last - LEAST_SPAN:
            return Viewport.whole(first, last)
        return Viewport(first, last, max(first, self.start), min(self.span, last - self.start))

    @property
    def stop(self) -> int:
        """End of what is shown."""
        return self.start + self.span

    @property
    def is_whole(self) -> bool:
        """Whether everything is shown."""
        return self.span >= self.last - self.first

    def x_of(self, sample: float, width: float) -> float:
        """Place of a sample in lanes of ``width`` pixels; outside 0..width when not shown."""
        return (sample - self.start) / self.span * width

    def x_of_all(
        self, origin: float, rate: int, times: NDArray[np.float64], width: float
    ) -> NDArray[np.float64]:
        """Places of many media times (seconds); sample 0 is at ``origin``."""
        return np.asarray(((times - origin) * rate - self.start) / self.span * width)

    def sample_at(self, x: float, width: float) -> int:
        """Sample at a place, held inside what is shown."""
        share = min(1.0, max(0.0, x / max(1.0, width)))
        return self.start + round(share * self.span)

    def zoomed(self, factor: float, anchor: int) -> Viewport:
        """``factor`` > 1 shows less; the ``anchor`` sample stays where it is."""
        span = max(LEAST_SPAN, min(self.last - self.first, round(self.span / factor)))
        anchor = min(max(anchor, self.start), self.stop)
        start = anchor - int(Fraction(anchor - self.start, self.span) * span)
        return replace(self, span=max(1, span), start=start)._held()

    def moved(self, samples: int) -> Viewport:
        """Scroll."""
        return replace(self, start=self.start + samples)._held()

    def showing(self, start: int, stop: int) -> Viewport:
        """Show a stretch with a little air around it."""
        air = (stop - start) // 20
        span = max(LEAST_SPAN, min(self.last - self.first, stop - start + 2 * air))
        return replace(self, span=max(1, span), start=start - air)._held()

    def following(self, sample: int) -> Viewport:
        """Turn the page when the playhead leaves it; it comes in near the left edge."""
        if self.start <= sample < self.stop:
            return self
        return replace(self, start=sample - self.span // 20)._held()

    def _held(self) -> Viewport:
        start = max(self.first, min(self.start, self.last - self.span))
        return replace(self, start=start)
