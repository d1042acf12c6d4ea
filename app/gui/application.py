"""Starts Qt, shows the window, then starts what takes longer."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from app.gui.main_window import MainWindow
from app.gui.theme import apply_theme

_SWITCH_INTERVAL_S = 0.001
"""How long another thread may keep Python's global lock while the window wants it."""


def run(argv: list[str]) -> int:
    """Show the window and run it until it is closed."""
    sys.setswitchinterval(_SWITCH_INTERVAL_S)
    application = QApplication.instance() or QApplication(["solovox"])
    assert isinstance(application, QApplication)
    application.setApplicationName("solovox")
    application.setApplicationDisplayName("Solovox")
    apply_theme(application)
    window = MainWindow()
    window.show()
    clip = Path(argv[0]) if argv else None
    QTimer.singleShot(0, lambda: window.controller.start(clip))
    return application.exec()
