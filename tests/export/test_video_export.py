"""The exported video: the same picture packets, the new sound first and in its exact place."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.stream import Disposition
from clips import Clip, brightness, burst_sound, lag, make_clip
from numpy.typing import NDArray

from app.errors import BadInputError, CancelledError, NotPossibleError
from app.export.containers import container_for
from app.export.sound import SoundWriter
from app.export.video import VideoExport, write_video
from app.jobs import CancelToken, Progress
from app.media.audio import AudioReader
from app.media.probe import probe, require_audio, require_video
from app.media.video import VideoReader

CASES = {
    "plain.mp4": {},
    "plain.mov": {},
    "plain.mkv": {},
    "opus.mkv": {"audio_codec": "libopus"},
    "turned.mov": {"rotation": 90, "audio_codec": "pcm_s24le", "timecode": "01:02:03:04"},
    "timecode.mkv": {"timecode": "01:02:03:04", "audio_codec": "flac"},
    "wide.mp4": {"sample_aspect": Fraction(16, 15), "transfer": 16},
    "late_picture.mp4": {"video_start": Fraction(1, 2)},
    "late_picture.mkv": {"video_start": Fraction(1, 2), "audio_codec": "flac"},
    "late_sound.mkv": {"audio_start": Fraction(1, 2), "audio_codec": "flac"},
    "late_sound.mov": {"audio_start": Fraction(1, 3), "audio_codec": "pcm_s16le"},
    "late_sound.mp4": {"audio_start": Fraction(1, 2)},
    "ntsc.mp4": {"fps": Fraction(30000, 1001), "rate": 44100},
    "vfr.mp4": {"frame_times": [Fraction(k * k + 60 * k, 3000) for k in range(70)]},
    "vfr.mkv": {"frame_times": [Fraction(k * k + 60 * k, 3000) for k in range(70)]},
    "six.mp4": {"layout": "5.1", "rate": 96000},
    "six.mkv": {"layout": "5.1(side)", "audio_codec": "flac"},
    "high.mp4": {"rate": 96000, "layout": "mono"},
}
NEW_CODEC = {".mp4": "aac", ".mov": "pcm_s24le", ".mkv": "flac"}


def new_sound(clip: Clip, count: int, start: int = 0) -> NDArray[np.float32]:
    """A voice that differs from the clip's sound but has bursts at its flashes too."""
    info = probe(clip.path)
    audio = require_audio(info)
    times = [clip.frame_times[k] for k in clip.flashes if k < len(clip.frame_times)]
    starts = [float(t - audio.start - Fraction(start, audio.sample_rate)) for t in times]
    seconds = count / audio.sample_rate
    return burst_sound(starts, seconds, audio.sample_rate, audio.channels, seed=9)


def blocks(sound: NDArray[np.float32], size: int = 5000) -> Iterator[NDArray[np.float32]]:
    for at in range(0, sound.shape[1], size):
        yield sound[:, at : at + size]


def packets(path: Path, kind: str, number: int = 0) -> list[tuple[Fraction, bytes]]:
    with av.open(str(path)) as container:
        stream = getattr(container.streams, kind)[number]
        return [(p.pts * p.time_base, bytes(p)) for p in container.demux(stream) if p.size]


def read_track(path: Path, number: int) -> tuple[AudioReader, NDArray[np.float32]]:
    with AudioReader(path, probe(path).audio[number]) as reader:
        return reader, reader.read(0, reader.samples)


@pytest.mark.parametrize("name", CASES)
def test_picture_is_copied_and_new_sound_is_in_its_place(tmp_path: Path, name: str) -> None:
    clip = make_clip(tmp_path / name, seconds=3.001, **{"flashes": (10, 30, 60), **CASES[name]})
    before = probe(clip.path)
    old_video, old_audio = require_video(before), require_audio(before)
    sound = new_sound(clip, old_audio.samples)
    result = tmp_path / f"new{clip.path.suffix}"
    done = write_video(clip.path, [("Anna", blocks(sound))], result)
    assert done == VideoExport(result, Fraction(0), 0)
    assert sorted(tmp_path.iterdir()) == sorted([clip.path, result])

    assert packets(result, "video") == packets(clip.path, "video")
    after = probe(result)
    assert require_video(after) == old_video
    assert after.timecode == before.timecode

    assert [info.codec for info in after.audio] == [NEW_CODEC[result.suffix], old_audio.codec]
    with av.open(str(result)) as container:
        first, second = container.streams.audio
        assert first.disposition & Disposition.default
        assert not second.disposition & Disposition.default
        assert "Anna" in (first.metadata.get("title"), first.metadata.get("handler_name"))

    reader, out = read_track(result, 0)
    rate = reader.sample_rate
    shift = (reader.start - old_audio.start) * rate  # AAC in MP4 is padded to begin at 0
    late = lag(out, sound, 60000)
    assert abs(late + shift) <= (1 if result.suffix != ".mkv" else rate / 1000)
    assert abs(reader.samples - sound.shape[1] - late) <= 1
    if result.suffix != ".mp4":
        assert np.abs(out - sound).max() <= 2**-24
    original, kept = read_track(result, 1)
    assert original.start == old_audio.start
    with AudioReader(clip.path) as source:
        assert np.array_equal(kept, source.read(0, source.samples))


