"""Ctrl-C and SIGTERM: the job is asked to stop, and stops within a second in any case."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import NoReturn, TypeAlias

from app.errors import CancelledError
from app.jobs import CancelToken

PATIENCE_S = 0.25
"""Time a job gets to end by itself before the process ends without it."""
_SIGNALS = (signal.SIGINT, signal.SIGTERM)
Say: TypeAlias = Callable[[], None]


@contextmanager
def stop_on_signals(
    token: CancelToken, say: Say | None = None, patience_s: float = PATIENCE_S
) -> Iterator[None]:
    """Cancel ``token`` when the user interrupts the process.

    Python runs its signal handlers between two steps of the main thread, which may be seconds
    away inside a library. The signal's number is therefore also written to a socket, from where a
    watching thread cancels the job at once. A job that doesn't end within ``patience_s`` is left
    behind: its unfinished files are removed, ``say`` tells the user (by default one word on
    standard error), and the process ends with code 130.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    wake, written = socket.socketpair()
    written.setblocking(False)
    done = threading.Event()
    watcher = threading.Thread(
        target=_watch, args=(wake, token, done, say or _say, patience_s), daemon=True
    )
    old_handlers = {number: signal.signal(number, lambda *_: None) for number in _SIGNALS}
    old_socket = signal.set_wakeup_fd(written.fileno(), warn_on_full_buffer=False)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        signal.set_wakeup_fd(old_socket)
        for number, handler in old_handlers.items():
            signal.signal(number, handler)
        with suppress(OSError):
            written.send(b"\0")
        watcher.join()
        wake.close()
        written.close()


def end_process(code: int) -> NoReturn:
    """End without taking the interpreter down.

    Nothing of that matters to a finished command, and the destructors of torch and MediaPipe take
    seconds on a busy machine.
    """
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)


def _watch(
    wake: socket.socket, token: CancelToken, done: threading.Event, say: Say, patience_s: float
) -> None:
    while not done.is_set():
        received = wake.recv(1)
        if not received or done.is_set():
            return
        if received[0] in _SIGNALS:
            token.cancel()
            if not done.wait(patience_s):
                _leave(say)


def _leave(say: Say) -> None:
    from app.export.atomic import discard_unfinished

    discard_unfinished()
    with suppress(OSError):
        say()
    end_process(CancelledError.exit_code)


def _say() -> None:
    print("Cancelled.", file=sys.stderr, flush=True)
