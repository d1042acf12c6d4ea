"""Sound out equals sound in: sample positions, lengths, gaps and random access."""

from __future__ import annotations

import tracemalloc
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from clips import burst_sound, lag, make_clip

from app.errors import BadInputError
from app.media.audio import AudioReader
from app.media.decoder import frame_samples
from app.media.packets import scan_packets
from app.media.probe import probe

LONG = 13.0
NO_NOISE = {"aac_pns": "0"}
CODECS = [
    ("a.mp4", "aac", None),
    ("a.mov", "aac", None),
    ("a.mkv", "aac", None),
    ("a.ts", "aac", None),
    ("mp3.mp4", "libmp3lame", None),
    ("ac3.mov", "ac3", None),
    ("opus.mp4", "libopus", None),
    ("opus.mkv", "libopus", None),
    ("flac.mkv", "flac", None),
    ("alac.mov", "alac", None),
    ("pcm.mov", "pcm_s24le", None),
    ("pcm.mkv", "pcm_s16le", None),
    ("pcm.wav", "pcm_f32le", None),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("audio")


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("plain.mp4", {}),
        ("plain.mov", {}),
        ("plain.mkv", {}),
        ("late.mkv", {"audio_start": Fraction(1, 2)}),
        ("late.mov", {"audio_start": Fraction(1, 3), "audio_codec": "pcm_s16le"}),
        ("early.mp4", {"video_start": Fraction(1, 2)}),
        ("44k.mp4", {"rate": 44100}),
        ("96k.mp4", {"rate": 96000}),
        ("44k.mkv", {"rate": 44100, "audio_codec": "flac"}),
        ("96k.mkv", {"rate": 96000, "audio_codec": "flac"}),
        ("mono.mp4", {"layout": "mono"}),
        ("six.mp4", {"layout": "5.1"}),
        ("six.mov", {"layout": "5.1", "audio_codec": "pcm_s16le"}),
        ("six.mkv", {"layout": "5.1(side)", "audio_codec": "flac"}),
        ("opus.webm", {"audio_codec": "libopus", "video_codec": "libvpx", "flashes": (10,)}),
        ("opus.mp4", {"audio_codec": "libopus"}),
        ("mp3.mp4", {"audio_codec": "libmp3lame"}),
        ("alac.mov", {"audio_codec": "alac"}),
    ],
)
def test_sound_out_is_the_sound_that_went_in(folder: Path, name: str, options: dict) -> None:
    clip = make_clip(folder / name, seconds=3.001, **options)
    assert clip.sound is not None
    with AudioReader(clip.path) as reader:
        out = reader.read(0, reader.samples)
        assert reader.sample_rate == clip.rate
        assert reader.layout == options.get("layout", "stereo")
        assert out.shape == (clip.sound.shape[0], reader.samples)
        assert lag(out, clip.sound) == 0
        assert abs(reader.start - clip.sound_start) * clip.rate <= 1
        assert reader.samples >= clip.sound.shape[1]
        # Only Matroska has no way to tell where AAC ends inside its last packet.
        most = 1024 if name in ("plain.mkv", "late.mkv") else 0
        assert reader.samples - clip.sound.shape[1] <= most
        for channel in range(out.shape[0]):
            if "six" in name and channel == 3:
                continue  # the low-frequency channel of lossy codecs keeps only the lowest tones
            assert lag(out[channel:], clip.sound[channel:]) == 0


def test_priming_that_the_container_does_not_tell_is_sound_at_its_own_time(folder: Path) -> None:
    """A late AAC track in MP4 is written with an empty edit: nothing marks its priming."""
    clip = make_clip(folder / "late.mp4", seconds=3.001, audio_start=Fraction(1, 2))
    with AudioReader(clip.path) as reader:
        out = reader.read(0, reader.samples)
        assert clip.sound is not None
        late = lag(out, clip.sound)
        assert late == 1024
        assert reader.samples == clip.sound.shape[1] + 1024
        assert abs(reader.start + Fraction(late, clip.rate) - clip.sound_start) * clip.rate <= 1


