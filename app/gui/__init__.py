"""The window: the only part of Solovox that imports Qt."""

from __future__ import annotations

from pathlib import Path


def open_window(argv: list[str]) -> int:
    """Open the window, with the clip named first in ``argv`` if there is one.

    Returns the exit code of the event loop; raises `NotPossibleError` without a screen. Qt is
    imported here, not with the package, because the engine process shares this package and must
    stay free of it.
    """
    get_ready(Path(argv[0]) if argv else None)
    from app.gui.application import run

    return run(argv)


def get_ready(clip: Path | None) -> None:
    """Start the engine process, which opens ``clip``, and import what reads clips, before Qt.

    Readers run on threads of the window's process: if the first of them had to import its
    libraries, these would hold Python's lock, and with it the window, in the middle of opening.
    """
    from app.gui.engine_ahead import start_ahead
    from app.gui.screen import require_screen

    require_screen()
    start_ahead(clip)
    import app.media.audio
    import app.media.video  # noqa: F401
    from app.gui.lean_qt import skip_source_search

    skip_source_search()
