"""Playback clocks without Qt: the time a sound device has played, and what that was."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from app.gui.lane_mixer import Levels
from app.gui.sound_feed import Pulled

_HOLD_S = 0.15
"""A device counter that stands longer than this is believed to stand (start-up, drop-out)."""
_JUMP_S = 0.08
"""A step of the counter larger than this is taken over at once."""
_SMOOTHING = 0.1


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
    step: int
    levels: Levels


class PlayedMap:
    """Which clip sample each frame handed to the device was, and how loud; silence is none."""

    def __init__(self, samples_per_frame: float = 1.0) -> None:
        self._stretches: deque[_Stretch] = deque(maxlen=512)
        self._frames = 0
        self._ratio = samples_per_frame
        self._metered = -1

    def add(self, count: int, pulled: Pulled) -> None:
        """Note that ``pulled`` was handed over as ``count`` frames."""
        self._stretches.append(
            _Stretch(self._frames, count, pulled.sample, pulled.serial, pulled.step, pulled.levels)
        )
        self._frames += count

    def sample_at(self, frame: float, serial: int) -> int | None:
        """Clip sample heard when ``frame`` frames were played; None for silence or the past.

        ``serial`` is that of the latest order, so what was queued before isn't taken for its part.
        """
        for stretch in reversed(tuple(self._stretches)):
            if stretch.frame <= frame:
                if stretch.sample is None or stretch.serial != serial:
                    return None
                within = min(frame - stretch.frame, stretch.count)
                return stretch.sample + int(within * self._ratio * stretch.step)
        return None

    def levels_until(self, frame: float) -> Levels:
        """Highest level of each lane in what began to be heard since the last call."""
        highest: Levels = {}
        for stretch in tuple(self._stretches):
            if self._metered < stretch.frame <= frame:
                for lane, (left, right) in stretch.levels.items():
                    known = highest.get(lane, (0.0, 0.0))
                    highest[lane] = max(left, known[0]), max(right, known[1])
        self._metered = max(self._metered, int(frame))
        return highest
