"""Voices on disk: what is written is read, and only where it was announced."""

from __future__ import annotations

import errno
from pathlib import Path

import numpy as np
import pytest

from app.errors import NotPossibleError
from app.gui.voice_buffer import PEAK_SAMPLES, VoiceBuffer, VoiceWriter, block_peaks


def _noise(samples: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).uniform(-1, 1, (2, samples)).astype(np.float32)


def test_blocks_come_back_as_written(tmp_path: Path) -> None:
    sound = _noise(10_000)
    buffer = VoiceBuffer(tmp_path / "voice.f32", 2, 500, 10_500)
    writer = VoiceWriter(buffer.path, 500)
    for first in range(0, 10_000, 3000):
        block = sound[:, first : first + 3000]
        start = 500 + first
        writer.write(start, block)
        buffer.mark(start, start + block.shape[1], block_peaks(start, 500, block))
    writer.close()
    assert buffer.complete
    np.testing.assert_array_equal(buffer.read(500, 10_500), sound)
    np.testing.assert_array_equal(buffer.read(4000, 4010), sound[:, 3500:3510])
    np.testing.assert_array_equal(buffer.read(490, 502)[:, :10], 0)
    np.testing.assert_array_equal(buffer.read(490, 502)[:, 10:], sound[:, :2])


def test_nothing_is_read_beyond_what_is_announced(tmp_path: Path) -> None:
    buffer = VoiceBuffer(tmp_path / "voice.f32", 2, 0, 4000)
    writer = VoiceWriter(buffer.path, 0)
    writer.write(0, _noise(4000))
    buffer.mark(0, 1000, block_peaks(0, 0, _noise(1000)))
    assert not buffer.complete
    assert buffer.read(900, 1100)[:, :100].any()
    assert not buffer.read(900, 1100)[:, 100:].any()


def test_peaks_of_blocks_are_those_of_the_whole(tmp_path: Path) -> None:
    sound = _noise(5000)
    buffer = VoiceBuffer(tmp_path / "voice.f32", 2, 300, 5300)
    for first in range(0, 5000, 700):
        block = sound[:, first : first + 700]
        buffer.mark(300 + first, 300 + first + 700, block_peaks(300 + first, 300, block))
    for bucket in range(buffer.peaks.shape[1]):
        part = sound[:, bucket * PEAK_SAMPLES : (bucket + 1) * PEAK_SAMPLES]
        assert buffer.peaks[0, bucket] == part.min()
        assert buffer.peaks[1, bucket] == part.max()


def test_closing_removes_the_file(tmp_path: Path) -> None:
    buffer = VoiceBuffer(tmp_path / "voice.f32", 1, 0, 10)
    buffer.close()
    assert not buffer.path.exists()
    assert not buffer.read(0, 10).any()


def test_a_full_disk_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "voice.f32"
    path.touch()
    writer = VoiceWriter(path, 0)

    class Full:
        def seek(self, place: int) -> None: ...

        def write(self, data: bytes) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(writer, "_file", Full())
    with pytest.raises(NotPossibleError, match="free some space"):
        writer.write(0, _noise(10))
