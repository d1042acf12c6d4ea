"""The drawn outline encloses the sound exactly, at every zoom."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from clips import make_clip

from app.media.audio import AudioReader
from app.media.peaks import FINEST, WaveformPeaks, waveform_peaks


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[np.ndarray, WaveformPeaks]:
    folder = tmp_path_factory.mktemp("peaks")
    clip = make_clip(folder / "a.wav", seconds=31, video_codec=None, audio_codec="pcm_f32le")
    with AudioReader(clip.path) as reader:
        return reader.read(0, reader.samples), waveform_peaks(reader)


def test_each_level_holds_the_extremes_of_its_stretches(
    made: tuple[np.ndarray, WaveformPeaks],
) -> None:
    sound, peaks = made
    assert peaks.samples == sound.shape[1]
    for level, outline in enumerate(peaks.levels):
        size = FINEST * 4**level
        assert outline.shape == (2, -(-sound.shape[1] // size))
        for k in range(0, outline.shape[1], max(1, outline.shape[1] // 40)):
            part = sound[:, k * size : (k + 1) * size]
            assert outline[0, k] == part.min()
            assert outline[1, k] == part.max()


@pytest.mark.parametrize(("start", "stop"), [(0, 31 * 48000), (100_000, 400_123), (9000, 60000)])
def test_columns_enclose_their_part_and_little_more(
    made: tuple[np.ndarray, WaveformPeaks], start: int, stop: int
) -> None:
    sound, peaks = made
    columns = 150
    outline = peaks.outline(start, stop, columns)
    edges = np.linspace(start, stop, columns + 1)
    width = (stop - start) / columns
    for k in range(columns):
        a, b = int(np.ceil(edges[k])), int(edges[k + 1])
        inside = sound[:, a:b]
        around = sound[:, max(0, int(a - width - FINEST)) : int(b + width + FINEST)]
        assert around.min() <= outline[0, k] <= inside.min()
        assert inside.max() <= outline[1, k] <= around.max()


def test_outside_the_sound_the_outline_is_flat(made: tuple[np.ndarray, WaveformPeaks]) -> None:
    sound, peaks = made
    length = sound.shape[1]
    outline = peaks.outline(-length, 2 * length, 90)
    assert not outline[:, :30].any()
    assert not outline[:, 61:].any()
    assert (outline[1, 30:60] > 0).all()


def test_saved_and_loaded_it_is_the_same(
    made: tuple[np.ndarray, WaveformPeaks], tmp_path: Path
) -> None:
    path = tmp_path / "a.npz"
    assert WaveformPeaks.load(path) is None
    made[1].save(path)
    assert [p.name for p in tmp_path.iterdir()] == ["a.npz"]
    loaded = WaveformPeaks.load(path)
    assert loaded is not None
    assert loaded.samples == made[1].samples
    for a, b in zip(loaded.levels, made[1].levels, strict=True):
        assert np.array_equal(a, b)
    path.write_bytes(b"broken")
    assert WaveformPeaks.load(path) is None


def test_it_can_be_cancelled(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "a.wav", seconds=2, video_codec=None, audio_codec="pcm_s16le")

    def check() -> None:
        raise InterruptedError

    with AudioReader(clip.path) as reader, pytest.raises(InterruptedError):
        waveform_peaks(reader, check)
