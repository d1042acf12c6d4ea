"""Starts Qt, shows the window, then starts what takes longer."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from app.gui.faults import catch_faults, open_log, save_after_faults
from app.gui.language import set_language
from app.gui.main_window import MainWindow
from app.gui.screen import require_screen
from app.gui.theme import apply_theme, set_scheme
from app.interrupt import stop_on_signals
from app.jobs import CancelToken
from app.preferences import current

_SWITCH_INTERVAL_S = 0.001
"""How long another thread may keep Python's global lock while the window wants it."""
_INTERRUPT_POLL_MS = 200
_CLOSING_S = 0.6
"""Time the window gets to close by itself after Ctrl-C."""


def run(argv: list[str]) -> int:
    """Show the window and run it until it is closed.

    Raises `NotPossibleError` where there is no screen to show it on.
    """
    application, window = start(Path(argv[0]) if argv else None)
    interrupted = CancelToken()
    poll = QTimer()
    poll.timeout.connect(lambda: interrupted.cancelled and window.close())
    poll.start(_INTERRUPT_POLL_MS)
    with stop_on_signals(interrupted, patience_s=_CLOSING_S):
        return application.exec()


def start(clip: Path | None) -> tuple[QApplication, MainWindow]:
    """Show the window; it opens ``clip`` as soon as events are dealt with."""
    require_screen()
    sys.setswitchinterval(_SWITCH_INTERVAL_S)
    open_log("window")
    application = QApplication.instance() or QApplication(["solovox"])
    assert isinstance(application, QApplication)
    application.setApplicationName("solovox")
    application.setApplicationDisplayName("Solovox")
    wanted = current()
    set_language(application, wanted.language)
    apply_theme(application)
    set_scheme(application, wanted.scheme)
    window = MainWindow()
    window.controller.player.warm_up()
    save_after_faults(window.project.rescue)
    catch_faults(window.controller.problem.emit)
    window.show()
    QTimer.singleShot(0, lambda: window.project.start(clip))
    return application, window
