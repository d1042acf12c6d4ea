"""An editor's day: two singers out of one interview, delivered, put away and taken up again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from day import (
    go_to,
    heard,
    likeness_db,
    loudness_db,
    press,
    sequence_of,
    show_tab,
    time_reference,
    with_timecode,
)
from editor import SLOW_MS, Editor
from PySide6.QtCore import Qt

from app.demo import DemoClip
from app.gui import dialogs

FIRST, LAST = 25, 75
"""Frames that are wanted: the second and the third second."""


@pytest.mark.usefixtures("real_model")
def test_from_the_card_to_the_timeline_and_back_next_morning(
    editor: Editor, demo_clip: DemoClip, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = tmp_path / "interview"
    job.mkdir()
    clip = with_timecode(demo_clip.path, job / "duet.mov", "10:00:00:00")
    rate, window = demo_clip.sample_rate, editor.window
    begin, end = FIRST * rate // 25, LAST * rate // 25
    truth = [heard(path)[:, begin:end] for path in demo_clip.voices]

    # Open, and choose both singers.
    editor.open(clip)
    if editor.player.playing:
        editor.key(Qt.Key.Key_Space)
    editor.click_face("A")
    editor.click_face("B", shift=True)
    assert editor.session.selected == ("A", "B")

    # Trim with I and O.
    go_to(editor, FIRST)
    editor.key(Qt.Key.Key_I)
    go_to(editor, LAST)
    editor.key(Qt.Key.Key_O)
    assert editor.session.range == (begin, end)

    # Shape: a little fuller, without fades, so that everything adds up to the last sample.
    show_tab(editor, "Shape")
    window.shape.fullness.setFocus()
    for _ in range(10):
        editor.key(Qt.Key.Key_Right)
    window.shape.fade.setFocus()
    window.shape.fade.selectAll()
    editor.qtbot.keyClicks(window.shape.fade, "0")
    editor.key(Qt.Key.Key_Return)
    assert editor.session.edits.shape.fullness == pytest.approx(0.6)
    assert editor.session.edits.shape.fade_ms == 0

    # Isolate, hear that it is there, and shape once more: nothing is computed again.
    press(editor, "button_isolate")
    editor.until(lambda: not editor.control.busy and editor.session.can_export())
    started: list[str] = []
    editor.control.job_started.connect(started.append)
    window.shape.fullness.setFocus()
    editor.key(Qt.Key.Key_PageUp)
    assert editor.session.edits.shape.fullness == pytest.approx(0.7)
    assert started == []
    editor.qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert editor.session.edits.shape.fullness == pytest.approx(0.6)

    # Stems, the rest and a timeline.
    press(editor, "button_export")
    press(editor, "export_rest")
    press(editor, "export_timeline_xml")
    with editor.qtbot.waitSignal(window.export.exported, timeout=SLOW_MS):
        press(editor, "export_button")
    editor.until(lambda: not editor.control.busy)
    names = ["duet_Singer-A_isolated.wav", "duet_Singer-B_isolated.wav", "duet_rest.wav"]
    assert sorted(path.name for path in job.iterdir()) == [
        "duet.mov", *names, "duet_timeline.xml"
    ]  # fmt: skip
    stems = [heard(job / name) for name in names]
    assert {stem.shape for stem in stems} == {(2, (LAST - FIRST) * rate // 25)}
    hour = 10 * 3600 * rate
    for name in names:
        assert time_reference(job / name) == hour + FIRST * rate // 25
    told = sequence_of(job / "duet_timeline.xml")
    assert told["timecode"] == "10:00:00:00"
    voices = {clip for clip in told["clips"] if clip[0] in ("Singer A", "Singer B")}  # type: ignore[attr-defined]
    assert voices == {(name, FIRST, LAST, 0, LAST - FIRST) for name in ("Singer A", "Singer B")}
    assert told["switched off"], "the clip's own sound lies below, silent"

    # The right voice is in the right file, and all of them are the original.
    for own, other in ((0, 1), (1, 0)):
        right, wrong = (likeness_db(truth[who], stems[own]) for who in (own, other))
        assert right > wrong + 6
        assert loudness_db(stems[own]) == pytest.approx(loudness_db(truth[own]), abs=4)
    mixture = sum(heard(path) for path in (*demo_clip.voices, demo_clip.accompaniment))
    whole = np.sum(stems, axis=0)
    np.testing.assert_allclose(
        whole, mixture[:, FIRST * rate // 25 : LAST * rate // 25], atol=2**-14
    )

    # Save, go home; next morning everything is as it was, and nothing has to be computed.
    monkeypatch.setattr(dialogs, "ask_project_file", lambda _parent, proposal: proposal)
    with editor.qtbot.waitSignal(window.project.saved, timeout=SLOW_MS) as saved:
        editor.qtbot.keyClick(window, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    edits = editor.session.edits
    editor.open(demo_clip.path)
    assert editor.session.edits != edits
    started.clear()
    with editor.qtbot.waitSignal(editor.control.clip_changed, timeout=SLOW_MS):
        window.open(saved.args[0])
    editor.until(lambda: editor.session.scene.complete and not editor.control.busy)
    editor.until(lambda: editor.session.edits == edits and editor.session.can_export())
    assert not any("Isolating" in title for title in started)

    # A wrong act is taken back, and the second delivery is the first one, to the last bit.
    editor.control.rename("A", "Ruth")
    window.shape.gate.click()
    for _ in range(2):
        editor.qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert editor.session.edits == edits
    again = editor.export()
    assert again[0].name == "duet_Singer-A_isolated_02.wav", "nothing is overwritten"
    for name, path in zip(names, again, strict=False):
        assert (heard(path) == heard(job / name)).all()
    assert not any("Isolating" in title for title in started)
