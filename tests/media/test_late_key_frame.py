"""A clip that was cut without care, so that its first key frame comes late."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import pytest

from app.demo import DemoClip
from app.media.video import VideoReader


@pytest.fixture
def cut(demo_clip: DemoClip, tmp_path: Path) -> Path:
    """The demo clip in QuickTime without its first group of pictures' key frame."""
    path = tmp_path / "cut.mov"
    with av.open(str(demo_clip.path)) as clip, av.open(str(path), "w") as output:
        video = clip.streams.video[0]
        copy = output.add_stream_from_template(video)
        packets = [packet for packet in clip.demux(video) if packet.pts is not None]
        frame = round(1 / (demo_clip.fps * video.time_base))
        lead = max(number * frame - packet.pts for number, packet in enumerate(packets))
        for number, packet in enumerate(packets):
            packet.dts = number * frame - lead
            packet.stream = copy
            if number:
                output.mux(packet)
    return path


def test_nothing_before_it_is_no_fault(cut: Path) -> None:
    with av.open(str(cut)) as media:
        keys = [p.pts * p.time_base for p in media.demux(video=0) if p.is_keyframe and p.size]
    assert keys
    assert keys[0] > 1, "the first second has no key frame"
    with VideoReader(cut) as reader:
        times = [frame.pts * reader.time_base for frame in reader.frames(start=Fraction(1, 2))]
        assert times[0] == keys[0]
        assert len(times) > 40
        again = [frame.pts * reader.time_base for frame in reader.frames(start=keys[0] + 1)]
        assert again[0] == keys[0] + 1
