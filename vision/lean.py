"""Imports MediaPipe without what only its demonstrations need."""

from __future__ import annotations

import importlib
import sys
import threading
from types import ModuleType
from typing import Any

_UNUSED = ("matplotlib", "matplotlib.pyplot", "sounddevice")
"""What its drawing and recording helpers import: four fifths of the time that its import takes."""
_lock = threading.Lock()


def import_mediapipe() -> Any:
    """The module `mediapipe`; the first call imports it with empty modules for `_UNUSED`.

    They are taken away again afterwards, so whoever wants the real ones gets them.
    """
    with _lock:
        if "mediapipe" in sys.modules:
            return sys.modules["mediapipe"]
        absent = [name for name in _UNUSED if name not in sys.modules]
        for name in absent:
            sys.modules[name] = ModuleType(name)
        if "matplotlib.pyplot" in absent:
            setattr(sys.modules["matplotlib"], "pyplot", sys.modules["matplotlib.pyplot"])  # noqa: B010
        try:
            return importlib.import_module("mediapipe")
        finally:
            for name in absent:
                sys.modules.pop(name, None)