def test_flash_and_new_burst_come_together(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "c.mp4", seconds=3, flashes=(10, 30, 60))
    sound = new_sound(clip, require_audio(probe(clip.path)).samples)
    result = tmp_path / "new.mp4"
    write_video(clip.path, [("Anna", blocks(sound))], result)
    reader, out = read_track(result, 0)
    with VideoReader(result) as video:
        white = [f.pts * video.time_base for f in video.frames() if brightness(f.image) > 150]
    for time in white:
        at = round((time - reader.start) * reader.sample_rate)
        level = np.abs(out[0]).reshape(1, -1)
        assert level[0, at : at + 400].mean() > 5 * level[0, at - 1000 : at - 100].mean()
        assert level[0, at - 60 : at - 8].max() < 0.15


@pytest.mark.parametrize("suffix", [".mp4", ".mov", ".mkv"])
@pytest.mark.parametrize("start", [100, 100001, 120000])
def test_a_range_keeps_picture_and_sound_together(tmp_path: Path, suffix: str, start: int) -> None:
    clip = make_clip(tmp_path / f"c{suffix}", seconds=6, gop=30, flashes=(30, 70, 95, 120))
    rate, stop = 48000, 220000
    sound = new_sound(clip, stop - start, start)
    result = tmp_path / f"new{suffix}"
    done = write_video(clip.path, [("Anna", blocks(sound))], result, start=start, stop=stop)
    begin = Fraction(start, rate)
    shown = [
        t for t in clip.frame_times if begin < t + Fraction(1, 25) and t < Fraction(stop, rate)
    ]
    if suffix == ".mkv":
        key = int(begin * 25) // 30 * Fraction(30, 25)
        shown = [t for t in clip.frame_times if key <= t < Fraction(stop, rate)]
    assert done.lead_in == begin - shown[0]
    with VideoReader(result) as video:
        frames = list(video.frames())
        tick = video.time_base
    times = [frame.pts * tick for frame in frames]
    assert times[: len(shown)] == [t - shown[0] for t in shown]
    assert len(frames) - len(shown) <= 2  # frames that reordered ones refer to
    white = [t for t, f in zip(times, frames, strict=True) if brightness(f.image) > 150]
    flashes = [clip.frame_times[k] for k in clip.flashes]
    assert white == [t - shown[0] for t in flashes if t in shown]

    reader, out = read_track(result, 0)
    late = lag(out, sound, 10000)
    place = reader.start + Fraction(late, rate)
    assert abs(place - done.lead_in) <= (
        Fraction(1, 1000) if suffix == ".mkv" else Fraction(1, rate)
    )
    assert abs(reader.samples - late - sound.shape[1]) <= 1
    original, kept = read_track(result, 1)
    with AudioReader(clip.path) as source:
        first = round((shown[0] + original.start) * rate)
        expected = source.read(first, first + kept.shape[1])
    assert abs(lag(kept, expected)) <= (48 if suffix == ".mkv" else 1)


def test_several_voices_from_files(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "c.mkv", seconds=2, flashes=(10,))
    samples = require_audio(probe(clip.path)).samples
    voices = []
    for number, name in enumerate(("Anna", "Ben")):
        sound = burst_sound([0.3 + number], samples / 48000, 48000, 2, seed=number)
        with SoundWriter(tmp_path / f"{name}.wav", 48000, 2, "wav24") as writer:
            writer.write(sound)
        voices.append((name, sound, tmp_path / f"{name}.wav"))
    result = tmp_path / "new.mkv"
    write_video(clip.path, [(name, path) for name, _, path in voices], result)
    with av.open(str(result)) as container:
        titles = [s.metadata.get("title") for s in container.streams.audio]
        assert titles == ["Anna", "Ben", None]
    for number, (_, sound, _) in enumerate(voices):
        assert np.abs(read_track(result, number)[1] - sound).max() <= 2**-24


