"""What the later steps of a job need is imported while an earlier one leaves a processor idle."""

from __future__ import annotations

import gc
import threading
from contextlib import suppress
from importlib import import_module

_NEEDED_LATER = (
    "torch",
    "audio_models.driver",
    "audio_models.solovox",
    "audio_models.sync",
    "soxr",
    "scipy.signal",
    "pyloudnorm",
    "app.export.sound",
    "app.export.loudness",
)
"""Imported for voices and files; looking for faces needs none of them."""


def warm_up() -> threading.Thread:
    """Begin to import what voices and files need, in a thread that nobody has to wait for.

    Whoever needs one of these modules meanwhile imports it as ever, which waits for this thread
    where it is at the same one.
    """
    thread = threading.Thread(target=_import, name="warm-up", daemon=True)
    thread.start()
    return thread


def _import() -> None:
    from app.native import preload_torch

    # What cannot be imported is told by the step that needs it.
    with suppress(Exception):
        preload_torch()
        for name in _NEEDED_LATER:
            import_module(name)
        # What was imported stays: no later collection need look through it.
        gc.freeze()
