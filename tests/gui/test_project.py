"""Projects in a real window: saved, opened again, moved, recovered."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from editor import SLOW_MS, Editor
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QToolButton
from pytestqt.qtbot import QtBot

from app.demo import DemoClip
from app.gui import dialogs
from app.gui.main_window import MainWindow
from app.project.document import read_project

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def clip(demo_clip: DemoClip, tmp_path: Path) -> Path:
    """A private copy of the demo clip in a folder of its own."""
    (tmp_path / "job").mkdir()
    path = tmp_path / "job" / "duet.mkv"
    path.write_bytes(demo_clip.path.read_bytes())
    return path


@pytest.fixture
def saving(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Answers the save dialog with what it proposes."""
    proposals: list[Path] = []

    def agree(_parent: object, proposal: Path) -> Path:
        proposals.append(proposal)
        return proposal

    monkeypatch.setattr(dialogs, "ask_project_file", agree)
    return proposals


@pytest.fixture
def start(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Editor]]:
    """Starts the program anew, with the folders of this test."""
    monkeypatch.setattr("app.gui.audio_output._supported_format", lambda _device, _rate: None)
    windows: list[MainWindow] = []

    def begin(path: Path | None = None) -> Editor:
        window = MainWindow()
        windows.append(window)
        window.show()
        window.project.start(path)
        return Editor(window, qtbot)

    yield begin
    for window in windows:
        window.close()
        window.deleteLater()


def _offer(editor: Editor) -> str:
    offers = editor.window.offers
    return offers.text.text() if offers.isVisible() else ""


