"""The lanes themselves: rows drawn once and kept as pictures; clicks seek, the wheel zooms."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from PySide6.QtCore import QEvent, QLineF, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QHelpEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPen,
    QPixmap,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.gui.drawn_strip import MARGIN, RIGHT, DrawnStrip
from app.gui.lane_painters import AGREES, paint_strips, paint_wave
from app.gui.lane_rows import Row, StripRow, WaveRow
from app.gui.scene import LIP_RATE, STILL
from app.gui.spectrogram_view import SpectrogramPainter
from app.gui.theme import current_tone
from app.gui.timecode import clock_text
from app.picture_faults import HARDLY

_ZOOM_STEP = 1.25


class LanesView(DrawnStrip):
    """All rows over the stretch that is shown."""

    seek_asked = Signal(int)
    scrubbing = Signal(bool)
    """The mouse holds the playhead, or lets it go."""
    zoom_asked = Signal(float, int)
    """Factor, and the sample that stays in its place."""
    scroll_asked = Signal(int)
    """Samples to go on."""

    def __init__(self, spectrogram: SpectrogramPainter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("lanes_view")
        self.setAccessibleName(self.tr("Sound lanes"))
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.MinimumExpanding)
        self._spectrogram = spectrogram
        self._rows: tuple[Row, ...] = ()
        self._rate = 1
        self._pictures: dict[str, tuple[object, QPixmap]] = {}
        self._scrubs = False

    def sizeHint(self) -> QSize:
        return QSize(600, max(60, sum(row.height for row in self._rows)))

    def minimumSizeHint(self) -> QSize:
        return QSize(240, self.sizeHint().height())

    def set_rows(self, rows: Sequence[Row], rate: int) -> None:
        """Show these rows; ``rate`` is that of the clip's samples."""
        self._rate = rate
        heights = [row.height for row in self._rows]
        self._rows = tuple(rows)
        keys = {row.key for row in rows}
        self._pictures = {key: kept for key, kept in self._pictures.items() if key in keys}
        if [row.height for row in rows] != heights:
            self.updateGeometry()
        self.refresh()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._view.last > self._view.first:
            self._scrubs = True
            self.scrubbing.emit(True)
            self.seek_asked.emit(self.sample_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._scrubs:
            self.seek_asked.emit(self.sample_at(event.position().x()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._scrubs:
            self._scrubs = False
            self.scrubbing.emit(False)

    def wheelEvent(self, event: QWheelEvent) -> None:
        turn = event.angleDelta()
        # Alt turns the wheel's direction in Qt, so both are looked at.
        amount = turn.y() if abs(turn.y()) >= abs(turn.x()) else turn.x()
        zooms = event.modifiers() & (
            Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
        )
        if zooms:
            factor = _ZOOM_STEP ** (amount / 120)
            self.zoom_asked.emit(factor, self.sample_at(event.position().x()))
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier or abs(turn.x()) > abs(turn.y()):
            self.scroll_asked.emit(-round(amount / 120 * self._view.span / 10))
        else:
            event.ignore()  # rows scroll up and down
            return
        event.accept()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QNativeGestureEvent):
            if event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
                anchor = self.sample_at(event.position().x())
                self.zoom_asked.emit(1.0 + event.value(), anchor)
                return True
        elif isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            text = self.told_at(event.pos())
            if text:
                QToolTip.showText(event.globalPos(), text, self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)

    def told_at(self, point: QPoint) -> str:
        """What stands at a place, in words."""
        row, _top = self._row_at(point.y())
        if row is None or point.x() < MARGIN:
            return ""
        sample = self.sample_at(point.x())
        head = f"{row.name}, {clock_text(Fraction(max(0, sample), self._rate), tenths=True)}"
        if isinstance(row, WaveRow):
            if row.behind is None:
                return head
            return self.tr("{head}: isolated, the original behind it").format(head=head)
        return "\n".join([head, *self._about_strips(row, sample)])

    def _about_strips(self, row: StripRow, sample: int) -> list[str]:
        time = row.origin + sample / row.rate
        path = next((path for path in row.paths if path.covers(time)), None)
        if path is None:
            return [self.tr("Not in the picture")]
        face = path.at(time, 0.0)
        bridged = face is not None and not face.seen
        told = [self.tr("Face bridged over a gap") if bridged else self.tr("Face in the picture")]
        if path.lips is not None and len(path.lips.motion):
            place = round((time - path.lips.start) * LIP_RATE)
            motion = path.lips.motion[min(max(0, place), len(path.lips.motion) - 1)]
            told.append(self.tr("Lips still") if motion < STILL else self.tr("Lips moving"))
        score = row.agreement.get(sample // row.rate) if row.known else None
        if score is not None:
            if score >= AGREES:
                text = self.tr("Lips and voice agree")
            elif score >= HARDLY:
                text = self.tr("Lips and voice hardly agree")
            else:
                text = self.tr("Lips and sound don't agree here")
            told.append(self.tr("{text} ({score} of 1)").format(text=text, score=f"{score:.2f}"))
        return told

    def _row_at(self, y: float) -> tuple[Row | None, float]:
        top = 0.0
        for row in self._rows:
            if top <= y < top + row.height:
                return row, top
            top += row.height
        return None, 0.0

    def draw(self) -> QPixmap:
        tone = current_tone()
        ratio = self.devicePixelRatioF()
        drawn = self.canvas(tone.window)
        painter = QPainter(drawn)
        self._spectrogram.forget_wanted()
        top = 0.0
        for row in self._rows:
            painter.drawPixmap(QRectF(0, top, self.width(), row.height), self._picture(row, ratio),
                               QRectF(0, 0, self.width() * ratio, row.height * ratio))  # fmt: skip
            top += row.height
        if self._rows:
            self._draw_range(painter, top)
        painter.end()
        return drawn

    def _picture(self, row: Row, ratio: float) -> QPixmap:
        """The drawn row, from before if nothing about it has changed."""
        seen = self._spectrogram.version if isinstance(row, WaveRow) and row.spectrogram else 0
        state = (row.version, self._view, self.width(), ratio, current_tone().window, seen)
        kept = self._pictures.get(row.key)
        if kept is not None and kept[0] == state:
            return kept[1]
        picture = QPixmap(QSize(self.width(), row.height) * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(QColor(current_tone().window))
        painter = QPainter(picture)
        self._draw_row(painter, row, ratio)
        painter.end()
        self._pictures[row.key] = (state, picture)
        return picture

    def _draw_row(self, painter: QPainter, row: Row, ratio: float) -> None:
        painter.setPen(QColor(current_tone().line))
        painter.drawLine(QLineF(0, 0, self.width(), 0))
        place = QRectF(MARGIN, 0, self.drawn_width(), row.height)
        if isinstance(row, StripRow):
            paint_strips(painter, place, row, self._view)
        elif row.spectrogram:
            self._spectrogram.paint(painter, place.adjusted(0, 2, 0, -2), self._view)
        else:
            paint_wave(painter, place.adjusted(0, 4, 0, -4), row, self._view, ratio)
        name = QRectF(12, 0, MARGIN - 20, row.height)
        painter.setPen(row.colour)
        text = painter.fontMetrics().elidedText(
            row.name, Qt.TextElideMode.ElideRight, int(name.width())
        )
        painter.drawText(name, Qt.AlignmentFlag.AlignVCenter, text)

    def _draw_range(self, painter: QPainter, height: float) -> None:
        start, stop = self._range
        if stop <= start:
            return
        tone = current_tone()
        low, high = MARGIN, self.width() - RIGHT
        left, right = (min(max(self.x_of(sample), low), high) for sample in (start, stop))
        shade = QColor(tone.window)
        shade.setAlphaF(0.7)
        painter.fillRect(QRectF(low, 0, left - low, height), shade)
        painter.fillRect(QRectF(right, 0, high - right, height), shade)
        painter.setPen(QPen(QColor(tone.accent), 1))
        for sample in (start, stop):
            if self._view.start <= sample <= self._view.stop:
                painter.drawLine(QLineF(self.x_of(sample), 0, self.x_of(sample), height))
