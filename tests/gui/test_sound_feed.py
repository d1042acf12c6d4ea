"""What is heard: same samples in all lanes, exact levels, no gap, no click."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from app.edits import Edits, LaneMix, Shape
from app.export.sound import SoundWriter
from app.gui.sound_feed import SoundFeed
from app.gui.voice_buffer import VoiceBuffer, VoiceWriter, block_peaks
from app.media.probe import probe, require_audio
from app.mix import Heard, heard
from app.shape import Shaping, shaping_of, stems

RATE = 48_000
LENGTH = 2 * RATE
FADE = round(0.008 * RATE)
MIX = Heard(isolated=True, lanes={"A": 1.0, "B": 1.0})


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


@dataclass
class Heap:
    """Sound in memory."""

    sound: np.ndarray
    start: int = 0
    stop: int = LENGTH

    def read(self, start: int, stop: int) -> np.ndarray:
        out = np.zeros((2, stop - start), np.float32)
        low, high = max(start, 0), min(stop, LENGTH)
        out[:, low - start : high - start] = self.sound[:, low:high]
        return out


@dataclass
class Taken:
    """What a device was given."""

    sound: np.ndarray
    """(2, N)."""
    samples: np.ndarray
    """(N,) clip sample of each frame."""


def _pull(feed: SoundFeed, total: int, size: int = 777) -> Taken:
    """Take ``total`` frames of sound, waiting as a patient device would."""
    parts: list[np.ndarray] = []
    samples: list[np.ndarray] = []
    have, until = 0, time.monotonic() + 20
    while have < total:
        assert time.monotonic() < until, "the feed gives no sound"
        if feed.waiting:
            time.sleep(0.002)
            continue
        pulled = feed.pull(min(size, total - have))
        assert pulled.sample is not None, "the feed ended"
        samples.append(pulled.sample + pulled.step * np.arange(len(pulled.sound)))
        parts.append(pulled.sound)
        have += len(pulled.sound)
    return Taken(np.concatenate(parts).T, np.concatenate(samples))


def _steepest(*sounds: np.ndarray) -> float:
    """Bound of the step between neighbours while sounds of this kind fade into each other."""
    return max(np.abs(np.diff(sound)).max() for sound in sounds) + 1.3 / FADE


def test_gives_the_clip_sample_by_sample(feed: SoundFeed, original: np.ndarray) -> None:
    feed.play(1234)
    taken = _pull(feed, 20_000)
    np.testing.assert_array_equal(taken.samples, np.arange(1234, 21_234))
    np.testing.assert_array_equal(taken.sound[:, FADE:], original[:, 1234 + FADE : 21_234])


def test_is_silent_while_stopped_and_goes_on_elsewhere(
    feed: SoundFeed, original: np.ndarray
) -> None:
    assert feed.pull(64).sample is None
    feed.play(0)
    before = _pull(feed, 5000)
    serial = feed.serial
    feed.stop()
    leaving = feed.pull(2 * FADE)
    assert leaving.sample is None
    assert not leaving.sound[FADE:].any()
    end = np.concatenate([before.sound, leaving.sound.T], axis=1)
    assert np.abs(np.diff(end)).max() < _steepest(original)
    assert not feed.pull(64).sound.any()
    feed.play(50_000)
    taken = _pull(feed, 3000)
    assert taken.samples[0] == 50_000
    assert feed.serial > serial
    np.testing.assert_array_equal(taken.sound[:, FADE:], original[:, 50_000 + FADE : 53_000])


def test_before_the_first_sample_there_is_silence(feed: SoundFeed, original: np.ndarray) -> None:
    feed.play(-1000)
    taken = _pull(feed, 3000)
    assert not taken.sound[:, :1000].any()
    np.testing.assert_array_equal(taken.sound[:, 1000:], original[:, :2000])


def test_switching_stays_in_sync_and_does_not_click(
    feed: SoundFeed, original: np.ndarray, tmp_path: Path
) -> None:
    voice = -0.5 * original
    feed.set_voices({"A": _voice(tmp_path, voice, 0, LENGTH)})
    feed.play(0)
    parts = []
    for isolated in (False, True, False):
        feed.set_heard(Heard(isolated, lanes={"A": 1.0}))
        parts.append(_pull(feed, 9000).sound)
    sound = np.concatenate(parts, axis=1)
    np.testing.assert_array_equal(sound[:, FADE:9000], original[:, FADE:9000])
    steady = slice(9000 + FADE, 18_000)
    np.testing.assert_array_equal(sound[:, steady], voice[:, steady])
    np.testing.assert_array_equal(
        sound[:, 18_000 + FADE : 27_000], original[:, 18_000 + FADE : 27_000]
    )
    steepest = np.abs(np.diff(original)).max() + np.abs(original - voice).max() / FADE
    assert np.abs(np.diff(sound[:, FADE:])).max() <= steepest * 1.01


def test_original_is_heard_where_the_voice_is_not_computed(
    feed: SoundFeed, original: np.ndarray, tmp_path: Path
) -> None:
    voice = 0.1 * original
    feed.set_voices({"A": _voice(tmp_path, voice, 4000, 30_000)})
    feed.set_heard(MIX)
    feed.play(0)
    sound = _pull(feed, 40_000).sound
    np.testing.assert_array_equal(sound[:, FADE:4000], original[:, FADE:4000])
    inside = slice(4000 + FADE, 30_000 - FADE)
    np.testing.assert_array_equal(sound[:, inside], voice[:, inside])
    np.testing.assert_array_equal(sound[:, 30_000:], original[:, 30_000:40_000])
    steepest = np.abs(np.diff(original)).max() + np.abs(original - voice).max() / FADE
    assert np.abs(np.diff(sound[:, FADE:])).max() <= steepest * 1.01
    assert feed.isolated_at(4000)
    assert not feed.isolated_at(3999)
    assert not feed.isolated_at(30_000)


def test_a_finished_part_is_heard_at_once_while_the_rest_computes(
    feed: SoundFeed, original: np.ndarray, tmp_path: Path
) -> None:
    voice = _voice(tmp_path, 0.1 * original, 0, 20_000)
    feed.set_voices({"A": voice})
    feed.set_heard(MIX)
    feed.play(10_000)
    _pull(feed, 2000)
    voice.mark(20_000, 60_000, block_peaks(20_000, 0, 0.1 * original[:, 20_000:60_000]))
    taken = _pull(feed, 20_000)
    np.testing.assert_array_equal(taken.sound, np.float32(0.1) * original[:, 12_000:32_000])


@pytest.mark.parametrize("gains", [{"A": 0.5, "B": 2.0}, {"B": 0.25}, {"A": 1.0, "rest": 1.0}])
def test_lanes_are_summed_on_the_same_sample_with_exact_levels(
    feed: SoundFeed, original: np.ndarray, tmp_path: Path, gains: dict[str, float]
) -> None:
    noise = np.random.default_rng(1).standard_normal((2, LENGTH)).astype(np.float32) * 0.1
    lanes = {"A": noise, "B": np.roll(noise, 333, axis=1)}
    feed.set_voices(
        {"A": _voice(tmp_path, lanes["A"], 0, LENGTH), "B": _voice(tmp_path, lanes["B"], 7, LENGTH)}
    )
    lanes["B"] = np.where(np.arange(LENGTH) >= 7, lanes["B"], 0)
    lanes["rest"] = original - lanes["A"] - lanes["B"]
    feed.set_heard(Heard(True, lanes=gains))
    feed.play(1000)
    taken = _pull(feed, 15_000)
    expected = sum(gain * lanes[lane] for lane, gain in gains.items())[:, 1000:16_000]
    np.testing.assert_allclose(taken.sound[:, FADE:], expected[:, FADE:], atol=2e-7)


def test_all_lanes_together_are_the_original(
    feed: SoundFeed, original: np.ndarray, tmp_path: Path
) -> None:
    feed.set_voices({"A": _voice(tmp_path, 0.3 * original, 0, LENGTH)})
    edits = Edits(selected=("A",), range=(0, LENGTH), shape=Shape(rest_gain_db=0, fullness=0.2))
    feed.set_heard(heard(edits, isolated=True))
    feed.set_shaping(shaping_of(edits, RATE, LENGTH))
    feed.play(10_000)
    sound = _pull(feed, 20_000).sound
    np.testing.assert_allclose(sound[:, FADE:], original[:, 10_000 + FADE : 30_000], atol=2e-7)


def test_a_moved_fader_does_not_click(
    feed: SoundFeed, original: np.ndarray, tmp_path: Path
) -> None:
    feed.set_voices({"A": _voice(tmp_path, original, 0, LENGTH)})
    feed.play(0)
    parts = []
    for level in (1.0, 0.1, 0.0, 4.0, 1.0):
        feed.set_heard(Heard(True, lanes={"A": level}))
        parts.append(_pull(feed, 5000).sound)
        steady = slice(sum(p.shape[1] for p in parts) - 5000 + FADE, len(parts) * 5000)
        np.testing.assert_allclose(
            parts[-1][:, FADE:], np.float32(level) * original[:, steady], atol=1e-6
        )
    sound = np.concatenate(parts, axis=1)
    assert np.abs(np.diff(sound)).max() < 4 * np.abs(np.diff(original)).max() + 4 * 0.6 / FADE


def test_a_moved_slider_is_heard_without_a_click_as_it_would_be_exported(
    feed: SoundFeed, original: np.ndarray, tmp_path: Path
) -> None:
    rng = np.random.default_rng(5)
    bleed = np.cumsum(rng.standard_normal((2, LENGTH)), axis=1).astype(np.float32)
    bleed *= np.float32(0.02) / bleed.std()
    voice = (0.4 * original + bleed).astype(np.float32)
    feed.set_voices({"A": _voice(tmp_path, voice, 0, LENGTH)})
    feed.set_heard(MIX)
    feed.play(0)
    before = _pull(feed, 6000).sound
    shaping = Shaping(RATE, fullness=0.1)
    feed.set_shaping(shaping)
    after = _pull(feed, 60_000).sound
    expected = np.concatenate(
        [p.voices["A"] for p in stems(Heap(original), {"A": Heap(voice)}, shaping, 0, LENGTH)],
        axis=1,
    )
    assert np.abs(expected - voice).max() > 0.005, "the slider does something"
    np.testing.assert_array_equal(before[:, FADE:], voice[:, FADE:6000])
    np.testing.assert_array_equal(after[:, 12_000:], expected[:, 18_000:66_000])
    joined = np.concatenate([before, after], axis=1)[:, FADE:]
    assert np.abs(np.diff(joined)).max() < 1.1 * np.abs(np.diff(voice)).max()


def test_a_loop_repeats_to_the_sample_and_seamlessly(feed: SoundFeed, original: np.ndarray) -> None:
    loop = (20_000, 20_000 + 7001)
    feed.play(25_000, loop=loop)
    taken = _pull(feed, 30_000)
    inside = 20_000 + (np.arange(25_000, 55_000) - 20_000) % 7001
    np.testing.assert_array_equal(taken.samples, inside)
    since_jump = (np.arange(25_000, 55_000) - 20_000) % 7001
    since_jump[:2001] = FADE  # nothing was left when it began
    settled = since_jump >= FADE
    settled[:FADE] = False
    np.testing.assert_array_equal(taken.sound[:, settled], original[:, inside[settled]])
    first = np.flatnonzero(np.diff(inside) < 0)[0] + 1
    w = np.arange(FADE) / FADE
    onward = original[:, loop[1] : loop[1] + FADE]
    seam = w * original[:, loop[0] : loop[0] + FADE] + (1 - w) * onward
    np.testing.assert_allclose(taken.sound[:, first : first + FADE], seam, atol=1e-6)
    assert np.abs(np.diff(taken.sound[:, FADE:])).max() < _steepest(original)


@pytest.mark.parametrize("step", [2, 4, -1, -2, -4])
def test_speeds_are_even_and_free_of_aliases(tmp_path: Path, step: int) -> None:
    t = np.arange(LENGTH) / RATE
    low, high = 0.3 * np.sin(2 * np.pi * 500 * t), 0.3 * np.sin(2 * np.pi * 17_000 * t)
    path = tmp_path / "tones.wav"
    with SoundWriter(path, RATE, 1, "wav32f") as writer:
        writer.write((low + high)[None].astype(np.float32))
    feed = SoundFeed(path, require_audio(probe(path)), lambda _error: None)
    feed.play(LENGTH // 2, step)
    taken = _pull(feed, 9000)
    feed.close()
    feed.join()
    place = np.arange(9000) * step + LENGTH // 2 - (step < 0)
    np.testing.assert_array_equal(taken.samples, place)
    expected = low[place] + (high[place] if abs(step) == 1 else 0)
    np.testing.assert_allclose(taken.sound[0, FADE:], expected[FADE:], atol=0.003)


def test_a_change_of_speed_does_not_click(feed: SoundFeed, original: np.ndarray) -> None:
    parts = []
    for step in (1, 2, 4, -1, -4, 1):
        feed.play(40_000, step)
        taken: list[np.ndarray] = []
        while sum(part.shape[1] for part in taken) < 4000:
            taken.append(feed.pull(500).sound.T)
            time.sleep(0.001)
        parts += taken
    sound = np.concatenate(parts, axis=1)
    assert np.abs(np.diff(sound)).max() < 4 * np.abs(np.diff(original)).max() + 1.3 / FADE


def test_a_grain_is_short_and_soft(feed: SoundFeed, original: np.ndarray) -> None:
    feed.play_grain(30_000, 3840)
    taken = _pull(feed, 3840)
    np.testing.assert_array_equal(taken.samples, np.arange(30_000, 33_840))
    np.testing.assert_array_equal(taken.sound[:, FADE:], original[:, 30_000 + FADE : 33_840])
    after = feed.pull(2 * FADE)
    assert after.sample is None
    whole = np.concatenate([np.zeros((2, 1)), taken.sound, after.sound.T], axis=1)
    assert np.abs(np.diff(whole)).max() < _steepest(original)
    assert not after.sound[FADE:].any()
    assert not feed.waiting


def test_levels_are_those_of_what_is_heard(
    feed: SoundFeed, original: np.ndarray, tmp_path: Path
) -> None:
    feed.set_voices({"A": _voice(tmp_path, 0.5 * original, 0, LENGTH)})
    feed.play(0)
    _pull(feed, 4000)
    pulled = feed.pull(90)
    part = original[:, 4000 : 4000 + len(pulled.sound)]
    assert pulled.levels["original"] == pytest.approx(tuple(np.abs(part).max(axis=1)))
    assert pulled.levels["sum"] == pulled.levels["original"]
    edits = Edits(selected=("A",), mix={"A": LaneMix(gain_db=-6.0206)}, shape=Shape(rest_gain_db=0))
    feed.set_heard(heard(edits, isolated=True))
    _pull(feed, 2000)
    pulled = feed.pull(500)
    assert pulled.sample is not None
    part = np.abs(original[:, pulled.sample : pulled.sample + len(pulled.sound)]).max(axis=1)
    assert set(pulled.levels) == {"A", "rest", "sum"}
    assert pulled.levels["A"] == pytest.approx(tuple(0.25 * part), rel=1e-4)
    assert pulled.levels["rest"] == pytest.approx(tuple(0.5 * part), rel=1e-4)
    assert pulled.levels["sum"] == pytest.approx(tuple(0.75 * part), rel=1e-4)


def test_sound_that_cannot_be_read_leaves_the_picture_playing(
    feed: SoundFeed, tmp_path: Path
) -> None:
    problems: list[Exception] = []
    audio = require_audio(probe(tmp_path / "song.wav"))
    broken = SoundFeed(tmp_path / "gone.wav", audio, problems.append)
    broken.play(100)
    taken = _pull(broken, 9000)
    broken.close()
    broken.join()
    assert problems
    assert not taken.sound.any()
    np.testing.assert_array_equal(taken.samples, np.arange(100, 9100))
