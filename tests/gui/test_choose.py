"""Choosing and changing people in a real window with the demo clip."""

from __future__ import annotations

from pathlib import Path

import pytest
from editor import Editor
from PySide6.QtCore import QRectF, Qt
from PySide6.QtWidgets import QLineEdit

from app.demo import DemoClip
from app.gui.letterbox import letterbox
from app.gui.singers_model import ABOUT_ROLE


@pytest.fixture
def duet(editor: Editor, demo_clip: DemoClip) -> Editor:
    editor.open(demo_clip.path)
    editor.player.pause()
    return editor


def _names(editor: Editor) -> list[str]:
    model = editor.window.singers.list.model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def _undo(editor: Editor) -> None:
    editor.trigger("undo")


def test_numbers_and_shift_clicks_choose(duet: Editor) -> None:
    duet.key(Qt.Key.Key_2)
    assert duet.session.selected == ("B",)
    duet.click_face("A", shift=True)
    assert duet.session.selected == ("A", "B")
    duet.click_face("B", shift=True)
    assert duet.session.selected == ("A",)
    assert duet.window.canvas.accessibleDescription().startswith("Singer A, selected")


def test_two_chosen_singers_merge_into_one_and_come_apart(duet: Editor) -> None:
    duet.key(Qt.Key.Key_1)
    assert not duet.window.named_actions["merge"].isEnabled()
    duet.click_face("B", shift=True)
    duet.trigger("merge")
    assert _names(duet) == ["Singer A"]
    assert duet.session.selected == ("A",)
    assert "at the same time" in duet.banner(), "both are in the picture, so it is doubtful"
    duet.trigger("separate")
    assert _names(duet) == ["Singer A", "Singer B"]
    _undo(duet)
    assert _names(duet) == ["Singer A"]
    _undo(duet)
    assert _names(duet) == ["Singer A", "Singer B"]


def test_the_menu_of_a_face_has_the_same_acts(duet: Editor) -> None:
    duet.click_face("B")
    names = [action.objectName() for action in duet.window.singers.menu().actions()]
    assert names == [
        f"action_{name}" for name in ("rename_singer", "merge", "separate", "split", "ignore")
    ]


def test_f2_renames_in_place(duet: Editor) -> None:
    duet.key(Qt.Key.Key_2)
    duet.trigger("rename_singer")
    field = duet.window.singers.list.findChild(QLineEdit)
    field.selectAll()
    duet.qtbot.keyClicks(field, "Ruth")
    duet.qtbot.keyClick(field, Qt.Key.Key_Return)
    duet.until(lambda: _names(duet) == ["Singer A", "Ruth"])


def test_a_singer_splits_at_the_playhead_and_each_half_has_its_picture(
    duet: Editor, demo_clip: DemoClip
) -> None:
    duet.click_face("A")
    duet.player.seek(2 * demo_clip.sample_rate)
    shown: list[float] = []
    duet.player.picture_shown.connect(lambda picture: shown.append(float(picture.time)))
    duet.until(lambda: bool(shown) and abs(shown[-1] - 2.0) < 0.05)
    duet.trigger("split")
    assert _names(duet) == ["Singer A", "Singer A2", "Singer B"]
    seconds = [card.seconds for card in duet.session.scene.singers]
    assert seconds[0] == pytest.approx(2.0, abs=0.1)
    assert seconds[0] + seconds[1] == pytest.approx(seconds[2], abs=0.1)
    duet.until(lambda: "A2" in duet.window.canvas.accessibleDescription())
    assert duet.window.canvas.face_rect("A2") is not None
    assert duet.window.canvas.face_rect("A") is None
    duet.until(lambda: not duet.session.people.missing_portraits)
    _undo(duet)
    assert _names(duet) == ["Singer A", "Singer B"]


def test_a_split_where_the_singer_begins_says_why_not(duet: Editor) -> None:
    duet.click_face("A")
    duet.player.seek(0)
    shown: list[float] = []
    duet.player.picture_shown.connect(lambda picture: shown.append(float(picture.time)))
    duet.until(lambda: bool(shown) and shown[-1] < 0.02)
    duet.trigger("split")
    assert _names(duet) == ["Singer A", "Singer B"]
    assert "move the playhead" in duet.banner()


