"""The mixer: a strip for the original, each chosen singer and the rest."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget


class MixerPanel(QFrame):
    """How loud every lane is heard."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("mixer_panel")
        self._hint = QLabel(self.tr("Open a clip to hear it here."), self)
        self._hint.setObjectName("mixer_hint")
        self._hint.setProperty("faint", True)
        self._hint.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.addWidget(self._hint)
        layout.addStretch(1)
