"""The ruler: timecode, and the flags of In and Out to drag."""

from __future__ import annotations

from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QMouseEvent,
    QPainter,
    QPen,
    QPixmap,
    QPolygonF,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.gui.drawn_strip import MARGIN, RIGHT, DrawnStrip
from app.gui.ruler_ticks import ClipTime
from app.gui.theme import current_tone

HEIGHT = 26
_GRIP = 7
_LEAST_LABEL = 84.0
"""Pixels between two labels."""


class RulerView(DrawnStrip):
    """Ticks with time above the lanes."""

    seek_asked = Signal(int)
    scrubbing = Signal(bool)
    range_asked = Signal(int, int)
    range_dragged = Signal(bool)
    """The mouse holds In or Out, or lets it go."""
    wheel_turned = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("ruler_view")
        self.setAccessibleName(self.tr("Ruler"))
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._time = ClipTime(1)
        self._drag = ""

    def sizeHint(self) -> QSize:
        return QSize(600, HEIGHT)

    def set_time(self, time: ClipTime) -> None:
        """Take the names of the clip's instants."""
        self._time = time
        self.refresh()

    def labels(self) -> list[tuple[int, str]]:
        """Samples with a label, and what stands there."""
        if self._view.last <= self._view.first:
            return []
        return list(self._time.ticks(self._view, self.drawn_width(), self._least()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._view.last <= self._view.first:
            return
        self._drag = self._grip(event.position()) or "playhead"
        if self._drag == "playhead":
            self.scrubbing.emit(True)
        else:
            self.range_dragged.emit(True)
        self.mouseMoveEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if not self._drag:
            over = self._grip(event.position())
            self.setCursor(Qt.CursorShape.SizeHorCursor if over else Qt.CursorShape.ArrowCursor)
            return
        sample = self.sample_at(event.position().x())
        start, stop = self._range
        if self._drag == "in":
            self.range_asked.emit(min(sample, stop - 1), stop)
        elif self._drag == "out":
            self.range_asked.emit(start, max(sample, start + 1))
        else:
            self.seek_asked.emit(sample)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._drag == "playhead":
            self.scrubbing.emit(False)
        elif self._drag:
            self.range_dragged.emit(False)
        self._drag = ""

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.wheel_turned.emit(event)

    def _grip(self, point: QPointF) -> str:
        """Which end of the range is under the mouse."""
        if self._view.last <= self._view.first:
            return ""
        distances = {
            "in": abs(point.x() - self.x_of(self._range[0])),
            "out": abs(point.x() - self.x_of(self._range[1])),
        }
        nearest = min(distances, key=lambda end: distances[end])
        return nearest if distances[nearest] <= _GRIP else ""

    def _least(self) -> float:
        return max(_LEAST_LABEL, self.fontMetrics().horizontalAdvance("00:00:00:00") + 22)

    def draw(self) -> QPixmap:
        tone = current_tone()
        drawn = self.canvas(tone.panel)
        painter = QPainter(drawn)
        font = QFont(self.font())
        font.setPointSizeF(max(8.0, font.pointSizeF() - 1))
        painter.setFont(font)
        for sample, text in self.labels():
            x = self.x_of(sample)
            painter.setPen(QColor(tone.line))
            painter.drawLine(QLineF(x, HEIGHT - 8, x, HEIGHT))
            painter.setPen(QColor(tone.faint))
            place = QRectF(x + 4, 1, 200, HEIGHT - 6)
            if place.left() + painter.fontMetrics().horizontalAdvance(text) < self.width():
                painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, text)
        if self._view.last > self._view.first:
            self._draw_range(painter)
        painter.end()
        return drawn

    def _draw_range(self, painter: QPainter) -> None:
        start, stop = self._range
        if stop <= start:
            return
        accent = QColor(current_tone().accent)
        low, high = float(MARGIN), float(self.width() - RIGHT)
        left, right = (min(max(self.x_of(sample), low), high) for sample in (start, stop))
        painter.fillRect(QRectF(left, HEIGHT - 3, right - left, 3), accent)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(current_tone().panel), 1))
        painter.setBrush(accent)
        for sample, way in ((start, 1), (stop, -1)):
            if self._view.start <= sample <= self._view.stop:
                x = self.x_of(sample)
                flag = [(0, 13), (9, 13), (9, 7), (0, 0)]
                points = [QPointF(x + way * across, HEIGHT - up) for across, up in flag]
                painter.drawPolygon(QPolygonF(points))
