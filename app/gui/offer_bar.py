"""A line above the picture that offers something: a sentence and buttons to answer it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QWidget

Answer = tuple[str, Callable[[], None]]


class OfferBar(QFrame):
    """Nothing waits for the answer; closing the line puts the question off."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("offer_bar")
        self.text = QLabel(self)
        self.text.setObjectName("offer_text")
        self.text.setWordWrap(True)
        self._buttons: list[QToolButton] = []
        close = QToolButton(self)
        close.setObjectName("offer_close")
        close.setText("✕")
        close.setProperty("flat", True)
        close.setAccessibleName(self.tr("Decide later"))
        close.setToolTip(self.tr("Decide later"))
        close.clicked.connect(self.hide)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(14, 7, 8, 7)
        self._row.addWidget(self.text, 1)
        self._row.addWidget(close)
        self.hide()

    def offer(self, sentence: str, answers: Sequence[Answer]) -> None:
        """Show a question; the first answer is the one most people want."""
        for button in self._buttons:
            self._row.removeWidget(button)
            button.setParent(None)
            button.deleteLater()
        self._buttons = [self._button(number, answer) for number, answer in enumerate(answers)]
        self.text.setText(sentence)
        self.setAccessibleName(sentence)
        self.show()

    def _button(self, number: int, answer: Answer) -> QToolButton:
        text, act = answer
        button = QToolButton(self)
        button.setObjectName(f"offer_answer_{number}")
        button.setText(text)
        button.setProperty("primary", number == 0)
        button.clicked.connect(self.hide)
        button.clicked.connect(lambda _checked=False: act())
        self._row.insertWidget(1 + number, button)
        return button
