"""Ctrl-C and SIGTERM: the job is asked to stop, and stops within a second in any case."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from app.jobs import CancelToken

PATIENCE_S = 0.6
"""Time a job gets to end by itself before the process ends without it."""
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def stop_on_signals(token: CancelToken) -> Iterator[None]:
    """Cancel ``token`` when the user interrupts the process.

    Python runs its signal handlers between two steps of the main thread, which may be seconds
    away inside a library. The signal's number is therefore also written to a socket, from where a
    watching thread cancels the job at once. A job that doesn't end in time is left behind: its
    unfinished files are removed and the process ends with code 130.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    wake, written = socket.socketpair()
    written.setblocking(False)
    done = threading.Event()
    watcher = threading.Thread(target=_watch, args=(wake, token, done), daemon=True)
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


def _watch(wake: socket.socket, token: CancelToken, done: threading.Event) -> None:
    while not done.is_set():
        received = wake.recv(1)
        if not received or done.is_set():
            return
        if received[0] in _SIGNALS:
            token.cancel()
            if not done.wait(PATIENCE_S):
                _leave()


def _leave() -> None:
    from app.export.atomic import discard_unfinished

    discard_unfinished()
    with suppress(OSError):
        print("Cancelled.", file=sys.stderr, flush=True)
    os._exit(130)
