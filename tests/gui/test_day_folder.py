"""An editor's day: a folder of clips left to the queue, one stopped and taken up again."""

from __future__ import annotations

from pathlib import Path

import pytest
from day import heard, likeness_db
from editor import SLOW_MS, Editor
from PySide6.QtWidgets import QComboBox
from queue_hands import choose, press, states

from app.demo import DemoClip


@pytest.mark.usefixtures("real_model")
def test_a_folder_overnight(worker: Editor, demo_clip: DemoClip, tmp_path: Path) -> None:
    shoot = tmp_path / "shoot"
    (shoot / "camera 2").mkdir(parents=True)
    takes = [shoot / "one.mkv", shoot / "camera 2" / "two.mkv"]
    for number, take in enumerate(takes):
        take.write_bytes(demo_clip.path.read_bytes() + bytes([7, number]))
    (shoot / "notes.txt").write_text("no clip")

    # Drop the folder and let all singers be isolated.
    worker.drop(shoot)
    worker.until(lambda: states(worker) == ["waiting", "waiting"])
    rule = worker.window.queue_panel.findChild(QComboBox, "queue_rule")
    assert rule is not None
    rule.setCurrentIndex(1)
    stages: dict[int, list[str]] = {}

    def note(number: int) -> None:
        item = worker.window.queue.queue.get(number)
        assert item is not None
        stages.setdefault(number, []).append(item.stage)

    worker.window.queue.progressed.connect(note)
    press(worker, "start")

    # The first one is stopped in the middle: no half file is left, and the second goes on.
    def begun() -> bool:
        item = worker.window.queue.queue.items[0]
        return item.state == "running" and item.fraction > 0

    worker.until(begun)
    choose(worker, 0)
    press(worker, "cancel")
    worker.until(lambda: states(worker)[0] == "cancelled")
    assert list(shoot.glob("*.wav")) == []
    worker.qtbot.waitUntil(lambda: states(worker)[1] == "done", timeout=3 * SLOW_MS)

    # Taken up again, it is done as well.
    choose(worker, 0)
    press(worker, "retry")
    if not worker.window.queue.going:
        press(worker, "start")
    worker.qtbot.waitUntil(lambda: states(worker) == ["done", "done"], timeout=3 * SLOW_MS)
    truth = [heard(path) for path in demo_clip.voices]
    for take, item in zip(takes, worker.window.queue.queue.items, strict=True):
        names = [f"{take.stem}_Singer-{who}_isolated.wav" for who in "AB"]
        assert [path.name for path in item.files] == names
        for own, path in enumerate(item.files):
            voice = heard(path)
            assert voice.shape == (2, demo_clip.samples)
            right, wrong = (likeness_db(truth[who], voice) for who in (own, 1 - own))
            assert right > wrong + 6, path.name

    # In the morning the clip is opened: everything is there, and exporting computes nothing.
    started: list[str] = []
    worker.control.job_started.connect(started.append)
    worker.open(takes[0])
    worker.until(lambda: sorted(worker.session.voices) == ["A", "B"])
    worker.click_face("B")
    assert worker.session.can_export()
    (again,) = worker.export()
    assert again.name == "one_Singer-B_isolated_02.wav"
    assert (heard(again) == heard(shoot / "one_Singer-B_isolated.wav")).all()
    assert not any("Isolating" in title for title in started)

    # The same clip a second time through the queue: neither faces nor voices are computed.
    stages.clear()
    worker.window.queue.add([takes[1]])
    worker.until(lambda: states(worker) == ["done", "done", "waiting"])
    press(worker, "start")
    worker.qtbot.waitUntil(lambda: states(worker)[2] == "done", timeout=SLOW_MS)
    assert not any("Separating" in stage for told in stages.values() for stage in told)
    twice = worker.window.queue.queue.items[2].files
    assert [path.stem[-3:] for path in twice] == ["_02", "_02"]
    for first, second in zip(worker.window.queue.queue.items[1].files, twice, strict=True):
        assert (heard(first) == heard(second)).all()
    rule.setCurrentIndex(0)
