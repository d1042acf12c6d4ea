"""A clip too long to be read through at once: opened as its file states, then as it is."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from editor import SLOW_MS, Editor

from app.edits import Anchor, Edits, with_end
from app.gui.sound_outline import SoundOutline
from app.gui.viewport import Viewport

RATE = 8000
SECONDS = 600
PICTURE_S = 10
"""Between two pictures; the last is shown for as long, beyond the end of the sound."""
PACKET = 80


@pytest.fixture(scope="module")
def long_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten minutes in so many packets that reading them takes longer than opening may."""
    path = tmp_path_factory.mktemp("long") / "long.mkv"
    tone = np.rint(8000 * np.sin(np.arange(PACKET) * 0.3)).astype(np.int16).tobytes()
    with av.open(str(path), "w") as output:
        picture = output.add_stream("mjpeg", rate=Fraction(1, PICTURE_S))
        picture.width, picture.height, picture.pix_fmt = 64, 48, "yuvj420p"
        sound = output.add_stream("pcm_s16le", rate=RATE)
        sound.codec_context.layout = "mono"
        frame = av.VideoFrame.from_ndarray(np.full((48, 64, 3), 90, np.uint8))
        frame = frame.reformat(format="yuvj420p")
        frame.pts = 0
        still = bytes(picture.encode(frame)[0])
        for number in range(SECONDS * RATE // PACKET):
            at = Fraction(number * PACKET, RATE)
            if at % PICTURE_S == 0:
                packet = av.Packet(still)
                packet.stream, packet.time_base = picture, Fraction(1, 1000)
                packet.pts = packet.dts = int(at * 1000)
                packet.duration, packet.is_keyframe = PICTURE_S * 1000 + 3000, True
                output.mux(packet)
            packet = av.Packet(tone)
            packet.stream, packet.time_base = sound, Fraction(1, RATE)
            packet.pts = packet.dts = number * PACKET
            packet.duration, packet.is_keyframe = PACKET, True
            output.mux(packet)
    return path


def test_decisions_made_before_the_length_is_known_hold_afterwards(
    editor: Editor, long_clip: Path
) -> None:
    control, session, lanes = editor.control, editor.session, editor.window.lanes
    with editor.qtbot.waitSignal(control.clip_changed, timeout=SLOW_MS):
        editor.window.open(long_clip)
    assert session.clip is not None
    assert not session.clip.exact
    stated = session.clip.audio.samples
    assert stated > SECONDS * RATE
    assert session.range == (0, stated)
    control.set_range(RATE, stated)
    later: list[int] = []
    assert not control.length.known(lambda: later.append(session.range[1]))
    assert "still being read" in editor.window.banner.text.text()
    with editor.qtbot.waitSignal(control.length.settled, timeout=SLOW_MS):
        pass
    exact = SECONDS * RATE
    assert session.clip.exact
    assert session.clip.audio.samples == exact
    assert session.range == (RATE, exact)
    assert later == [exact]
    assert control.length.known(lambda: later.append(0))
    assert lanes.view == Viewport.whole(session.clip.first, session.clip.last)
    editor.trigger("undo")
    assert session.range == (0, exact)
    editor.until(lambda: lanes.outline.ready == exact)
    assert lanes.outline.samples == exact
    editor.until(lambda: not control.busy)


def test_what_went_to_the_end_still_does() -> None:
    edits = Edits(range=(10, 1000), anchors=(Anchor("A", 5, 990, "only"),))
    assert with_end(edits, 1000, 950).range == (10, 950)
    assert with_end(edits, 1000, 1100).range == (10, 1100)
    assert with_end(edits, 1000, 950).anchors[0].stop == 950
    inside = Edits(range=(10, 500))
    assert with_end(inside, 1000, 950) == with_end(inside, 1000, 1100) == inside
    assert with_end(Edits(range=(970, 990)), 1000, 950).range == (949, 950)


def test_an_outline_takes_another_length() -> None:
    whole = np.random.default_rng(1).standard_normal((2, 40)).astype(np.float32)
    low_high = np.sort(whole, axis=0)
    right = SoundOutline(256 * 40)
    right.add(0, low_high)
    for stated in (256 * 25, 256 * 90):
        outline = SoundOutline(stated)
        outline.add(0, low_high[:, :30])
        assert outline.ready == min(stated, 256 * 30)
        outline.resize(256 * 40)
        assert outline.ready == 256 * 30
        outline.add(30, low_high[:, 30:])
        assert outline.ready == outline.samples == 256 * 40
        for count in (3, 17, 40):
            assert np.array_equal(
                outline.columns(0, 256 * 40, count), right.columns(0, 256 * 40, count)
            )


def test_a_view_keeps_its_place_when_the_end_moves() -> None:
    whole = Viewport.whole(0, 1000)
    assert whole.within(0, 900) == Viewport.whole(0, 900)
    part = Viewport(0, 1000, 300, 400)
    assert part.within(0, 1200) == Viewport(0, 1200, 300, 400)
    assert part.within(0, 600) == Viewport(0, 600, 300, 300)
    assert Viewport(0, 1000, 900, 100).within(0, 600) == Viewport.whole(0, 600)
