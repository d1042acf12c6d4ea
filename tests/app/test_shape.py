"""Shaping acts on stored sound: exact where it must be, and the same however it is cut up."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import pytest

from app.edits import Edits, LaneMix, Shape
from app.face_curve import FaceCurve, pass_curve
from app.fullness import frame_size, reach, set_fullness
from app.shape import Shaping, Sound, fade_curve, shaping_of, stems

RATE = 48_000
LENGTH = 3 * RATE


@dataclass
class Held:
    """Sound in memory, zeros outside, as readers give it."""

    sound: Sound
    start: int = 0

    @property
    def stop(self) -> int:
        return self.start + self.sound.shape[1]

    def read(self, start: int, stop: int) -> Sound:
        out = np.zeros((self.sound.shape[0], stop - start), np.float32)
        low, high = max(start, self.start), min(stop, self.stop)
        if low < high:
            out[:, low - start : high - start] = self.sound[:, low - self.start : high - self.start]
        return out


@pytest.fixture(scope="module")
def voice() -> Sound:
    """(2, N) a sung tone with harmonics in the first two seconds, then a pause."""
    t = np.arange(LENGTH) / RATE
    tone = sum(np.sin(2 * np.pi * 220 * n * t + n) / n for n in range(1, 9))
    envelope = np.clip((2.0 - t) * 20, 0, 1) * np.clip(t * 20, 0, 1)
    wave = 0.2 * tone * envelope
    return _grid(np.stack([wave, 0.6 * wave]))


@pytest.fixture(scope="module")
def other() -> Sound:
    """(2, N) noise all the time."""
    noise = np.random.default_rng(3).standard_normal((2, LENGTH)) * 0.1
    return _grid(noise)


@pytest.fixture(scope="module")
def leaky(voice: Sound, other: Sound) -> Sound:
    """(2, N) what a model gives: the voice with some of the other sound in it."""
    return _grid(0.97 * voice + 0.15 * other)


def _grid(sound: np.ndarray) -> Sound:
    return (np.round(sound * 2**23) / 2**23).astype(np.float32)


def _shaped(original: Sound, voice: Sound, shaping: Shaping, start: int = 0) -> Sound:
    parts = stems(Held(original), {"A": Held(voice, start)}, shaping, start, start + voice.shape[1])
    return np.concatenate([part.voices["A"] for part in parts], axis=1)


def _level(sound: np.ndarray) -> float:
    return float(10 * np.log10(np.mean(np.square(sound, dtype=np.float64)) + 1e-20))


def test_the_settings_of_a_new_clip_change_nothing(leaky: Sound, other: Sound) -> None:
    original = leaky + other
    shaping = shaping_of(Edits(range=(0, LENGTH)), RATE, LENGTH)
    for part in stems(Held(original), {"A": Held(leaky)}, shaping, 0, LENGTH):
        stretch = slice(part.start, part.start + part.rest.shape[1])
        np.testing.assert_array_equal(part.voices["A"], leaky[:, stretch])
        np.testing.assert_array_equal(part.rest, original[:, stretch] - leaky[:, stretch])


@pytest.mark.parametrize("fullness", [0.0, 0.31, 0.5, 0.77, 1.0])
def test_a_stretch_is_the_same_however_the_sound_is_cut_up(
    leaky: Sound, voice: Sound, other: Sound, fullness: float
) -> None:
    original = voice + other
    edge = reach(RATE)
    low, high = 10_000, 30_000

    def run(first: int, last: int) -> Sound:
        at, end = first - edge, last + edge
        x, v = Held(original).read(at, end), Held(leaky).read(at, end)
        return set_fullness(x, v, at, first, last, fullness, RATE)

    whole = run(low, high)
    cuts = [low, low + 1, low + 700, low + 2748, low + 11_111, high]
    parts = [run(first, last) for first, last in pairwise(cuts)]
    np.testing.assert_array_equal(np.concatenate(parts, axis=1), whole)


@pytest.mark.parametrize("rate", [16_000, 44_100, 48_000, 96_000])
def test_length_and_place_are_exact_at_every_rate(rate: int) -> None:
    sound = np.zeros((1, 9001), np.float32)
    sound[0, 4000:4400] = np.hanning(400)
    same = _shaped(sound, sound, Shaping(rate, fullness=0.2))
    assert same.shape == sound.shape
    np.testing.assert_allclose(same, sound, atol=1e-5)  # all voice: nothing to take away
    assert frame_size(rate) in (512, 1024, 2048, 4096)


def test_less_bleed_takes_more_the_further_the_slider_goes(
    voice: Sound, other: Sound, leaky: Sound
) -> None:
    original = voice + other
    pause = slice(int(2.2 * RATE), int(2.9 * RATE))
    sung = slice(int(0.5 * RATE), int(1.5 * RATE))
    positions = (0.0, 0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875, 1.0)
    results = [_shaped(original, leaky, Shaping(RATE, fullness=f)) for f in positions]
    bleed = [_level(sound[:, pause]) for sound in results]
    assert all(b - a > 1 for a, b in pairwise(bleed)), bleed
    assert bleed[4] - bleed[0] > 25
    assert 8 < bleed[-1] - bleed[4] <= 12.1
    kept = [_level(sound[:, sung]) - _level(voice[:, sung]) for sound in results]
    assert max(abs(level) for level in kept) < 1, "the voice itself stays"


def test_no_setting_clicks(voice: Sound, other: Sound, leaky: Sound) -> None:
    """A click is energy far above the tone's harmonics where there was none."""
    tone = voice + np.float32(0)
    original = _grid(tone + 0.3 * np.roll(tone, 2000, axis=1))
    face = FaceCurve(np.ones(76, np.bool_), np.where(np.arange(76) % 40 < 20, 1, 0).astype("f4"))
    passing = pass_curve(face, gate=True, off_screen="model")
    assert passing is not None
    for shaping in (
        Shaping(RATE, fullness=0.0),
        Shaping(RATE, fullness=1.0),
        Shaping(RATE, passing={"A": passing}),
        Shaping(RATE, fades=(20_000, 90_000), fade=480),
    ):
        shaped = _shaped(original, _grid(0.9 * tone), shaping)
        assert _above(shaped[0], 12_000) < -70, shaping


