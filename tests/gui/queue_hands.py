"""What a person does at the queue's panel."""

from __future__ import annotations

from editor import Editor
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton


def press(editor: Editor, name: str) -> None:
    """Click a button as soon as it can be clicked."""
    button = editor.window.queue_panel.findChild(QToolButton, f"queue_{name}")
    assert button is not None
    editor.until(button.isEnabled)
    editor.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def states(editor: Editor) -> list[str]:
    """Of all clips, in their order."""
    return [item.state for item in editor.window.queue.queue.items]


def choose(editor: Editor, row: int) -> None:
    """Choose a clip in the list."""
    rows = editor.window.queue_panel.list
    rows.setCurrentItem(rows.topLevelItem(row))
