"""Original and isolated side by side: same samples, no gap, no click."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from app.export.sound import SoundWriter
from app.gui.sound_feed import SoundFeed
from app.gui.voice_buffer import VoiceBuffer, VoiceWriter, block_peaks
from app.media.probe import probe, require_audio

RATE = 48_000
LENGTH = 2 * RATE
FADE = round(0.008 * RATE)


@pytest.fixture
def original(tmp_path: Path) -> np.ndarray:
    """(2, N) slow waves, written to ``song.wav``."""
    t = np.arange(LENGTH) / RATE
    sound = np.stack([0.5 * np.sin(2 * np.pi * 3 * t), 0.3 * np.cos(2 * np.pi * 5 * t)])
    with SoundWriter(tmp_path / "song.wav", RATE, 2, "wav32f") as writer:
        writer.write(sound.astype(np.float32))
    return sound.astype(np.float32)


@pytest.fixture
def feed(original: np.ndarray, tmp_path: Path) -> Iterator[SoundFeed]:
    problems: list[Exception] = []
    path = tmp_path / "song.wav"
    feed = SoundFeed(path, require_audio(probe(path)), problems.append)
    yield feed
    feed.close()
    feed.join()
    assert not problems


def _voice(folder: Path, sound: np.ndarray, start: int, ready: int) -> VoiceBuffer:
    buffer = VoiceBuffer(folder / f"{start}.f32", 2, start, sound.shape[1])
    writer = VoiceWriter(buffer.path, start)
    writer.write(start, sound[:, start:])
    writer.close()
    buffer.mark(start, ready, block_peaks(start, start, sound[:, start:ready]))
    return buffer


def _pull(feed: SoundFeed, total: int, size: int = 777) -> tuple[np.ndarray, int]:
    """Take ``total`` frames of sound, waiting as a patient device would; gives the first sample."""
    parts: list[np.ndarray] = []
    first: int | None = None
    have, until = 0, time.monotonic() + 20
    while have < total:
        assert time.monotonic() < until, "the feed gives no sound"
        pulled = feed.pull(min(size, total - have))
        if pulled.sample is None:
            time.sleep(0.002)
            continue
        if first is None:
            first = pulled.sample
        assert pulled.sample == first + have, "samples were skipped or repeated"
        parts.append(pulled.sound)
        have += len(pulled.sound)
    assert first is not None
    return np.concatenate(parts).T, first


def test_gives_the_clip_sample_by_sample(feed: SoundFeed, original: np.ndarray) -> None:
    feed.play(1234)
    sound, first = _pull(feed, 20_000)
    assert first == 1234
    np.testing.assert_array_equal(sound, original[:, 1234:21_234])


def test_is_silent_while_stopped_and_goes_on_elsewhere(
    feed: SoundFeed, original: np.ndarray
) -> None:
    assert feed.pull(64).sample is None
    feed.play(0)
    _pull(feed, 5000)
    before = feed.serial
    feed.stop()
    assert feed.pull(64).sample is None
    assert not feed.pull(64).sound.any()
    feed.play(50_000)
    sound, first = _pull(feed, 3000)
    assert first == 50_000
    assert feed.serial > before
    np.testing.assert_array_equal(sound, original[:, 50_000:53_000])


def test_before_the_first_sample_there_is_silence(feed: SoundFeed, original: np.ndarray) -> None:
    feed.play(-1000)
    sound, _ = _pull(feed, 3000)
    assert not sound[:, :1000].any()
    np.testing.assert_array_equal(sound[:, 1000:], original[:, :2000])


def test_switching_stays_in_sync_and_does_not_click(
    feed: SoundFeed, original: np.ndarray, tmp_path: Path
) -> None:
    voice = -0.5 * original
    feed.set_voices([_voice(tmp_path, voice, 0, LENGTH)])
    feed.play(0)
    parts = []
    for isolated in (False, True, False):
        feed.set_isolated(isolated)
        parts.append(_pull(feed, 9000)[0])
    sound = np.concatenate(parts, axis=1)
    np.testing.assert_array_equal(sound[:, :9000], original[:, :9000])
    steady = slice(9000 + FADE, 18_000)
    np.testing.assert_allclose(sound[:, steady], voice[:, steady], atol=1e-6)
    np.testing.assert_array_equal(
        sound[:, 18_000 + FADE : 27_000], original[:, 18_000 + FADE : 27_000]
    )
    steepest = np.abs(np.diff(original)).max() + np.abs(original - voice).max() / FADE
    assert np.abs(np.diff(sound)).max() <= steepest * 1.01


def test_original_is_heard_where_the_voice_is_not_computed(
    feed: SoundFeed, original: np.ndarray, tmp_path: Path
) -> None:
    voice = 0.1 * original
    feed.set_voices([_voice(tmp_path, voice, 4000, 30_000)])
    feed.set_isolated(True)
    feed.play(0)
    sound, _ = _pull(feed, 40_000)
    np.testing.assert_array_equal(sound[:, :4000], original[:, :4000])
    inside = slice(4000 + FADE, 30_000 - FADE)
    np.testing.assert_allclose(sound[:, inside], voice[:, inside], atol=1e-6)
    np.testing.assert_array_equal(sound[:, 30_000:], original[:, 30_000:40_000])
    steepest = np.abs(np.diff(original)).max() + np.abs(original - voice).max() / FADE
    assert np.abs(np.diff(sound)).max() <= steepest * 1.01
    assert feed.isolated_at(4000)
    assert not feed.isolated_at(3999)
    assert not feed.isolated_at(30_000)


def test_several_voices_are_heard_together(
    feed: SoundFeed, original: np.ndarray, tmp_path: Path
) -> None:
    voices = [
        _voice(tmp_path, 0.25 * original, 0, LENGTH),
        _voice(tmp_path, 0.5 * original, 7, LENGTH),
    ]
    feed.set_voices(voices)
    feed.set_isolated(True)
    feed.play(1000)
    sound, _ = _pull(feed, 5000)
    np.testing.assert_allclose(sound[:, FADE:], 0.75 * original[:, 1000 + FADE : 6000], atol=1e-6)
