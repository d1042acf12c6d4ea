"""Speech turned into singing, and voices turned into people of another build."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pyworld
from numpy.typing import NDArray

from audio_models.train.augment import change_formants
from audio_models.train.material import SAMPLE_RATE, Pack, Run
from audio_models.train.mixer import Mixer
from audio_models.train.singing import FRAME_S, sing
from audio_models.train.sung import with_singing

_RESONANCES = ((600, 90), (1200, 110), (2500, 160), (3600, 220))


def _speech(seconds: float, pitch: float = 120.0) -> NDArray[np.float32]:
    """Syllables four times a second: a gliding pulse train through four resonances."""
    from scipy.signal import lfilter

    time = np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    phase = np.cumsum(pitch * (1 + 0.1 * np.sin(2 * np.pi * 0.7 * time))) / SAMPLE_RATE
    sound = np.diff(np.floor(phase), prepend=0.0)
    for frequency, width in _RESONANCES:
        radius = np.exp(-np.pi * width / SAMPLE_RATE)
        turn = 2 * np.pi * frequency / SAMPLE_RATE
        sound = lfilter([1 - radius], [1, -2 * radius * np.cos(turn), radius**2], sound)
    sound *= np.maximum(0.02, np.sin(np.pi * 4 * time) ** 2)
    return (0.3 * sound / np.abs(sound).max()).astype(np.float32)


def _pitch(sound: NDArray[np.float32]) -> NDArray[np.float64]:
    pitch, _ = pyworld.dio(sound.astype(np.float64), SAMPLE_RATE, frame_period=FRAME_S * 1000)
    return np.asarray(pitch)


def _held_s(pitch: NDArray[np.float64]) -> float:
    """Longest time for which the pitch stays within a semitone and a half."""
    longest = start = 0
    for end in range(1, len(pitch) + 1):
        part = pitch[start:end]
        while len(part) and (part.min() <= 0 or part.max() / part.min() > 2 ** (1.5 / 12)):
            start += 1
            part = pitch[start:end]
        longest = max(longest, end - start)
    return longest * FRAME_S


def _formant(sound: NDArray[np.float32], low: float, high: float) -> float:
    """Frequency in Hz at which the mean envelope is largest within a range."""
    samples = sound.astype(np.float64)
    pitch, time = pyworld.dio(samples, SAMPLE_RATE)
    envelope = pyworld.cheaptrick(samples, pitch, time, SAMPLE_RATE)
    mean = np.log(envelope[pitch > 0]).mean(0)
    frequency = np.linspace(0, SAMPLE_RATE / 2, len(mean))
    inside = (frequency >= low) & (frequency <= high)
    return float(frequency[inside][np.argmax(mean[inside])])


def test_speech_becomes_longer_held_notes_at_more_pitches() -> None:
    speech = _speech(4.0)
    songs = [sing(speech, SAMPLE_RATE, np.random.default_rng(seed)) for seed in range(4)]
    lengths, held, ranges = [], [], []
    for song in songs:
        assert song is not None
        assert np.isfinite(song).all()
        pitch = _pitch(song)
        voiced = pitch[pitch > 0]
        assert voiced.min() >= 55
        lengths.append(len(song) / len(speech))
        held.append(_held_s(pitch))
        ranges.append(12 * np.log2(np.percentile(voiced, 95) / np.percentile(voiced, 5)))
    assert min(lengths) >= 0.95
    assert max(lengths) > 1.3
    assert max(held) > 1.5 * 0.25
    assert max(ranges) > 5


def test_a_song_follows_from_its_seed() -> None:
    speech = _speech(2.0)
    first, again, other = (sing(speech, SAMPLE_RATE, np.random.default_rng(s)) for s in (1, 1, 2))
    assert first is not None
    assert again is not None
    assert other is not None
    assert np.array_equal(first, again)
    assert len(other) != len(first) or not np.allclose(other, first)


def test_what_has_no_voice_is_not_sung() -> None:
    rng = np.random.default_rng(0)
    assert sing(np.zeros(2 * SAMPLE_RATE, np.float32), SAMPLE_RATE, rng) is None
    assert sing(_speech(0.5), SAMPLE_RATE, rng) is None


def test_another_vocal_tract_moves_formants_and_leaves_pitch() -> None:
    speech = _speech(3.0)
    for factor in (0.86, 1.17):
        changed = change_formants(speech, factor)
        assert len(changed) == len(speech)
        for centre in (1200, 2500):
            before = _formant(speech, 0.8 * centre, 1.25 * centre)
            after = _formant(changed, 0.8 * centre, 1.25 * centre)
            assert abs(after / before - factor) < 0.06
        before, after = _pitch(speech), _pitch(changed)
        both = (before > 0) & (after > 0)
        assert np.median(np.abs(after[both] / before[both] - 1)) < 0.01
    assert np.allclose(change_formants(speech, 1.0), speech, atol=1e-5)


def _pack() -> Pack:
    voices = np.concatenate([_speech(3.0, 110.0), _speech(3.0, 190.0), _speech(3.0, 150.0)])
    size = 3 * SAMPLE_RATE
    runs = tuple(
        Run(name, "readers", i * size, size, name == "c", name) for i, name in enumerate("abc")
    )
    music = Run("m", "music", 0, size, False, "m")
    data = np.round(voices * 32767).astype(np.int16)
    return Pack(data, data[:size], runs, (music,), "test")


def test_every_training_speaker_sings_once_and_held_out_people_never(tmp_path: Path) -> None:
    lines: list[str] = []
    pack = with_singing(_pack(), cache=tmp_path, report=lines.append)
    assert {run.person for run in pack.sung_runs} == {"a", "b"}
    assert len(lines) == 1
    for run in pack.sung_runs:
        song = pack.sung[run.start : run.start + run.length]
        assert int(np.abs(song.astype(int)).max()) > 1000
    again = with_singing(_pack(), cache=tmp_path, report=lines.append)
    assert len(lines) == 1
    assert np.array_equal(again.sung, pack.sung)


def test_a_sung_voice_reaches_the_mixtures(tmp_path: Path) -> None:
    pack = with_singing(_pack(), cache=tmp_path, report=lambda _: None)
    only_sung = replace(
        pack, voice_runs=tuple(r for r in pack.voice_runs if r.held_out), voices=pack.voices * 0
    )
    mixer = Mixer(only_sung, held_out=False, samples=SAMPLE_RATE)
    example = mixer.example_of("two voices", np.random.default_rng(1))
    assert (np.abs(example.voices).max(axis=1) > 1e-3).all()
