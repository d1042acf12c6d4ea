"""Sound files: exact values, layouts, sizes beyond 4 GiB, names, and nothing half written."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from app.errors import BadInputError, NotPossibleError
from app.export.naming import next_free, output_path
from app.export.sound import AUDIO_FORMATS, SoundWriter
from app.export.wav import WavStream
from app.media.audio import AudioReader

LOSSLESS = ("wav16", "wav24", "wav32f", "flac")
STEP = {"wav16": 2**-15, "wav24": 2**-23, "wav32f": 0.0, "flac": 2**-23}


def write_then(
    path: Path, name: str, sound: np.ndarray, act: Callable[[], object], times: int = 1
) -> None:
    """Write ``sound`` and do ``act`` before the file is finished."""
    with SoundWriter(path, 48000, sound.shape[0], name) as writer:
        for _ in range(times):
            writer.write(sound)
        act()


def noise(channels: int, count: int = 5000, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rng.uniform(-0.95, 0.95, (channels, count)).astype(np.float32)


@pytest.mark.parametrize("rate", [44100, 96000])
@pytest.mark.parametrize("layout", ["mono", "stereo", "5.1", "5.1(side)"])
@pytest.mark.parametrize("name", LOSSLESS)
def test_values_come_back_within_half_a_step(
    tmp_path: Path, name: str, layout: str, rate: int
) -> None:
    channels = {"mono": 1, "stereo": 2}.get(layout, 6)
    sound = noise(channels)
    path = tmp_path / f"a{AUDIO_FORMATS[name]}"
    with SoundWriter(path, rate, channels, name, layout) as writer:
        for at in range(0, 5000, 777):
            writer.write(sound[:, at : at + 777])
    assert (writer.samples, writer.clipped) == (5000, 0)
    with AudioReader(path) as reader:
        assert reader.samples == 5000
        assert reader.sample_rate == rate
        if name != "flac":  # FLAC has one order of six channels and calls it 5.1(side)
            assert reader.layout == layout
        assert np.abs(reader.read(0, 5000) - sound).max() <= STEP[name] / 2
    # A second reader, not ours, sees the same.
    data, other_rate = soundfile.read(path, dtype="float64", always_2d=True)
    assert other_rate == rate
    assert np.abs(data.T - sound).max() <= STEP[name] / 2


@pytest.mark.parametrize("name", ["wav24", "flac"])
def test_parts_add_up_to_the_original_within_one_step(tmp_path: Path, name: str) -> None:
    original = np.rint(noise(2) * 2**23).astype(np.float32) / np.float32(2**23)
    voice = original * np.abs(noise(2, seed=1))
    rest = original - voice
    read = []
    for number, part in enumerate((voice, rest)):
        path = tmp_path / f"{number}{AUDIO_FORMATS[name]}"
        with SoundWriter(path, 48000, 2, name) as writer:
            writer.write(part)
        data, _ = soundfile.read(path, dtype="int32", always_2d=True)
        read.append(data.T.astype(np.int64) >> 8)
    error = read[0] + read[1] - np.rint(original.astype(np.float64) * 2**23).astype(np.int64)
    assert np.abs(error).max() <= 1


@pytest.mark.parametrize("name", LOSSLESS)
def test_values_beyond_full_scale_are_cut_and_counted(tmp_path: Path, name: str) -> None:
    sound = np.array([[0.5, 1.5, -1.5, -1.0, 1.0]], np.float32)
    path = tmp_path / f"a{AUDIO_FORMATS[name]}"
    with SoundWriter(path, 48000, 1, name) as writer:
        writer.write(sound)
    data, _ = soundfile.read(path, dtype="float64")
    if name == "wav32f":
        assert writer.clipped == 0
        assert np.array_equal(data, sound[0])
    else:
        assert writer.clipped == 3
        top = 1 - STEP[name]
        assert data.tolist() == [0.5, top, -1.0, -1.0, top]


def test_rounding_goes_to_the_nearest_value(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    steps = np.array([[0.49, 0.51, -0.49, -0.51, 1.5, 2.5]], np.float32) / 2**15
    with SoundWriter(path, 48000, 1, "wav16") as writer:
        writer.write(steps)
    assert soundfile.read(path, dtype="int16")[0].tolist() == [0, 1, 0, -1, 2, 2]


@pytest.mark.parametrize("name", AUDIO_FORMATS)
@pytest.mark.parametrize("kind", [KeyboardInterrupt, ValueError])
def test_a_stop_leaves_no_file(tmp_path: Path, name: str, kind: type[BaseException]) -> None:
    path = tmp_path / f"a{AUDIO_FORMATS[name]}"

    def stop() -> None:
        assert not path.exists()
        assert list(tmp_path.iterdir()) != []
        raise kind

    with pytest.raises(kind):
        write_then(path, name, noise(2), stop)
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_overwritten_unasked(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(b"mine")
    with pytest.raises(BadInputError, match="exists already"):
        SoundWriter(path, 48000, 1)
    # A file that turns up while ours is written stays too.
    other = tmp_path / "b.wav"
    with pytest.raises(BadInputError, match="exists already"):
        write_then(other, "wav24", noise(1), lambda: other.write_bytes(b"mine"))
    assert path.read_bytes() == other.read_bytes() == b"mine"
    with SoundWriter(path, 48000, 1, overwrite=True) as writer:
        writer.write(noise(1))
    assert soundfile.info(path).frames == 5000
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.wav", "b.wav"]


def test_wrong_places_formats_and_values(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="There is no folder"):
        SoundWriter(tmp_path / "no" / "a.wav", 48000, 1)
    with pytest.raises(BadInputError, match="no sound format ogg; choose one of wav16"):
        SoundWriter(tmp_path / "a.ogg", 48000, 1, "ogg")
    with pytest.raises(BadInputError, match="FLAC cannot hold 12 channels"):
        SoundWriter(tmp_path / "a.flac", 48000, 12, "flac")
    with pytest.raises(BadInputError, match="is a folder"):
        SoundWriter(tmp_path, 48000, 1)
    for bad in (np.zeros((2, 10), np.float32), np.full((1, 10), np.nan, np.float32)):
        with (
            pytest.raises(ValueError, match=r"expected|not finite"),
            SoundWriter(tmp_path / "a.wav", 48000, 1) as writer,
        ):
            writer.write(bad)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", AUDIO_FORMATS)
def test_a_full_disk_is_one_sentence(tmp_path: Path, name: str) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no device that is always full")
    (tmp_path / "a.part").symlink_to("/dev/full")
    with pytest.raises(NotPossibleError, match=r"could not be written .*; free some space"):
        write_then(tmp_path / "a", name, noise(2), lambda: None, times=40)
    assert list(tmp_path.iterdir()) == []


class _Sparse(io.BytesIO):
    """Remembers only what lies at the head of the file."""

    def __init__(self) -> None:
        super().__init__()
        self.length = 0
        self.at = 0

    def write(self, data) -> int:
        if self.at + len(data) <= 4096:
            super().seek(self.at)
            super().write(data)
        self.at += len(data)
        self.length = max(self.length, self.at)
        return len(data)

    def seek(self, offset: int, whence: int = 0) -> int:
        self.at = offset if whence == 0 else self.length + offset
        return self.at

    def tell(self) -> int:
        return self.at


@pytest.mark.parametrize("blocks", [3, 20])
def test_beyond_four_gibibytes_the_file_is_rf64(blocks: int) -> None:
    file = _Sparse()
    stream = WavStream(file, 48000, 2, 24, False, "stereo")
    head = file.length
    block = bytes(6 * 40_000_000)
    for _ in range(blocks):
        stream.write(block)
    stream.finish()
    data = file.getvalue()
    total = blocks * len(block)
    if total < 2**32:
        assert data[:4] == b"RIFF"
        assert struct.unpack("<I", data[4:8])[0] == head - 8 + total
        assert data[12:16] == b"JUNK"
        assert struct.unpack("<I", data[head - 4 : head])[0] == total
    else:
        assert data[:4] == b"RF64"
        assert data[12:16] == b"ds64"
        assert struct.unpack("<IQQQ", data[16:44]) == (28, head - 8 + total, total, total // 6)
        assert data[4:8] == data[head - 4 : head] == b"\xff\xff\xff\xff"


def test_an_rf64_header_is_read_by_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.export.wav._RIFF_LIMIT", 1000)
    path = tmp_path / "a.wav"
    with SoundWriter(path, 48000, 2, "wav24") as writer:
        writer.write(noise(2))
    head = bytearray(path.read_bytes())
    assert head[:4] == b"RF64"
    assert soundfile.info(path).format == "RF64"
    data, _ = soundfile.read(path, dtype="float64")
    assert np.abs(data.T - noise(2)).max() <= 2**-24


def test_names_are_built_from_clip_and_singer(tmp_path: Path) -> None:
    clip = tmp_path / "Take 3.final.mp4"
    assert output_path(clip, "A", ".wav") == tmp_path / "Take 3.final_A_isolated.wav"
    folder = tmp_path / "out"
    folder.mkdir()
    assert output_path(clip, "A", ".flac", folder, kind="rest").parent == folder
    assert (
        output_path(clip, "Änne / Zoë: *?", ".wav").name == "Take 3.final_Änne---Zoë_isolated.wav"
    )
    assert output_path(clip, "../..", ".wav").parent == tmp_path
    assert output_path(clip, "", ".wav").name == "Take 3.final_singer_isolated.wav"
    long = output_path(tmp_path / ("é" * 200 + ".mov"), "A", ".wav")
    assert len(long.name.encode()) <= 250
    assert long.name.endswith("_A_isolated.wav")


def test_taken_names_are_refused_or_counted_on(tmp_path: Path) -> None:
    clip = tmp_path / "c.mp4"
    first = output_path(clip, "A", ".wav")
    assert next_free(first) == first
    first.touch()
    with pytest.raises(BadInputError, match=r"exists already; .*--overwrite"):
        output_path(clip, "A", ".wav")
    assert output_path(clip, "A", ".wav", overwrite=True) == first
    assert next_free(first).name == "c_A_isolated_02.wav"
    next_free(first).touch()
    assert next_free(first).name == "c_A_isolated_03.wav"
