"""Makes actions and menus from the table of actions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenuBar, QWidget

from app.gui.action_spec import CONTEXT, MENUS, ActionSpec
from app.gui.actions import ACTIONS
from app.gui.icons import icon


def build_actions(window: QWidget, *targets: object) -> dict[str, QAction]:
    """Make the actions of the table; each calls its slot of the first target that has it."""
    made: dict[str, QAction] = {}
    for spec in ACTIONS:
        action = QAction(action_text(spec), window)
        action.setObjectName(f"action_{spec.id}")
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        action.setCheckable(spec.checkable)
        if spec.icon is not None:
            action.setIcon(icon(spec.icon, spec.primary))
        set_keys(action, spec, spec.shortcuts)
        target = next(target for target in targets if hasattr(target, spec.slot))
        _connect(action, getattr(target, spec.slot), spec)
        window.addAction(action)
        made[spec.id] = action
    return made


def action_text(spec: ActionSpec) -> str:
    """What an action is called, with the `&` of its menu key."""
    text = QCoreApplication.translate(CONTEXT, spec.text)
    for argument in spec.arguments:
        text = text.replace("%1", str(argument))
    return text


def set_keys(action: QAction, spec: ActionSpec, keys: Sequence[str]) -> None:
    """Give an action these keys, as "Ctrl+E", and name them in its tool tip."""
    action.setShortcuts([QKeySequence(key) for key in keys])
    if spec.tip:
        tip = QCoreApplication.translate(CONTEXT, spec.tip)
        action.setToolTip(f"{tip} ({keys_text(action)})" if keys else tip)


def keys_text(action: QAction) -> str:
    """The keys of an action as this system writes them."""
    native = QKeySequence.SequenceFormat.NativeText
    return ", ".join(key.toString(native) for key in action.shortcuts())


def fill_menus(bar: QMenuBar, actions: Mapping[str, QAction]) -> None:
    """Put every action into its menu."""
    for title in MENUS:
        menu = bar.addMenu(QCoreApplication.translate(CONTEXT, title))
        for spec in ACTIONS:
            if spec.menu == title:
                menu.addAction(actions[spec.id])


def refresh_icons(actions: Mapping[str, QAction]) -> None:
    """Draw the icons again, after the colour scheme changed."""
    for spec in ACTIONS:
        if spec.icon is not None:
            actions[spec.id].setIcon(icon(spec.icon, spec.primary))


def _connect(action: QAction, slot: Any, spec: ActionSpec) -> None:
    if spec.checkable:
        action.toggled.connect(slot)
    else:
        action.triggered.connect(lambda _checked=False: slot(*spec.arguments))
