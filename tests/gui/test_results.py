"""Finished voices come back: after another clip, in another range, in another session."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from editor import SLOW_MS, Editor

from app.demo import DemoClip


@pytest.fixture
def other(demo_clip: DemoClip, tmp_path: Path) -> Path:
    """A clip with other content."""
    path = tmp_path / "other.mkv"
    path.write_bytes(demo_clip.path.read_bytes() + b"\3")
    return path


def test_a_clip_opened_again_has_its_voices_without_computing(
    editor: Editor, demo_clip: DemoClip, other: Path, tmp_path: Path
) -> None:
    editor.open(demo_clip.path)
    editor.click_face("A")
    editor.isolate()
    samples = editor.session.voices["A"].read(0, demo_clip.samples)
    peaks = editor.session.voices["A"].peaks.copy()
    assert np.abs(samples).max() > 0.01
    editor.control.choose(("B",))
    assert editor.session.missing() == ["B"]
    editor.open(other)
    editor.qtbot.wait(300)
    assert editor.session.voices == {}, "another clip's voices are not taken"

    renamed = tmp_path / "renamed copy.mkv"
    renamed.write_bytes(demo_clip.path.read_bytes())
    started: list[str] = []
    editor.control.job_started.connect(started.append)
    editor.open(renamed)
    editor.until(lambda: "A" in editor.session.voices)
    editor.click_face("A")
    assert editor.session.can_export()
    assert not editor.window.named_actions["isolate"].isEnabled()
    assert editor.window.named_actions["compare"].isEnabled()
    np.testing.assert_array_equal(editor.session.voices["A"].read(0, demo_clip.samples), samples)
    np.testing.assert_array_equal(editor.session.voices["A"].peaks, peaks)
    assert not any("Isolating" in title for title in started)
    rate = demo_clip.sample_rate
    editor.control.set_range(rate, 2 * rate)
    assert editor.session.can_export(), "a part of it is there as well"


def test_a_cancelled_run_keeps_what_it_finished(
    editor: Editor, tmp_path: Path, demo_clip: DemoClip
) -> None:
    editor.open(demo_clip.path)
    editor.click_face("A")
    editor.trigger("isolate")

    def first_part() -> bool:
        voice = editor.session.voices.get("A")
        return voice is not None and voice.ready > 0

    editor.until(lambda: first_part() or not editor.control.busy)
    if editor.control.busy:  # a machine can be quick enough to finish four seconds at once
        editor.control.cancel()
        editor.qtbot.waitUntil(lambda: not editor.control.busy, timeout=SLOW_MS)
    voice = editor.session.voices["A"]
    assert voice.complete
    assert voice.stop > 0
    assert editor.session.heard_voices() == {"A": voice}
