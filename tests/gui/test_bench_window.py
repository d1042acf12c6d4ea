"""The measurement of the window measures: blocks are seen for what they are, a session is whole."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from app.bench import clip as bench_clip
from app.bench import window
from app.errors import BadInputError
from app.gui.heartbeat import Heartbeat
from audio_models.registry import DEFAULT_MODEL
from audio_models.store import OWN_FOLDER, find_weights


def test_a_sleeping_and_a_working_block_are_told_apart(qtbot: QtBot) -> None:
    heart = Heartbeat()
    qtbot.wait(50)
    QTimer.singleShot(0, lambda: time.sleep(0.3))
    qtbot.wait(400)
    slept = heart.take()
    assert slept.length >= 0.3
    assert slept.worked < 0.15

    def work() -> None:
        began = time.thread_time()
        while time.thread_time() - began < 0.3:
            pass

    QTimer.singleShot(0, work)
    qtbot.wait(400)
    worked = heart.take()
    assert worked.length >= worked.worked >= 0.3
    assert heart.take().length < 0.3, "taken once, a block is not told again"


def test_a_whole_session_on_a_small_clip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not find_weights(DEFAULT_MODEL, OWN_FOLDER)[1].is_file():
        pytest.skip("the weights of the default model are not in place")
    loop = bench_clip.render_loop(tmp_path, (320, 180))
    monkeypatch.setattr(window, "render_loop", lambda *_, **__: loop)
    monkeypatch.setattr(window, "_LONG_S", 16.0)
    monkeypatch.setattr(window, "_LONG_WATCH_S", 1.0)
    report = window.bench_window(4.0, size=(320, 180))
    assert report.screen == "offscreen"
    assert 0 < report.first_paint_s < report.first_picture_s < report.first_face_s < 120
    assert 0 < report.first_singer_s <= report.first_face_s
    assert 0 < report.first_sound_s < 120
    assert set(report.blocks) == {"start", "scan", "isolate", "play"}
    assert all(block["length"] > 0.004 for block in report.blocks.values())
    assert 50 < report.frames_due <= 101
    assert 0 <= report.frames_dropped < report.frames_due
    assert len(report.peak_bytes) == 2, "the window and the engine"
    assert all(5e7 < peak < 4e9 for peak in report.peak_bytes)
    assert report.long_seconds == 16.0
    json.dumps(report.facts())
    text = "\n".join(report.lines())
    assert f"{1000 * report.longest_block_s:.0f} ms" in text


def test_too_short_a_clip_is_refused() -> None:
    from app.cli import main

    assert main(["bench", "window", "--seconds", "1"]) == BadInputError.exit_code
