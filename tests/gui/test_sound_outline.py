"""Outlines enclose the sound at every zoom, while they grow and down to samples."""

from __future__ import annotations

import time
from itertools import pairwise

import numpy as np
import pytest

from app.gui.sound_outline import FINEST, SoundOutline
from app.gui.tile_store import TileStore

SAMPLES = 1_000_003


@pytest.fixture(scope="module")
def sound() -> np.ndarray:
    values = np.random.default_rng(3).uniform(-1, 1, SAMPLES).astype(np.float32)
    return values * np.linspace(0, 1, SAMPLES, dtype=np.float32)


def _entries(sound: np.ndarray) -> np.ndarray:
    starts = np.arange(0, len(sound), FINEST)
    return np.stack([np.minimum.reduceat(sound, starts), np.maximum.reduceat(sound, starts)])


def _grown(sound: np.ndarray, parts: int = 7) -> SoundOutline:
    outline = SoundOutline(SAMPLES, lambda a, b: np.stack([sound[a:b]] * 2))
    entries = _entries(sound)
    edges = np.linspace(0, entries.shape[1], parts + 1).astype(int)
    for first, last in pairwise(edges):
        outline.add(int(first), entries[:, first:last])
    return outline


@pytest.mark.parametrize(
    ("start", "stop", "count"),
    [(0, SAMPLES, 900), (1000, 900_000, 1111), (77, 50_000, 300), (12_345, 12_845, 250)],
)
def test_columns_enclose_their_sound_and_little_more(
    sound: np.ndarray, start: int, stop: int, count: int
) -> None:
    low, high = _grown(sound).columns(start, stop, count)
    width = (stop - start) / count
    slack = round(2 * width) + 1
    for column in range(0, count, 17):
        a, b = int(start + column * width), int(np.ceil(start + (column + 1) * width))
        part = sound[a : max(a + 1, b)]
        assert low[column] <= part.min()
        assert high[column] >= part.max()
        around = sound[max(0, a - slack) : b + slack]
        assert low[column] >= around.min()
        assert high[column] <= around.max()


def test_what_is_not_read_yet_is_flat(sound: np.ndarray) -> None:
    outline = SoundOutline(SAMPLES)
    outline.add(0, _entries(sound)[:, :1000])
    assert outline.ready == 1000 * FINEST
    low, high = outline.columns(0, SAMPLES, 100)
    known = int(outline.ready / SAMPLES * 100)
    assert (high[1:known] > 0).all()
    assert (high[known + 1 :] == 0).all()
    assert (low[known + 1 :] == 0).all()


def test_beyond_the_ends_there_is_nothing(sound: np.ndarray) -> None:
    low, high = _grown(sound).columns(-SAMPLES, 2 * SAMPLES, 300)
    assert (high[:99] == 0).all()
    assert (low[201:] == 0).all()
    assert high[150:199].min() > 0.3


def test_an_hour_is_drawn_as_fast_as_a_minute() -> None:
    """Half a second would do; the point is that length doesn't count."""
    hour = SoundOutline(3600 * 48_000)
    entries = np.tile(np.array([[-0.5], [0.5]], np.float32), 3600 * 48_000 // FINEST)
    hour.add(0, entries)
    began = time.perf_counter()
    for _ in range(50):
        hour.columns(0, hour.samples, 1200)
    assert (time.perf_counter() - began) / 50 < 0.02


def test_tiles_are_fetched_latest_first_and_the_oldest_are_dropped() -> None:
    asked: list[int] = []
    store: TileStore[int, str] = TileStore(asked.append, capacity=2)
    for number in range(5):
        assert store.get(number) is None
    assert asked == [0, 1], "two at once"
    store.put(0, "zero")
    assert asked == [0, 1, 4], "what was asked for last is in sight"
    store.forget_wanted()
    store.put(1, "one")
    store.put(4, "four")
    assert asked == [0, 1, 4], "what is out of sight is not fetched"
    assert store.get(1) == "one"
    assert store.get(0) is None, "dropped, so it is fetched again"
    assert asked[-1] == 0
    store.failed(0)
    assert store.get(0) is None
    assert asked.count(0) == 2, "what can't be had is not asked for again"