def _answer(editor: Editor, number: int) -> None:
    button = editor.window.offers.findChild(QToolButton, f"offer_answer_{number}")
    assert button is not None
    editor.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def _save(editor: Editor) -> Path:
    with editor.qtbot.waitSignal(editor.window.project.saved, timeout=SLOW_MS) as saved:
        editor.qtbot.keyClick(editor.window, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert saved.args is not None
    return saved.args[0]


def _open_project(editor: Editor, path: Path) -> None:
    with editor.qtbot.waitSignal(editor.control.clip_changed, timeout=SLOW_MS):
        editor.window.open(path)
    editor.until(lambda: editor.session.scene.complete and not editor.control.busy)


def _edit(editor: Editor, rate: int) -> None:
    """Make a few decisions."""
    editor.player.pause()
    editor.control.rename("B", "Ai Ono")
    editor.control.set_range(rate, 3 * rate)
    editor.click_face("B")


def test_a_project_comes_back_as_it_was_left(
    editor: Editor, clip: Path, saving: list[Path], demo_clip: DemoClip
) -> None:
    rate = demo_clip.sample_rate
    editor.open(clip)
    assert editor.window.windowTitle() == "duet.mkv[*] — Solovox"
    assert not editor.window.isWindowModified()
    _edit(editor, rate)
    assert editor.window.isWindowModified()
    editor.player.seek(2 * rate)
    path = _save(editor)
    assert saving == [path] == [clip.with_suffix(".solovox")]
    assert editor.window.windowTitle() == "duet.solovox[*] — Solovox"
    assert not editor.window.isWindowModified()
    assert "duet.solovox" in editor.banner()
    edits = editor.session.edits
    editor.open(demo_clip.path)
    assert editor.session.edits != edits
    _open_project(editor, path)
    assert editor.session.edits == edits
    assert [card.name for card in editor.session.scene.singers] == ["Singer A", "Ai Ono"]
    editor.until(lambda: editor.player.position == 2 * rate)
    assert not editor.player.playing
    assert not editor.window.isWindowModified()
    assert not editor.window.named_actions["undo"].isEnabled(), "opening is no act"
    editor.control.rename("A", "Ruth")
    assert editor.window.isWindowModified()
    editor.trigger("undo")
    assert not editor.window.isWindowModified()
    assert _save(editor) == path, "the second time nobody is asked"
    assert len(saving) == 1


def test_autosave_never_writes_the_project_file(
    editor: Editor, clip: Path, saving: list[Path]
) -> None:
    editor.open(clip)
    editor.control.rename("A", "Ruth")
    path = _save(editor)
    before = path.read_bytes()
    editor.control.rename("A", "Rose")
    kept = editor.window.project._kept
    assert kept._saver is not None
    assert kept._slot is not None
    assert kept._saver.flush()
    state = kept._slot.read()
    assert state is not None
    assert state.project == path
    assert state.document.project.edits.people.names == {"A": "Rose"}
    assert path.read_bytes() == before
    editor.trigger("undo")


def test_a_file_changed_elsewhere_is_asked_about(
    editor: Editor, clip: Path, saving: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    editor.open(clip)
    editor.control.rename("A", "Ruth")
    path = _save(editor)
    theirs = path.read_text().replace("Ruth", "Rahel")
    path.write_text(theirs)
    editor.control.rename("A", "Rose")
    asked: list[Path] = []

    def answer(_parent: object, asked_path: Path) -> bool:
        asked.append(asked_path)
        return len(asked) > 1

    monkeypatch.setattr(dialogs, "may_replace_project", answer)
    editor.trigger("save")
    editor.until(lambda: asked == [path])
    assert path.read_text() == theirs
    assert editor.window.isWindowModified()
    _save(editor)
    assert asked == [path, path]
    assert read_project(path).project.edits.people.names == {"A": "Rose"}


def test_a_newer_or_damaged_file_is_one_sentence(
    editor: Editor, demo_clip: DemoClip, tmp_path: Path
) -> None:
    editor.open(demo_clip.path)
    path = tmp_path / "song.solovox"
    for content, words in (
        (json.dumps({"format": "solovox project", "version": 9}), "newer version"),
        ('{"format": "solovox pro', "damaged"),
    ):
        path.write_text(content)
        editor.window.open(path)
        editor.until(lambda words=words: words in editor.banner())  # type: ignore[misc]
        assert "song.solovox" in editor.banner()
        assert path.read_text() == content
    assert editor.session.clip is not None
    assert editor.session.clip.path == demo_clip.path, "what was open stays open"


def test_moved_media_is_found_or_asked_for_and_verified(
    editor: Editor,
    clip: Path,
    saving: list[Path],
    demo_clip: DemoClip,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    editor.open(clip)
    editor.control.rename("A", "Ruth")
    path = _save(editor)
    editor.open(demo_clip.path)
    beside = clip.rename(clip.with_name("take 7.mkv"))
    _open_project(editor, path)
    assert editor.session.clip is not None
    assert editor.session.clip.path == beside
    assert editor.session.edits.people.names == {"A": "Ruth"}

    editor.open(demo_clip.path)
    far = tmp_path / "other disk" / "deep"
    far.mkdir(parents=True)
    moved = beside.rename(far / "x.mkv")
    wrong = far / "duet.mkv"
    wrong.write_bytes(moved.read_bytes() + b"!")
    answers = iter([wrong, None, moved])
    monkeypatch.setattr(dialogs, "ask_moved_clip", lambda *_: next(answers))
    editor.window.open(path)
    editor.until(lambda: "duet.mkv" in _offer(editor))
    _answer(editor, 0)
    editor.until(lambda: "not the clip this project was made with" in editor.banner())
    editor.until(lambda: "duet.mkv" in _offer(editor))
    _answer(editor, 0)
    editor.until(lambda: "duet.mkv" in _offer(editor))
    with editor.qtbot.waitSignal(editor.control.clip_changed, timeout=SLOW_MS):
        _answer(editor, 0)
    assert editor.session.clip.path == moved
    editor.until(lambda: editor.session.edits.people.names == {"A": "Ruth"})
    editor.until(lambda: not editor.control.busy)
    _save(editor)
    assert read_project(path).project.media.absolute == str(moved)


_CRASH = """
import os, signal, sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from app.gui import audio_output
from app.gui.main_window import MainWindow
if __name__ == "__main__":
    audio_output._supported_format = lambda _device, _rate: None
    application = QApplication([])
    window = MainWindow()
    window.show()
    window.project.start(Path(sys.argv[1]))
    def work():
        session = window.controller.session
        if not session.scene.complete or window.controller.busy:
            return
        timer.stop()
        window.controller.rename("B", "Ai Ono")
        window.controller.set_range(1000, 99000)
        QTimer.singleShot(int(sys.argv[2]), lambda: os.kill(os.getpid(), signal.SIGKILL))
    timer = QTimer()
    timer.timeout.connect(work)
    timer.start(20)
    application.exec()
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs a signal that can't be caught")
def test_a_killed_program_offers_its_work_at_the_next_start(
    clip: Path, tmp_path: Path, start: Callable[..., Editor]
) -> None:
    script = tmp_path / "crash.py"
    script.write_text(_CRASH)
    done = subprocess.run(
        [sys.executable, str(script), str(clip), "400"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        timeout=180,
    )
    assert done.returncode == -signal.SIGKILL
    editor = start()
    editor.until(lambda: "ended unexpectedly" in _offer(editor))
    assert "duet.mkv" in _offer(editor)
    with editor.qtbot.waitSignal(editor.control.clip_changed, timeout=SLOW_MS):
        _answer(editor, 0)
    editor.until(lambda: editor.session.edits.people.names == {"B": "Ai Ono"})
    assert editor.session.edits.range == (1000, 99000)
    assert editor.window.isWindowModified(), "it is still in no project file"
    assert _offer(editor) == ""


def test_closing_with_changes_asks_nothing_and_loses_nothing(
    clip: Path, start: Callable[..., Editor]
) -> None:
    first = start()
    first.open(clip)
    first.control.rename("A", "Ruth")
    first.window.resize(900, 700)
    first.window.close()
    second = start()
    assert second.window.height() == 700
    second.until(lambda: "unsaved changes to duet.mkv" in _offer(second))
    _answer(second, 1)
    assert _offer(second) == ""
    second.window.close()
    third = start()
    third.open(clip)
    assert _offer(third) == "", "what was discarded is not offered again"
    third.control.rename("A", "Rose")
    third.trigger("undo")
    third.window.close()
    assert list((third.window.project._kept._folder).glob("*.kept")) == []


def test_changes_left_for_another_clip_are_offered_when_one_comes_back(
    editor: Editor, clip: Path, demo_clip: DemoClip
) -> None:
    clip.write_bytes(clip.read_bytes() + b"\2")  # content that no other test has opened
    editor.open(clip)
    editor.control.rename("A", "Ruth")
    editor.open(demo_clip.path)
    with editor.qtbot.waitSignal(editor.control.clip_changed, timeout=SLOW_MS):
        editor.window.open(clip)
    editor.until(lambda: "unsaved changes to duet.mkv" in _offer(editor))
    with editor.qtbot.waitSignal(editor.control.clip_changed, timeout=SLOW_MS):
        _answer(editor, 0)
    editor.until(lambda: editor.session.edits.people.names == {"A": "Ruth"})


def test_the_menu_lists_what_was_opened_last(
    editor: Editor, clip: Path, saving: list[Path], demo_clip: DemoClip
) -> None:
    editor.open(clip)
    editor.control.rename("A", "Ruth")
    path = _save(editor)
    editor.open(demo_clip.path)
    menu = editor.window.findChild(QMenu, "recent_menu")
    assert menu is not None
    recent = editor.window.project.recent
    editor.until(lambda: recent.paths()[:3] == [demo_clip.path, path, clip])
    clip.rename(clip.with_name("gone.mkv"))
    menu.aboutToShow.emit()
    entries = menu.actions()
    assert [entry.text() for entry in entries[:3]] == [
        "duet.mkv",
        "duet.solovox",
        "duet.mkv (missing)",
    ]
    assert [entry.isEnabled() for entry in entries[:3]] == [True, True, False]
    with editor.qtbot.waitSignal(editor.control.clip_changed, timeout=SLOW_MS):
        entries[1].trigger()
    assert editor.window.windowTitle().startswith("duet.solovox")
    editor.until(lambda: not editor.control.busy)
