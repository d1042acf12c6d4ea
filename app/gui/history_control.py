"""Undo and redo of the window's acts."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction

from app.edits import Edits, with_end, with_singers
from app.gui.controller import Controller
from app.gui.engine_jobs import ClipView
from app.project.history import History


class HistoryControl(QObject):
    """Listens to every editing act and takes acts back."""

    changed = Signal()
    """There is something else to undo or redo."""

    def __init__(self, controller: Controller) -> None:
        super().__init__(controller)
        self._controller = controller
        self._history = History()
        self._going_back = False
        controller.edits_changed.connect(self._on_edits_changed)
        controller.singers_moved.connect(self._on_singers_moved)
        controller.clip_changed.connect(self.clear)
        controller.length.settled.connect(self._on_settled)

    def undo(self) -> None:
        """Take the last act back."""
        self._go(self._history.undo, self.tr("Undo {act}").format(act=self._history.undo_name))

    def redo(self) -> None:
        """Carry out again what was taken back last."""
        self._go(self._history.redo, self.tr("Redo {act}").format(act=self._history.redo_name))

    def clear(self) -> None:
        """Forget all acts."""
        self._history.clear()
        self.changed.emit()

    def show_in(self, undo: QAction, redo: QAction) -> None:
        """Keep the texts of the two actions at what they would do."""

        def show() -> None:
            undo_name, redo_name = self._history.undo_name, self._history.redo_name
            undo.setText(self.tr("Undo {act}").format(act=undo_name).strip())
            undo.setEnabled(bool(undo_name))
            redo.setText(self.tr("Redo {act}").format(act=redo_name).strip())
            redo.setEnabled(bool(redo_name))

        self.changed.connect(show)
        show()

    def _go(self, way: Callable[[Edits], Edits | None], act: str) -> None:
        target = way(self._controller.session.edits)
        if target is None:
            return
        self._going_back = True
        try:
            self._controller.replace_edits(act, target)
        finally:
            self._going_back = False
        self.changed.emit()

    def _on_edits_changed(self, before: Edits, after: Edits, act: str) -> None:
        if not self._going_back:
            self._history.note(before, after, act)
            self.changed.emit()

    def _on_settled(self, stated: ClipView, clip: ClipView) -> None:
        ends = stated.audio.samples, clip.audio.samples
        self._history.carry(lambda edits: with_end(edits, *ends))

    def _on_singers_moved(self, ids: dict[str, str | None]) -> None:
        self._history.carry(lambda edits: with_singers(edits, ids))