def test_the_kind_of_file_is_kept_where_it_can_be(tmp_path: Path) -> None:
    for name, codec, picture in [
        ("a.mp4", "aac", "libx264"),
        ("a.mov", "pcm_s16le", "libx264"),
        ("a.mkv", "libopus", "libx264"),
    ]:
        clip = make_clip(
            tmp_path / name, seconds=1, flashes=(3,), audio_codec=codec, video_codec=picture
        )
        assert container_for(clip.path) == (clip.path.suffix, None)
    webm = make_clip(
        tmp_path / "a.webm", seconds=1, flashes=(3,), audio_codec="libopus", video_codec="libvpx"
    )
    suffix, note = container_for(webm.path)
    assert suffix == ".mkv"
    assert note is not None
    assert note.endswith("so a .mkv file is written.")
    stream = make_clip(tmp_path / "a.ts", seconds=1, flashes=(3,))
    assert container_for(stream.path)[0] == ".mov"


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_tags_and_chapters_stay(tmp_path: Path, suffix: str) -> None:
    made = make_clip(tmp_path / f"made{suffix}", seconds=2, flashes=(10,))
    clip = tmp_path / f"tagged{suffix}"
    with av.open(str(made.path)) as source, av.open(str(clip), "w") as output:
        output.metadata["title"] = "Take three"
        tick = Fraction(1, 1000)
        chapter = {
            "id": 1,
            "start": 0,
            "end": 1500,
            "time_base": tick,
            "metadata": {"title": "B"},
        }
        output.set_chapters([chapter])
        copies = {s.index: output.add_stream_from_template(s) for s in source.streams}
        for packet in source.demux():
            if packet.size and packet.dts is not None:
                packet.stream = copies[packet.stream_index]
                output.mux(packet)
    result = tmp_path / f"new{suffix}"
    silence = np.zeros((2, 90000), np.float32)
    write_video(clip, [("A", [silence])], result)
    told = []
    for path in (clip, result):
        with av.open(str(path)) as container:
            assert container.metadata["title"] == "Take three"
            (found,) = container.chapters()
            ticks = found["time_base"]
            told.append((found["start"] * ticks, found["end"] * ticks, found["metadata"]["title"]))
    assert told[0] == told[1]
    assert told[0][1:] == (Fraction(3, 2), "B")


def test_a_transport_stream_becomes_a_quicktime_file(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "a.ts", seconds=2, flashes=(10, 30))
    audio = require_audio(probe(clip.path))
    sound = new_sound(clip, audio.samples)
    result = tmp_path / "a.mov"
    write_video(clip.path, [("Anna", blocks(sound))], result)
    with VideoReader(clip.path) as a, VideoReader(result) as b:
        for x, y in zip(a.frames(), b.frames(), strict=True):
            assert x.pts * a.time_base == y.pts * b.time_base
            assert np.array_equal(x.image, y.image)
    reader, out = read_track(result, 0)
    assert reader.start == audio.start
    assert np.abs(out - sound).max() <= 2**-24


def test_what_cannot_be_written_is_refused(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "c.mp4", seconds=1, flashes=(3,))
    silence = np.zeros((2, 4800), np.float32)
    with pytest.raises(BadInputError, match=r"let it end in one of \.mp4, \.mov, \.mkv"):
        write_video(clip.path, [("A", [silence])], tmp_path / "new.avi")
    with pytest.raises(BadInputError, match="is the clip itself"):
        write_video(clip.path, [("A", [silence])], clip.path, overwrite=True)
    taken = tmp_path / "taken.mp4"
    taken.write_bytes(b"mine")
    with pytest.raises(BadInputError, match="exists already"):
        write_video(clip.path, [("A", [silence])], taken)
    assert taken.read_bytes() == b"mine"
    write_video(clip.path, [("A", [silence])], taken, overwrite=True)
    assert probe(taken).video is not None
    mute = make_clip(tmp_path / "m.mp4", seconds=1, flashes=(3,), audio_codec=None)
    with pytest.raises(BadInputError, match="has no sound"):
        write_video(mute.path, [("A", [silence])], tmp_path / "n.mp4")
    other = make_clip(
        tmp_path / "w.mkv", seconds=1, flashes=(3,), audio_codec="flac", video_codec="libvpx"
    )
    with pytest.raises(BadInputError, match=r"A \.mp4 file cannot hold"):
        write_video(other.path, [("A", [silence])], tmp_path / "n.mp4")
    assert not list(tmp_path.glob("*.part"))


@pytest.mark.parametrize("kind", [KeyboardInterrupt, CancelledError, OSError, ValueError])
def test_nothing_is_left_after_a_stop(tmp_path: Path, kind: type[BaseException]) -> None:
    clip = make_clip(tmp_path / "c.mp4", seconds=3)

    def failing() -> Iterator[NDArray[np.float32]]:
        yield np.zeros((2, 48000), np.float32)
        raise kind("stop")

    expected = NotPossibleError if kind is OSError else kind
    with pytest.raises(expected):
        write_video(clip.path, [("A", failing())], tmp_path / "new.mp4")
    assert list(tmp_path.iterdir()) == [clip.path]


def test_progress_rises_and_cancelling_stops_at_once(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "c.mkv", seconds=4)
    samples = require_audio(probe(clip.path)).samples
    sound = new_sound(clip, samples)
    seen: list[Progress] = []
    write_video(clip.path, [("A", blocks(sound))], tmp_path / "a.mkv", on_progress=seen.append)
    assert [p.done for p in seen] == sorted(p.done for p in seen)
    assert seen[-1].fraction == 1
    token = CancelToken()
    taken = 0

    def endless() -> Iterator[NDArray[np.float32]]:
        nonlocal taken
        while True:
            taken += 1
            if taken == 5:
                token.cancel()
            yield np.zeros((2, 9600), np.float32)

    with pytest.raises(CancelledError):
        write_video(clip.path, [("A", endless())], tmp_path / "b.mkv", token=token)
    assert taken < 9
    assert not (tmp_path / "b.mkv").exists()
    assert not list(tmp_path.glob("*.part"))
