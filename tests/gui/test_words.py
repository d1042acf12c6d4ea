"""The editor's words about voices: said by keys, drawn in the lanes, taken back by undo."""

from __future__ import annotations

import numpy as np
import pytest
from editor import Editor

from app.demo import DemoClip
from app.edits import Anchor
from app.gui.lane_rows import StripRow, WaveRow


@pytest.fixture
def opened(editor: Editor, demo_clip: DemoClip) -> Editor:
    editor.open(demo_clip.path)
    editor.control.select("A")
    return editor


def _said(editor: Editor, singer: str) -> list[str]:
    """The words drawn over a singer's strip."""
    drawn: list[tuple[WaveRow | StripRow, ...]] = []
    editor.window.lanes.rows_changed.connect(lambda rows, _rate: drawn.append(rows))
    editor.window.lanes.show_rows()
    strip = next(row for row in drawn[-1] if row.key == f"strips {singer}")
    assert isinstance(strip, StripRow)
    return [word.kind for word in strip.words]


def test_a_word_holds_for_the_range_and_a_newer_one_replaces_it(opened: Editor) -> None:
    rate = opened.session.clip.audio.sample_rate
    opened.control.set_range(rate, 3 * rate)
    opened.trigger("only_this")
    assert opened.session.edits.anchors == (Anchor("A", rate, 3 * rate, "only"),)
    opened.control.set_range(2 * rate, 4 * rate)
    opened.trigger("not_this_voice")
    assert opened.session.edits.anchors == (
        Anchor("A", rate, 2 * rate, "only"),
        Anchor("A", 2 * rate, 4 * rate, "not"),
    )
    assert _said(opened, "A") == ["only", "not"]
    assert _said(opened, "B") == []
    opened.trigger("undo")
    assert [anchor.kind for anchor in opened.session.edits.anchors] == ["only"]
    opened.control.select("A")
    opened.trigger("forget_words")
    assert opened.session.edits.anchors == ()
    opened.control.clear_range()


def test_words_need_one_chosen_singer(opened: Editor) -> None:
    opened.control.choose(("A", "B"))
    assert not opened.window.named_actions["only_this"].isEnabled()
    assert not opened.window.named_actions["forget_words"].isEnabled()


def test_what_is_said_or_learnt_makes_a_new_voice_and_keeps_the_old(opened: Editor) -> None:
    rate = opened.session.clip.audio.sample_rate
    opened.control.set_range(0, 3 * rate)
    opened.isolate()
    voice = opened.session.voices["A"]
    before = np.array(voice.read(0, 3 * rate))
    opened.trigger("not_this_voice")
    assert opened.session.missing() == ["A"]
    opened.isolate()
    after = np.array(opened.session.voices["A"].read(0, 3 * rate))
    assert np.abs(after - before).max() > 1e-3, "the word changes what is computed"
    opened.trigger("forget_words")
    assert opened.session.voices["A"] is voice
    opened.window.shape.advanced.setChecked(True)
    opened.window.shape.learn.click()
    assert opened.session.edits.learn
    assert opened.session.missing() == ["A"]
    opened.trigger("undo")
    assert not opened.window.shape.learn.isChecked()
    assert opened.session.missing() == []
    opened.window.shape.advanced.setChecked(False)
    opened.control.clear_range()
