"""Progress, remaining time and cancelling for long work; no Qt, no threads of its own."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from app.errors import CancelledError


@dataclass(frozen=True)
class Progress:
    """How far one stage of a job is.

    ``done`` and ``total`` count the same unit (for instance seconds of sound); ``stage`` is a
    short text for the user; ``remaining_s`` is None while no estimate is possible.
    """

    stage: str
    done: float
    total: float
    remaining_s: float | None = None

    @property
    def fraction(self) -> float:
        """Part done, 0 to 1."""
        return min(1.0, self.done / self.total) if self.total > 0 else 0.0


OnProgress = Callable[[Progress], None]


class CancelToken:
    """A flag that any thread may set; the worker calls `check` often."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def cancel(self) -> None:
        """Ask the worker to stop."""
        self._event.set()

    @property
    def cancelled(self) -> bool:
        """True once `cancel` was called."""
        return self._event.is_set()

    def check(self) -> None:
        """Raise `CancelledError` once `cancel` was called."""
        if self._event.is_set():
            raise CancelledError("Cancelled.")


class ProgressClock:
    """Turns counts into `Progress` values with the remaining time of one stage.

    The rate is total work over total time of the stage: stages here are uniform, and an average
    over all of it doesn't jump about as a short window does.
    """

    def __init__(self, stage: str, total: float, report: OnProgress | None) -> None:
        self._stage = stage
        self._total = total
        self._report = report
        self._start = time.monotonic()

    def update(self, done: float) -> None:
        """Report that ``done`` of the total is finished."""
        if self._report is None:
            return
        elapsed = time.monotonic() - self._start
        remaining = None
        if done > 0 and elapsed > 0.3:
            remaining = max(0.0, (self._total - done) * elapsed / done)
        self._report(Progress(self._stage, done, self._total, remaining))


class Passes:
    """Joins passes of about equal length into one progress that never moves back."""

    def __init__(self, count: int, report: OnProgress | None) -> None:
        self._count = count
        self._report = report
        self._begun = 0
        self._start = time.monotonic()

    def next(self) -> OnProgress | None:
        """Where the next pass reports; None when nobody listens."""
        place = self._begun
        self._begun += 1
        report = self._report
        if report is None:
            return None

        def joined(progress: Progress) -> None:
            whole = progress.total * self._count
            done = progress.total * place + min(progress.done, progress.total)
            elapsed = time.monotonic() - self._start
            remaining = None
            if done > 0 and progress.remaining_s is not None:
                remaining = max(0.0, (whole - done) * elapsed / done)
            report(Progress(progress.stage, done, whole, remaining))

        return joined