@pytest.mark.parametrize(("name", "codec", "options"), CODECS)
def test_any_read_equals_the_slice_of_a_sequential_read(
    folder: Path, name: str, codec: str, options: dict | None
) -> None:
    clip = make_clip(
        folder / f"random_{name}",
        seconds=LONG,
        flashes=(10, 200),
        audio_codec=codec,
        audio_options=options,
        video_codec=None if name.endswith("wav") else "libx264",
        gop=250,
    )
    with AudioReader(clip.path) as reader:
        whole = np.concatenate(list(reader.blocks(size=7919)), axis=1)
        assert reader.seeks == 0
        assert whole.shape[1] == reader.samples
    rng = np.random.default_rng(5)
    with AudioReader(clip.path) as reader:
        for start in rng.integers(-2000, whole.shape[1], 14):
            stop = int(start + rng.integers(1, 60000))
            expected = np.zeros((whole.shape[0], stop - int(start)), np.float32)
            inside = whole[:, max(0, start) : stop]
            at = max(0, -int(start))
            expected[:, at : at + inside.shape[1]] = inside
            assert np.array_equal(reader.read(int(start), stop), expected)
        assert reader.seeks > 0


@pytest.mark.parametrize(
    ("name", "codec", "options", "tolerance"),
    [
        ("aac.mp4", "aac", NO_NOISE, 0.0),
        ("mp3.mp4", "libmp3lame", None, 0.0),
        ("opus.mkv", "libopus", None, 1e-6),
        ("flac.mkv", "flac", None, 0.0),
        ("pcm.mov", "pcm_s24le", None, 0.0),
    ],
)
def test_segments_join_as_if_decoded_in_one_go(
    folder: Path, name: str, codec: str, options: dict | None, tolerance: float
) -> None:
    clip = make_clip(
        folder / f"join_{name}",
        seconds=LONG,
        flashes=(10, 99, 101, 200),
        audio_codec=codec,
        audio_options=options,
    )
    with av.open(str(clip.path)) as container:
        plain = np.concatenate([frame_samples(f) for f in container.decode(audio=0)], axis=1)
    with AudioReader(clip.path) as reader:
        out = reader.read(0, reader.samples)
    count = min(plain.shape[1], out.shape[1])
    assert count >= LONG * clip.rate
    assert np.abs(plain[:, :count] - out[:, :count]).max() <= tolerance


def test_forward_work_with_overlap_never_seeks(folder: Path) -> None:
    clip = make_clip(folder / "forward.mp4", seconds=45, video_codec=None)
    with AudioReader(clip.path) as reader:
        rate = reader.sample_rate
        for second in range(0, 40, 6):
            reader.read(max(0, second - 2) * rate, (second + 6) * rate)
            reader.read(max(0, second - 6) * rate, second * rate)
        assert reader.seeks == 0


def test_reading_forward_needs_no_more_memory_for_a_longer_file(folder: Path) -> None:
    peaks = []
    for seconds in (40, 120):
        path = folder / f"memory_{seconds}.wav"
        make_clip(path, seconds=seconds, video_codec=None, audio_codec="pcm_s16le", layout="mono")
        with AudioReader(path) as reader:
            tracemalloc.start()
            for block in reader.blocks(size=48000):
                assert block.shape[0] == 1
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
    assert peaks[1] < 1.1 * peaks[0] < 12e6


@pytest.mark.parametrize(("name", "codec"), [("g.mp4", "aac"), ("g.mkv", "flac"), ("g.mov", "aac")])
def test_a_gap_in_the_stream_is_silence_of_its_length(folder: Path, name: str, codec: str) -> None:
    clip = make_clip(
        folder / name, seconds=4, audio_codec=codec, gaps=[(1.2, 1.7)], flashes=(5, 60, 90)
    )
    assert clip.sound is not None
    with AudioReader(clip.path) as reader:
        out = reader.read(0, reader.samples)
        assert abs(reader.samples - clip.sound.shape[1]) <= 48  # Matroska stamps are in ms
        before, after = slice(0, 48000), slice(2 * 48000, 4 * 48000)
        assert lag(out[:, before], clip.sound[:, before]) == 0
        assert abs(lag(out[:, after], clip.sound[:, after])) <= (48 if "mkv" in name else 1)
        assert np.abs(out[:, int(1.35 * 48000) : int(1.6 * 48000)]).max() == 0
        other = AudioReader(clip.path)
        at = int(1.69 * 48000)
        assert np.array_equal(other.read(at, at + 9000), out[:, at : at + 9000])
        other.close()


