"""Singing by source and filter: a voice is glottal harmonics shaped by the formants of its text.

The classical source-filter model of speech (Fant, Acoustic Theory of Speech Production, 1960): each
harmonic of a falling source spectrum is weighted by the complex response of five resonances, with
vibrato, jitter and breath; consonants are closures, nasal murmurs, bursts and noise bands.  The
same targets that shape the sound give the lip opening, so sound and mouth belong together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from app.demo.score import Syllable

FloatArray = NDArray[np.float32]
Curve = NDArray[np.float64]

CONTROL_RATE = 200
"""Nominal rate of the control curves, Hz; the true rate is ``sample_rate / hop``."""


@dataclass(frozen=True)
class VoiceType:
    """What makes one voice differ from another."""

    low: int
    high: int
    """Register as MIDI notes."""
    tract: float
    """Factor on all formants: above 1 for a shorter vocal tract."""
    tilt: float
    """Exponent of the falling source spectrum after radiation; higher is softer."""
    breath: float
    vibrato_hz: float
    vibrato_semitones: float


VOICES = (
    VoiceType(low=64, high=76, tract=1.17, tilt=0.75, breath=0.008, vibrato_hz=5.8,
              vibrato_semitones=0.42),
    VoiceType(low=45, high=57, tract=0.98, tilt=0.9, breath=0.005, vibrato_hz=4.9,
              vibrato_semitones=0.3),
)  # fmt: skip

# F1..F5 in Hz for an adult male tract, after the usual tables of sung vowels; lip opening 0..1 and
# lip spread -1 (rounded) .. 1 (drawn wide).
_VOWELS: dict[str, tuple[tuple[float, ...], float, float]] = {
    "a": ((720, 1120, 2500, 3250, 4200), 1.0, 0.1),
    "e": ((500, 1800, 2550, 3300, 4200), 0.6, 0.6),
    "i": ((290, 2200, 2950, 3500, 4300), 0.34, 1.0),
    "o": ((480, 830, 2450, 3150, 4100), 0.62, -0.65),
    "u": ((310, 720, 2300, 3100, 4100), 0.3, -1.0),
}
_BANDWIDTHS = np.array([110.0, 110.0, 140.0, 170.0, 240.0])


@dataclass(frozen=True)
class _Consonant:
    seconds: float
    opening: float
    spread: float
    voiced: float
    """Loudness of the voice while it lasts, against 1 for a vowel."""
    formants: tuple[float, ...] | None = None
    noise: str | None = None
    noise_level: float = 0.0
    burst: str | None = None


_NASAL = (260.0, 1050.0, 2200.0, 3000.0, 4000.0)
_CONSONANTS: dict[str, _Consonant] = {
    "m": _Consonant(0.11, 0.0, 0.0, 0.30, _NASAL),
    "n": _Consonant(0.09, 0.2, 0.2, 0.32, _NASAL),
    "b": _Consonant(0.10, 0.0, 0.0, 0.07, _NASAL, burst="low"),
    "p": _Consonant(0.11, 0.0, 0.0, 0.0, burst="low"),
    "d": _Consonant(0.08, 0.2, 0.2, 0.06, _NASAL, burst="high"),
    "t": _Consonant(0.09, 0.2, 0.2, 0.0, burst="high"),
    "l": _Consonant(0.08, 0.35, 0.3, 0.5, (360.0, 1150.0, 2600.0, 3300.0, 4200.0)),
    "w": _Consonant(0.09, 0.1, -1.0, 0.45, (300.0, 650.0, 2250.0, 3100.0, 4100.0)),
    "s": _Consonant(0.13, 0.12, 0.5, 0.0, noise="s", noise_level=0.09),
    "sh": _Consonant(0.13, 0.2, -0.6, 0.0, noise="sh", noise_level=0.11),
    "f": _Consonant(0.12, 0.05, 0.2, 0.0, noise="f", noise_level=0.05),
}
_NOISE_BANDS = {
    "s": (5200.0, 9500.0),
    "sh": (2300.0, 6000.0),
    "f": (1500.0, 9000.0),
    "low": (300.0, 2500.0),
    "high": (2500.0, 7000.0),
    "breath": (1200.0, 7500.0),
}


@dataclass(frozen=True)
class SungVoice:
    """A finished voice and the mouth that sings it."""

    sound: FloatArray
    """(N,) mono, peak about 0.7."""
    rate: float
    """Rate of the two curves below, Hz."""
    opening: FloatArray
    """(F,) lip opening: 0 = lips closed, 1 = wide open."""
    spread: FloatArray
    """(F,) -1 = rounded, 1 = drawn wide."""

    def mouth_at(self, times: Curve) -> tuple[FloatArray, FloatArray]:
        """Opening and spread at given seconds."""
        axis = np.arange(len(self.opening)) / self.rate
        return (
            np.interp(times, axis, self.opening).astype(np.float32),
            np.interp(times, axis, self.spread).astype(np.float32),
        )


class _Targets:
    """Control curves of one line: stepwise targets, then smoothed as articulators move."""

    def __init__(self, line: Sequence[Syllable], kind: VoiceType, frames: int, rate: float) -> None:
        self.rate = rate
        self.voiced = np.zeros(frames)
        self.opening = np.zeros(frames)
        self.spread = np.zeros(frames)
        self.pitch = np.full(frames, float(line[0].pitch) if line else 60.0)
        self.held = np.zeros(frames)
        self.formants = np.tile(np.array(_VOWELS["a"][0]) * kind.tract, (frames, 1))
        self.noise = {name: np.zeros(frames) for name in _NOISE_BANDS}
        for syllable in line:
            self._add(syllable, kind)
        # Lips take about 50 ms from one shape to the next; closures last longer and are reached.
        self.opening = np.clip(gaussian_filter1d(self.opening, 0.022 * rate), 0.0, 1.0)
        self.spread = gaussian_filter1d(self.spread, 0.035 * rate)
        self.formants = gaussian_filter1d(self.formants, 0.018 * rate, axis=0)
        self.pitch = gaussian_filter1d(self.pitch, 0.025 * rate)
        self.voiced = gaussian_filter1d(self.voiced, 0.012 * rate)
        for name, curve in self.noise.items():
            sigma = 0.003 if name in ("low", "high") else 0.010
            self.noise[name] = gaussian_filter1d(curve, sigma * rate)

    def _add(self, syllable: Syllable, kind: VoiceType) -> None:
        frame = lambda seconds: round(seconds * self.rate)  # noqa: E731
        consonant = _CONSONANTS[syllable.onset]
        formants, opening, spread = _VOWELS[syllable.vowel]
        first = frame(syllable.start)
        vowel = frame(syllable.start + consonant.seconds)
        stop = frame(syllable.stop - (0.06 if syllable.ends_phrase else 0.0))
        self.pitch[first:] = syllable.pitch
        close, hold = slice(first, vowel), slice(vowel, stop)
        self.opening[close], self.spread[close] = consonant.opening, consonant.spread
        self.voiced[close] = consonant.voiced
        self.opening[hold], self.spread[hold] = opening, spread
        self.formants[first:stop] = np.array(formants) * kind.tract
        if consonant.formants is not None:
            self.formants[close] = np.array(consonant.formants) * kind.tract
        swell = np.linspace(0.0, 1.0, max(0, stop - vowel))
        self.voiced[hold] = 0.82 + 0.18 * np.sin(np.pi * swell)
        if syllable.ends_phrase:
            self.voiced[hold] *= 1.0 - 0.6 * swell**3
        self.held[hold] = np.arange(max(0, stop - vowel)) / self.rate
        if consonant.noise is not None:
            self.noise[consonant.noise][close] = consonant.noise_level
        if consonant.burst is not None:
            self.noise[consonant.burst][vowel : vowel + frame(0.012)] = 0.3
            if consonant.voiced == 0.0:
                self.noise["breath"][vowel : vowel + frame(0.035)] = 0.06


def sing(
    line: Sequence[Syllable],
    kind: VoiceType,
    seconds: float,
    sample_rate: int,
    rng: np.random.Generator,
) -> SungVoice:
    """Sing a line; the sound is ``round(seconds * sample_rate)`` samples long."""
    samples = round(seconds * sample_rate)
    hop = max(1, sample_rate // CONTROL_RATE)
    rate = sample_rate / hop
    frames = samples // hop + 2
    targets = _Targets(line, kind, frames, rate)
    sound = _harmonics(targets, kind, hop, sample_rate, rng)
    for name, curve in targets.noise.items():
        level = curve + (kind.breath * targets.voiced if name == "breath" else 0.0)
        if level.max() > 0:
            band = _band_noise(len(sound), _NOISE_BANDS[name], sample_rate, rng)
            sound = sound + band * _to_samples(level, hop)
    sound = _room(sound[:samples], sample_rate, rng)
    peak = float(np.abs(sound).max()) if line else 1.0
    return SungVoice(
        (sound * (0.7 / max(peak, 1e-9))).astype(np.float32),
        rate,
        targets.opening.astype(np.float32),
        targets.spread.astype(np.float32),
    )


def _to_samples(curve: Curve, hop: int) -> FloatArray:
    """Linear interpolation of a control curve to sample rate: (F,) -> ((F - 1) * hop,)."""
    ramp = (np.arange(hop) / hop).astype(np.float32)
    value = curve.astype(np.float32)
    return (value[:-1, None] + (value[1:] - value[:-1])[:, None] * ramp).reshape(-1)


def _harmonics(
    targets: _Targets, kind: VoiceType, hop: int, sample_rate: int, rng: np.random.Generator
) -> FloatArray:
    """Sum of the harmonics below 10 kHz, each weighted by the vocal tract at its frequency."""
    frames = len(targets.pitch)
    time = np.arange(frames) / targets.rate
    # Vibrato sets in a moment after a note has begun, as singers do.
    depth = kind.vibrato_semitones * np.clip((targets.held - 0.18) / 0.25, 0.0, 1.0)
    depth = gaussian_filter1d(depth, 0.05 * targets.rate)
    drift = gaussian_filter1d(rng.standard_normal(frames), 0.12 * targets.rate)
    jitter = rng.standard_normal(frames)
    semitones = (
        targets.pitch
        + depth * np.sin(2 * np.pi * kind.vibrato_hz * time)
        + 0.18 * drift / max(float(drift.std()), 1e-9)
        + 0.012 * jitter
    )
    f0 = 440.0 * 2.0 ** ((semitones - 69.0) / 12.0)
    shimmer = 1.0 + 0.03 * rng.standard_normal(frames)
    formants = targets.formants.copy()
    # Singers lift the first resonance with the note, else high notes would lose their power.
    formants[:, 0] = np.maximum(formants[:, 0], 1.05 * f0)
    phase = np.cumsum(_to_samples(f0, hop).astype(np.float64)) * (2 * np.pi / sample_rate)
    step = np.exp(1j * phase).astype(np.complex64)
    top = min(10000.0, 0.46 * sample_rate)
    frequency = np.arange(1, int(top / f0.min()) + 1)[:, None] * f0
    response = np.clip((top - frequency) / 1000.0, 0.0, 1.0) * (frequency / f0) ** -kind.tilt
    response = response.astype(np.complex64)
    for number, bandwidth in enumerate(_BANDWIDTHS):
        centre = formants[:, number]
        response *= centre**2 / (centre**2 - frequency**2 + 1j * frequency * bandwidth)
    # Vowels differ in power far less than their resonances would make them: singers even them out.
    power = gaussian_filter1d((np.abs(response) ** 2).sum(axis=0), 0.02 * targets.rate)
    response *= targets.voiced * shimmer * power**-0.35
    wave = np.ones_like(step)
    sound = np.zeros(len(step), np.float32)
    for weight in response:
        wave *= step
        sound += _to_samples(weight.real, hop) * wave.imag
        sound += _to_samples(weight.imag, hop) * wave.real
    peak = float(np.abs(sound).max())
    return sound / peak if peak > 0 else sound


def _band_noise(
    samples: int, band: tuple[float, float], sample_rate: int, rng: np.random.Generator
) -> FloatArray:
    """Noise of unit power between two frequencies, with soft edges."""
    spectrum = np.fft.rfft(rng.standard_normal(samples))
    frequency = np.fft.rfftfreq(samples, 1.0 / sample_rate)
    low, high = band[0], min(band[1], 0.45 * sample_rate)
    edge = 1.0 / (1.0 + (low / np.maximum(frequency, 1.0)) ** 6)
    spectrum *= edge / (1.0 + (frequency / high) ** 6)
    noise = np.fft.irfft(spectrum, samples)
    return (noise / max(float(noise.std()), 1e-9)).astype(np.float32)


def _room(sound: FloatArray, sample_rate: int, rng: np.random.Generator) -> FloatArray:
    """Add the quiet decaying tail of a small room."""
    from scipy.signal import fftconvolve

    length = int(0.22 * sample_rate)
    decay = np.exp(-6.9 * np.arange(length) / length)
    tail = rng.standard_normal(length) * decay
    tail[: int(0.008 * sample_rate)] = 0.0
    tail *= 0.14 / np.sqrt((tail**2).sum())
    return (sound + fftconvolve(sound, tail)[: len(sound)]).astype(np.float32)
