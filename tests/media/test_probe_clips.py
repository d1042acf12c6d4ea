"""What `probe` says about clips that were made in a known way, and about files that are none."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from clips import make_clip

from app.errors import BadInputError
from app.media.audio import AudioReader
from app.media.fingerprint import fingerprint
from app.media.probe import probe, require_audio, require_video
from app.media.video import VideoReader

RATES = ["24000/1001", "25", "30000/1001", "50", "60", "60000/1001"]
SHORT = {"seconds": 1.5, "flashes": (10,)}


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
@pytest.mark.parametrize("rate", RATES)
def test_even_frame_rates_are_exact(tmp_path: Path, rate: str, suffix: str) -> None:
    fps = Fraction(rate)
    clip = make_clip(tmp_path / f"a{suffix}", fps=fps, seconds=2, flashes=(10,))
    video = require_video(probe(clip.path))
    assert video.frame_rate == fps
    assert not video.variable_rate
    assert video.frames == len(clip.frame_times)
    assert abs(video.duration - len(clip.frame_times) / fps) <= video.time_base


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_variable_rate_is_seen(tmp_path: Path, suffix: str) -> None:
    times = [Fraction(k * k + 40 * k, 3000) for k in range(60)]
    clip = make_clip(tmp_path / f"v{suffix}", frame_times=times, seconds=2, flashes=(10,))
    video = require_video(probe(clip.path))
    assert video.variable_rate
    assert video.frames == 60
    assert abs(video.frame_rate - 60 / times[-1]) < 1


def test_one_long_frame_makes_the_rate_variable(tmp_path: Path) -> None:
    times = [Fraction(k, 25) + (Fraction(3, 25) if k > 20 else 0) for k in range(40)]
    clip = make_clip(tmp_path / "v.mp4", frame_times=times, seconds=1.5, flashes=(10,))
    assert require_video(probe(clip.path)).variable_rate


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_rotation_is_read_and_applied_to_the_size(tmp_path: Path, rotation: int) -> None:
    clip = make_clip(tmp_path / "r.mov", size=(128, 96), rotation=rotation, **SHORT)
    video = require_video(probe(clip.path))
    assert video.rotation == rotation
    assert (video.width, video.height) == ((128, 96) if rotation == 180 else (96, 128))


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_wide_pixels_are_made_square(tmp_path: Path, suffix: str) -> None:
    clip = make_clip(
        tmp_path / f"s{suffix}", size=(720, 576), sample_aspect=Fraction(16, 15), **SHORT
    )
    video = require_video(probe(clip.path))
    assert video.sample_aspect == Fraction(16, 15)
    assert (video.width, video.height) == (768, 576)


@pytest.mark.parametrize(("transfer", "hdr"), [(1, False), (16, True), (18, True)])
def test_hdr_is_told_from_the_transfer_function(tmp_path: Path, transfer: int, hdr: bool) -> None:
    clip = make_clip(tmp_path / "h.mp4", transfer=transfer, **SHORT)
    assert require_video(probe(clip.path)).hdr is hdr


@pytest.mark.parametrize("suffix", [".mov", ".mkv"])
def test_timecode_is_found(tmp_path: Path, suffix: str) -> None:
    clip = make_clip(tmp_path / f"t{suffix}", timecode="10:20:30:12", **SHORT)
    info = probe(clip.path)
    assert info.timecode == require_video(info).timecode == "10:20:30:12"


@pytest.mark.parametrize("suffix", [".mp4", ".mov", ".mkv"])
def test_start_offsets_of_both_streams(tmp_path: Path, suffix: str) -> None:
    late_sound = make_clip(
        tmp_path / f"a{suffix}", audio_start=Fraction(1, 2), audio_codec="alac", **SHORT
    )
    info = probe(late_sound.path)
    assert require_video(info).start == 0
    assert require_audio(info).start == Fraction(1, 2)
    assert abs(info.duration - 2) <= Fraction(1, 50)
    late_picture = make_clip(tmp_path / f"v{suffix}", video_start=Fraction(2, 5), **SHORT)
    info = probe(late_picture.path)
    assert require_video(info).start == Fraction(2, 5)
    assert require_audio(info).start == 0


def test_files_with_one_kind_of_stream(tmp_path: Path) -> None:
    mute = probe(make_clip(tmp_path / "m.mp4", audio_codec=None, **SHORT).path)
    with pytest.raises(BadInputError, match=r"m\.mp4 has no sound that can be read; give"):
        require_audio(mute)
    blind = probe(make_clip(tmp_path / "b.mp4", video_codec=None, **SHORT).path)
    with pytest.raises(BadInputError, match=r"b\.mp4 has no picture that can be read; give"):
        require_video(blind)


def test_a_stream_of_unknown_format_counts_as_absent(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "a.mov", audio_codec="pcm_s16le", **SHORT)
    data = clip.path.read_bytes()
    strange = tmp_path / "s.mov"
    strange.write_bytes(data.replace(b"sowt", b"qqqq"))
    info = probe(strange)
    assert info.audio == ()
    assert require_video(info) == require_video(probe(clip.path))
    strange.write_bytes(data.replace(b"avc1", b"qqqq"))
    info = probe(strange)
    assert info.video is None
    assert info.audio == probe(clip.path).audio


def test_missing_file_folder_empty_file_and_text(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match=r"^There is no file .*none\.mp4; check"):
        probe(tmp_path / "none.mp4")
    with pytest.raises(BadInputError, match="is a folder; give one video file"):
        probe(tmp_path)
    empty = tmp_path / "empty.mp4"
    empty.touch()
    with pytest.raises(BadInputError, match=r"empty\.mp4 is empty; copy it again"):
        probe(empty)
    text = tmp_path / "text.mp4"
    text.write_text("This is a letter, not a film.\n" * 200)
    for read in (probe, AudioReader, VideoReader):
        with pytest.raises(BadInputError, match=r"text\.mp4 is no video or sound file"):
            read(text)


def test_mp4_without_its_index_is_refused_in_one_sentence(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "whole.mp4", **SHORT)
    data = clip.path.read_bytes()
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(data[: data.index(b"moov") - 4])
    with pytest.raises(BadInputError, match=r"cut\.mp4 is cut off: its index is missing") as caught:
        probe(cut)
    assert str(caught.value).count(". ") == 0


@pytest.mark.parametrize(
    ("suffix", "options"), [(".mkv", {}), (".mp4", {"movflags": "+faststart"}), (".ts", {})]
)
def test_half_a_file_is_read_as_far_as_it_goes(
    tmp_path: Path, suffix: str, options: dict[str, str]
) -> None:
    clip = make_clip(tmp_path / f"w{suffix}", seconds=6, gop=12, container_options=options)
    whole = probe(clip.path)
    data = clip.path.read_bytes()
    half = tmp_path / f"half{suffix}"
    half.write_bytes(data[: len(data) // 2])
    info = probe(half)
    audio, video = require_audio(info), require_video(info)
    rate = audio.sample_rate
    assert 1.5 * rate < audio.samples < 4.5 * rate
    assert 1.5 < video.duration < 4.5
    with AudioReader(clip.path) as full, AudioReader(half) as part:
        assert part.samples == audio.samples
        safe = audio.samples - 2048
        assert (part.read(0, safe) == full.read(0, safe)).all()
    with VideoReader(half, info=info) as reader:
        frames = list(reader.frames())
        assert abs(len(frames) - (video.frames or 0)) <= 4
        assert reader.frame_at(Fraction(99)).pts == frames[-1].pts
    assert info.duration < whole.duration


def test_fingerprint_follows_content_not_name(tmp_path: Path) -> None:
    a, b, c = (tmp_path / name for name in "abc")
    data = bytearray(range(256)) * 40000  # 10 MB: more than the blocks that are read
    a.write_bytes(data)
    b.write_bytes(data)
    assert fingerprint(a) == fingerprint(b)
    data[len(data) // 2] ^= 1
    c.write_bytes(data)
    assert fingerprint(c) != fingerprint(a)
    b.write_bytes(bytes(data)[:-1])
    assert fingerprint(b) != fingerprint(c)
    with pytest.raises(BadInputError, match="cannot be read"):
        fingerprint(tmp_path / "none")
