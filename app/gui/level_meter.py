"""A level meter with two channels, peak hold and a scale in dB."""

from __future__ import annotations

import math
import time

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QFont, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.gui.sizes import level_text
from app.gui.theme import current_tone
from app.meter import FLOOR_DB, PeakMeter

_TICK_MS = 33
_TOP_DB = 6.0
_MARKS = (-60, -40, -20, -10, -6, 0, 6)
_BAR = 4
_GAP = 1
_SCALE = 13


class LevelMeter(QWidget):
    """Bars from left to right; the highest level so far is in its text and its tool tip."""

    def __init__(self, scale: bool, parent: QWidget | None = None) -> None:
        """``scale`` writes the numbers below the bars."""
        super().__init__(parent)
        self._scale = scale
        self._meters = (PeakMeter(), PeakMeter())
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._fall)
        self._pending = (0.0, 0.0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setToolTip(self.tr("Level in dB below full scale; click to forget the highest"))

    @property
    def highest(self) -> float:
        """Highest level since the last reset, dB; minus infinity when there was none."""
        return max(meter.highest for meter in self._meters)

    @property
    def shown(self) -> tuple[float, float]:
        """What the two bars show, dB."""
        return self._meters[0].level, self._meters[1].level

    def sizeHint(self) -> QSize:
        return QSize(120, 2 * _BAR + _GAP + 4 + (_SCALE if self._scale else 0))

    def take(self, peaks: tuple[float, float]) -> None:
        """Take in the highest absolute values of both channels since the last time."""
        left, right = self._pending
        self._pending = max(left, peaks[0]), max(right, peaks[1])
        if any(self._pending) and not self._timer.isActive():
            self._fall()
            self._timer.start()

    def reset(self) -> None:
        """Forget the highest level."""
        for meter in self._meters:
            meter.reset()
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.reset()

    def paintEvent(self, event: QPaintEvent) -> None:
        tone = current_tone()
        painter = QPainter(self)
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # "−60", not "60−"
        width = self.width()
        for row, meter in enumerate(self._meters):
            top = 2 + row * (_BAR + _GAP)
            painter.fillRect(QRectF(0, top, width, _BAR), QColor(tone.raised))
            level = self._x(meter.level)
            parts = (
                (FLOOR_DB, -6.0, tone.good),
                (-6.0, 0.0, tone.warn),
                (0.0, _TOP_DB, tone.bad),
            )
            for low, high, colour in parts:
                left, right = self._x(low), min(self._x(high), level)
                if right > left:
                    painter.fillRect(QRectF(left, top, right - left, _BAR), QColor(colour))
            if meter.hold > FLOOR_DB:
                painter.fillRect(QRectF(self._x(meter.hold) - 2, top, 2, _BAR), QColor(tone.text))
        base = 2 * (_BAR + _GAP) + 2
        for mark in _MARKS:
            x = min(self._x(mark), width - 1)
            painter.fillRect(QRectF(x, base, 1, 3), QColor(tone.line if mark else tone.faint))
        if self._scale:
            self._draw_numbers(painter, base + 2)
        painter.end()

    def _draw_numbers(self, painter: QPainter, top: float) -> None:
        font = QFont(self.font())
        font.setPointSizeF(max(6.5, font.pointSizeF() * 0.75))
        painter.setFont(font)
        painter.setPen(QColor(current_tone().faint))
        for mark in _MARKS:
            text = f"+{mark}" if mark > 0 else f"{mark}".replace("-", "−")
            wide = painter.fontMetrics().horizontalAdvance(text) + 2
            left = min(max(self._x(mark) - wide / 2, 0), self.width() - wide)
            painter.drawText(QRectF(left, top, wide, _SCALE), Qt.AlignmentFlag.AlignCenter, text)

    def _x(self, decibels: float) -> float:
        share = (decibels - FLOOR_DB) / (_TOP_DB - FLOOR_DB)
        # The upper part, where levels are set, gets more room.
        return self.width() * min(1.0, max(0.0, share)) ** 1.6

    def _fall(self) -> None:
        now = time.monotonic()
        for meter, peak in zip(self._meters, self._pending, strict=True):
            meter.update(peak, now)
        self._pending = (0.0, 0.0)
        if all(meter.settled for meter in self._meters):
            self._timer.stop()
        self.update()


def decibel_text(decibels: float) -> str:
    """A level as people write it: −12.3, +1.0; a dash for silence."""
    if math.isinf(decibels) or decibels < FLOOR_DB:
        return "–"
    return ("+" if decibels >= 0 else "") + level_text(decibels)
