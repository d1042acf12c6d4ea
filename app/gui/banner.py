"""A strip above the picture for what went wrong and what to do, or for good news."""

from __future__ import annotations

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QAccessible, QAccessibleEvent, QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from app.fault_details import fault_details
from app.gui.told import told
from app.paths import data_dir
from app.sentences import cause_and_remedy


class Banner(QFrame):
    """Stays until closed or replaced; never covers the picture."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self.text = QLabel(self)
        self.text.setObjectName("banner_text")
        self.text.setWordWrap(True)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.remedy = QLabel(self)
        self.remedy.setObjectName("banner_remedy")
        self.remedy.setWordWrap(True)
        self.remedy.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._said = ""
        self._copy = QToolButton(self)
        self._copy.setObjectName("banner_copy")
        self._copy.setText(self.tr("Copy details"))
        self._copy.setToolTip(self.tr("Copy what helpers ask for: versions and the end of the log"))
        self._copy.clicked.connect(self._copy_details)
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
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(self.text)
        texts.addWidget(self.remedy)
        layout.addLayout(texts, 1)
        layout.addWidget(self._show_folder)
        layout.addWidget(self._copy)
        layout.addWidget(close)
        self.hide()

    def said(self) -> str:
        """The whole message; "" while nothing is shown."""
        return self._said if self.isVisible() else ""

    def show_problem(self, sentence: str) -> None:
        """Say what went wrong and what to do."""
        sentence = told(sentence)
        cause, remedy = cause_and_remedy(sentence)
        self._show("problem", "⚠  " + cause, "", remedy)
        self._said = sentence

    def show_remark(self, sentence: str) -> None:
        """Say what the user should know about a result."""
        self._show("remark", "ℹ  " + sentence, "")

    def show_notice(self, sentence: str, folder: str = "") -> None:
        """Say what was done; ``folder`` adds a button that opens it."""
        self._show("notice", sentence, folder)

    def _copy_details(self) -> None:
        QGuiApplication.clipboard().setText(fault_details(self._said, data_dir() / "logs"))
        self._copy.setText(self.tr("Copied"))

    def _show(self, kind: str, text: str, folder: str, remedy: str = "") -> None:
        self._folder = folder
        self._said = text
        self.remedy.setText(remedy)
        self.remedy.setVisible(bool(remedy))
        self._copy.setVisible(kind == "problem")
        self._copy.setText(self.tr("Copy details"))
        self._show_folder.setVisible(bool(folder))
        self.text.setText(text)
        self.setAccessibleName(f"{text} {remedy}".strip())
        self.setProperty("kind", kind)
        self.style().unpolish(self)
        self.style().polish(self)
        self.show()
        # Tells assistive technology at once: nobody has to find the strip to learn of it.
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))
