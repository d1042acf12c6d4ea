"""Ruler and lanes with the playhead as a layer of its own above them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QLineF, QObject, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QColor, QPainter, QPaintEvent, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QScrollBar,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.gui.drawn_strip import MARGIN, RIGHT
from app.gui.lane_rows import Row
from app.gui.lanes_view import LanesView
from app.gui.ruler_ticks import ClipTime
from app.gui.ruler_view import HEIGHT, RulerView
from app.gui.spectrogram_view import SpectrogramPainter
from app.gui.theme import current_tone
from app.gui.viewport import Viewport

_BUTTONS = ("zoom_out", "zoom_in", "zoom_all", "spectrogram")
_HEAD = 15
"""Width of the playhead's layer."""
_STEPS = 1_000_000
"""Positions of the scroll bar, which holds 32 bit only."""


class Timeline(QFrame):
    """The clip's sounds over time."""

    seek_asked = Signal(int)
    scrubbing = Signal(bool)
    range_asked = Signal(int, int)
    zoom_asked = Signal(float, int)
    scroll_asked = Signal(int)

    def __init__(
        self,
        actions: Mapping[str, QAction],
        spectrogram: SpectrogramPainter,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("timeline")
        # Time runs to the right in every language.
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._view = Viewport()
        self._position = 0
        self.ruler = RulerView(self)
        self.lanes = LanesView(spectrogram, self)
        self._area = QScrollArea(self)
        self._area.setObjectName("lanes_area")
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setWidget(self.lanes)
        self._bar = QScrollBar(Qt.Orientation.Horizontal, self)
        self._bar.setObjectName("timeline_scroll")
        self._bar.setAccessibleName(self.tr("Scroll the lanes"))
        self._bar.valueChanged.connect(self._on_bar_moved)
        self._playhead = Playhead(self)
        self._tools = QWidget(self.ruler)
        row = QHBoxLayout(self._tools)
        row.setContentsMargins(6, 0, 4, 0)
        row.setSpacing(0)
        for name in _BUTTONS:
            row.addWidget(_button(actions[name], self._tools))
        self._tools.setFixedSize(MARGIN, HEIGHT)
        foot = QHBoxLayout()
        foot.setContentsMargins(MARGIN, 0, RIGHT, 0)
        foot.addWidget(self._bar)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        self._head = QHBoxLayout()
        self._head.addWidget(self.ruler)
        rows.addLayout(self._head)
        rows.addWidget(self._area, 1)
        rows.addLayout(foot)
        for part in (self.ruler, self.lanes):
            part.seek_asked.connect(self.seek_asked)
            part.scrubbing.connect(self.scrubbing)
        self.ruler.range_asked.connect(self.range_asked)
        self.ruler.wheel_turned.connect(self.lanes.wheelEvent)
        self.lanes.zoom_asked.connect(self.zoom_asked)
        self.lanes.scroll_asked.connect(self.scroll_asked)
        self._area.viewport().installEventFilter(self)
        self.lanes.installEventFilter(self)
        self.set_view(self._view)

    def sizeHint(self) -> QSize:
        return QSize(600, HEIGHT + self.lanes.sizeHint().height() + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(320, HEIGHT + 64)

    def set_time(self, time: ClipTime) -> None:
        """Take the names of the clip's instants."""
        self.ruler.set_time(time)

    def set_rows(self, rows: Sequence[Row], rate: int) -> None:
        """Show these rows."""
        before = self.lanes.sizeHint()
        self.lanes.set_rows(rows, rate)
        if self.lanes.sizeHint() != before:
            self.updateGeometry()

    def set_view(self, view: Viewport) -> None:
        """Show another stretch of the clip."""
        self._view = view
        self.ruler.set_view(view)
        self.lanes.set_view(view)
        self._bar.blockSignals(True)
        total = max(1, view.last - view.first)
        self._bar.setVisible(not view.is_whole)
        self._bar.setMaximum(_STEPS - round(view.span / total * _STEPS))
        self._bar.setPageStep(max(1, round(view.span / total * _STEPS)))
        self._bar.setSingleStep(max(1, self._bar.pageStep() // 10))
        self._bar.setValue(round((view.start - view.first) / total * _STEPS))
        self._bar.blockSignals(False)
        self._place_playhead()

    def set_range(self, start: int, stop: int) -> None:
        """Show In and Out."""
        self.ruler.set_range(start, stop)
        self.lanes.set_range(start, stop)

    def set_position(self, sample: int) -> None:
        """Move the playhead; nothing else is drawn."""
        self._position = sample
        self._place_playhead()

    def refresh_theme(self) -> None:
        """Draw everything anew in the current colours."""
        self.ruler.refresh()
        self.lanes.refresh()
        self._playhead.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_playhead()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The lanes are as wide as what their scroll bar leaves of the area."""
        if event.type() == QEvent.Type.Resize and watched is self.lanes:
            self._place_playhead()
        elif event.type() == QEvent.Type.Resize:
            gap = max(0, self._area.width() - self._area.viewport().width())
            self._head.setContentsMargins(0, 0, gap, 0)
        return super().eventFilter(watched, event)

    def _place_playhead(self) -> None:
        shown = self._view.last > self._view.first and (
            self._view.start <= self._position <= self._view.stop
        )
        self._playhead.setVisible(shown)
        if shown:
            bottom = self._area.geometry().bottom() + 1
            x = self.lanes.x_of(self._position)
            self._playhead.place(x, bottom)

    def _on_bar_moved(self, value: int) -> None:
        total = self._view.last - self._view.first
        self.scroll_asked.emit(self._view.first + round(value / _STEPS * total) - self._view.start)


class Playhead(QWidget):
    """A line over ruler and lanes; moving it draws nothing but itself."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("playhead")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._offset = 0.0
        self.hide()

    def place(self, x: float, height: int) -> None:
        """Stand at ``x`` pixels from the left, ``height`` pixels high."""
        left = int(x) - _HEAD // 2
        if x - left != self._offset:
            self._offset = x - left
            self.update()
        self.setGeometry(left, 0, _HEAD, height)
        self.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = QColor(current_tone().text)
        x = self._offset
        painter.setPen(QPen(colour, 1.5))
        painter.drawLine(QLineF(x, 8, x, self.height()))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawPolygon(QPolygonF([QPointF(x - 6, 2), QPointF(x + 6, 2), QPointF(x, 11)]))
        painter.end()


def _button(action: QAction, parent: QWidget) -> QToolButton:
    button = QToolButton(parent)
    button.setObjectName(action.objectName().replace("action_", "button_"))
    button.setProperty("flat", True)
    button.setDefaultAction(action)
    button.setIconSize(QSize(18, 18))
    button.setFixedSize(25, HEIGHT - 4)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setAccessibleName(action.text())
    return button
