"""Plays into nothing where there is no sound device; no Qt."""

from __future__ import annotations

import time
from collections.abc import Callable

from app.gui.clock import PlayedMap
from app.gui.lane_mixer import Levels
from app.gui.sound_feed import SoundFeed

_CATCH_UP_S = 0.5
"""A window that stood still for longer goes on where it was, as a device would be heard to."""


class SilentOutput:
    """Takes sound as fast as a device would, so that loops, speeds and meters work the same."""

    def __init__(
        self, feed: SoundFeed, rate: int, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._feed = feed
        self._rate = rate
        self._now = now
        self._since: float | None = None
        self._taken = 0
        self._played = PlayedMap()

    def rest(self) -> None:
        """Stand still until `advance` is called again."""
        self._since = None

    def advance(self) -> None:
        """Take what would have been played by now."""
        now = self._now()
        if self._since is None or now - self._since - self._taken / self._rate > _CATCH_UP_S:
            self._since = now - self._taken / self._rate
        due = int((now - self._since) * self._rate)
        while self._taken < due:
            pulled = self._feed.pull(due - self._taken)
            if pulled.sample is None and self._feed.waiting:
                self._since = now - self._taken / self._rate  # nothing is lost while it decodes
                return
            self._played.add(len(pulled.sound), pulled)
            self._taken += len(pulled.sound)

    def position(self) -> int | None:
        """Clip sample reached; None while what was asked for isn't there yet."""
        return self._played.sample_at(self._taken, self._feed.serial)

    def levels(self) -> Levels:
        """Levels of the lanes in what was taken since the last call."""
        return self._played.levels_until(self._taken)