def test_small_errors_of_time_stamps_are_no_gaps(folder: Path) -> None:
    """Matroska rounds to milliseconds, 48 samples: a tone must stay unbroken."""
    count = 4 * 44100
    tone = 0.5 * np.sin(2 * np.pi * 441 * np.arange(count) / 44100)
    path = folder / "tone.mkv"
    with av.open(str(path), "w") as output:
        stream = output.add_stream("pcm_s16le", rate=44100)
        stream.codec_context.layout = "mono"
        for at in range(0, count, 1000):  # 22.68 ms: every stamp is rounded differently
            block = np.rint(tone[None, at : at + 1000] * 32767).astype(np.int16)
            frame = av.AudioFrame.from_ndarray(block, "s16", "mono")
            frame.sample_rate, frame.pts, frame.time_base = 44100, at, Fraction(1, 44100)
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    with AudioReader(path) as reader:
        assert reader.samples == count
        assert np.abs(reader.read(0, count)[0] - tone).max() < 1e-4


def test_an_edit_list_that_cuts_the_head_off_is_obeyed(folder: Path) -> None:
    clip = make_clip(folder / "whole.mp4", seconds=6, flashes=(5, 80, 120))
    cut = folder / "cut.mp4"
    offset = Fraction(49, 25)
    with (
        av.open(str(clip.path)) as source,
        av.open(str(cut), "w", options={"movie_timescale": "48000"}) as output,
    ):
        streams = {s.index: output.add_stream_from_template(s) for s in source.streams}
        for packet in source.demux():
            if packet.dts is None:
                continue
            ticks = int(offset / packet.time_base)
            packet.pts -= ticks
            packet.dts -= ticks
            packet.stream = streams[packet.stream_index]
            output.mux(packet)
    with AudioReader(cut) as reader:
        out = reader.read(0, reader.samples)
        assert clip.sound is not None
        begin = round((offset + reader.start) * 48000)
        assert lag(out, clip.sound[:, begin:]) == 0
        assert abs(reader.start) <= Fraction(1, 48000)
        assert abs(reader.samples - (clip.sound.shape[1] - begin)) <= 1


def test_a_second_sound_track_is_read_by_its_own_index(folder: Path) -> None:
    path = folder / "two.mkv"
    sounds = [burst_sound([1.0], 2, 48000, 1, seed) for seed in (1, 2)]
    with av.open(str(path), "w") as output:
        streams = [output.add_stream("flac", rate=48000) for _ in sounds]
        for stream in streams:
            stream.codec_context.layout = "mono"
        for stream, sound in zip(streams, sounds, strict=True):
            block = np.rint(sound * 32767).astype(np.int16)
            frame = av.AudioFrame.from_ndarray(block, "s16", "mono")
            frame.sample_rate, frame.pts = 48000, 0
            output.mux(stream.encode(frame))
            output.mux(stream.encode(None))
    infos = probe(path).audio
    assert len(infos) == 2
    for info, sound in zip(infos, sounds, strict=True):
        with AudioReader(path, info) as reader:
            assert np.abs(reader.read(0, reader.samples) - sound).max() < 1e-4


def test_the_index_is_made_once_for_an_unchanged_file(folder: Path) -> None:
    clip = make_clip(folder / "once.mkv", seconds=1, flashes=(3,))
    assert scan_packets(clip.path) is scan_packets(clip.path)
    make_clip(folder / "once.mkv", seconds=2, flashes=(3,))
    assert probe(clip.path).audio[0].samples > 1.9 * 48000


def test_a_file_without_sound_is_refused_by_name(folder: Path) -> None:
    clip = make_clip(folder / "mute.mp4", seconds=1, audio_codec=None, flashes=(3,))
    with pytest.raises(BadInputError, match=r"mute\.mp4 has no sound"):
        AudioReader(clip.path)