def _above(wave: np.ndarray, frequency: float) -> float:
    """Loudest 10 ms above a frequency, dB."""
    size = 480
    frames = wave[: len(wave) // size * size].reshape(-1, size) * np.blackman(size)
    spectrum = np.abs(np.fft.rfft(frames, axis=1))
    high = spectrum[:, int(frequency * size / RATE) :]
    return float(20 * np.log10(high.max() / (size / 4) + 1e-12))


@pytest.mark.parametrize("fullness", [0.1, 0.9])
def test_stems_add_up_to_the_original(
    voice: Sound, other: Sound, leaky: Sound, fullness: float
) -> None:
    original = _grid(voice + other)
    face = FaceCurve(np.ones(76, np.bool_), np.linspace(0, 1, 76, dtype=np.float32))
    shaping = shaping_of(
        Edits(range=(0, LENGTH), shape=Shape(fullness=fullness, gate=True)),
        RATE,
        LENGTH,
        {"A": face},
    )
    voices = {"A": Held(leaky), "B": Held(_grid(0.2 * other))}
    for part in stems(Held(original), voices, shaping, 0, LENGTH):
        stretch = slice(part.start, part.start + part.rest.shape[1])
        total = part.voices["A"] + part.voices["B"] + part.rest
        np.testing.assert_array_equal(total, original[:, stretch])


def test_the_rest_lies_under_the_voice_at_its_level(voice: Sound, other: Sound) -> None:
    original = voice + other
    edits = Edits(range=(0, LENGTH), shape=Shape(rest_gain_db=-12))
    shaped = _shaped(original, voice, shaping_of(edits, RATE, LENGTH))
    np.testing.assert_allclose(shaped - voice, 10 ** (-12 / 20) * (original - voice), atol=1e-6)
    muted = replace(edits, mix={"rest": LaneMix(mute=True)})
    np.testing.assert_array_equal(_shaped(original, voice, shaping_of(muted, RATE, LENGTH)), voice)


def test_the_gate_is_shut_while_visible_lips_are_still() -> None:
    motion = np.ones(250, np.float32)
    motion[50:100] = 0.05
    motion[150:155] = 0.05  # a held vowel
    visible = np.ones(250, np.bool_)
    visible[200:225] = False
    motion[200:225] = 0
    face = FaceCurve(visible, motion)
    curve = pass_curve(face, gate=True, off_screen="model")
    assert curve is not None
    assert not curve[55:95].any()
    np.testing.assert_array_equal(curve[:50], 1)
    np.testing.assert_array_equal(curve[100:], 1), "unseen lips and short stops shut nothing"
    assert np.abs(np.diff(curve)).max() < 0.4
    hidden = pass_curve(face, gate=False, off_screen="silence")
    assert hidden is not None
    assert not hidden[204:221].any()
    np.testing.assert_array_equal(np.delete(hidden, slice(200, 225)), 1)
    assert pass_curve(face, gate=False, off_screen="model") is None


def test_fades_begin_and_end_in_silence_and_cross_softly(voice: Sound) -> None:
    edits = Edits(range=(24_000, 72_000), shape=Shape(fade_ms=10))
    shaping = shaping_of(edits, RATE, LENGTH)
    flat = np.ones((1, LENGTH), np.float32)
    parts = list(stems(Held(flat), {"A": Held(flat)}, shaping, 24_000, 72_000))
    sound = np.concatenate([part.voices["A"] for part in parts], axis=1)[0]
    assert sound.shape == (48_000,)
    assert sound[0] < 0.002
    assert sound[-1] < 0.002
    np.testing.assert_array_equal(sound[480:-480], 1)
    np.testing.assert_allclose(np.diff(sound[:480]), 1 / 480, atol=1e-6)
    across = fade_curve(71_000, 73_000, shaping)
    assert across is not None
    assert np.abs(np.diff(across)).max() < 1 / 479
    whole = shaping_of(Edits(range=(0, LENGTH)), RATE, LENGTH)
    assert fade_curve(0, LENGTH, whole) is None


def test_a_voice_of_a_range_is_shaped_as_if_there_were_nothing_around(
    voice: Sound, other: Sound, leaky: Sound
) -> None:
    original = voice + other
    start, stop = 30_000, 90_000
    part = leaky[:, start:stop]
    inside = _shaped(original, part, Shaping(RATE, fullness=0.2), start)
    alone = np.zeros_like(original)
    alone[:, start:stop] = original[:, start:stop]
    expected = _shaped(alone, part, Shaping(RATE, fullness=0.2), start)
    np.testing.assert_array_equal(inside, expected)
