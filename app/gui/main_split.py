"""Picture above, lanes below, and the border between them, which the editor may drag."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QWidget

_SHARE = 0.42
"""Most of the height that the lanes take by themselves."""


class MainSplit(QSplitter):
    """Gives the lanes the height they ask for until somebody drags the border."""

    def __init__(self, upper: QWidget, lower: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self.setObjectName("main_split")
        self.setChildrenCollapsible(False)
        self.setHandleWidth(5)
        self.addWidget(upper)
        self.addWidget(lower)
        self.setStretchFactor(0, 1)
        self.setStretchFactor(1, 0)
        self._lower = lower
        self.dragged = False
        """Whether the border stands where the editor wants it."""
        self.splitterMoved.connect(self._on_moved)
        lower.installEventFilter(self)

    def fit(self) -> None:
        """Give the lower part what it asks for, within reason."""
        if not self.dragged and self.height() > 0:
            wanted = min(self._lower.sizeHint().height(), round(_SHARE * self.height()))
            self.setSizes([self.height() - wanted, wanted])

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self.fit()
        return super().eventFilter(watched, event)

    def _on_moved(self, _position: int, _index: int) -> None:
        self.dragged = True
