"""What is there again after the program was closed: the queue, and faces drawn by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from editor import SLOW_MS, Editor
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from app.demo import DemoClip
from app.gui import dialogs
from app.gui.main_window import MainWindow


@pytest.fixture
def start(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], MainWindow]]:
    """Starts the program anew, with the folders of this test."""
    monkeypatch.setattr("app.gui.audio_output._supported_format", lambda _device, _rate: None)
    windows: list[MainWindow] = []

    def begin() -> MainWindow:
        windows.append(MainWindow())
        windows[-1].show()
        return windows[-1]

    yield begin
    for window in windows:
        window.close()
        window.deleteLater()


def test_the_queue_is_there_after_a_restart(
    start: Callable[[], MainWindow], qtbot: QtBot, tmp_path: Path
) -> None:
    takes = [tmp_path / name for name in ("one.mkv", "two.mkv")]
    first = start()
    first.queue.add(takes)
    qtbot.waitUntil(lambda: len(first.queue.queue.items) == 2, timeout=SLOW_MS)
    first.queue.cancel(first.queue.queue.items[0].id)
    rule = first.queue_panel.findChild(QComboBox, "queue_rule")
    assert rule is not None
    rule.setCurrentIndex(1)
    first.close()
    second = start()
    qtbot.waitUntil(lambda: second.queue_panel.isVisible(), timeout=SLOW_MS)
    assert [(item.path, item.state) for item in second.queue.queue.items] == [
        (takes[0], "cancelled"),
        (takes[1], "waiting"),
    ]
    assert not second.queue.going, "nothing begins by itself"
    assert second.queue.rule == "all"
    rule = second.queue_panel.findChild(QComboBox, "queue_rule")
    assert rule is not None
    assert rule.currentIndex() == 1
    for item in second.queue.queue.items:
        second.queue.remove(item.id)
    second.close()
    third = start()
    qtbot.wait(300)
    assert third.queue.queue.items == ()
    assert not third.queue_panel.isVisible()


def test_a_drawn_face_is_still_chosen_in_a_project_opened_again(
    editor: Editor,
    demo_clip: DemoClip,
    half_found: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    editor.open(half_found)
    editor.player.pause()
    x, y, width, height = demo_clip.boxes[1]
    wide, high = demo_clip.size
    editor.window.people.add_face((x / wide, y / high, width / wide, height / high))
    editor.until(lambda: editor.session.selected == ("Face1",))
    editor.control.choose(("A", "Face1"))
    monkeypatch.setattr(dialogs, "ask_project_file", lambda _parent, proposal: proposal)
    with editor.qtbot.waitSignal(editor.window.project.saved, timeout=SLOW_MS) as saved:
        editor.trigger("save")
    editor.open(demo_clip.path)
    with editor.qtbot.waitSignal(editor.control.clip_changed, timeout=SLOW_MS):
        editor.window.open(saved.args[0])
    editor.until(lambda: editor.session.selected == ("A", "Face1"))
    assert editor.session.scene.singer("Face1") is not None
    assert not editor.window.isWindowModified()
    editor.control.choose(("A",))
    editor.control.people_changed()
    assert editor.session.selected == ("A",), "what was awaited is not chosen twice"
