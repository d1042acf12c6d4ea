"""Ballistics of a level meter: rises at once, falls steadily, holds its peak."""

from __future__ import annotations

import math

FLOOR_DB = -60.0
"""What lies below isn't shown."""
FALL_DB_PER_S = 20.0
"""As a peak programme meter falls (IEC 60268-10, type I: 20 dB in 1.7 s; a little faster)."""
HOLD_S = 1.5


def decibels(peak: float) -> float:
    """Level of an absolute sample value; full scale is 0 dB, silence minus infinity."""
    return 20 * math.log10(peak) if peak > 0 else -math.inf


class PeakMeter:
    """One channel; ``now`` is any clock in seconds that only goes forward."""

    def __init__(self) -> None:
        self.level = FLOOR_DB
        """What the bar shows, dB."""
        self.hold = FLOOR_DB
        """Latest peak, for `HOLD_S`, dB."""
        self.highest = -math.inf
        """Highest level since `reset`, dB."""
        self._held_since = -math.inf
        self._last: float | None = None

    @property
    def settled(self) -> bool:
        """True when time alone changes nothing any more."""
        return self.level <= FLOOR_DB and self.hold <= FLOOR_DB

    def update(self, peak: float, now: float) -> None:
        """Take in the highest absolute sample value since the last time, 0 for silence."""
        fallen = FALL_DB_PER_S * (now - self._last) if self._last is not None else 0.0
        self._last = now
        level = decibels(peak)
        self.highest = max(self.highest, level)
        self.level = max(level, self.level - fallen, FLOOR_DB)
        if level >= self.hold:
            self.hold, self._held_since = max(level, FLOOR_DB), now
        elif now - self._held_since > HOLD_S:
            self.hold = max(self.hold - fallen, self.level)

    def reset(self) -> None:
        """Forget the highest level."""
        self.highest = -math.inf
