"""An editor's day: a folder of clips left to the queue, one stopped and taken up again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from day import heard, likeness_db
from editor import SLOW_MS, Editor
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QComboBox, QToolButton

from app.demo import DemoClip


@pytest.fixture
def evening(
    editor: Editor, engine_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Editor]:
    """Somebody with an empty queue, before and after."""
    for name in ("SOLOVOX_CACHE_DIR", "SOLOVOX_DATA_DIR", "SOLOVOX_CONFIG_DIR"):
        monkeypatch.setenv(name, str(engine_folder / name.lower()))
    yield editor
    queue = editor.window.queue
    queue.stop_queue()
    if queue.queue.running is not None:
        queue.cancel(queue.queue.running.id)
        editor.until(lambda: queue.queue.running is None)
    for item in queue.queue.items:
        queue.remove(item.id)
    queue.show_queue(False)


def _drop(editor: Editor, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    copy, place = Qt.DropAction.CopyAction, QPointF(300, 300)
    enter = QDragEnterEvent(place.toPoint(), copy, data, buttons, keys)
    QApplication.sendEvent(editor.window, enter)
    QApplication.sendEvent(editor.window, QDropEvent(place, copy, data, buttons, keys))


def _press(editor: Editor, name: str) -> None:
    button = editor.window.queue_panel.findChild(QToolButton, f"queue_{name}")
    assert button is not None
    editor.until(button.isEnabled)
    editor.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def _states(editor: Editor) -> list[str]:
    return [item.state for item in editor.window.queue.queue.items]


def _choose(editor: Editor, row: int) -> None:
    rows = editor.window.queue_panel.list
    rows.setCurrentItem(rows.topLevelItem(row))


@pytest.mark.usefixtures("real_model")
def test_a_folder_overnight(evening: Editor, demo_clip: DemoClip, tmp_path: Path) -> None:
    shoot = tmp_path / "shoot"
    (shoot / "camera 2").mkdir(parents=True)
    takes = [shoot / "one.mkv", shoot / "camera 2" / "two.mkv"]
    for number, take in enumerate(takes):
        take.write_bytes(demo_clip.path.read_bytes() + bytes([7, number]))
    (shoot / "notes.txt").write_text("no clip")

    # Drop the folder and let all singers be isolated.
    _drop(evening, shoot)
    evening.until(lambda: _states(evening) == ["waiting", "waiting"])
    rule = evening.window.queue_panel.findChild(QComboBox, "queue_rule")
    assert rule is not None
    rule.setCurrentIndex(1)
    stages: dict[int, list[str]] = {}

    def note(number: int) -> None:
        item = evening.window.queue.queue.get(number)
        assert item is not None
        stages.setdefault(number, []).append(item.stage)

    evening.window.queue.progressed.connect(note)
    _press(evening, "start")

    # The first one is stopped in the middle: no half file is left, and the second goes on.
    def begun() -> bool:
        item = evening.window.queue.queue.items[0]
        return item.state == "running" and item.fraction > 0

    evening.until(begun)
    _choose(evening, 0)
    _press(evening, "cancel")
    evening.until(lambda: _states(evening)[0] == "cancelled")
    assert list(shoot.glob("*.wav")) == []
    evening.qtbot.waitUntil(lambda: _states(evening)[1] == "done", timeout=3 * SLOW_MS)

    # Taken up again, it is done as well.
    _choose(evening, 0)
    _press(evening, "retry")
    if not evening.window.queue.going:
        _press(evening, "start")
    evening.qtbot.waitUntil(lambda: _states(evening) == ["done", "done"], timeout=3 * SLOW_MS)
    truth = [heard(path) for path in demo_clip.voices]
    for take, item in zip(takes, evening.window.queue.queue.items, strict=True):
        names = [f"{take.stem}_Singer-{who}_isolated.wav" for who in "AB"]
        assert [path.name for path in item.files] == names
        for own, path in enumerate(item.files):
            voice = heard(path)
            assert voice.shape == (2, demo_clip.samples)
            right, wrong = (likeness_db(truth[who], voice) for who in (own, 1 - own))
            assert right > wrong + 6, path.name

    # In the morning the clip is opened: everything is there, and exporting computes nothing.
    started: list[str] = []
    evening.control.job_started.connect(started.append)
    evening.open(takes[0])
    evening.until(lambda: sorted(evening.session.voices) == ["A", "B"])
    evening.click_face("B")
    assert evening.session.can_export()
    (again,) = evening.export()
    assert again.name == "one_Singer-B_isolated_02.wav"
    assert (heard(again) == heard(shoot / "one_Singer-B_isolated.wav")).all()
    assert not any("Isolating" in title for title in started)

    # The same clip a second time through the queue: neither faces nor voices are computed.
    stages.clear()
    evening.window.queue.add([takes[1]])
    evening.until(lambda: _states(evening) == ["done", "done", "waiting"])
    _press(evening, "start")
    evening.qtbot.waitUntil(lambda: _states(evening)[2] == "done", timeout=SLOW_MS)
    assert not any("Separating" in stage for told in stages.values() for stage in told)
    twice = evening.window.queue.queue.items[2].files
    assert [path.stem[-3:] for path in twice] == ["_02", "_02"]
    for first, second in zip(evening.window.queue.queue.items[1].files, twice, strict=True):
        assert (heard(first) == heard(second)).all()
    rule.setCurrentIndex(0)
