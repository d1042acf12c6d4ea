"""How long the window's event loop stands still, and what for."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer

_BEAT_MS = 5


@dataclass(frozen=True)
class Block:
    """The longest time between two beats, in seconds."""

    at: float
    """When it ended, on the monotonic clock."""
    length: float
    worked: float
    """Of which the window's thread computed."""
    queued: float | None
    """Of which it was ready but had no processor; None where the system doesn't tell.

    The remainder it waited for something in its own process: Python's global lock or another.
    """


class Heartbeat(QObject):
    """A timer that should fire every 5 ms; how late it is tells how long the loop was held."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._stat = Path(f"/proc/self/task/{threading.get_native_id()}/schedstat")
        self._worst = Block(0.0, 0.0, 0.0, None)
        self._last = self._now()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start(_BEAT_MS)

    def take(self) -> Block:
        """The longest block since the last call, and start afresh."""
        worst, self._worst = self._worst, Block(0.0, 0.0, 0.0, None)
        self._last = self._now()
        return worst

    def _beat(self) -> None:
        now = self._now()
        length = now[0] - self._last[0]
        if length > self._worst.length:
            queued = None
            if now[2] is not None and self._last[2] is not None:
                queued = now[2] - self._last[2]
            # The two clocks are read one after the other and may differ by a microsecond.
            self._worst = Block(now[0], length, min(length, now[1] - self._last[1]), queued)
        self._last = now

    def _now(self) -> tuple[float, float, float | None]:
        """Clock, processor time of this thread, and its time in the queue for a processor."""
        try:
            queued = int(self._stat.read_text(encoding="ascii").split()[1]) / 1e9
        except (OSError, ValueError, IndexError):
            queued = None
        return time.monotonic(), time.thread_time(), queued
