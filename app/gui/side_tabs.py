"""The right column: one tab for each thing that is done with finished voices."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QTabWidget, QWidget

WIDTH = 300


class SideTabs(QTabWidget):
    """Panels as tabs, each scrolling where the window is too low for it; hidden as a whole."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("side_tabs")
        self.setAccessibleName(self.tr("Panels"))
        self.setDocumentMode(True)
        self.setUsesScrollButtons(True)
        self.tabBar().setExpanding(True)
        self.setFixedWidth(WIDTH)

    def add_panel(self, panel: QWidget, title: str) -> int:
        """Add a panel as the last tab; returns its index."""
        area = QScrollArea(self)
        area.setObjectName(f"{panel.objectName()}_area")
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(panel)
        return self.addTab(area, title)

    def show_panel(self, panel: QWidget) -> None:
        """Bring the panel's tab to the front, and the column with it."""
        for index in range(self.count()):
            area = self.widget(index)
            if isinstance(area, QScrollArea) and area.widget() is panel:
                self.setCurrentIndex(index)
                self.setVisible(True)
