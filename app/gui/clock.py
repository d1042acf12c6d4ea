"""Playback clocks without Qt: a silent one, and one that smooths what a sound device reports."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

_HOLD_S = 0.15
"""A device counter that stands longer than this is believed to stand (start-up, drop-out)."""
_JUMP_S = 0.08
"""A step of the counter larger than this is taken over at once."""
_SMOOTHING = 0.1


class SilentClock:
    """Counts samples by the monotonic clock: playback where there is no sound device."""

    def __init__(self, rate: int, now: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._now = now
        self._sample = 0
        self._since: float | None = None

    def start(self, sample: int) -> None:
        """Run from ``sample``."""
        self._sample = sample
        self._since = self._now()

    def stop(self) -> None:
        """Stand still."""
        self._sample = self.position()
        self._since = None

    def position(self) -> int:
        """Current sample."""
        if self._since is None:
            return self._sample
        return self._sample + int((self._now() - self._since) * self._rate)


class DeviceClock:
    """Interpolates a coarse counter of played time with a monotonic clock.

    Sound devices report in steps of 10 to 40 ms with jitter of the same size. The difference
    between the counter and the monotonic clock is smoothed, so the picture moves evenly, and
    real drift between the two clocks is still followed.
    """

    def __init__(self) -> None:
        self._offset: float | None = None
        self._last = -1.0
        self._changed = 0.0
        self._given = 0.0

    def update(self, played_s: float, now: float) -> None:
        """Take in the device's counter, in seconds, read at ``now``."""
        if played_s == self._last:
            return
        self._last, self._changed = played_s, now
        if played_s <= 0:
            return
        offset = played_s - now
        if self._offset is None or abs(offset - self._offset) > _JUMP_S:
            self._offset = offset
        else:
            self._offset += _SMOOTHING * (offset - self._offset)

    def played(self, now: float) -> float:
        """Seconds the device has played by ``now``; never goes back."""
        if self._offset is None:
            return 0.0
        estimate = min(now, self._changed + _HOLD_S) + self._offset
        self._given = max(self._given, estimate)
        return self._given


@dataclass(frozen=True)
class _Stretch:
    frame: int
    count: int
    sample: int | None
    serial: int


class PlayedMap:
    """Which clip sample each frame handed to the device was; silence maps to nothing."""

    def __init__(self, samples_per_frame: float = 1.0) -> None:
        self._stretches: deque[_Stretch] = deque(maxlen=512)
        self._frames = 0
        self._ratio = samples_per_frame

    def add(self, count: int, sample: int | None, serial: int) -> None:
        """Note ``count`` frames: clip samples from ``sample`` on, or silence for None.

        ``serial`` counts the seeks, so what was queued before a seek isn't taken for what follows.
        """
        self._stretches.append(_Stretch(self._frames, count, sample, serial))
        self._frames += count

    def sample_at(self, frame: float, serial: int) -> int | None:
        """Clip sample heard when ``frame`` frames were played; None for silence or the past."""
        for stretch in reversed(tuple(self._stretches)):
            if stretch.frame <= frame:
                if stretch.sample is None or stretch.serial != serial:
                    return None
                within = min(frame - stretch.frame, stretch.count)
                return stretch.sample + int(within * self._ratio)
        return None
