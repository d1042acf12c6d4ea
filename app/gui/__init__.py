"""The window: the only part of Solovox that imports Qt."""

from __future__ import annotations


def open_window(argv: list[str]) -> int:
    """Open the window, with the clip named first in ``argv`` if there is one.

    Returns the exit code of the event loop. Qt is imported here, not with the package, because
    the engine process shares this package and must stay free of it.
    """
    from app.gui.application import run

    return run(argv)
