"""The engine process: everything heavy runs there, so that nothing can hold the window up.

Importing torch or OpenCV holds Python's global lock for up to a second, and a lock held in the
window's process is a window that doesn't paint. A second process has a lock of its own; it is
started by `engine_ahead` and ends when the pipe to it closes.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from app.errors import AppError, CancelledError
from app.gui.engine_ahead import take_engine
from app.gui.engine_jobs import JOBS, Workshop
from app.gui.faults import fault_sentence, open_log
from app.gui.give_way import give_way_to_all
from app.jobs import CancelToken, Progress

_PROGRESS_INTERVAL_S = 0.1


@dataclass(frozen=True)
class Message:
    """One report about a job: ``kind`` is progress, item, done, failed or cancelled."""

    job: int
    kind: str
    payload: Any = None
    """Progress, an intermediate result, the result, or the sentence of a failure."""


class Engine:
    """Starts jobs in the engine process and hands on their messages.

    ``deliver`` is called from a thread of the engine's own, in the order of the messages. Each
    job ends with exactly one of done, failed or cancelled, also when the process dies.
    """

    def __init__(self, deliver: Callable[[Message], None]) -> None:
        self._deliver = deliver
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._open_jobs: set[int] = set()
        self._connection: Connection | None = None
        self._process: Any = None

    @property
    def pid(self) -> int | None:
        """Process id of the engine while it runs."""
        return self._process.pid if self._process is not None else None

    def start(self) -> None:
        """Start the process unless it runs; it imports its libraries by itself."""
        with self._lock:
            if self._connection is not None:
                return
            engine = take_engine()
            self._process, self._connection = engine.process, engine.connection
            listener = threading.Thread(target=self._listen, args=(engine.connection,), daemon=True)
            listener.start()

    def submit(self, name: str, *arguments: Any) -> int:
        """Start the job called ``name`` in `engine_jobs.JOBS`; returns its number at once."""
        self.start()
        job = next(self._numbers)
        with self._lock:
            self._open_jobs.add(job)
        self._send(("run", job, name, arguments))
        return job

    def cancel(self, job: int) -> None:
        """Ask a job to stop; it answers with `cancelled` unless it was just done."""
        self._send(("cancel", job))

    def close(self, timeout_s: float = 2.0) -> None:
        """End the process: jobs are cancelled and tidy up; after ``timeout_s`` it is killed."""
        with self._lock:
            process, connection = self._process, self._connection
            self._connection = None
        if connection is not None:
            # Not closed here: the listener blocks in it, and a blocked pipe never breaks.
            with contextlib.suppress(OSError):
                connection.send(("quit", 0))
        if process is not None:
            process.join(timeout_s)
            if process.is_alive():
                process.kill()
                process.join(timeout_s)

    def _send(self, message: tuple[Any, ...]) -> None:
        with self._lock:
            if self._connection is not None:
                # A broken pipe is the listener's to notice: it ends all jobs.
                with contextlib.suppress(OSError):
                    self._connection.send(message)

    def _listen(self, connection: Connection) -> None:
        while True:
            try:
                message: Message = connection.recv()
            except (EOFError, OSError):
                break
            if message.kind in ("done", "failed", "cancelled"):
                with self._lock:
                    self._open_jobs.discard(message.job)
            self._deliver(message)
        with self._lock:
            expected = self._connection is not connection
            if not expected:
                self._connection = None
            lost, self._open_jobs = self._open_jobs, set()
        if not expected:
            for job in sorted(lost):
                self._deliver(
                    Message(
                        job,
                        "failed",
                        "The computing part of the program stopped unexpectedly, perhaps for lack "
                        "of memory; try again, or with a shorter range.",
                    )
                )


class JobContext:
    """What a job in the engine process gets to report progress and to learn of a cancel."""

    def __init__(self, job: int, send: Callable[[Message], None]) -> None:
        self.token = CancelToken()
        self._job = job
        self._send = send
        self._last = 0.0

    def on_progress(self, progress: Progress) -> None:
        """Report progress, at most ten times a second plus the end of each stage."""
        now = time.monotonic()
        if now - self._last >= _PROGRESS_INTERVAL_S or progress.done >= progress.total:
            self._last = now
            self._send(Message(self._job, "progress", progress))

    def item(self, payload: object) -> None:
        """Hand an intermediate result to the window."""
        self._send(Message(self._job, "item", payload))


def serve(connection: Connection) -> None:
    """Run in the engine process: take orders until the window's end of the pipe closes."""
    give_way_to_all()
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    open_log("engine")
    write_lock = threading.Lock()
    contexts: dict[int, JobContext] = {}
    threads: list[threading.Thread] = []

    def send(message: Message) -> None:
        with write_lock:
            try:
                connection.send(message)
            except OSError:
                contexts[message.job].token.cancel()  # the window is gone

    workshop = Workshop()
    while True:
        try:
            order, job, *rest = connection.recv()
        except (EOFError, OSError, KeyboardInterrupt):
            break
        if order == "quit":
            break
        if order == "cancel":
            if job in contexts:
                contexts[job].token.cancel()
            continue
        contexts[job] = JobContext(job, send)
        thread = threading.Thread(
            target=_run, args=(workshop, contexts[job], send, job, *rest), daemon=True
        )
        threads = [other for other in threads if other.is_alive()] + [thread]
        thread.start()
    for context in contexts.values():
        context.token.cancel()
    for thread in threads:
        thread.join(1.5)
    os._exit(0)  # taking torch apart in order would keep the window waiting for a second


def _run(
    workshop: Workshop,
    context: JobContext,
    send: Callable[[Message], None],
    job: int,
    name: str,
    arguments: tuple[Any, ...],
) -> None:
    try:
        result = JOBS[name](context, workshop, *arguments)
    except CancelledError:
        send(Message(job, "cancelled"))
    except AppError as error:
        send(Message(job, "failed", str(error)))
    except Exception as error:
        send(Message(job, "failed", fault_sentence(error)))
    else:
        send(Message(job, "done", result))