def test_who_is_no_singer_leaves_the_list_and_can_come_back(duet: Editor) -> None:
    duet.click_face("B")
    duet.key(Qt.Key.Key_Delete)
    assert _names(duet) == ["Singer A"]
    assert duet.session.selected == ()
    assert duet.window.canvas.face_rect("B") is None
    panel = duet.window.singers
    assert panel.ignored.isVisible()
    (again,) = panel.ignored.menu().actions()
    again.trigger()
    assert _names(duet) == ["Singer A", "Singer B"]
    assert not panel.ignored.isVisible()


def test_a_voice_is_kept_or_dropped_as_its_singer_changes(duet: Editor) -> None:
    duet.click_face("A")
    duet.isolate()
    voice = duet.session.voices["A"]
    duet.click_face("B")
    duet.trigger("ignore")
    assert "A" not in duet.session.voices, "without B the model would give A another voice"
    _undo(duet)
    assert duet.session.voices["A"] is voice
    duet.click_face("A")
    assert duet.session.can_export()
    duet.control.rename("A", "Ruth")
    assert duet.session.voices["A"] is voice


def _drag(editor: Editor, rect: QRectF) -> None:
    canvas = editor.window.canvas
    first, last = rect.topLeft().toPoint(), rect.bottomRight().toPoint()
    editor.qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=first)
    editor.qtbot.mouseMove(canvas, last)
    editor.qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=last)


def test_a_missed_face_is_added_by_drawing_a_box(
    editor: Editor,
    demo_clip: DemoClip,
    half_found: Path,
) -> None:
    editor.open(half_found)
    editor.player.pause()
    assert _names(editor) == ["Singer A"]
    canvas = editor.window.canvas
    x, y, width, height = demo_clip.boxes[1]
    frame = demo_clip.size
    box = (x / frame[0], y / frame[1], width / frame[0], height / frame[1])
    if max(demo_clip.boxes[1]) <= 1:
        box = demo_clip.boxes[1]
    editor.trigger("draw_face")
    assert canvas.hasFocus()
    place = letterbox(frame, (canvas.width(), canvas.height()))
    _drag(editor, QRectF(*place.to_canvas(box)))
    editor.until(lambda: len(_names(editor)) == 2 or bool(editor.banner()))
    assert _names(editor) == ["Singer A", "Added singer 1"], editor.banner()
    assert editor.session.selected == ("Face1",)
    added = editor.session.scene.singers[1]
    assert added.seconds == pytest.approx(demo_clip.samples / demo_clip.sample_rate, abs=0.3)
    rect = canvas.face_rect("Face1")
    assert rect is not None
    assert not editor.window.named_actions["draw_face"].isChecked()
    editor.isolate()
    assert editor.session.voices["Face1"].complete
    _undo(editor)
    assert _names(editor) == ["Singer A"]
    editor.trigger("redo")
    assert _names(editor) == ["Singer A", "Added singer 1"]


def test_drawing_is_left_with_escape(duet: Editor) -> None:
    duet.trigger("draw_face")
    duet.qtbot.keyClick(duet.window.canvas, Qt.Key.Key_Escape)
    assert not duet.window.named_actions["draw_face"].isChecked()
    duet.click_face("A")
    assert duet.session.selected == ("A",), "clicks choose again"


def test_a_face_that_is_listed_already_is_no_new_one(duet: Editor) -> None:
    duet.trigger("draw_face")
    rect = duet.window.canvas.face_rect("A")
    assert rect is not None
    _drag(duet, rect)
    duet.until(lambda: bool(duet.banner()))
    assert "choose it instead" in duet.banner()
    assert not duet.session.edits.people.drawn, "what failed is no decision"


def test_a_box_beside_all_faces_is_refused_with_advice(duet: Editor) -> None:
    duet.trigger("draw_face")
    canvas = duet.window.canvas
    _drag(duet, QRectF(canvas.width() / 2 - 20, canvas.height() - 80, 40, 40))
    duet.until(lambda: "draw it around the whole face" in duet.banner())


def test_cards_tell_screen_time_view_and_lips(duet: Editor) -> None:
    model = duet.window.singers.list.model()
    about = model.index(0, 0).data(ABOUT_ROLE)
    assert about.startswith("0:0")
    spoken = model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken.startswith("Singer A, 0:0")
