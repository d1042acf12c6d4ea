"""The one bridge from jobs to Qt: messages of the engine arrive as calls on the window's thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from app.gui.engine import Engine, Message
from app.jobs import Progress

CANCEL_MS = 800
"""After this time a cancelled job counts as ended, whatever still holds it up."""


@dataclass
class JobHandlers:
    """What to call on the window's thread when a job reports."""

    on_done: Callable[[Any], None]
    on_failed: Callable[[str], None]
    on_progress: Callable[[Progress], None] | None = None
    on_item: Callable[[Any], None] | None = None
    on_cancelled: Callable[[], None] | None = None


class JobBridge(QObject):
    """Starts jobs and dispatches their messages to the handlers given with them."""

    _arrived = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._handlers: dict[int, JobHandlers] = {}
        self._engine = Engine(self._arrived.emit)
        self._arrived.connect(self._dispatch, Qt.ConnectionType.QueuedConnection)

    @property
    def running(self) -> int:
        """Number of jobs that haven't ended."""
        return len(self._handlers)

    def warm_up(self) -> None:
        """Start the engine process before its first job."""
        self._engine.start()

    def run(self, name: str, *arguments: Any, handlers: JobHandlers) -> int:
        """Start a job of the engine; returns its number for `cancel`."""
        job = self._engine.submit(name, *arguments)
        self._handlers[job] = handlers
        return job

    def cancel(self, job: int) -> None:
        """Ask a job to stop.

        A library that is being imported or a slow disk can hold a job up before it notices; nobody
        waits for that. It stops by itself and nothing more is heard of it.
        """
        self._engine.cancel(job)
        QTimer.singleShot(CANCEL_MS, self, lambda: self._end_cancelled(job))

    def _end_cancelled(self, job: int) -> None:
        handlers = self._handlers.pop(job, None)
        if handlers is not None and handlers.on_cancelled is not None:
            handlers.on_cancelled()

    def abandon(self, job: int) -> None:
        """Ask a job to stop and hear nothing more of it."""
        self._handlers.pop(job, None)
        self._engine.cancel(job)

    def close(self) -> None:
        """End the engine process."""
        self._handlers.clear()
        self._engine.close()

    @Slot(object)
    def _dispatch(self, message: Message) -> None:
        ended = message.kind in ("done", "failed", "cancelled")
        handlers = (
            self._handlers.pop(message.job, None) if ended else self._handlers.get(message.job)
        )
        if handlers is None:
            return
        if message.kind == "progress" and handlers.on_progress is not None:
            handlers.on_progress(message.payload)
        elif message.kind == "item" and handlers.on_item is not None:
            handlers.on_item(message.payload)
        elif message.kind == "done":
            handlers.on_done(message.payload)
        elif message.kind == "failed":
            handlers.on_failed(message.payload)
        elif message.kind == "cancelled" and handlers.on_cancelled is not None:
            handlers.on_cancelled()
