"""Singers as rows of a list, and how a row is drawn."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QIcon, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.gui.portraits import portrait_icon
from app.gui.scene import LIP_RATE, STILL, Scene, SingerCard
from app.gui.theme import current_tone, panel_singer_colour

_THUMBNAIL = 52
_ROW = 82
_LINE = 17
_GOOD, _FAIR = 0.6, 0.3
_COLUMNS = 96
ABOUT_ROLE = Qt.ItemDataRole.UserRole + 1
"""Screen time and quality in words."""
WARNINGS_ROLE = Qt.ItemDataRole.UserRole + 2
"""List of sentences."""
LIPS_ROLE = Qt.ItemDataRole.UserRole + 3
"""(columns,) lip activity over the clip, 0 to 1, below 0 where not in the picture."""
COLOUR_ROLE = Qt.ItemDataRole.UserRole + 4
_Index = QModelIndex | QPersistentModelIndex


class SingersModel(QAbstractListModel):
    """Singers as rows; the name can be edited."""

    renamed = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._singers: tuple[SingerCard, ...] = ()
        self._icons: list[QIcon] = []
        self._lips: list[NDArray[np.float32]] = []
        self._warnings: dict[str, list[str]] = {}

    def set_scene(self, scene: Scene, start: float, stop: float) -> None:
        """Replace all rows; the clip lies between two media times in seconds."""
        self.beginResetModel()
        self._singers = scene.singers
        self._icons = [portrait_icon(singer, _THUMBNAIL) for singer in scene.singers]
        self._lips = [lip_columns(scene, card.id, start, stop) for card in scene.singers]
        self.endResetModel()

    def set_warnings(self, warnings: dict[str, list[str]]) -> None:
        """Take the sentences of each singer."""
        if warnings != self._warnings:
            self._warnings = warnings
            self.layoutChanged.emit()

    def singer_id(self, row: int) -> str:
        """Id of the singer in a row."""
        return self._singers[row].id

    def row_of(self, singer: str) -> int | None:
        """Row of a singer."""
        ids = [card.id for card in self._singers]
        return ids.index(singer) if singer in ids else None

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._singers)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not 0 <= index.row() < len(self._singers):
            return None
        singer = self._singers[index.row()]
        warnings = self._warnings.get(singer.id, [])
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return singer.name
        if role == ABOUT_ROLE:
            return self._about(singer)
        if role == WARNINGS_ROLE:
            return warnings
        if role == LIPS_ROLE:
            return self._lips[index.row()]
        if role == COLOUR_ROLE:
            return panel_singer_colour(singer.colour)
        if role == Qt.ItemDataRole.DecorationRole:
            return self._icons[index.row()]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join([singer.name, self._about(singer), *warnings])
        if role == Qt.ItemDataRole.ToolTipRole:
            keys = self.tr("{name}: press {number} to choose, F2 to rename").format(
                name=singer.name, number=index.row() + 1
            )
            return "\n".join([keys, *(f"⚠ {text}" for text in warnings)])
        return None

    def setData(self, index: _Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        name = str(value).strip()
        if role != Qt.ItemDataRole.EditRole or not name:
            return False
        self.renamed.emit(self._singers[index.row()].id, name)
        return True

    def flags(self, index: _Index) -> Qt.ItemFlag:
        return super().flags(index) | Qt.ItemFlag.ItemIsEditable

    def _about(self, singer: SingerCard) -> str:
        time = f"{int(singer.seconds) // 60}:{int(singer.seconds) % 60:02d}"
        if singer.quality >= _GOOD:
            quality = self.tr("good view")
        else:
            quality = self.tr("fair view") if singer.quality >= _FAIR else self.tr("poor view")
        return self.tr("{time} visible · {quality}").format(time=time, quality=quality)


class SingerDelegate(QStyledItemDelegate):
    """A row: thumbnail, name, screen time and view, lip activity, warnings; chosen rows are
    ticked."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        lines = min(2, len(index.data(WARNINGS_ROLE) or ()))
        return QSize(120, _ROW + lines * self._line_height(option))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        tone = current_tone()
        rect = QRectF(option.rect).adjusted(2, 2, -2, -2)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        colour = QColor(index.data(COLOUR_ROLE))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if selected or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setBrush(QColor(tone.raised))
            painter.drawRoundedRect(rect, 8, 8)
        if selected:
            painter.setBrush(colour)
            stripe = QRectF(rect.left(), rect.top() + 10, 4, rect.height() - 20)
            painter.drawRoundedRect(_on_side(option, stripe), 2, 2)
        place = QRectF(rect.left() + 12, rect.top() + 12, _THUMBNAIL, _THUMBNAIL)
        thumbnail = _on_side(option, place).toRect()
        index.data(Qt.ItemDataRole.DecorationRole).paint(painter, thumbnail)
        left = place.right() + 12
        width = rect.right() - left - 8
        font = QFont(option.font)
        font.setBold(True)
        name = ("✓ " if selected else "") + index.data()
        heading = _on_side(option, QRectF(left, rect.top() + 7, width, 20))
        _line(painter, heading, font, tone.text, name)
        font.setBold(False)
        font.setPointSizeF(font.pointSizeF() - 1)
        about = _on_side(option, QRectF(left, rect.top() + 27, width, 19))
        _line(painter, about, font, tone.faint, index.data(ABOUT_ROLE))
        lips = _on_side(option, QRectF(left, rect.top() + 50, width, 16))
        _lip_bars(painter, lips, index.data(LIPS_ROLE), colour)
        height = self._line_height(option)
        top = rect.top() + _ROW - 8
        for text in (index.data(WARNINGS_ROLE) or ())[:2]:
            line = _on_side(option, QRectF(rect.left() + 12, top, rect.width() - 20, height))
            _line(painter, line, font, tone.warn, f"⚠ {text}")
            top += height
        painter.restore()

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: _Index
    ) -> None:
        rect: QRect = option.rect
        left = rect.left() + _THUMBNAIL + 22
        height = max(26, editor.sizeHint().height())
        field = QRectF(left, rect.top() + 6, rect.right() - left - 8, height)
        editor.setGeometry(_on_side(option, field).toRect())

    @staticmethod
    def _line_height(option: QStyleOptionViewItem) -> int:
        return max(_LINE, option.fontMetrics.height() + 1)


