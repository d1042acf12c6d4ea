"""The clip is taken away while it is open, or the folder for the files can't be written to."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from editor import Editor

from app.demo import DemoClip


@pytest.fixture
def lent_clip(demo_clip: DemoClip, tmp_path: Path) -> Path:
    """A clip on a drive that can be pulled out; nothing about it is known."""
    path = tmp_path / "lent.mkv"
    path.write_bytes(demo_clip.path.read_bytes() + os.urandom(8))
    return path


def test_a_clip_that_was_taken_away_is_told_when_it_is_isolated_and_comes_back(
    editor: Editor, lent_clip: Path, tmp_path: Path
) -> None:
    editor.open(lent_clip)
    editor.player.pause()
    editor.click_face("A")
    away = lent_clip.rename(tmp_path / "elsewhere")
    editor.trigger("isolate")
    editor.until(lambda: not editor.control.busy and editor.banner() != "")
    assert "lent.mkv" in editor.banner()
    assert "Traceback" not in editor.banner()
    assert "unexpected" not in editor.banner()
    assert editor.window.banner.remedy.text()
    assert editor.session.selected == ("A",)
    assert "A" not in editor.session.voices
    away.rename(lent_clip)
    editor.isolate()
    assert editor.session.voices["A"].complete, "back in its place it just works"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs a folder nobody can write")
def test_a_folder_that_cannot_be_written_to_is_told_and_another_one_does(
    editor: Editor, lent_clip: Path, tmp_path: Path
) -> None:
    editor.open(lent_clip)
    editor.player.pause()
    editor.click_face("A")
    editor.isolate()
    locked = tmp_path / "locked"
    locked.mkdir()
    locked.chmod(0o500)
    folder = locked if not os.access(locked, os.W_OK) else Path("/proc/self")
    settings = editor.session.edits.export
    editor.session.edits = replace(
        editor.session.edits, export=replace(settings, folder=str(folder))
    )
    editor.trigger("export_now")
    editor.until(lambda: not editor.control.busy and editor.banner() != "")
    assert str(folder) in editor.banner()
    assert "Traceback" not in editor.banner()
    assert "unexpected" not in editor.banner()
    other = tmp_path / "stems"
    other.mkdir()
    editor.session.edits = replace(
        editor.session.edits, export=replace(settings, folder=str(other))
    )
    assert [path.parent for path in editor.export()] == [other]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a file that cannot be read to its end")
def test_a_clip_on_a_lost_drive_does_not_keep_the_next_one_from_opening(
    editor: Editor, demo_clip: DemoClip, tmp_path: Path
) -> None:
    lost = tmp_path / "lost.mkv"
    os.mkfifo(lost)  # whoever opens it waits until somebody writes
    editor.window.open(lost)
    editor.qtbot.wait(300)
    editor.open(demo_clip.path)
    editor.player.pause()
    with lost.open("wb"):
        pass
    editor.qtbot.wait(300)
    editor.click_face("A")
    editor.isolate()
    assert editor.session.voices["A"].complete, "the late one changes nothing"
