"""Keys of every action: presets of known editing programs, and the user's own."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QKeySequenceEdit,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.gui.action_build import action_text
from app.gui.actions import ACTIONS
from app.gui.preferences_control import PreferencesControl
from app.preferences import PRESETS
from app.shortcuts import PRESET_TITLES, RESERVED, conflict, same_form

_ID = Qt.ItemDataRole.UserRole


class ShortcutsPage(QWidget):
    """Choose a preset, find an action, press its new key."""

    def __init__(self, control: PreferencesControl, parent: QWidget) -> None:
        super().__init__(parent)
        self._control = control
        self.preset = QComboBox(self)
        self.preset.setObjectName("preset_choice")
        for preset in PRESETS:
            self.preset.addItem(PRESET_TITLES[preset], preset)
        self.search = QLineEdit(self)
        self.search.setObjectName("shortcut_search")
        self.search.setPlaceholderText(self.tr("Find an action or a key"))
        self.search.setAccessibleName(self.tr("Find an action or a key"))
        self.search.setClearButtonEnabled(True)
        self.table = QTreeWidget(self)
        self.table.setObjectName("shortcut_table")
        self.table.setAccessibleName(self.tr("Actions and their keys"))
        self.table.setHeaderLabels([self.tr("Action"), self.tr("Keys")])
        self.table.setRootIsDecorated(False)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setColumnWidth(0, 330)
        self.key = QKeySequenceEdit(self)
        self.key.setObjectName("shortcut_key")
        self.key.setMaximumSequenceLength(1)
        self.key.setAccessibleName(self.tr("New key"))
        self.key.setFixedWidth(150)
        self.set_key = self._button("shortcut_set", self.tr("Set"))
        self.add_key = self._button("shortcut_add", self.tr("Add"))
        self.no_key = self._button("shortcut_none", self.tr("No key"))
        self.reset = self._button("shortcut_reset", self.tr("As in the preset"))
        self.message = QLabel(self)
        self.message.setObjectName("shortcut_message")
        self.message.setWordWrap(True)
        self.message.setProperty("problem", True)
        self._lay_out()
        self._fill()
        self.preset.activated.connect(self._take_preset)
        self.search.textChanged.connect(self._filter)
        self.table.currentItemChanged.connect(lambda *_: self._on_row())
        self.key.keySequenceChanged.connect(lambda _keys: self._show_state())
        self.set_key.clicked.connect(lambda: self._give(add=False))
        self.add_key.clicked.connect(lambda: self._give(add=True))
        self.no_key.clicked.connect(lambda: self._keep(()))
        self.reset.clicked.connect(self._reset)
        control.keys_changed.connect(self._refresh)
        self._refresh()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        label = QLabel(self.tr("Keys of"), self)
        label.setBuddy(self.preset)
        top.addWidget(label)
        top.addWidget(self.preset)
        top.addStretch(1)
        top.addWidget(self.search, 2)
        below = QHBoxLayout()
        name = QLabel(self.tr("New key"), self)
        name.setBuddy(self.key)
        for widget in (name, self.key, self.set_key, self.add_key, self.no_key, self.reset):
            below.addWidget(widget)
        below.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addLayout(top)
        layout.addWidget(self.table, 1)
        layout.addLayout(below)
        layout.addWidget(self.message)

    def _fill(self) -> None:
        for spec in ACTIONS:
            item = QTreeWidgetItem(self.table, [_text(spec.id), ""])
            item.setData(0, _ID, spec.id)
        self.table.setCurrentItem(self._items()[0])

    def _refresh(self) -> None:
        self.preset.setCurrentIndex(self.preset.findData(self._control.preferences.preset))
        own = self._control.preferences.shortcuts
        for item in self._items():
            action = str(item.data(0, _ID))
            keys = ", ".join(_native(key) for key in self._control.keys.get(action, ()))
            item.setText(1, keys or "–")
            font = item.font(1)
            font.setBold(action in own)
            item.setFont(1, font)
            item.setToolTip(1, self.tr("Your own choice") if action in own else "")
        self._filter(self.search.text())
        self._show_state()

    def _filter(self, text: str) -> None:
        wanted = text.casefold().strip()
        for item in self._items():
            found = wanted in item.text(0).casefold() or wanted in item.text(1).casefold()
            item.setHidden(not found)

    def _on_row(self) -> None:
        self.message.setText("")
        self.key.clear()
        self._show_state()

    def _show_state(self) -> None:
        action, key = self._action(), self._pressed()
        objection = self._objection(action, key) if key else ""
        for button in (self.set_key, self.add_key):
            button.setEnabled(bool(action and key and not objection))
        self.no_key.setEnabled(bool(action) and bool(self._control.keys.get(action)))
        self.reset.setEnabled(action in self._control.preferences.shortcuts)
        if key:
            self.message.setText("⚠  " + objection if objection else "")

    def _objection(self, action: str, key: str) -> str:
        if same_form(key) in RESERVED:
            return self.tr(
                "{key} moves between controls and presses them; choose another key."
            ).format(key=_native(key))
        other = conflict(key, action, self._control.keys)
        if other is None:
            return ""
        return self.tr(
            "{key} already belongs to “{other}”; choose another key, or take it away from there "
            "first."
        ).format(key=_native(key), other=_text(other))

    def _give(self, add: bool) -> None:
        action, key = self._action(), self._pressed()
        if not action or not key or self._objection(action, key):
            return
        before = self._control.keys[action] if add else ()
        known = {same_form(other) for other in before}
        self._keep(before if same_form(key) in known else (*before, key))

    def _keep(self, keys: tuple[str, ...]) -> None:
        if self._control.set_keys(self._action(), keys):
            self.key.clear()
            self.message.setText("")

    def _reset(self) -> None:
        own = dict(self._control.preferences.shortcuts)
        own.pop(self._action(), None)
        self._control.set(shortcuts=own)

    def _take_preset(self) -> None:
        self._control.set(preset=self.preset.currentData())

    def _action(self) -> str:
        item = self.table.currentItem()
        return str(item.data(0, _ID)) if item is not None else ""

    def _pressed(self) -> str:
        return self.key.keySequence().toString(QKeySequence.SequenceFormat.PortableText)

    def _items(self) -> list[QTreeWidgetItem]:
        found = (self.table.topLevelItem(row) for row in range(self.table.topLevelItemCount()))
        return [item for item in found if item is not None]

    def _button(self, name: str, text: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setObjectName(name)
        return button


def _text(action: str) -> str:
    spec = next(spec for spec in ACTIONS if spec.id == action)
    return action_text(spec).replace("&", "")


def _native(key: str) -> str:
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
