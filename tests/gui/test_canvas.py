"""Choosing faces in the picture by mouse and keyboard."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.gui.scene import FacePath, Scene, SingerCard
from app.gui.video_canvas import VideoCanvas


def _scene() -> Scene:
    """A large face on the left with a small one in front of it, and one on the right."""
    picture = np.zeros((96, 96, 3), np.uint8)
    boxes = {"A": (0.1, 0.1, 0.4, 0.6), "B": (0.35, 0.4, 0.1, 0.2), "C": (0.7, 0.3, 0.1, 0.2)}
    times = np.array([0.0, 1.0])
    cards, paths = [], []
    for track, (name, box) in enumerate(boxes.items()):
        cards.append(SingerCard(name, f"Singer {name}", (track,), 1.0, 0.5, picture))
        paths.append(FacePath(track, times, np.array([box, box], np.float32), np.ones(2, bool)))
    return Scene(tuple(cards), tuple(paths), complete=True)


@pytest.fixture
def canvas(qtbot: QtBot) -> VideoCanvas:
    holder = QWidget()
    layout = QHBoxLayout(holder)
    before, canvas, after = QPushButton("before"), VideoCanvas(), QPushButton("after")
    for widget in (before, canvas, after):
        layout.addWidget(widget)
    before.setObjectName("before")
    after.setObjectName("after")
    holder.resize(1000, 500)
    qtbot.addWidget(holder)
    holder.show()
    image = QImage(640, 360, QImage.Format.Format_RGB32)
    image.fill(QColor("grey"))
    canvas.set_scene(_scene(), 0.0)
    canvas.show_picture(image, 0.5)
    canvas.holder = holder  # type: ignore[attr-defined]
    return canvas


def _click(qtbot: QtBot, canvas: VideoCanvas, x: float, y: float, shift: bool = False) -> None:
    """Click at a place of the picture given in fractions."""
    rect = canvas.face_rect("A")
    assert rect is not None
    width, height = rect.width() / 0.4, rect.height() / 0.6
    left, top = rect.left() - 0.1 * width, rect.top() - 0.1 * height
    modifier = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
    place = QPoint(round(left + x * width), round(top + y * height))
    qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, modifier, place)


def test_a_click_chooses_the_smallest_face_under_it(qtbot: QtBot, canvas: VideoCanvas) -> None:
    chosen: list[tuple[str, bool]] = []
    canvas.chosen.connect(lambda singer, add: chosen.append((singer, add)))
    _click(qtbot, canvas, 0.4, 0.5)
    _click(qtbot, canvas, 0.2, 0.2)
    _click(qtbot, canvas, 0.75, 0.4, shift=True)
    _click(qtbot, canvas, 0.6, 0.9)
    assert chosen == [("B", False), ("A", False), ("C", True)]


def test_tab_goes_through_the_faces_and_on(qtbot: QtBot, canvas: VideoCanvas) -> None:
    holder: QWidget = canvas.holder  # type: ignore[attr-defined]
    chosen: list[str] = []
    canvas.chosen.connect(lambda singer, _add: chosen.append(singer))
    holder.activateWindow()
    first = holder.findChild(QPushButton, "before")
    first.setFocus()
    qtbot.waitUntil(first.hasFocus)
    for _ in range(3):
        qtbot.keyClick(holder.focusWidget(), Qt.Key.Key_Tab)
        assert canvas.hasFocus()
        qtbot.keyClick(canvas, Qt.Key.Key_Return)
    qtbot.keyClick(canvas, Qt.Key.Key_Tab)
    assert holder.findChild(QPushButton, "after").hasFocus()
    qtbot.keyClick(holder.focusWidget(), Qt.Key.Key_Backtab)
    qtbot.keyClick(canvas, Qt.Key.Key_Return)
    assert chosen == ["A", "B", "C", "C"]


def test_assistive_technology_hears_who_is_chosen(canvas: VideoCanvas) -> None:
    canvas.set_selected(("B",))
    assert canvas.accessibleDescription() == "Singer A; Singer B, selected; Singer C"


def test_chosen_and_other_faces_differ_in_shape_too(canvas: VideoCanvas) -> None:
    """The outline of a chosen face has no gaps, that of others is dashed."""
    canvas.set_selected(("A",))
    shown = canvas.grab().toImage()

    def gaps(singer: str) -> int:
        rect = canvas.face_rect(singer)
        assert rect is not None
        x = round(rect.left())
        rows = range(round(rect.top()) + 12, round(rect.bottom()) - 12)
        bright = [QColor(shown.pixel(x, y)).value() > 140 for y in rows]
        return sum(a and not b for a, b in itertools.pairwise(bright))

    assert gaps("A") == 0
    assert gaps("C") >= 2


def test_a_bridged_face_is_hatched(canvas: VideoCanvas) -> None:
    """Where the finder guessed, the inside of the box is drawn over; elsewhere it is free."""
    plain = canvas.grab().toImage()
    scene = _scene()
    guessed = [replace(path, seen=np.zeros(2, bool)) for path in scene.paths]
    canvas.set_scene(replace(scene, paths=(*scene.paths[:2], guessed[2])), 0.5)
    shown = canvas.grab().toImage()
    rect = canvas.face_rect("C")
    assert rect is not None
    inside = [
        (x, y)
        for x in range(round(rect.left()) + 8, round(rect.right()) - 8)
        for y in range(round(rect.top()) + 8, round(rect.bottom()) - 8)
    ]
    changed = sum(plain.pixel(*place) != shown.pixel(*place) for place in inside)
    assert 0.05 < changed / len(inside) < 0.6


def test_a_box_drawn_by_mouse_is_given_in_parts_of_the_picture(
    qtbot: QtBot, canvas: VideoCanvas
) -> None:
    chosen: list[str] = []
    canvas.chosen.connect(lambda singer, _add: chosen.append(singer))
    canvas.set_drawing(True)
    rect = canvas.face_rect("C")
    assert rect is not None
    first, last = rect.topLeft().toPoint(), rect.bottomRight().toPoint()
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=last)
    qtbot.mouseMove(canvas, first)
    with qtbot.waitSignal(canvas.face_drawn, timeout=1000) as drawn:
        qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=first)
    assert drawn.args is not None
    assert drawn.args[0] == pytest.approx((0.7, 0.3, 0.1, 0.2), abs=0.01)
    assert not chosen


def test_a_box_can_be_drawn_by_keys_and_left(qtbot: QtBot, canvas: VideoCanvas) -> None:
    canvas.set_drawing(True)
    for _ in range(3):
        qtbot.keyClick(canvas, Qt.Key.Key_Right)
    qtbot.keyClick(canvas, Qt.Key.Key_Up)
    for _ in range(2):
        qtbot.keyClick(canvas, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert "Enter" in canvas.accessibleDescription()
    with qtbot.waitSignal(canvas.face_drawn, timeout=1000) as drawn:
        qtbot.keyClick(canvas, Qt.Key.Key_Return)
    assert drawn.args is not None
    assert drawn.args[0] == pytest.approx((0.45, 0.29, 0.16, 0.30))
    with qtbot.waitSignal(canvas.drawing_left, timeout=1000):
        qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    canvas.set_drawing(False)
    assert canvas.accessibleDescription().startswith("Singer A")


def test_enter_without_a_box_leaves(qtbot: QtBot, canvas: VideoCanvas) -> None:
    canvas.set_drawing(True)
    with qtbot.waitSignal(canvas.drawing_left, timeout=1000):
        qtbot.keyClick(canvas, Qt.Key.Key_Return)


def test_a_click_is_no_box(qtbot: QtBot, canvas: VideoCanvas) -> None:
    canvas.set_drawing(True)
    with qtbot.waitSignal(canvas.drawing_left, timeout=1000):
        qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton)


def test_an_empty_canvas_asks_for_a_clip(qtbot: QtBot, canvas: VideoCanvas) -> None:
    canvas.show_picture(None, 0.0)
    with qtbot.waitSignal(canvas.activated, timeout=1000):
        qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton)
