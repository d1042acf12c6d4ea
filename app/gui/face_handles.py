"""The faces on the canvas as controls that assistive technology finds, names and presses.

The canvas paints the faces and moves among them by itself; these handles lie invisibly over them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, QRectF, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QWidget


@dataclass(frozen=True)
class SpokenFace:
    """One face as it is told."""

    singer: str
    name: str
    """With what is to be known of it: "Singer A, selected"."""
    selected: bool
    focused: bool
    rect: QRectF | None
    """Where it is on the canvas; None while it isn't in the picture."""


class FaceHandles(QObject):
    """Keeps one handle for each face."""

    pressed = Signal(str)
    """Singer whose handle was pressed, by assistive technology."""

    def __init__(self, canvas: QWidget) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._handles: dict[str, _Handle] = {}
        self._focused = ""

    def show(self, faces: Sequence[SpokenFace]) -> None:
        """Tell these faces and no others."""
        known = {face.singer for face in faces}
        for singer in [singer for singer in self._handles if singer not in known]:
            self._handles.pop(singer).deleteLater()
        for face in faces:
            handle = self._handles.get(face.singer)
            if handle is None:
                handle = self._handles[face.singer] = _Handle(self._canvas, face.singer)
                handle.clicked.connect(lambda _on=False, who=face.singer: self.pressed.emit(who))
            if handle.accessibleName() != face.name:
                handle.setAccessibleName(face.name)
            if handle.isChecked() != face.selected:
                handle.setChecked(face.selected)
            self._place(handle, face.rect)
        focused = next((face.singer for face in faces if face.focused), "")
        if focused and focused != self._focused and self._canvas.hasFocus():
            event = QAccessibleEvent(self._handles[focused], QAccessible.Event.Focus)
            QAccessible.updateAccessibility(event)
        self._focused = focused

    def _place(self, handle: _Handle, rect: QRectF | None) -> None:
        handle.setVisible(rect is not None)
        if rect is not None:
            handle.setGeometry(rect.toAlignedRect())


class _Handle(QAbstractButton):
    """A button without looks; the mouse goes through it to the canvas."""

    def __init__(self, canvas: QWidget, singer: str) -> None:
        super().__init__(canvas)
        self.setObjectName(f"face_{singer}")
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def nextCheckState(self) -> None:
        """Pressing asks to choose; what is chosen comes back through `FaceHandles.show`."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """The canvas paints the face."""
