"""The files of the last exports, ready to be dragged or copied into another program."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QSize, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QDrag, QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.gui.sizes import level_text

if TYPE_CHECKING:
    from app.delivery_job import Delivery, Written

_MOST = 50
_ROW_HEIGHT = 42
_SHOWN_ROWS = 4


class FinishedFiles(QFrame):
    """A list whose entries are files: drag them out, copy them, or show them in their folder."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("finished_files")
        self.list = _FileList(self)
        title = QLabel(self.tr("Exported: drag into another program"), self)
        title.setProperty("heading", True)
        title.setWordWrap(True)
        self.copy = QToolButton(self)
        self.copy.setObjectName("finished_copy")
        self.copy.setText(self.tr("Copy"))
        self.copy.setToolTip(self.tr("Copy the files, to be pasted into another program"))
        self.copy.clicked.connect(self.copy_files)
        self.reveal = QToolButton(self)
        self.reveal.setObjectName("finished_reveal")
        self.reveal.setText(self.tr("Show in folder"))
        self.reveal.clicked.connect(self.show_in_folder)
        shortcut = QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), self.list)
        shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
        shortcut.activated.connect(self.copy_files)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.copy)
        buttons.addWidget(self.reveal)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(title)
        layout.addWidget(self.list)
        layout.addLayout(buttons)
        self.hide()

    def add(self, delivery: Delivery) -> None:
        """Put the files of an export on top."""
        self.list.clearSelection()
        for number, written in enumerate(delivery.files):
            path = written.output.path
            facts = self._facts(written)
            item = QListWidgetItem(f"{path.name}\n{facts}")
            item.setData(Qt.ItemDataRole.UserRole, str(path))
            item.setToolTip(str(path))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{path.name} {facts}")
            item.setSizeHint(QSize(0, _ROW_HEIGHT))
            self.list.insertItem(number, item)
        while self.list.count() > _MOST:
            self.list.takeItem(self.list.count() - 1)
        rows = min(self.list.count(), _SHOWN_ROWS)
        self.list.setFixedHeight(rows * _ROW_HEIGHT + 2 * self.list.frameWidth() + 2)
        self.list.scrollToTop()
        self.show()

    def clear(self) -> None:
        """Forget all files, which stay where they are."""
        self.list.clear()
        self.hide()

    def copy_files(self) -> None:
        """Put the chosen files on the clipboard, or all where none is chosen."""
        data = self.list.mimeData(self.list.selectedItems() or self.list.all_items())
        QGuiApplication.clipboard().setMimeData(data)

    def show_in_folder(self) -> None:
        """Open the folder of the first chosen file."""
        items = self.list.selectedItems() or self.list.all_items()
        if items:
            show_in_folder(Path(items[0].data(Qt.ItemDataRole.UserRole)))

    def _facts(self, written: Written) -> str:
        loudness = written.loudness
        if loudness is None:
            kind = written.output.kind
            return self.tr("timeline") if kind == "timeline" else self.tr("video")
        if not isfinite(loudness.true_peak):
            return self.tr("silent")
        peak = self.tr("true peak {peak} dBTP").format(peak=level_text(loudness.true_peak))
        if loudness.integrated is None:
            return peak
        return self.tr("{loud} LUFS").format(loud=level_text(loudness.integrated)) + f" · {peak}"


class _FileList(QListWidget):
    """Entries carry a path; what is dragged from here is the files themselves."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("finished_list")
        self.setAccessibleName(self.tr("Exported files"))
        self.setSelectionMode(QListWidget.SelectionMode.ExtendedSelection)
        self.setDragDropMode(QListWidget.DragDropMode.DragOnly)
        self.setDragEnabled(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)

    def mimeTypes(self) -> list[str]:
        return ["text/uri-list"]

    def mimeData(self, items: Sequence[QListWidgetItem]) -> QMimeData:
        data = QMimeData()
        paths = [Path(item.data(Qt.ItemDataRole.UserRole)) for item in items]
        # A file that was moved or removed meanwhile is not promised to anybody.
        data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths if path.is_file()])
        return data

    def startDrag(self, _actions: Qt.DropAction) -> None:
        """Offer the chosen files; only as copies, so that nobody takes them away."""
        data = self.mimeData(self.selectedItems())
        if data.urls():
            drag = QDrag(self)
            drag.setMimeData(data)
            drag.exec(Qt.DropAction.CopyAction)

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.CopyAction

    def all_items(self) -> list[QListWidgetItem]:
        """Every entry from top to bottom."""
        return [self.item(row) for row in range(self.count())]


def show_in_folder(path: Path) -> None:
    """Open the file manager at ``path``, with the file marked where the system can."""
    if sys.platform == "darwin":
        subprocess.Popen(["open", "-R", str(path)])
    elif sys.platform == "win32":
        subprocess.Popen(["explorer", "/select,", str(path)])
    else:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))
