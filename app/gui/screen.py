"""Whether there is a screen; no Qt, which ends the whole process where it finds none."""

from __future__ import annotations

import os
import sys

from app.errors import NotPossibleError


def require_screen() -> None:
    """Raise `NotPossibleError` where no window can be shown."""
    variables = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    if sys.platform.startswith("linux") and not any(os.environ.get(name) for name in variables):
        raise NotPossibleError(
            "There is no screen to open the window on; start Solovox in a desktop session, or use "
            "its commands (see --help)."
        )
