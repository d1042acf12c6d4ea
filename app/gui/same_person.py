"""The question whether two faces after a cut are one person."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from app.gui.portraits import portrait_icon
from app.gui.scene import SingerCard

_PORTRAIT = 40


class SamePerson(QFrame):
    """Asks about one pair at a time; hidden when there is nothing to ask."""

    confirmed = Signal(str, str)
    denied = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("same_person")
        self._pair: tuple[str, str] | None = None
        self._question = QLabel(self)
        self._question.setObjectName("same_person_question")
        self._question.setWordWrap(True)
        self._faces = [QLabel(self) for _ in range(2)]
        self._yes = self._button("same_person_yes", self.tr("Yes, merge"), self._on_yes)
        self._no = self._button("same_person_no", self.tr("No"), self._on_no)
        faces = QHBoxLayout()
        faces.setSpacing(6)
        for face in self._faces:
            faces.addWidget(face)
        faces.addWidget(self._question, 1)
        buttons = QHBoxLayout()
        buttons.addWidget(self._yes)
        buttons.addWidget(self._no)
        buttons.addStretch(1)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(10, 8, 10, 8)
        rows.addLayout(faces)
        rows.addLayout(buttons)
        self.hide()

    def ask(self, pairs: list[tuple[SingerCard, SingerCard]]) -> None:
        """Ask about the first of these pairs."""
        self.setVisible(bool(pairs))
        self._pair = None
        if not pairs:
            return
        first, second = pairs[0]
        self._pair = (first.id, second.id)
        text = self.tr("Are {first} and {second} the same person?").format(
            first=first.name, second=second.name
        )
        if len(pairs) > 1:
            text += " " + self.tr("({count} more)").format(count=len(pairs) - 1)
        self._question.setText(text)
        for label, card in zip(self._faces, (first, second), strict=True):
            ratio = self.devicePixelRatioF()
            label.setPixmap(
                portrait_icon(card, _PORTRAIT).pixmap(QSize(_PORTRAIT, _PORTRAIT), ratio)
            )
        for button in (self._yes, self._no):
            button.setAccessibleName(f"{button.text()}: {text}")

    def _button(self, name: str, text: str, act: object) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(name)
        button.setText(text)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.clicked.connect(act)
        return button

    def _on_yes(self) -> None:
        if self._pair is not None:
            self.confirmed.emit(*self._pair)

    def _on_no(self) -> None:
        if self._pair is not None:
            self.denied.emit(*self._pair)