def lip_columns(scene: Scene, singer: str, start: float, stop: float) -> NDArray[np.float32]:
    """Lip activity of a singer in equal parts of start..stop (seconds of media time).

    Returns (96,): 0 = still, 1 = lively, -1 = not in the picture; empty while not known.
    """
    traces = [path.lips for path in scene.paths_of(singer) if path.lips is not None]
    if not traces or stop <= start:
        return np.zeros(0, np.float32)
    columns = np.full(_COLUMNS, -1, np.float32)
    for trace in traces:
        times = trace.start + np.arange(len(trace.motion)) / LIP_RATE
        place = np.clip((times - start) / (stop - start) * _COLUMNS, 0, _COLUMNS - 1).astype(int)
        lively = np.clip(trace.motion / (4 * STILL), 0, 1)
        np.maximum.at(columns, place, lively)
        if len(place):
            span = slice(place[0], place[-1] + 1)
            columns[span] = np.maximum(columns[span], 0)
    return columns


def _lip_bars(
    painter: QPainter, place: QRectF, columns: NDArray[np.float32] | None, colour: QColor
) -> None:
    """Bars of lip activity over a line that stands where the face is in the picture."""
    if columns is None or not len(columns):
        return
    step = place.width() / len(columns)
    painter.setPen(Qt.PenStyle.NoPen)
    faint = QColor(colour)
    faint.setAlphaF(0.45)
    for number, value in enumerate(columns):
        if value < 0:
            continue
        x = place.left() + number * step
        painter.fillRect(QRectF(x, place.bottom() - 2, step, 2), faint)
        high = float(value) * (place.height() - 3)
        if high > 0.5:
            painter.fillRect(QRectF(x, place.bottom() - 2 - high, step, high), colour)


def _on_side(option: QStyleOptionViewItem, part: QRectF) -> QRectF:
    """A part of a row, mirrored where the language is written from right to left."""
    if option.direction == Qt.LayoutDirection.RightToLeft:
        row: QRect = option.rect
        left = row.left() + row.right() + 1 - part.right()
        return QRectF(left, part.top(), part.width(), part.height())
    return part


def _line(painter: QPainter, place: QRectF, font: QFont, colour: str, text: str) -> None:
    painter.setFont(font)
    painter.setPen(QColor(colour))
    shown = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, place.width())
    painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
