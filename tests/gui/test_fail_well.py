"""When something goes wrong: one sentence with a remedy, nothing lost, and the window goes on."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest
from editor import Editor
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from app.cli import main
from app.demo import DemoClip
from app.fault_details import fault_details
from app.gui.banner import Banner
from app.gui.engine_voices import VoiceTarget
from app.sentences import cause_and_remedy


@pytest.fixture
def fresh_clip(demo_clip: DemoClip, tmp_path: Path) -> Path:
    """A clip whose voices no cache holds."""
    path = tmp_path / "fresh.mkv"
    path.write_bytes(demo_clip.path.read_bytes() + os.urandom(8))
    return path


def test_cause_and_remedy_are_told_apart() -> None:
    assert cause_and_remedy("It is so; do that.") == ("It is so.", "Do that.")
    assert cause_and_remedy("A; b; c.") == ("A; b.", "C.")
    assert cause_and_remedy("Nothing to do.") == ("Nothing to do.", "")


def test_the_banner_shows_both_and_copies_details(editor: Editor) -> None:
    banner = editor.window.banner
    editor.control.problem.emit("The disk is full; free some space.")
    assert banner.text.text().endswith("The disk is full.")
    assert banner.remedy.text() == "Free some space."
    assert "The disk is full." in banner.accessibleName()
    button = banner.findChild(object, "banner_copy")
    assert button.isVisible()
    editor.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    copied = QGuiApplication.clipboard().text()
    assert copied.startswith("The disk is full; free some space.")
    assert "PySide6" in copied
    banner.show_notice("Saved.")
    assert not button.isVisible(), "good news needs no details"
    assert not banner.remedy.isVisible()


def test_details_hold_the_end_of_the_logs_and_no_home_folder(tmp_path: Path) -> None:
    lines = [f"line {number} in {Path.home()}/clips" for number in range(200)]
    (tmp_path / "window.log").write_text("\n".join(lines))
    text = fault_details("It broke.", tmp_path)
    assert "line 199 in ~/clips" in text
    assert "line 100 " not in text
    assert str(Path.home()) not in text


def _without_decoder(clip: Path, path: Path, codec: bytes) -> Path:
    """The clip with the name of one codec changed to one that nobody knows."""
    data = clip.read_bytes()
    assert data.count(codec) == 1
    path.write_bytes(data.replace(codec, codec[:-3] + b"XYZ"))
    return path


@pytest.mark.parametrize(
    ("codec", "what"), [(b"V_MPEG4/ISO/AVC", "picture"), (b"A_PCM/INT/LIT", "sound")]
)
def test_a_missing_codec_is_named_with_a_remedy(
    codec: bytes, what: str, editor: Editor, demo_clip: DemoClip, tmp_path: Path
) -> None:
    path = _without_decoder(demo_clip.path, tmp_path / "exotic.mkv", codec)
    editor.window.open(path)
    editor.until(lambda: "exotic.mkv" in editor.banner())
    assert f"The {what} of" in editor.banner()
    assert "no decoder" in editor.banner()
    assert "ProRes" in editor.window.banner.remedy.text()


def test_a_missing_codec_on_the_command_line(
    demo_clip: DemoClip, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = _without_decoder(demo_clip.path, tmp_path / "exotic.mkv", b"V_MPEG4/ISO/AVC")
    assert main(["faces", str(path)]) == 2
    assert "no decoder" in capsys.readouterr().err


def test_a_full_disk_is_seen_before_the_work(
    editor: Editor, fresh_clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor.open(fresh_clip)
    editor.click_face("A")
    free = shutil.disk_usage(fresh_clip)._replace(free=1_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: free)
    editor.trigger("isolate")
    assert "1 MB are free" in editor.banner()
    assert "cache" in editor.window.banner.remedy.text()
    assert not editor.control.busy
    assert "A" not in editor.session.voices
    monkeypatch.undo()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_disk_that_fills_up_costs_only_the_running_voice(
    editor: Editor, fresh_clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor.open(fresh_clip)
    editor.click_face("A")
    editor.isolate()
    kept = editor.session.voices["A"]
    editor.click_face("B")
    begin = editor.session.start_voices

    def on_a_full_disk(singers: list[str]) -> list[VoiceTarget]:
        targets = begin(singers)
        for target in targets:
            target.file.unlink()
            target.file.symlink_to("/dev/full")
        return targets

    monkeypatch.setattr(editor.session, "start_voices", on_a_full_disk)
    editor.trigger("isolate")
    editor.until(lambda: not editor.control.busy and "full" in editor.banner())
    assert "No space left" in editor.banner()
    assert "B" not in editor.session.voices
    monkeypatch.undo()
    assert editor.session.voices["A"] is kept
    assert kept.complete
    editor.isolate()
    assert editor.session.voices["B"].complete, "with room again it just works"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs a folder nobody can write")
def test_a_folder_that_cannot_be_written_is_told(
    demo_clip: DemoClip, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    locked = tmp_path / "locked"
    locked.mkdir()
    locked.chmod(0o500)
    folder = locked if not os.access(locked, os.W_OK) else Path("/proc/self")
    code = main(["separate", str(demo_clip.path), "--folder", str(folder), "--out", "1"])
    said = capsys.readouterr().err
    assert code in (2, 3)
    assert str(folder) in said
    assert "Traceback" not in said
    assert said.strip().count("\n") <= 1


def test_a_banner_without_a_window_says_nothing(editor: Editor) -> None:
    assert Banner().said() == ""
