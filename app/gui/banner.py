"""A line above the picture for what went wrong and what to do, or for good news."""

from __future__ import annotations

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QWidget


class Banner(QFrame):
    """Stays until closed or replaced; never covers the picture."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self.text = QLabel(self)
        self.text.setObjectName("banner_text")
        self.text.setWordWrap(True)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._folder = ""
        self._show_folder = QToolButton(self)
        self._show_folder.setObjectName("banner_folder")
        self._show_folder.setText(self.tr("Show in folder"))
        self._show_folder.clicked.connect(
            lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(self._folder))
        )
        close = QToolButton(self)
        close.setObjectName("banner_close")
        close.setText("✕")
        close.setProperty("flat", True)
        close.setAccessibleName(self.tr("Close this message"))
        close.clicked.connect(self.hide)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 7, 8, 7)
        layout.addWidget(self.text, 1)
        layout.addWidget(self._show_folder)
        layout.addWidget(close)
        self.hide()

    def show_problem(self, sentence: str) -> None:
        """Say what went wrong and what to do."""
        self._show("problem", "⚠  " + sentence, "")

    def show_remark(self, sentence: str) -> None:
        """Say what the user should know about a result."""
        self._show("remark", "ℹ  " + sentence, "")

    def show_notice(self, sentence: str, folder: str = "") -> None:
        """Say what was done; ``folder`` adds a button that opens it."""
        self._show("notice", sentence, folder)

    def _show(self, kind: str, text: str, folder: str) -> None:
        self._folder = folder
        self._show_folder.setVisible(bool(folder))
        self.text.setText(text)
        self.setAccessibleName(text)
        self.setProperty("kind", kind)
        self.style().unpolish(self)
        self.style().polish(self)
        self.show()
