"""Cancelling ends within a second, whatever holds the job up; the rest of the work goes on."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from editor import Editor
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from app.demo import DemoClip
from app.gui import workers
from app.gui.workers import JobBridge, JobHandlers


@pytest.fixture
def bridge(qtbot: QtBot) -> Iterator[JobBridge]:
    parent = QObject()
    bridge = JobBridge(parent)
    yield bridge
    bridge.close()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a file that can be made to wait")
def test_a_job_that_hangs_is_given_up_and_the_engine_works_on(
    bridge: JobBridge, qtbot: QtBot, tmp_path: Path
) -> None:
    stuck = tmp_path / "stuck.mkv"
    os.mkfifo(stuck)  # opening it waits for a writer, as a lost network drive does
    ended: list[str] = []
    opened: list[object] = []
    noted = JobHandlers(
        lambda _clip: ended.append("done"),
        ended.append,
        on_cancelled=lambda: ended.append("cancelled"),
    )
    job = bridge.run("open_clip", stuck, handlers=noted)
    qtbot.wait(1500)
    assert ended == []
    asked = time.monotonic()
    bridge.cancel(job)
    qtbot.waitUntil(lambda: bool(ended), timeout=20_000)
    assert ended == ["cancelled"]
    assert time.monotonic() - asked < 1 + 0.5, "half a second for a busy machine"
    bridge.run("name_device", handlers=JobHandlers(opened.append, ended.append))
    qtbot.waitUntil(lambda: bool(opened), timeout=60_000)
    assert ended == ["cancelled"], "told once"


def test_what_a_cancelled_job_finished_stays(
    editor: Editor, demo_clip: DemoClip, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "fresh.mkv"
    path.write_bytes(demo_clip.path.read_bytes() + os.urandom(8))
    editor.open(path)
    editor.click_face("A")
    monkeypatch.setattr(workers, "CANCEL_MS", 0)  # sooner than any job can answer
    editor.trigger("isolate")
    editor.trigger("cancel")
    editor.until(lambda: not editor.control.busy)
    assert all(voice.complete for voice in editor.session.voices.values())
    editor.isolate()
    assert editor.session.voices["A"].complete
    assert editor.session.voices["A"].stop == demo_clip.samples
    assert editor.banner() == ""
