"""The menu of files opened last."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from app.project.recent import RecentFiles


class RecentMenu(QMenu):
    """Filled whenever it is opened; files that are gone are greyed."""

    def __init__(self, recent: RecentFiles, opens: Callable[[Path], None], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("recent_menu")
        self.setTitle(self.tr("Open recent"))
        self.setToolTipsVisible(True)
        self._recent = recent
        self._opens = opens
        self.aboutToShow.connect(self._fill)

    def place(self, bar: QMenuBar, after: QAction) -> None:
        """Put the menu behind an action of the menu bar's menus."""
        for menu in bar.findChildren(QMenu):
            entries = menu.actions()
            if after in entries:
                behind = entries[entries.index(after) + 1 :]
                menu.insertMenu(behind[0] if behind else None, self)  # type: ignore[arg-type]
                return

    def _fill(self) -> None:
        self.clear()
        paths = self._recent.paths()
        for path in paths:
            action = self.addAction(path.name.replace("&", "&&"))
            action.setToolTip(str(path))
            there = path.is_file()
            action.setEnabled(there)
            if not there:
                action.setText(self.tr("{name} (missing)").format(name=action.text()))
            action.triggered.connect(lambda _checked=False, path=path: self._opens(path))
        self.addSeparator()
        clear = self.addAction(self.tr("Clear this list"))
        clear.setEnabled(bool(paths))
        clear.triggered.connect(self._recent.clear)
