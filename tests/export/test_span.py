"""Ranges with handles, by the sample and by the frame."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor
from pathlib import Path

import pytest
from clips import make_clip

from app.export.span import Span, begins, plan_span
from app.media.probe import MediaInfo, probe

NTSC = Fraction(30000, 1001)


@pytest.fixture(scope="module")
def info(tmp_path_factory: pytest.TempPathFactory) -> MediaInfo:
    """4 s at 29.97, timecode one hour drop-frame, sound 20 ms behind the picture."""
    path = tmp_path_factory.mktemp("span") / "c.mov"
    make_clip(
        path,
        fps=NTSC,
        audio_codec="pcm_s16le",
        timecode="01:00:00;00",
        audio_start=Fraction(1, 50),
    )
    made = probe(path)
    assert made.timecode == "01:00:00;00"
    assert made.video is not None
    assert made.audio[0].start - made.video.start == Fraction(1, 50)
    return made


def test_without_timelines_a_range_is_exact(info: MediaInfo) -> None:
    assert plan_span(info, 1001, 90007) == Span(1001, 90007)
    second = plan_span(info, 50000, 90007, Fraction(1, 2), "seconds")
    assert (second.first, second.last) == (26000, 114007)
    frames = plan_span(info, 50000, 90007, Fraction(10))
    assert (frames.first, frames.last) == (50000 - 16016, 90007 + 16016)
    long = plan_span(info, 50000, 90007, Fraction(9), "seconds")
    assert (long.first, long.last) == (0, info.audio[0].samples)


@pytest.mark.parametrize(
    ("handles", "unit"), [(0, "frames"), (12, "frames"), (Fraction(1, 3), "seconds")]
)
def test_frames_lie_where_the_picture_has_them(info: MediaInfo, handles, unit) -> None:
    start, stop = 50000, 90007
    span = plan_span(info, start, stop, Fraction(handles), unit, whole_frames=True)
    assert span.frames is not None
    media_first, first, last, media_last = span.frames
    zero = 107892
    extra = 12 if unit == "frames" and handles else 10 if handles else 0
    # Frame k is shown from k/rate on, the sound began 960 samples later.
    in_frame = Fraction(start + 960, 48000) * NTSC
    out_frame = Fraction(stop + 960, 48000) * NTSC
    assert (first, last) == (zero + floor(in_frame), zero + ceil(out_frame))
    assert (media_first, media_last) == (first - extra, last + extra)
    exact = (media_first - zero) / NTSC * 48000 - 960
    assert span.first <= exact < span.first + 1
    exact = (media_last - zero) / NTSC * 48000 - 960
    assert span.last - 1 < exact <= span.last
    assert begins(info, span.first) <= media_first / NTSC < begins(info, span.first + 1)


def test_handles_end_with_the_clip(info: MediaInfo) -> None:
    samples = info.audio[0].samples
    span = plan_span(info, 2000, samples - 2000, Fraction(900), whole_frames=True)
    assert span.frames is not None
    assert span.frames[0] == 107892
    assert -960 <= span.first <= 0
    assert samples <= span.last < samples + 1602
    assert span.inside(samples) == (0, samples)


def test_the_whole_clip_of_whole_frames_stays_as_it_is(tmp_path: Path) -> None:
    make_clip(tmp_path / "c.mov", audio_codec="pcm_s16le")
    made = probe(tmp_path / "c.mov")
    assert plan_span(made, 0, 192000, whole_frames=True) == Span(0, 192000, (0, 0, 100, 100))
