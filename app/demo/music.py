"""The accompaniment of the demo: bass, plucked chords and drums on the progression of the score."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from app.demo.score import BAR_BEATS, BEAT, chord_at

FloatArray = NDArray[np.float32]


def accompany(seconds: float, sample_rate: int, rng: np.random.Generator) -> FloatArray:
    """Play along for a clip: (2, N) float32, peak 0.7."""
    samples = round(seconds * sample_rate)
    left = np.zeros(samples)
    right = np.zeros(samples)

    def put(sound: NDArray[np.float64], beat: float, pan: float, gain: float) -> None:
        start = round(beat * BEAT * sample_rate)
        sound = sound[: max(0, samples - start)]
        left[start : start + len(sound)] += gain * np.cos(pan * np.pi / 2) * sound
        right[start : start + len(sound)] += gain * np.sin(pan * np.pi / 2) * sound

    for number in range(int(seconds / BEAT) + 1):
        chord = chord_at(number * BEAT + 0.01)
        place = number % BAR_BEATS
        bass = 36 + chord[0] if place != 2 else 36 + chord[2]
        put(_bass(bass, BEAT * 0.95, sample_rate), number, 0.5, 0.5)
        for index, tone in enumerate(chord):
            put(_pluck(60 + tone, sample_rate), number + 0.5, 0.25 + 0.25 * index, 0.16)
        if place == 0:
            for index, tone in enumerate(chord):
                put(_pluck(48 + tone, sample_rate), number + 0.02 * index, 0.65, 0.22)
        if place in (0, 2):
            put(_kick(sample_rate), number, 0.5, 0.7)
        else:
            put(_noise_hit(0.16, 1500.0, sample_rate, rng), number, 0.45, 0.3)
        for half in (0.0, 0.5):
            put(_noise_hit(0.05, 7000.0, sample_rate, rng), number + half, 0.7, 0.12)
    mix = np.stack([left, right])
    return (mix * (0.7 / max(float(np.abs(mix).max()), 1e-9))).astype(np.float32)


def _hz(note: int) -> float:
    return float(440.0 * 2.0 ** ((note - 69) / 12.0))


@lru_cache(maxsize=16)
def _bass(note: int, seconds: float, sample_rate: int) -> NDArray[np.float64]:
    time = np.arange(int(seconds * sample_rate)) / sample_rate
    tone = sum(np.sin(2 * np.pi * _hz(note) * k * time) / k**1.8 for k in range(1, 7))
    envelope = np.minimum(time / 0.01, 1.0) * np.exp(-2.2 * time)
    return np.asarray(tone * envelope * np.minimum((seconds - time) / 0.02, 1.0))


@lru_cache(maxsize=32)
def _pluck(note: int, sample_rate: int) -> NDArray[np.float64]:
    time = np.arange(int(1.2 * sample_rate)) / sample_rate
    tone = sum(
        np.sin(2 * np.pi * _hz(note) * k * time) * np.exp(-(2.0 + 1.6 * k) * time) / k
        for k in range(1, 9)
        if _hz(note) * k < 0.45 * sample_rate
    )
    return np.asarray(tone * np.minimum(time / 0.003, 1.0))


@lru_cache(maxsize=1)
def _kick(sample_rate: int) -> NDArray[np.float64]:
    time = np.arange(int(0.25 * sample_rate)) / sample_rate
    phase = 2 * np.pi * (48.0 * time + 90.0 * (1.0 - np.exp(-30.0 * time)) / 30.0)
    return np.asarray(np.sin(phase) * np.exp(-14.0 * time))


def _noise_hit(
    seconds: float, highpass: float, sample_rate: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    count = int(seconds * sample_rate)
    spectrum = np.fft.rfft(rng.standard_normal(count))
    frequency = np.fft.rfftfreq(count, 1.0 / sample_rate)
    spectrum *= 1.0 / (1.0 + (highpass / np.maximum(frequency, 1.0)) ** 4)
    noise = np.fft.irfft(spectrum, count)
    return np.asarray(noise * np.exp(-5.0 * np.arange(count) / count) / 2.0)
