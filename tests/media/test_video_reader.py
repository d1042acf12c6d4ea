"""Frames by exact time: flash and burst made at one instant come out at one instant."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from clips import Clip, brightness, burst_sound, lag, make_clip

from app.errors import BadInputError
from app.media.audio import AudioReader
from app.media.probe import probe
from app.media.video import VideoReader

UNEVEN = [Fraction(k * k + 60 * k, 3000) for k in range(70)]
CASES = {
    "vfr.mp4": {"frame_times": UNEVEN, "flashes": (7, 40, 60)},
    "vfr.mkv": {"frame_times": UNEVEN, "flashes": (7, 40, 60)},
    "turned90.mov": {"rotation": 90},
    "turned180.mp4": {"rotation": 180},
    "turned270.mp4": {"rotation": 270},
    "late_sound.mp4": {"audio_start": Fraction(1, 4)},
    "late_sound.mkv": {"audio_start": Fraction(1, 4)},
    "late_picture.mp4": {"video_start": Fraction(2, 5)},
    "late_picture.mov": {"video_start": Fraction(2, 5), "audio_codec": "pcm_s24le"},
    "late_picture.mkv": {"video_start": Fraction(2, 5), "audio_codec": "libopus"},
    "23.976.mp4": {"fps": Fraction(24000, 1001)},
    "23.976.mkv": {"fps": Fraction(24000, 1001)},
    "25.mp4": {"fps": 25},
    "29.97.mp4": {"fps": Fraction(30000, 1001)},
    "29.97.mov": {"fps": Fraction(30000, 1001), "audio_codec": "pcm_s16le"},
    "50.mp4": {"fps": 50},
    "60.mkv": {"fps": 60, "audio_codec": "flac"},
    "44k.mp4": {"rate": 44100},
    "96k.mov": {"rate": 96000},
    "mono.mp4": {"layout": "mono"},
    "six.mp4": {"layout": "5.1"},
    "ts.ts": {},
}


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Clip:
    folder = tmp_path_factory.mktemp("video")
    return make_clip(folder / "c.mp4", seconds=6, gop=30, b_frames=3, size=(320, 240))


@pytest.mark.parametrize("name", CASES)
def test_flash_and_burst_come_out_together(tmp_path: Path, name: str) -> None:
    options = {"seconds": 3, "flashes": (10, 30, 60), **CASES[name]}
    clip = make_clip(tmp_path / name, **options)
    info = probe(clip.path)
    with VideoReader(clip.path, None, info) as reader:
        frames = list(reader.frames())
        tick = reader.time_base
    assert len(frames) == len(clip.frame_times)
    # MPEG-TS may not start at 0: the muxer delays sound and picture alike.
    delay = frames[0].pts * tick - clip.frame_times[0] if name == "ts.ts" else Fraction(0)
    for frame, time in zip(frames, clip.frame_times, strict=True):
        assert abs(frame.pts * tick - delay - time) <= tick / 2
    white = [k for k, frame in enumerate(frames) if brightness(frame.image) > 150]
    assert white == list(clip.flashes)

    with AudioReader(clip.path) as sound:
        out = sound.read(0, sound.samples)
        rate, start = sound.sample_rate, sound.start
    seen = [float(frames[k].pts * tick - start) for k in white]
    assert clip.sound is not None
    seconds = clip.sound.shape[1] / rate
    expected = burst_sound(seen, seconds, rate, clip.sound.shape[0])
    # Loudness alone, so that a shift of the noise under the bursts doesn't matter.
    heard = (np.abs(out[:1]) > 0.1).astype(np.float32)
    made = (np.abs(expected[:1]) > 0.1).astype(np.float32)
    assert made.sum() > 300
    tolerance = rate * float(tick) if name.endswith("mkv") else 1
    assert abs(lag(heard, made)) <= tolerance + 1


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_pictures_are_upright(tmp_path: Path, rotation: int) -> None:
    """The stored picture has its grey corner at the upper left; the display turns it."""
    clip = make_clip(tmp_path / "r.mp4", seconds=0.4, rotation=rotation, flashes=())
    with VideoReader(clip.path) as reader:
        image = next(reader.frames()).image
        assert image.shape == (reader.size[1], reader.size[0], 3)
    height, width = image.shape[:2]
    corners = {
        0: image[4, 4],
        90: image[4, width - 5],
        180: image[height - 5, width - 5],
        270: image[height - 5, 4],
    }
    for place, colour in corners.items():
        assert (colour.mean() > 100) == (place == rotation)


def test_analysis_size_keeps_the_shape_of_the_displayed_picture(tmp_path: Path) -> None:
    clip = make_clip(
        tmp_path / "w.mp4",
        size=(640, 480),
        seconds=0.4,
        flashes=(3,),
        sample_aspect=Fraction(4, 3),
        rotation=90,
    )
    info = probe(clip.path)
    with VideoReader(clip.path, 240, info) as reader:
        assert reader.size == (240, 426)
        assert next(reader.frames()).image.shape == (*reader.size[::-1], 3)
    with VideoReader(clip.path, 10000, info) as reader:
        assert reader.size == (480, 853)


def test_colours_are_what_was_stored(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "c.mp4", seconds=1, flashes=(5,))
    with VideoReader(clip.path) as reader:
        frames = list(reader.frames())
    assert brightness(frames[5].image) > 250
    assert brightness(frames[8].image) < 5


def test_frame_at_is_the_frame_shown_then(clip: Clip) -> None:
    info = probe(clip.path)
    with VideoReader(clip.path, 160, info) as reader:
        frames = list(reader.frames())
        tick = reader.time_base
        times = [frame.pts * tick for frame in frames]
        order = [0, 3, 4, 5, 100, 99, 29, 30, 31, 149, 75, 74, 76, 1]
        for k in order:
            for time in (times[k], times[k] + Fraction(1, 30)):
                shown = reader.frame_at(time)
                assert shown.pts == frames[k].pts
                assert np.array_equal(shown.image, frames[k].image)
        assert reader.frame_at(Fraction(-3)).pts == frames[0].pts
        assert reader.frame_at(Fraction(500)).pts == frames[-1].pts


@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".ts"])
def test_a_range_equals_that_part_of_the_whole(tmp_path: Path, suffix: str) -> None:
    made = make_clip(tmp_path / f"r{suffix}", seconds=5, gop=30, b_frames=3)
    with VideoReader(made.path, 64) as reader:
        frames = list(reader.frames())
        tick = reader.time_base
        for first, last in [(0, 1), (29, 33), (31, 90), (59, 61), (100, 124)]:
            begin = frames[first].pts * tick + Fraction(1, 50)
            end = frames[last].pts * tick
            part = list(reader.frames(begin, end))
            assert [f.pts for f in part] == [f.pts for f in frames[first:last]]
            for a, b in zip(part, frames[first:last], strict=True):
                assert np.array_equal(a.image, b.image)
        some = list(reader.frames(every=7))
        assert [f.pts for f in some] == [f.pts for f in frames[::7]]


def test_without_loop_filter_the_picture_is_nearly_the_same(clip: Clip) -> None:
    with VideoReader(clip.path) as a, VideoReader(clip.path, skip_loop_filter=True) as b:
        pairs = list(zip(a.frames(), b.frames(), strict=True))
    assert len(pairs) == 150
    for x, y in pairs:
        assert x.pts == y.pts
        assert np.abs(x.image.astype(int) - y.image).mean() < 4


def test_a_clip_without_picture_is_refused(tmp_path: Path) -> None:
    made = make_clip(tmp_path / "sound.mp4", seconds=1, video_codec=None, flashes=(5,))
    with pytest.raises(BadInputError, match=r"sound\.mp4 has no picture"):
        VideoReader(made.path)
