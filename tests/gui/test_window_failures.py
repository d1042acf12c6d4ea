"""What the window says when something can't be done, and that it stays responsive."""

from __future__ import annotations

import os
import time
from pathlib import Path

import numpy as np
import pytest
from editor import SLOW_MS, Editor
from PySide6.QtCore import Qt, QTimer

from app.demo import DemoClip
from app.export.sound import SoundWriter

BEAT_MS = 5
LONGEST_WORK_S = 0.05
"""Processor time the window's thread may spend on one event: what the window itself is to blame
for, on a busy machine too."""
LONGEST_BLOCK_S = 1.0
"""Time without an event in all; lenient, as other programs hold up this one on a busy machine."""


def test_a_text_file_named_mp4_is_refused_in_the_banner(editor: Editor, tmp_path: Path) -> None:
    path = tmp_path / "lyrics.mp4"
    path.write_text("la la la\n" * 500)
    editor.window.open(path)
    editor.until(lambda: editor.banner() != "")
    assert "lyrics.mp4" in editor.banner()
    assert "Traceback" not in editor.banner()
    editor.until(lambda: not editor.control.busy)
    assert editor.window.named_actions["open"].isEnabled()


def test_a_sound_file_is_refused_for_its_missing_picture(editor: Editor, tmp_path: Path) -> None:
    path = tmp_path / "song.wav"
    with SoundWriter(path, 48_000, 2) as writer:
        writer.write(np.zeros((2, 48_000), np.float32))
    editor.window.open(path)
    editor.until(lambda: editor.banner() != "")
    assert "song.wav" in editor.banner()
    assert "picture" in editor.banner()


def test_a_refused_file_leaves_the_open_clip_alone(
    editor: Editor, demo_clip: DemoClip, tmp_path: Path
) -> None:
    editor.open(demo_clip.path)
    editor.window.open(tmp_path / "missing.mp4")
    editor.until(lambda: "missing.mp4" in editor.banner())
    assert editor.session.clip is not None
    assert editor.session.clip.path == demo_clip.path
    editor.key(Qt.Key.Key_1)
    assert editor.window.named_actions["isolate"].isEnabled()


def test_a_refused_file_does_not_disturb_the_running_job(
    editor: Editor, demo_clip: DemoClip, tmp_path: Path
) -> None:
    editor.open(demo_clip.path)
    editor.click_face("A")
    editor.trigger("isolate")
    editor.window.open(tmp_path / "missing.mp4")
    editor.until(lambda: "missing.mp4" in editor.banner())
    editor.until(lambda: not editor.control.busy)
    assert editor.session.voices["A"].complete


def test_a_stopped_search_can_be_taken_up_again(
    editor: Editor, demo_clip: DemoClip, tmp_path: Path
) -> None:
    path = tmp_path / "unseen.mkv"
    path.write_bytes(demo_clip.path.read_bytes() + b"\1")
    with editor.qtbot.waitSignal(editor.control.clip_changed, timeout=SLOW_MS):
        editor.window.open(path)
    assert editor.control.busy == "find_faces"
    editor.key(Qt.Key.Key_Escape)
    editor.until(lambda: not editor.control.busy)
    assert not editor.session.scene.complete
    editor.trigger("find")
    editor.until(lambda: editor.session.scene.complete)
    assert len(editor.session.scene.singers) == 2


def test_the_banner_can_be_closed(editor: Editor, tmp_path: Path) -> None:
    editor.window.open(tmp_path / "missing.mp4")
    editor.until(lambda: editor.banner() != "")
    close = editor.window.banner.findChild(object, "banner_close")
    editor.qtbot.mouseClick(close, Qt.MouseButton.LeftButton)
    assert editor.banner() == ""


def test_nothing_can_be_done_without_a_choice(editor: Editor, demo_clip: DemoClip) -> None:
    editor.open(demo_clip.path)
    for name in ("isolate", "export_now", "compare"):
        assert not editor.window.named_actions[name].isEnabled()
    hint = editor.window.job_bar.findChild(object, "job_stage")
    assert "Click the singer" in hint.text()


def test_the_window_stays_alive_while_it_scans_plays_and_isolates(
    editor: Editor, demo_clip: DemoClip, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "fresh.mkv"  # content the engine hasn't seen: the scan is a real one
    path.write_bytes(demo_clip.path.read_bytes() + os.urandom(8))
    beats: list[tuple[float, float]] = []
    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(lambda: beats.append((time.perf_counter(), time.thread_time())))
    timer.start(BEAT_MS)
    editor.open(path)
    editor.click_face("A")
    editor.isolate()
    timer.stop()
    assert len(beats) > 40
    blocked, worked = np.diff(np.array(beats), axis=0).max(axis=0)
    with capsys.disabled():
        print(f"\nlongest block of the event loop {blocked:.3f} s, own work in it {worked:.3f} s")
    assert worked < LONGEST_WORK_S
    assert blocked < LONGEST_BLOCK_S


def test_a_clip_that_vanishes_while_open_is_told(
    editor: Editor, demo_clip: DemoClip, tmp_path: Path
) -> None:
    path = tmp_path / "gone.mkv"
    path.write_bytes(demo_clip.path.read_bytes())
    editor.open(path)
    editor.player.pause()
    path.unlink()
    editor.player.seek(demo_clip.sample_rate)
    editor.until(lambda: "gone.mkv" in editor.banner())
