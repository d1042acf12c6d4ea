"""A box that is being drawn around a face, by mouse or by keys; in fractions of the picture."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPen

from app.gui.letterbox import Box, Letterbox

_LEAST = 0.02
"""A box narrower or lower than this is a slip of the mouse."""
_STEP = 0.01
_MOVES = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class BoxDraft:
    """Mouse: drag from corner to corner. Keys: arrows move, with Shift they size, Enter takes."""

    def __init__(self) -> None:
        self._anchor: tuple[float, float] | None = None
        self.box: Box = (0.42, 0.3, 0.16, 0.28)
        self.touched = False
        """False until the box is somebody's and not just the first proposal of the keyboard."""

    def press(self, place: Letterbox, point: QPointF) -> None:
        """Begin at a corner."""
        self._anchor = place.clamped(point.x(), point.y())
        self.box = (*self._anchor, 0.0, 0.0)
        self.touched = True

    def move(self, place: Letterbox, point: QPointF) -> None:
        """Drag the other corner."""
        if self._anchor is not None:
            (x, y), (u, v) = self._anchor, place.clamped(point.x(), point.y())
            self.box = (min(x, u), min(y, v), abs(u - x), abs(v - y))

    def release(self) -> Box | None:
        """Let go: the box, or None when it is too small to mean anything."""
        self._anchor = None
        if not self.touched:
            return None
        return self.box if min(self.box[2:]) >= _LEAST else None

    def key(self, event: QKeyEvent) -> bool:
        """Move or size the box; True when the key was for it."""
        move = _MOVES.get(Qt.Key(event.key()))
        if move is None:
            return False
        x, y, width, height = self.box
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            width = min(1 - x, max(_LEAST, width + move[0] * _STEP))
            height = min(1 - y, max(_LEAST, height + move[1] * _STEP))
        else:
            x = min(1 - width, max(0.0, x + move[0] * _STEP))
            y = min(1 - height, max(0.0, y + move[1] * _STEP))
        self.box = (x, y, width, height)
        self.touched = True
        return True

    def paint(self, painter: QPainter, place: Letterbox) -> None:
        """Draw the box: white dashes on black, readable on every picture."""
        if not self.touched:
            return
        rect = QRectF(*place.to_canvas(self.box))
        painter.setBrush(QColor(255, 255, 255, 28))
        painter.setPen(QPen(QColor(0, 0, 0, 200), 4))
        painter.drawRect(rect)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor("white"), 2, Qt.PenStyle.DashLine))
        painter.drawRect(rect)
