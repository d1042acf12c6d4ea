"""Ruler and sound lanes with playhead and range; the lanes are drawn once, the playhead often."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.gui.theme import current_tone
from app.gui.timecode import clock_text
from app.gui.voice_buffer import PEAK_SAMPLES

_RULER = 24
_MARGIN = 112
"""Width of the lane names."""
_GRIP = 7
_STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600)


@dataclass(frozen=True)
class SoundLane:
    """One row: what it is called and its envelope."""

    name: str
    colour: QColor
    peaks: NDArray[np.float32]
    """(2, B) lowest and highest value of each `PEAK_SAMPLES` samples from ``start`` on."""
    start: int
    stop: int
    """Samples that the lane spans."""
    ready: int
    """Samples before this one are known."""


class WaveformView(QWidget):
    """Lanes over the whole clip; samples are those of the player."""

    seek_asked = Signal(int)
    range_asked = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("waveform_view")
        self.setAccessibleName(self.tr("Sound lanes"))
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._first, self._last, self._rate = 0, 0, 1
        self._range = (0, 0)
        self._lanes: tuple[SoundLane, ...] = ()
        self._position = 0
        self._drag: str | None = None
        self._drawn: QPixmap | None = None

    def sizeHint(self) -> QSize:
        return QSize(600, _RULER + 2 * 58)

    def set_clip(self, first: int, last: int, rate: int) -> None:
        """Take the clip's extent in samples; last == first empties the view."""
        self._first, self._last, self._rate = first, last, rate
        self._position = first
        self._refresh()

    def set_lanes(self, lanes: Sequence[SoundLane]) -> None:
        """Show these rows."""
        self._lanes = tuple(lanes)
        self._refresh()

    def set_range(self, start: int, stop: int) -> None:
        """Show the range between In and Out."""
        self._range = (start, stop)
        self._refresh()

    def set_position(self, sample: int) -> None:
        """Move the playhead; only the strips under its old and new place are painted."""
        old = round(self._x(self._position))
        self._position = sample
        new = round(self._x(sample))
        if old != new:
            for x in (old, new):
                self.update(x - 8, 0, 17, self.height())

    def x_of(self, sample: int) -> float:
        """Where a sample is drawn, in pixels from the left."""
        return self._x(sample)

    def refresh_theme(self) -> None:
        """Draw everything anew in the current colours."""
        self._refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._drawn = None

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._drawn is None:
            self._drawn = self._draw_lanes()
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._drawn)
        if self._last > self._first:
            self._draw_playhead(painter)
        painter.end()

    def _draw_playhead(self, painter: QPainter) -> None:
        x = self._x(self._position)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = QColor(current_tone().text)
        painter.setPen(QPen(colour, 1.5))
        painter.drawLine(QLineF(x, 6, x, self.height()))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawPolygon(QPolygonF([QPointF(x - 6, 2), QPointF(x + 6, 2), QPointF(x, 11)]))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._last <= self._first:
            return
        self._drag = self._grip(event.position()) or "playhead"
        self.mouseMoveEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._drag is None:
            over = self._grip(event.position())
            shape = Qt.CursorShape.SizeHorCursor if over else Qt.CursorShape.ArrowCursor
            self.setCursor(shape)
            return
        sample = self._sample(event.position().x())
        start, stop = self._range
        if self._drag == "in":
            self.range_asked.emit(min(sample, stop - 1), stop)
        elif self._drag == "out":
            self.range_asked.emit(start, max(sample, start + 1))
        else:
            self.seek_asked.emit(sample)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._drag = None

    def _refresh(self) -> None:
        self._drawn = None
        self.update()

    def _grip(self, point: QPointF) -> str | None:
        """Which end of the range is under the mouse: the flags in the ruler, top to bottom."""
        if self._last <= self._first or point.y() > _RULER:
            return None
        distances = {
            "in": abs(point.x() - self._x(self._range[0])),
            "out": abs(point.x() - self._x(self._range[1])),
        }
        nearest = min(distances, key=lambda end: distances[end])
        return nearest if distances[nearest] <= _GRIP else None

    def _width(self) -> float:
        return max(1.0, self.width() - _MARGIN - 14)

    def _x(self, sample: int) -> float:
        span = max(1, self._last - self._first)
        return _MARGIN + (sample - self._first) / span * self._width()

    def _sample(self, x: float) -> int:
        share = min(1.0, max(0.0, (x - _MARGIN) / self._width()))
        return self._first + round(share * (self._last - self._first))

    def _draw_lanes(self) -> QPixmap:
        tone = current_tone()
        ratio = self.devicePixelRatioF()
        pixmap = QPixmap(self.size() * ratio)
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(QColor(tone.window))
        painter = QPainter(pixmap)
        painter.fillRect(QRectF(0, 0, self.width(), _RULER), QColor(tone.panel))
        if self._last > self._first:
            self._draw_ruler(painter)
            height = (self.height() - _RULER) / max(1, len(self._lanes))
            for row, lane in enumerate(self._lanes):
                self._draw_lane(painter, lane, _RULER + row * height, height)
            self._draw_range(painter)
        painter.end()
        return pixmap

    def _draw_ruler(self, painter: QPainter) -> None:
        tone = current_tone()
        seconds = (self._last - self._first) / self._rate
        per_label = seconds * 74 / self._width()
        step = next((step for step in _STEPS if step >= per_label), _STEPS[-1])
        for number in range(int(seconds / step) + 1):
            x = self._x(self._first + round(number * step * self._rate))
            painter.setPen(QColor(tone.line))
            painter.drawLine(QLineF(x, _RULER - 7, x, _RULER))
            painter.setPen(QColor(tone.faint))
            text = clock_text(Fraction(number) * Fraction(str(step)), tenths=True)
            text = text if step < 1 else text[:-2]
            place = QRectF(x + 4, 2, 80, _RULER - 5)
            if place.left() + painter.fontMetrics().horizontalAdvance(text) < self.width():
                painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, text)

    def _draw_lane(self, painter: QPainter, lane: SoundLane, top: float, height: float) -> None:
        tone = current_tone()
        painter.setPen(QColor(tone.line))
        painter.drawLine(QLineF(0, top, self.width(), top))
        name = QRectF(12, top, _MARGIN - 20, height)
        painter.setPen(lane.colour)
        text = painter.fontMetrics().elidedText(
            lane.name, Qt.TextElideMode.ElideRight, int(name.width())
        )
        painter.drawText(name, Qt.AlignmentFlag.AlignVCenter, text)
        middle, half = top + height / 2, height / 2 - 5
        left, right = self._x(lane.start), self._x(lane.stop)
        painter.setPen(QColor(tone.line))
        painter.drawLine(QLineF(left, middle, right, middle))
        columns = int(right - left)
        known = min(columns, int(self._x(lane.ready) - left))
        if known > 0 and lane.peaks.shape[1] > 0:
            place = QRectF(left, middle - half, known, 2 * half)
            painter.drawImage(place, self._envelope(lane, columns, known, half))

    def _envelope(self, lane: SoundLane, columns: int, known: int, half: float) -> QImage:
        """Picture of an envelope at the screen's own resolution; numpy fills it at once."""
        ratio = self.devicePixelRatioF()
        buckets = (lane.stop - lane.start) / PEAK_SAMPLES
        low, high = _columns(lane.peaks, buckets, round(columns * ratio))
        width = round(known * ratio)
        rows = max(1, round(half * ratio))
        level = np.linspace(1, -1, 2 * rows)[:, None]
        thin = 0.75 / rows  # silence is a thin line
        inside = (level <= high[:width] + thin) & (level >= low[:width] - thin)
        pixels = np.where(inside, np.uint32(lane.colour.rgba()), np.uint32(0))
        image = QImage(pixels.tobytes(), width, 2 * rows, 4 * width, QImage.Format.Format_ARGB32)
        return image.copy()  # the bytes above are gone when this returns

    def _draw_range(self, painter: QPainter) -> None:
        start, stop = self._range
        if stop <= start:
            return
        tone = current_tone()
        left, right = self._x(start), self._x(stop)
        shade = QColor(tone.window)
        shade.setAlphaF(0.7)
        ground = self.height() - _RULER
        painter.fillRect(QRectF(_MARGIN, _RULER, left - _MARGIN, ground), shade)
        end = self._x(self._last)
        painter.fillRect(QRectF(right, _RULER, end - right, ground), shade)
        accent = QColor(tone.accent)
        painter.fillRect(QRectF(left, _RULER - 3, right - left, 3), accent)
        painter.setPen(QPen(accent, 1))
        painter.drawLine(QLineF(left, _RULER, left, self.height()))
        painter.drawLine(QLineF(right, _RULER, right, self.height()))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(accent)
        for x, way in ((left, 1), (right, -1)):
            painter.drawPolygon(
                QPolygonF(
                    [QPointF(x, _RULER - 12), QPointF(x + 7 * way, _RULER - 3), QPointF(x, _RULER)]
                )
            )


def _columns(
    peaks: NDArray[np.float32], buckets: float, columns: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Lowest and highest value for each pixel column; ``buckets`` of ``peaks`` span them all."""
    first = np.linspace(0, buckets, columns, endpoint=False).astype(np.intp)
    first = np.minimum(first, peaks.shape[1] - 1)
    low = np.minimum.reduceat(peaks[0], first)
    high = np.maximum.reduceat(peaks[1], first)
    return np.clip(low, -1, 1), np.clip(high, -1, 1)
