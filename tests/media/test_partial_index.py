"""A clip can be used before it was read to its end, and nothing that is told then changes later."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from clips import make_clip

from app.media import index_store, packets
from app.media.audio import AudioReader
from app.media.index_store import keep_scan, kept_scan
from app.media.packets import PacketPass, packet_pass, scan_packets
from app.media.peaks import waveform_peaks
from app.media.probe import probe
from app.media.sound_index import NO_PTS, AudioIndex

SECONDS = 40.0
KINDS = [
    ("a.mp4", "aac"),
    ("a.mkv", "aac"),
    ("a.ts", "aac"),
    ("opus.mkv", "libopus"),
    ("flac.mkv", "flac"),
    ("mp3.mkv", "libmp3lame"),
    ("pcm.mkv", "pcm_s16le"),
    ("pcm.mov", "pcm_s24le"),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("partial")


@pytest.fixture
def slowly(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Few packets at a time, so that a short clip is far from read when it is first used."""
    monkeypatch.setattr(packets, "_STEP", 100)
    packets._passes.clear()
    yield
    packets._passes.clear()


def _clip(folder: Path, name: str, codec: str, **options: object) -> Path:
    path = folder / name
    if not path.exists():
        make_clip(path, seconds=SECONDS, flashes=(10, 500), audio_codec=codec, **options)
    return path


def _same(one: AudioIndex, other: AudioIndex) -> bool:
    return all(
        np.array_equal(getattr(one, field.name), getattr(other, field.name))
        for field in fields(AudioIndex)
    )


@pytest.mark.parametrize(("name", "codec"), KINDS)
def test_a_part_of_the_index_is_the_beginning_of_the_whole(
    folder: Path, slowly: None, name: str, codec: str
) -> None:
    path = _clip(folder, name, codec)
    whole = next(iter(PacketPass(path).whole().audio.values()))
    gradual = PacketPass(path)
    part = gradual.sound(whole.stream, 0)
    assert part is not None
    assert not part.complete
    assert 0 < part.samples < whole.samples / 2
    count = len(part.pts)
    for field in ("pts", "pos", "size", "count", "skip", "keep", "first"):
        assert np.array_equal(getattr(part, field), getattr(whole, field)[:count])
    assert (part.start, part.typical, part.layout) == (whole.start, whole.typical, whole.layout)
    more = gradual.sound(whole.stream, 10 * whole.sample_rate)
    assert more is not None
    assert 10 * whole.sample_rate <= more.samples < whole.samples
    assert _same(gradual.whole().audio[whole.stream], whole)


@pytest.mark.parametrize(("name", "codec"), KINDS)
def test_a_glance_knows_the_start_exactly_and_the_length_nearly(
    folder: Path, slowly: None, name: str, codec: str
) -> None:
    path = _clip(folder, name, codec)
    glance = probe(path, patience_s=0.0)
    assert not glance.exact
    exact = probe(path)
    assert exact.exact
    assert probe(path, patience_s=0.0) == exact, "what is known already is told at once"
    assert glance.video is not None
    assert exact.video is not None
    assert glance.audio[0] == replace(exact.audio[0], samples=glance.audio[0].samples)
    far = abs(glance.audio[0].samples - exact.audio[0].samples) / exact.audio[0].sample_rate
    assert far < 0.2
    assert abs(glance.duration - exact.duration) < Fraction(1, 5)
    for field in ("start", "time_base", "frame_rate", "width", "height", "rotation", "index"):
        assert getattr(glance.video, field) == getattr(exact.video, field)


@pytest.mark.parametrize(("name", "codec"), KINDS)
def test_sound_read_while_the_index_grows_is_the_same_sound(
    folder: Path, slowly: None, name: str, codec: str
) -> None:
    path = _clip(folder, name, codec)
    scan_packets(path)
    with AudioReader(path) as reader:
        whole = reader.read(0, reader.samples)
    packets._passes.clear()
    with AudioReader(path) as reader:
        rate = reader.sample_rate
        assert np.array_equal(reader.read(rate, 3 * rate), whole[:, rate : 3 * rate])
        assert packet_pass(path).begun(0.0)[1] is False, "two seconds didn't need all of it"
        assert np.array_equal(reader.read(30 * rate, 31 * rate), whole[:, 30 * rate : 31 * rate])
        end = whole.shape[1]
        assert reader.end_before(end + 5) == end
        late = reader.read(end - 9000, end + 50)
        assert np.array_equal(late[:, :9000], whole[:, end - 9000 :])
        assert not late[:, 9000:].any()
    packets._passes.clear()
    with AudioReader(path) as reader:
        assert np.array_equal(np.concatenate(list(reader.blocks(size=7919)), axis=1), whole)


