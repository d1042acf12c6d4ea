"""The window warns before computing when lips and sound don't fit together."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from editor import Editor
from numpy.typing import NDArray
from other_sound import with_other_sound

from app.demo import DemoClip, render_demo
from app.gui.singers_model import WARNINGS_ROLE

DOUBT = "Lips and sound don't fit together"


def _warnings(editor: Editor) -> list[list[str]]:
    model = editor.window.singers.list.model()
    return [model.index(row, 0).data(WARNINGS_ROLE) for row in range(model.rowCount())]


@pytest.fixture
def mute_clip(demo_clip: DemoClip, tmp_path: Path) -> Path:
    """The pictures of the demo clip beside a sound that is silent."""
    return with_other_sound(demo_clip.path, tmp_path / "mute.mkv", np.zeros_like)


def test_the_card_says_that_lips_and_sound_do_not_fit(
    editor: Editor, demo_clip: DemoClip, mute_clip: Path
) -> None:
    editor.open(demo_clip.path)
    editor.until(lambda: editor.window.lanes.outline.ready >= demo_clip.samples)
    editor.qtbot.wait(100)  # rows are made a moment after the last part of the sound
    assert not any(DOUBT in texts for texts in _warnings(editor))

    editor.open(mute_clip)
    assert not editor.session.voices
    editor.until(lambda: any(DOUBT in texts for texts in _warnings(editor)))
    editor.player.pause()
    editor.control.set_range(0, demo_clip.sample_rate)
    assert not any(DOUBT in texts for texts in _warnings(editor)), "one second is too little"


def _tone(sound: NDArray[np.int16]) -> NDArray[np.int16]:
    tone = 8000 * np.sin(2 * np.pi * 220 * np.arange(len(sound)) / 48000)
    return np.repeat(tone[:, None], sound.shape[1], axis=1).astype(np.int16)


def test_the_card_says_so_among_sound_too_before_anything_is_computed(
    editor: Editor, tmp_path: Path
) -> None:
    own = render_demo(tmp_path, seconds=8.0, size=(480, 270), container="mkv", name="own").path
    editor.open(own)
    editor.until(lambda: bool(editor.window.people_view.hearing.agreement("A")))
    assert not any(DOUBT in texts for texts in _warnings(editor))

    editor.open(with_other_sound(own, tmp_path / "tone.mkv", _tone))
    assert not any(DOUBT in texts for texts in _warnings(editor)), "nothing is known yet"
    editor.until(lambda: any(DOUBT in texts for texts in _warnings(editor)))
    assert not editor.session.voices
