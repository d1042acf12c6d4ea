"""Undo and redo in a real window, by keys."""

from __future__ import annotations

from dataclasses import replace

from editor import Editor
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from app.demo import DemoClip
from app.edits import Shape

CTRL = Qt.KeyboardModifier.ControlModifier
CTRL_SHIFT = CTRL | Qt.KeyboardModifier.ShiftModifier


def _press(editor: Editor, key: Qt.Key, modifier: Qt.KeyboardModifier) -> None:
    editor.qtbot.keyClick(editor.window.focusWidget() or editor.window, key, modifier)


def _rename(editor: Editor, row: int, name: str) -> None:
    people = editor.window.singers.list
    people.setCurrentIndex(people.model().index(row, 0))
    people.edit(people.currentIndex())
    field = people.findChild(QLineEdit)
    field.selectAll()
    editor.qtbot.keyClicks(field, name)
    editor.qtbot.keyClick(field, Qt.Key.Key_Return)
    editor.until(lambda: editor.session.scene.singers[row].name == name)


def _shown_names(editor: Editor) -> list[str]:
    model = editor.window.singers.list.model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def test_keys_take_acts_back_and_the_menu_names_them(editor: Editor, demo_clip: DemoClip) -> None:
    editor.open(demo_clip.path)
    editor.player.pause()
    undo, redo = (editor.window.named_actions[name] for name in ("undo", "redo"))
    assert not undo.isEnabled()
    assert not redo.isEnabled()
    editor.player.seek(demo_clip.sample_rate)
    editor.key(Qt.Key.Key_I)
    _rename(editor, 0, "Ruth")
    assert undo.text() == "Undo Rename singer"
    _press(editor, Qt.Key.Key_Z, CTRL)
    assert _shown_names(editor) == ["Singer A", "Singer B"]
    assert undo.text() == "Undo Change range"
    assert redo.text() == "Redo Rename singer"
    _press(editor, Qt.Key.Key_Z, CTRL)
    assert editor.session.range == (0, demo_clip.samples)
    assert not undo.isEnabled()
    _press(editor, Qt.Key.Key_Z, CTRL_SHIFT)
    assert editor.session.range == (demo_clip.sample_rate, demo_clip.samples)
    _press(editor, Qt.Key.Key_Y, CTRL)
    assert _shown_names(editor) == ["Ruth", "Singer B"]
    assert not redo.isEnabled()


def test_looking_at_somebody_else_is_no_act(editor: Editor, demo_clip: DemoClip) -> None:
    editor.open(demo_clip.path)
    _rename(editor, 1, "Ai Ono")
    editor.click_face("A")
    editor.click_face("B")
    editor.trigger("undo")
    assert _shown_names(editor) == ["Singer A", "Singer B"]
    assert editor.session.selected == ("B",)
    selected = editor.window.singers.list.selectionModel().selectedIndexes()
    assert [index.row() for index in selected] == [1]


def test_a_voice_is_not_computed_again_after_undo(editor: Editor, demo_clip: DemoClip) -> None:
    editor.open(demo_clip.path)
    editor.click_face("A")
    editor.isolate()
    voice = editor.session.voices["A"]
    fuller = replace(editor.session.edits, shape=Shape(fullness=0.8))
    editor.control.edit("Fullness", lambda: editor.session.take(fuller))
    editor.trigger("undo")
    assert editor.session.edits.shape == Shape()
    assert list(editor.session.heard_voices().values()) == [voice]
    assert editor.session.can_export()


def test_another_clip_has_nothing_to_undo(editor: Editor, demo_clip: DemoClip) -> None:
    editor.open(demo_clip.path)
    _rename(editor, 0, "Ruth")
    editor.open(demo_clip.path)
    assert not editor.window.named_actions["undo"].isEnabled()
