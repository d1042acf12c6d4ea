"""The window warns before computing when lips move where nothing is heard."""

from __future__ import annotations

from pathlib import Path

import av
import pytest
from editor import Editor

from app.demo import DemoClip
from app.gui.singers_model import WARNINGS_ROLE

DOUBT = "Lips and sound don't fit together"


def _warnings(editor: Editor) -> list[list[str]]:
    model = editor.window.singers.list.model()
    return [model.index(row, 0).data(WARNINGS_ROLE) for row in range(model.rowCount())]


@pytest.fixture
def mute_clip(demo_clip: DemoClip, tmp_path: Path) -> Path:
    """The pictures of the demo clip beside a sound that is silent."""
    path = tmp_path / "mute.mkv"
    data = demo_clip.path.read_bytes()
    with av.open(str(demo_clip.path)) as source:
        for packet in source.demux(source.streams.audio[0]):  # not compressed
            if packet.size:
                assert data.count(bytes(packet)) == 1
                data = data.replace(bytes(packet), bytes(packet.size))
    path.write_bytes(data)
    return path


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
