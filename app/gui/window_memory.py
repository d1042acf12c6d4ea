"""Where the window was and how it was laid out, from one start to the next."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QSettings
from PySide6.QtWidgets import QMainWindow, QSplitter

from app.paths import config_dir


def remember_window(window: QMainWindow) -> None:
    """Keep place, size and layout; every splitter with an object name is part of it."""
    settings = _settings()
    settings.setValue("geometry", window.saveGeometry())
    settings.setValue("state", window.saveState())
    for splitter in window.findChildren(QSplitter):
        if splitter.objectName():
            settings.setValue(f"splitter/{splitter.objectName()}", splitter.saveState())
    settings.sync()


def recall_window(window: QMainWindow) -> None:
    """Bring back what was kept; Qt moves a window from a screen that is gone onto one there."""
    settings = _settings()
    for key, restore in (("geometry", window.restoreGeometry), ("state", window.restoreState)):
        value = settings.value(key)
        if isinstance(value, QByteArray):
            restore(value)
    for splitter in window.findChildren(QSplitter):
        value = settings.value(f"splitter/{splitter.objectName()}")
        if splitter.objectName() and isinstance(value, QByteArray):
            splitter.restoreState(value)


def _settings() -> QSettings:
    return QSettings(str(config_dir() / "window.ini"), QSettings.Format.IniFormat)
