"""Keeps the present state of a window, off its thread, after each act and each minute."""

from __future__ import annotations

import threading
from collections.abc import Callable

from app.errors import AppError
from app.project.recovery import Kept, RecoverySlot

EVERY_S = 60.0
"""The playhead moves without an act, so the state is kept again after this time."""


class Autosave:
    """Writes into a `RecoverySlot` on a thread of its own; of several states the newest counts."""

    def __init__(self, slot: RecoverySlot, on_problem: Callable[[str], None]) -> None:
        """``on_problem`` hears once, on that thread, when nothing can be kept."""
        self._slot = slot
        self._on_problem = on_problem
        self._told = False
        self._changed = threading.Condition()
        self._waiting: Kept | None = None
        self._drop = self._writing = self._closed = self._release = False
        self._thread = threading.Thread(target=self._run, daemon=True, name="autosave")
        self._thread.start()

    @property
    def running(self) -> bool:
        """True until the thread has ended."""
        return self._thread.is_alive()

    def keep(self, kept: Kept) -> None:
        """Keep this state instead of the one before."""
        with self._changed:
            self._waiting, self._drop = kept, False
            self._changed.notify_all()

    def drop(self) -> None:
        """Keep nothing: all of it is in the project file, or there is nothing to lose."""
        with self._changed:
            self._waiting, self._drop = None, True
            self._changed.notify_all()

    def flush(self, timeout_s: float = 5.0) -> bool:
        """Wait until everything is on the disk; False when it took too long."""
        with self._changed:
            return self._changed.wait_for(self._idle, timeout_s)

    def end(self, release: bool) -> None:
        """Finish writing on the thread; then it ends, and lets go of the slot if it is to.

        `join` waits for it.
        """
        with self._changed:
            self._closed, self._release = True, release
            self._changed.notify_all()

    def join(self, timeout_s: float = 5.0) -> None:
        """Wait for the end after `end`."""
        self._thread.join(timeout_s)

    def _idle(self) -> bool:
        return self._waiting is None and not self._drop and not self._writing

    def _run(self) -> None:
        self._serve()
        if self._release:
            self._slot.close()

    def _serve(self) -> None:
        while True:
            with self._changed:
                self._writing = False
                self._changed.notify_all()
                self._changed.wait_for(lambda: self._closed or self._waiting or self._drop)
                kept, drop = self._waiting, self._drop
                if kept is None and not drop:
                    return
                self._waiting, self._drop, self._writing = None, False, True
            if kept is None:
                self._slot.drop()
            else:
                self._write(kept)

    def _write(self, kept: Kept) -> None:
        try:
            self._slot.keep(kept)
            self._told = False
        except (AppError, OSError) as error:
            if not self._told:
                self._told = True
                self._on_problem(
                    f"The present state can't be kept for the case of a crash: {error}"
                )
