"""The bar of a job with several stages goes one way in the window."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from editor import Editor

from app.demo import DemoClip
from app.jobs import Progress


@pytest.mark.usefixtures("real_model")
def test_isolating_with_marked_parts_never_moves_the_bar_back(
    editor: Editor, demo_clip: DemoClip, tmp_path: Path
) -> None:
    path = tmp_path / "marked.mkv"
    path.write_bytes(demo_clip.path.read_bytes() + os.urandom(8))
    editor.open(path)
    editor.player.pause()
    editor.click_face("A")
    editor.control.set_range(0, demo_clip.sample_rate)
    editor.trigger("only_this")
    editor.trigger("clear_range")
    shown: list[Progress] = []
    editor.control.job_progressed.connect(shown.append)
    try:
        editor.isolate()
    finally:
        editor.control.job_progressed.disconnect(shown.append)
    assert {progress.stage for progress in shown} == {"Hearing the marked parts", "Separating"}
    fractions = [progress.fraction for progress in shown]
    assert fractions == sorted(fractions)
