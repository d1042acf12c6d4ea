"""Spectrogram tiles: right place, right pitch, bounded reading, kept on disk."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from app.spectrogram import COLUMNS, ROWS, TileCache, hop_of, level_for, tile

RATE = 48_000


class _Tone:
    """Silence, then from second 2 to 4 a sine, then silence; counts what is read."""

    sample_rate = RATE

    def __init__(self, hertz: float, seconds: int = 6) -> None:
        self.samples = seconds * RATE
        self._hertz = hertz
        self.read_samples = 0

    def end_before(self, stop: int) -> int:
        return min(stop, self.samples)

    def read(self, start: int, stop: int) -> np.ndarray:
        self.read_samples += stop - start
        at = np.arange(start, stop)
        on = (at >= 2 * RATE) & (at < 4 * RATE)
        wave = np.where(on, 0.5 * np.sin(2 * np.pi * self._hertz * at / RATE), 0)
        return np.stack([wave, wave]).astype(np.float32)


def _tile(reader: Any, level: int, number: int) -> np.ndarray:
    made = tile(reader, level, number)
    assert made.shape == (ROWS, COLUMNS)
    assert made.dtype == np.uint8
    return made


@pytest.mark.parametrize("level", [2, 3])
def test_a_tone_stands_where_it_sounds(level: int) -> None:
    made = _tile(_Tone(1000), level, 0)
    times = (np.arange(COLUMNS) + 0.5) * hop_of(level) / RATE
    sounding = (times > 2.05) & (times < 3.95)
    silent = (times < 1.95) | (times > 4.05)
    assert (made[:, silent] == 0).all()
    if sounding.any():
        assert made[:, sounding].max(axis=0).min() > 200


def test_higher_tones_stand_higher() -> None:
    rows = []
    for hertz in (200, 1000, 5000):
        made = _tile(_Tone(hertz), 3, 0)
        rows.append(int(made[:, 30].argmax()))
    assert rows[0] > rows[1] > rows[2], "row 0 is the highest pitch"


def test_neighbouring_tiles_join() -> None:
    reader = _Tone(700)
    fine = [_tile(reader, 2, number) for number in range(2)]
    joined = np.concatenate(fine, axis=1)
    coarse = _tile(reader, 3, 0)
    loud = coarse.max(axis=0) > 100
    again = joined.max(axis=0).reshape(-1, 4).max(axis=1) > 100
    assert np.mean(loud[: len(again)] == again) > 0.97


def test_an_hour_costs_no_more_reading_than_a_minute() -> None:
    reader = _Tone(700, seconds=3600)
    _tile(reader, 6, 0)
    assert reader.read_samples <= COLUMNS * 2 * 2048


def test_the_level_has_at_least_a_column_for_each_pixel() -> None:
    for samples_per_pixel in (1, 64, 100, 5000, 150_000):
        hop = hop_of(level_for(samples_per_pixel))
        assert hop <= max(64, samples_per_pixel)


def test_tiles_are_kept_and_damaged_ones_made_again(tmp_path: Path) -> None:
    cache = TileCache(tmp_path / "tiles")
    made = np.arange(ROWS * COLUMNS, dtype=np.uint8).reshape(ROWS, COLUMNS)
    cache.put("a", made)
    kept = cache.get("a")
    assert kept is not None
    assert np.array_equal(kept, made)
    (tmp_path / "tiles" / "a.npy").write_bytes(b"broken")
    assert cache.get("a") is None
    assert cache.get("b") is None


def test_the_folder_of_tiles_stays_bounded(tmp_path: Path) -> None:
    cache = TileCache(tmp_path, max_bytes=100_000)
    for number in range(6):
        cache.put(str(number), np.zeros((ROWS, COLUMNS), np.uint8))
    left = sorted(path.stem for path in tmp_path.iterdir())
    assert len(left) == 3
    assert "5" in left


def test_reading_can_be_stopped() -> None:
    def stop() -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        tile(SimpleNamespace(sample_rate=RATE, samples=RATE), 0, 0, stop)  # type: ignore[arg-type]