def test_the_outline_grows_before_the_length_is_known(folder: Path, slowly: None) -> None:
    path = folder / "long.mkv"
    make_clip(path, seconds=120, flashes=(10,), audio_codec="flac", layout="mono")
    unfinished: list[bool] = []

    def grow(_part: object) -> None:
        unfinished.append(not packet_pass(path).begun(0.0)[1])

    with AudioReader(path) as reader:
        peaks = waveform_peaks(reader, grow=grow)
        assert peaks.samples == reader.samples
        assert peaks.levels[0].shape[1] == -(-reader.samples // 256)
    assert unfinished[0]
    assert not unfinished[-1]


def test_a_gap_behind_the_known_part_is_silence(folder: Path, slowly: None) -> None:
    path = folder / "gap.mkv"
    make_clip(path, seconds=30, audio_codec="flac", gaps=[(1.2, 27.7)], flashes=(5,))
    with AudioReader(path) as reader:
        rate = reader.sample_rate
        assert not reader.read(2 * rate, 3 * rate).any()
        late = reader.read(28 * rate, 29 * rate)
    packets._passes.clear()
    with AudioReader(path) as reader:
        assert reader.samples > 29 * rate
        assert np.array_equal(reader.read(28 * rate, 29 * rate), late)


def test_reading_to_the_end_can_be_given_up(folder: Path, slowly: None) -> None:
    path = _clip(folder, "pcm.mkv", "pcm_s16le")

    class StopError(Exception):
        pass

    calls = 0

    def check() -> None:
        nonlocal calls
        calls += 1
        if calls == 3:
            raise StopError

    with pytest.raises(StopError):
        scan_packets(path, check)
    assert scan_packets(path).audio


def test_a_kept_index_comes_back_as_it_was(folder: Path, tmp_path: Path) -> None:
    for name, codec in KINDS[:4]:
        scan = PacketPass(_clip(folder, name, codec)).whole()
        index = next(iter(scan.audio.values()))
        stamps = index.pts.copy()
        stamps[3] = NO_PTS
        scan = replace(scan, audio={index.stream: replace(index, pts=stamps)})
        place = tmp_path / "index" / f"{name}.npz"
        keep_scan(place, scan)
        back = kept_scan(place)
        assert back is not None
        assert back.video == scan.video
        assert _same(back.audio[index.stream], scan.audio[index.stream])
        assert place.stat().st_size < 40 * len(stamps) + 8000
    place.write_bytes(place.read_bytes()[:-300])
    assert kept_scan(place) is None
    assert kept_scan(tmp_path / "none.npz") is None


def test_kept_indexes_stay_within_their_bound(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scan = PacketPass(_clip(folder, "pcm.mkv", "pcm_s16le")).whole()
    keep_scan(tmp_path / "0.npz", scan)
    size = (tmp_path / "0.npz").stat().st_size
    monkeypatch.setattr(index_store, "CACHE_BYTES", 3 * size)
    for number in range(1, 6):
        keep_scan(tmp_path / f"{number}.npz", scan)
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["3.npz", "4.npz", "5.npz"]


def test_a_pass_takes_up_what_another_process_finished(
    folder: Path, slowly: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = _clip(folder, "pcm.mkv", "pcm_s16le")
    monkeypatch.setattr(index_store, "_SMALLEST", 0)
    monkeypatch.setattr(packets, "_LOOK_S", 0.0)
    begun, other = PacketPass(path), PacketPass(path)
    part = begun.sound(1, 0)
    assert part is not None
    assert not part.complete
    monkeypatch.setattr(packets, "_LONG_S", 0.0)
    whole = other.whole()
    steps: list[int] = []
    taken = begun.whole(lambda: steps.append(1))
    assert len(steps) <= 3, "no pass of its own any more"
    assert _same(taken.audio[1], whole.audio[1])
    assert PacketPass(path).begun(0.0)[1], "and the next one needs none at all"
