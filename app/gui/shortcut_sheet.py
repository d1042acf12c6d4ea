"""All keys at a glance, menu by menu."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication, QSize, Qt
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from app.gui.action_build import action_text, keys_text
from app.gui.action_spec import CONTEXT, MENUS, ActionSpec
from app.gui.actions import ACTIONS

_COLUMNS = 2
_SIZE = QSize(860, 780)
"""All keys without scrolling, where the screen has the room."""


class ShortcutSheet(QWidget):
    """Lists every action with its keys; closed by Esc or by the key that opened it."""

    def __init__(self, actions: Mapping[str, QAction], parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Tool)
        self.setObjectName("shortcut_sheet")
        self.setWindowTitle(self.tr("Keyboard shortcuts"))
        self._actions = actions
        self._area = QScrollArea(self)
        self._area.setObjectName("shortcut_area")
        self._area.setWidgetResizable(True)
        self._area.setAccessibleName(self.tr("All keys"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._area)
        for name in ("shortcuts", "preferences"):
            self.addAction(actions[name])
        self.refresh()
        self.resize(_SIZE.boundedTo(self.screen().availableSize()))

    def refresh(self) -> None:
        """Show the keys now in force."""
        page = QWidget()
        grid = QGridLayout(page)
        grid.setContentsMargins(24, 18, 24, 18)
        grid.setHorizontalSpacing(36)
        grid.setVerticalSpacing(18)
        heights = [0] * _COLUMNS
        columns = [QVBoxLayout() for _ in range(_COLUMNS)]
        for title in MENUS:
            specs = [spec for spec in ACTIONS if spec.menu == title and spec.id in self._actions]
            if not specs:
                continue
            place = heights.index(min(heights))
            heights[place] += len(specs) + 2
            columns[place].addWidget(self._group(title, specs))
        for number, column in enumerate(columns):
            column.addStretch(1)
            grid.addLayout(column, 0, number)
        self._area.setWidget(page)

    def rows(self) -> dict[str, str]:
        """Text of each action -> its keys, as shown."""
        labels = [label for label in self.findChildren(QLabel) if label.property("keys")]
        return {str(label.property("keys")): label.text() for label in labels}

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
            return
        super().keyPressEvent(event)

    def _group(self, title: str, specs: list[ActionSpec]) -> QWidget:
        group = QWidget()
        rows = QGridLayout(group)
        rows.setContentsMargins(0, 0, 0, 8)
        rows.setColumnStretch(0, 1)
        heading = QLabel(QCoreApplication.translate(CONTEXT, title).replace("&", ""), group)
        heading.setProperty("heading", True)
        rows.addWidget(heading, 0, 0, 1, 2)
        for number, spec in enumerate(specs, start=1):
            # Not the action's own text: that of Undo tells what it would undo.
            text = action_text(spec).replace("&", "")
            keys = QLabel(keys_text(self._actions[spec.id]) or "–", group)
            keys.setProperty("keys", text)
            keys.setAccessibleName(f"{text}: {keys.text()}")
            rows.addWidget(QLabel(text, group), number, 0)
            rows.addWidget(keys, number, 1, Qt.AlignmentFlag.AlignRight)
        return group
