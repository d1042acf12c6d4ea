"""Does to a window what a person does, and waits as a person would."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.gui.main_window import MainWindow

SLOW_MS = 60_000
"""Bound of every wait: machines that run tests are busy."""


class Editor:
    """A window, its parts by short names, and the acts of its user."""

    def __init__(self, window: MainWindow, qtbot: QtBot) -> None:
        self.window = window
        self.qtbot = qtbot
        self.control = window.controller
        self.session = window.controller.session
        self.player = window.controller.player

    def until(self, condition: Callable[[], bool]) -> None:
        """Let the window run until something is so."""
        self.qtbot.waitUntil(condition, timeout=SLOW_MS)

    def trigger(self, name: str) -> None:
        """Choose an action of the menus."""
        assert self.window.named_actions[name].isEnabled(), f"{name} can't be chosen now"
        self.window.named_actions[name].trigger()

    def key(self, key: Qt.Key, shift: bool = False) -> None:
        """Press a key wherever the focus is."""
        modifier = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
        self.qtbot.keyClick(self.window.focusWidget() or self.window, key, modifier)

    def open(self, path: Path) -> None:
        """Open a clip and wait until its singers are known."""
        with self.qtbot.waitSignal(self.control.clip_changed, timeout=SLOW_MS):
            self.window.open(path)
        self.until(lambda: self.session.scene.complete and not self.control.busy)
        # Known faces can be there before the first picture; a person waits to see it.
        singers = self.session.scene.singers
        self.until(lambda: not singers or any(self.window.canvas.face_rect(s.id) for s in singers))

    def drop(self, *paths: Path) -> None:
        """Drag files from another program into the window."""
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
        buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        copy, place = Qt.DropAction.CopyAction, QPointF(300, 300)
        enter = QDragEnterEvent(place.toPoint(), copy, data, buttons, keys)
        QApplication.sendEvent(self.window, enter)
        assert enter.isAccepted()
        QApplication.sendEvent(self.window, QDropEvent(place, copy, data, buttons, keys))

    def click_face(self, singer: str, shift: bool = False) -> None:
        """Click into the middle of a face in the picture."""
        self.until(lambda: self.window.canvas.face_rect(singer) is not None)
        rect = self.window.canvas.face_rect(singer)
        assert rect is not None
        modifier = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
        place = QPoint(round(rect.center().x()), round(rect.center().y()))
        self.qtbot.mouseClick(self.window.canvas, Qt.MouseButton.LeftButton, modifier, place)

    def isolate(self) -> None:
        """Press Isolate and wait for the end."""
        self.trigger("isolate")
        assert self.control.busy == "isolate"
        self.until(lambda: not self.control.busy)

    def export(self) -> list[Path]:
        """Export with the settings of the panel; returns the files."""
        with self.qtbot.waitSignal(self.window.export.exported, timeout=SLOW_MS) as written:
            self.trigger("export_now")
        self.until(lambda: not self.control.busy)
        return [output.path for output in written.args[0].outputs]

    def banner(self) -> str:
        """What the line above the picture says; "" when it is hidden."""
        return self.window.banner.said()
