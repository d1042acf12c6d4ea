"""The queue in a real window: dropped clips, two in a row, cancel, results that come back."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import soundfile
from editor import SLOW_MS, Editor
from PySide6.QtWidgets import QApplication, QComboBox
from queue_hands import choose, press, states

from app.demo import DemoClip
from app.gui.language import set_language


@pytest.fixture
def folder(demo_clip: DemoClip, tmp_path: Path) -> Path:
    """A folder as it comes from a shoot: two clips and something else."""
    folder = tmp_path / "shoot"
    (folder / "day 2").mkdir(parents=True)
    content = demo_clip.path.read_bytes()
    (folder / "one.mkv").write_bytes(content)
    (folder / "day 2" / "two.mkv").write_bytes(content + b"\4")
    (folder / "notes.txt").write_text("no clip")
    return folder


def test_a_dropped_folder_is_isolated_and_exported(
    worker: Editor, folder: Path, demo_clip: DemoClip
) -> None:
    worker.drop(folder)
    worker.until(lambda: worker.window.queue_panel.isVisible())
    assert worker.window.named_actions["queue"].isChecked()
    rows = worker.window.queue_panel.list
    assert [rows.topLevelItem(n).text(0) for n in range(2)] == ["one.mkv", "two.mkv"]
    rule = worker.window.queue_panel.findChild(QComboBox, "queue_rule")
    assert rule is not None
    rule.setCurrentIndex(1)
    shown: dict[int, list[float]] = {}

    def note(number: int) -> None:
        item = worker.window.queue.queue.get(number)
        assert item is not None
        shown.setdefault(number, []).append(item.fraction)

    worker.window.queue.progressed.connect(note)
    press(worker, "start")
    worker.qtbot.waitUntil(lambda: states(worker) == ["done", "done"], timeout=4 * SLOW_MS)
    assert not worker.window.queue.going
    assert all(fractions == sorted(fractions) for fractions in shown.values())
    assert len(shown) == 2
    for item in worker.window.queue.queue.items:
        assert len(item.files) == 2
        for path in item.files:
            sound, rate = soundfile.read(path, always_2d=True)
            assert path.parent == item.path.parent
            assert (sound.shape, rate) == ((demo_clip.samples, 2), demo_clip.sample_rate)
    assert "✓ Done" in rows.topLevelItem(0).text(1)
    rule.setCurrentIndex(0)

    # What the queue has computed is there at once when the clip is opened.
    worker.open(folder / "one.mkv")
    worker.until(lambda: sorted(worker.session.voices) == ["A", "B"])
    worker.control.choose(("A", "B"))
    assert worker.session.can_export()


def test_a_cancelled_clip_stops_within_a_second_and_the_next_one_runs(
    worker: Editor, folder: Path
) -> None:
    for name in ("one.mkv", "day 2/two.mkv"):
        path = folder / name
        path.write_bytes(path.read_bytes() + b"\5")  # faces nobody has found before
    broken = folder / "broken.mp4"
    broken.write_text("no video")
    worker.drop(folder / "one.mkv", broken)
    worker.until(lambda: states(worker) == ["waiting", "waiting"])
    press(worker, "start")

    def begun() -> bool:
        item = worker.window.queue.queue.running
        return item is not None and item.path.name == "one.mkv" and item.fraction > 0

    worker.until(begun)
    choose(worker, 0)
    asked = time.monotonic()
    press(worker, "cancel")
    worker.until(lambda: states(worker)[0] == "cancelled")
    assert time.monotonic() - asked < 1.5, "half a second more for a busy machine"
    worker.until(lambda: states(worker) == ["cancelled", "failed"])
    assert "broken.mp4" in worker.window.queue_panel.list.topLevelItem(1).text(1)
    assert list(folder.glob("*.wav")) == []
    assert worker.banner() == "", "a clip of the queue is told of in its row"
    choose(worker, 0)
    press(worker, "retry")
    assert states(worker) == ["waiting", "failed"]
    choose(worker, 1)
    press(worker, "up")
    assert states(worker) == ["failed", "waiting"]
    press(worker, "remove")
    assert states(worker) == ["waiting"]


def test_files_of_the_queue_are_called_as_people_are_in_the_window(
    worker: Editor, folder: Path, qapp: QApplication
) -> None:
    set_language(qapp, "de")
    try:
        worker.window.queue.add([folder / "one.mkv"])
        worker.until(lambda: states(worker) == ["waiting"])
        press(worker, "start")
        worker.qtbot.waitUntil(lambda: states(worker) == ["done"], timeout=4 * SLOW_MS)
    finally:
        set_language(qapp, "en")
    (path,) = worker.window.queue.queue.items[0].files
    assert path.name in ("one_Person-A_isolated.wav", "one_Person-B_isolated.wav")


def test_one_dropped_file_is_opened_and_a_folder_without_clips_is_told(
    worker: Editor, folder: Path, tmp_path: Path
) -> None:
    with worker.qtbot.waitSignal(worker.control.clip_changed, timeout=SLOW_MS):
        worker.drop(folder / "one.mkv")
    assert states(worker) == []
    (tmp_path / "empty").mkdir()
    worker.drop(tmp_path / "empty")
    worker.until(lambda: "no video" in worker.banner())
    worker.until(lambda: not worker.control.busy)
