"""An editor's day without a mouse: from opening to a file for the timeline, by keys alone."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from day import fcpxml_of, heard, likeness_db, time_reference, with_timecode
from editor import SLOW_MS, Editor
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QWidget

from app.demo import DemoClip
from app.gui import dialogs

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
NONE = Qt.KeyboardModifier.NoModifier


@pytest.mark.usefixtures("real_model")
def test_from_opening_to_the_file_by_keys(
    editor: Editor, demo_clip: DemoClip, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clip = with_timecode(demo_clip.path, tmp_path / "song.mov", "01:00:00:00")
    window, player, rate = editor.window, editor.player, demo_clip.sample_rate

    def key(which: Qt.Key, modifier: Qt.KeyboardModifier = NONE) -> None:
        editor.qtbot.keyClick(window.focusWidget() or window, which, modifier)

    def tab_to(target: QWidget) -> None:
        for _ in range(150):
            if window.focusWidget() is target:
                return
            key(Qt.Key.Key_Tab)
        raise AssertionError(f"{target.objectName()} isn't reached by Tab")

    # Open; the system's dialog answers with the clip.
    monkeypatch.setattr(dialogs, "ask_clips", lambda _parent: [clip])
    with editor.qtbot.waitSignal(editor.control.clip_changed, timeout=SLOW_MS):
        key(Qt.Key.Key_O, CTRL)
    editor.until(lambda: editor.session.scene.complete and not editor.control.busy)
    if player.playing:
        key(Qt.Key.Key_Space)
    assert not player.playing

    # Choose: a number, and the same by Tab and Enter on the picture.
    key(Qt.Key.Key_1)
    assert editor.session.selected == ("A",)
    tab_to(window.canvas)
    editor.until(lambda: window.canvas.face_rect("B") is not None)
    for _ in range(4):
        key(Qt.Key.Key_Return)
        if editor.session.selected == ("B",):
            break
        key(Qt.Key.Key_Tab)
    assert editor.session.selected == ("B",)

    # A range from one second to three.
    key(Qt.Key.Key_Home)
    editor.until(lambda: player.position == 0)
    key(Qt.Key.Key_Right, SHIFT)
    editor.until(lambda: player.position == rate)
    key(Qt.Key.Key_I)
    for second in (2, 3):
        key(Qt.Key.Key_Right, SHIFT)
        editor.until(lambda second=second: player.position == second * rate)
    key(Qt.Key.Key_O)
    assert editor.session.range == (rate, 3 * rate)

    # Isolate and compare.
    key(Qt.Key.Key_I, CTRL)
    editor.until(lambda: not editor.control.busy and editor.session.can_export())
    key(Qt.Key.Key_Home)
    key(Qt.Key.Key_Space)
    editor.until(lambda: player.playing and player.isolated_here)
    assert editor.control.isolated
    key(Qt.Key.Key_A)
    editor.until(lambda: not player.isolated_here)
    assert not editor.control.isolated
    key(Qt.Key.Key_A)
    editor.until(lambda: player.isolated_here or not player.playing)
    if player.playing:
        key(Qt.Key.Key_Space)

    # Export: tick the timeline on the way, then the button.
    key(Qt.Key.Key_E, CTRL)
    assert window.focusWidget() is window.export_panel.button
    tick = window.findChild(QCheckBox, "export_timeline_fcpxml")
    assert tick is not None
    tab_to(tick)
    key(Qt.Key.Key_Space)
    assert tick.isChecked()
    key(Qt.Key.Key_E, CTRL)
    editor.until(window.export_panel.button.isEnabled)
    with editor.qtbot.waitSignal(window.export.exported, timeout=SLOW_MS):
        key(Qt.Key.Key_Space)
    editor.until(lambda: not editor.control.busy)

    # What came of it.
    stem = tmp_path / "song_Singer-B_isolated.wav"
    voice = heard(stem)
    assert voice.shape == (2, 2 * rate)
    assert time_reference(stem) == (3600 + 1) * rate
    truth = [heard(path)[:, rate : 3 * rate] for path in demo_clip.voices]
    assert likeness_db(truth[1], voice) > likeness_db(truth[0], voice) + 6
    clips = fcpxml_of(tmp_path / "song_timeline.fcpxml")
    assert ("Singer B", Fraction(3601), Fraction(2), True) in clips
    assert [name for name, _, _, plays in clips if not plays] == ["song.mov"]
