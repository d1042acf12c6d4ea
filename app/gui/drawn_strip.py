"""A widget over a stretch of the clip whose picture is drawn once and kept."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QWidget

from app.gui.viewport import Viewport

MARGIN = 112
"""Width of the names at the left."""
RIGHT = 14


class DrawnStrip(QWidget):
    """Ruler and lanes: a window's move or a tooltip over them draws nothing anew."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._view = Viewport()
        self._range = (0, 0)
        self._drawn: QPixmap | None = None

    def set_view(self, view: Viewport) -> None:
        """Show another stretch."""
        if view != self._view:
            self._view = view
            self.refresh()

    def set_range(self, start: int, stop: int) -> None:
        """Show In and Out."""
        self._range = (start, stop)
        self.refresh()

    def refresh(self) -> None:
        """Draw again what has changed."""
        self._drawn = None
        self.update()

    def x_of(self, sample: float) -> float:
        """Where a sample is drawn, in pixels from the left."""
        return MARGIN + self._view.x_of(sample, self.drawn_width())

    def sample_at(self, x: float) -> int:
        """Sample at a place."""
        return self._view.sample_at(x - MARGIN, self.drawn_width())

    def drawn_width(self) -> float:
        """Pixels that the stretch takes."""
        return max(1.0, self.width() - MARGIN - RIGHT)

    def draw(self) -> QPixmap:
        """The whole picture; subclasses draw on a `canvas`."""
        raise NotImplementedError

    def canvas(self, colour: str) -> QPixmap:
        """An even picture of the widget's size, as fine as the screen."""
        ratio = self.devicePixelRatioF()
        drawn = QPixmap(self.size() * ratio)
        drawn.setDevicePixelRatio(ratio)
        drawn.fill(QColor(colour))
        return drawn

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._drawn = None

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._drawn is None or self._drawn.devicePixelRatio() != self.devicePixelRatioF():
            self._drawn = self.draw()
        painter = QPainter(self)
        ratio = self._drawn.devicePixelRatio()
        area = QRectF(event.rect())
        source = QRectF(area.topLeft() * ratio, area.size() * ratio)
        painter.drawPixmap(area, self._drawn, source)
        painter.end()
