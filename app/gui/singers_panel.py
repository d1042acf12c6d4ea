"""The list of people in the clip."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import (
    QAbstractListModel,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QIcon, QImage, QPainter, QPainterPath, QPen, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QLabel,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from app.gui.scene import Scene, SingerCard
from app.gui.theme import current_tone, panel_singer_colour

_THUMBNAIL = 52
_ROW = 66
_GOOD, _FAIR = 0.6, 0.3
ABOUT_ROLE = Qt.ItemDataRole.UserRole + 1
"""Screen time and quality in words."""
_Index = QModelIndex | QPersistentModelIndex


class SingersModel(QAbstractListModel):
    """Singers as rows; the name can be edited."""

    renamed = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._singers: tuple[SingerCard, ...] = ()
        self._icons: list[QIcon] = []

    def set_singers(self, singers: tuple[SingerCard, ...]) -> None:
        """Replace all rows."""
        self.beginResetModel()
        self._singers = singers
        self._icons = [_icon(singer, index) for index, singer in enumerate(singers)]
        self.endResetModel()

    def singer_id(self, row: int) -> str:
        """Id of the singer in a row."""
        return self._singers[row].id

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._singers)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        singer = self._singers[index.row()]
        minutes = f"{int(singer.seconds) // 60}:{int(singer.seconds) % 60:02d}"
        about = self.tr("{time} visible · {quality}").format(
            time=minutes, quality=self._quality(singer)
        )
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return singer.name
        if role == ABOUT_ROLE:
            return about
        if role == Qt.ItemDataRole.DecorationRole:
            return self._icons[index.row()]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{singer.name}, {about}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return self.tr("{name}: press {number} to choose, F2 to rename").format(
                name=singer.name, number=index.row() + 1
            )
        return None

    def setData(self, index: _Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        name = str(value).strip()
        if role != Qt.ItemDataRole.EditRole or not name:
            return False
        self.renamed.emit(self._singers[index.row()].id, name)
        return True

    def flags(self, index: _Index) -> Qt.ItemFlag:
        return super().flags(index) | Qt.ItemFlag.ItemIsEditable

    def _quality(self, singer: SingerCard) -> str:
        if singer.quality >= _GOOD:
            return self.tr("good view")
        return self.tr("fair view") if singer.quality >= _FAIR else self.tr("poor view")


class SingerDelegate(QStyledItemDelegate):
    """A row: thumbnail, name, and below it screen time and quality; chosen rows carry a tick."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(120, _ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        tone = current_tone()
        rect = QRectF(option.rect).adjusted(2, 2, -2, -2)
        state = option.state
        selected = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if selected or state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tone.raised))
            painter.drawRoundedRect(rect, 8, 8)
        if selected:
            painter.setBrush(panel_singer_colour(index.row()))
            painter.drawRoundedRect(
                QRectF(rect.left(), rect.top() + 10, 4, rect.height() - 20), 2, 2
            )
        place = QRectF(rect.left() + 12, rect.center().y() - _THUMBNAIL / 2, _THUMBNAIL, _THUMBNAIL)
        index.data(Qt.ItemDataRole.DecorationRole).paint(painter, place.toRect())
        left = place.right() + 12
        width = rect.right() - left - 8
        font = QFont(option.font)
        font.setBold(True)
        self._line(painter, QRectF(left, rect.top() + 10, width, 20), font, tone.text,
                   ("✓ " if selected else "") + index.data())  # fmt: skip
        font.setBold(False)
        font.setPointSizeF(font.pointSizeF() - 1)
        self._line(
            painter, QRectF(left, rect.top() + 31, width, 20), font, tone.faint,
            index.data(ABOUT_ROLE),
        )  # fmt: skip
        painter.restore()

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: _Index
    ) -> None:
        rect: QRect = option.rect
        editor.setGeometry(rect.adjusted(_THUMBNAIL + 22, 8, -8, -30))

    @staticmethod
    def _line(painter: QPainter, place: QRectF, font: QFont, colour: str, text: str) -> None:
        painter.setFont(font)
        painter.setPen(QColor(colour))
        shown = painter.fontMetrics().elidedText(
            text, Qt.TextElideMode.ElideRight, int(place.width())
        )
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)


class SingersPanel(QFrame):
    """Shows the singers and lets one or several be chosen and renamed."""

    chosen = Signal(tuple)
    """Ids of the chosen singers."""
    renamed = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("singers_panel")
        self._model = SingersModel(self)
        self._model.renamed.connect(self.renamed)
        title = QLabel(self.tr("Singers"), self)
        title.setProperty("heading", True)
        self._hint = QLabel(self)
        self._hint.setObjectName("singers_hint")
        self._hint.setProperty("faint", True)
        self._hint.setWordWrap(True)
        self.list = QListView(self)
        self.list.setObjectName("singers_list")
        self.list.setAccessibleName(self.tr("Singers"))
        self.list.setModel(self._model)
        self.list.setItemDelegate(SingerDelegate(self))
        self.list.setMouseTracking(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.list.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        self.list.selectionModel().selectionChanged.connect(self._on_selection_changed)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.setSpacing(8)
        layout.addWidget(title)
        layout.addWidget(self._hint)
        layout.addWidget(self.list, 1)
        self.setFixedWidth(264)
        self._quiet = False

    def set_scene(self, scene: Scene, selected: tuple[str, ...]) -> None:
        """Show the people found so far with the chosen ones marked."""
        self._quiet = True
        self._model.set_singers(scene.singers)
        self._quiet = False
        self.set_selected(selected)

    def set_hint(self, text: str) -> None:
        """Say something above the list; "" for nothing."""
        self._hint.setText(text)
        self._hint.setVisible(bool(text))

    def set_selected(self, selected: tuple[str, ...]) -> None:
        """Mark these singers."""
        self._quiet = True
        selection = QItemSelection()
        for row in range(self._model.rowCount()):
            if self._model.singer_id(row) in selected:
                index = self._model.index(row)
                selection.select(index, index)
        self.list.selectionModel().select(
            selection, QItemSelectionModel.SelectionFlag.ClearAndSelect
        )
        self._quiet = False

    def _on_selection_changed(self) -> None:
        if not self._quiet:
            rows = sorted(index.row() for index in self.list.selectionModel().selectedIndexes())
            self.chosen.emit(tuple(self._model.singer_id(row) for row in rows))


def _icon(singer: SingerCard, index: int) -> QIcon:
    """Round thumbnail with a ring in the singer's colour."""
    rgb = np.ascontiguousarray(singer.thumbnail)
    height, width, _ = rgb.shape
    image = QImage(rgb.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888)
    size = 2 * _THUMBNAIL
    pixmap = QPixmap(size, size)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHints(
        QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
    )
    circle = QPainterPath()
    circle.addEllipse(4, 4, size - 8, size - 8)
    painter.setClipPath(circle)
    painter.drawImage(pixmap.rect(), image)
    painter.setClipping(False)
    painter.setPen(QPen(QColor(panel_singer_colour(index)), 6))
    painter.drawEllipse(4, 4, size - 8, size - 8)
    painter.end()
    icon = QIcon()
    # The same picture while selected: Qt would tint it otherwise.
    icon.addPixmap(pixmap, QIcon.Mode.Normal)
    icon.addPixmap(pixmap, QIcon.Mode.Selected)
    return icon
