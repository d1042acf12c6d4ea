"""Keeps MediaPipe's start-up chatter out of the user's terminal."""

from __future__ import annotations

import os
import re
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_NOISE = re.compile(
    rb"^(INFO: Created TensorFlow Lite"
    rb"|WARNING: All log messages before absl"
    rb"|[IW]\d{4} .*(inference_feedback_manager|landmark_projection_calculator|gl_context))"
)
_lock = threading.Lock()


@contextmanager
def quiet_native_log() -> Iterator[None]:
    """Drop MediaPipe's own log lines from standard error while the block runs.

    They are written by native code to file descriptor 2, which no logging option reaches, so the
    descriptor is pointed at a temporary file and every line that is not known noise is passed on
    afterwards. The descriptor belongs to the whole process: one thread at a time may redirect it,
    and what other threads print meanwhile is only delayed, not lost.
    """
    with _lock:
        try:
            saved = os.dup(2)
        except OSError:  # a windowed program may have no standard error at all
            yield
            return
        with tempfile.TemporaryFile() as caught:
            os.dup2(caught.fileno(), 2)
            try:
                yield
            finally:
                os.dup2(saved, 2)
                os.close(saved)
                caught.seek(0)
                kept = b"".join(line for line in caught if not _NOISE.match(line))
                if kept:
                    os.write(2, kept)
