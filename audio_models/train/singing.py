"""Singing made from speech, as there is far more recorded speech than free singing.

Speech is taken apart by the WORLD vocoder (Morise et al. 2016) into pitch, spectral envelope and
aperiodicity. Every syllable becomes a note: its vowel is held, its pitch follows a drawn melody
with glides, drift and vibrato, the vocal tract may become longer or shorter, and the spectrum may
gain the singer's formant near 3 kHz (Sundberg 1974).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from audio_models.train.augment import Signal

Frames = NDArray[np.float64]
FRAME_S = 0.005
_SCALES = ((0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10), (0, 2, 4, 7, 9))
_SHORTEST_S = 1.0


@dataclass(frozen=True)
class _Speech:
    """Frames of 5 ms: pitch in Hz (0 = unvoiced), power envelope and aperiodicity (T, bins)."""

    pitch: Frames
    envelope: Frames
    aperiodicity: Frames


def sing(samples: Signal, rate: int, rng: np.random.Generator) -> Signal | None:
    """Speech (N,) at `rate` Hz as singing (longer than it was); None when nothing in it is voiced.

    The same generator state gives the same song.
    """
    import pyworld

    if len(samples) < _SHORTEST_S * rate:
        return None
    speech = _analyse(samples.astype(np.float64), rate)
    peaks = _vowels(speech, rate)
    if len(peaks) == 0:
        return None
    source, note = _timing(speech.pitch, peaks, rng)
    pitch = _melody(speech.pitch, source, note, rng)
    envelope = np.exp(_at(np.log(speech.envelope + 1e-16), source))
    envelope = _colour(envelope, pitch, rate, rng) * _dynamics(note, rng)[:, None]
    aperiodicity = np.clip(_at(speech.aperiodicity, source), 0.0, 1.0)
    song = pyworld.synthesize(
        pitch, np.ascontiguousarray(envelope), aperiodicity, rate, FRAME_S * 1000
    )
    return np.asarray(song, np.float32)


def _analyse(samples: Frames, rate: int) -> _Speech:
    import pyworld

    pitch, time = pyworld.dio(samples, rate, frame_period=FRAME_S * 1000)
    pitch = pyworld.stonemask(samples, pitch, time, rate)
    envelope = pyworld.cheaptrick(samples, pitch, time, rate)
    return _Speech(pitch, envelope, pyworld.d4c(samples, pitch, time, rate))


def _vowels(speech: _Speech, rate: int) -> NDArray[np.intp]:
    """Frames in which a syllable is loudest in the range of the first formants."""
    from scipy.ndimage import gaussian_filter1d
    from scipy.signal import find_peaks

    frequency = np.linspace(0, rate / 2, speech.envelope.shape[1])
    band = (frequency > 250) & (frequency < 3000)
    level = 10 * np.log10(speech.envelope[:, band].sum(1) + 1e-12)
    peaks, _ = find_peaks(gaussian_filter1d(level, 4.0), distance=20, prominence=2.0)
    loud = level[peaks] > level.max() - 35
    return np.asarray(peaks[(speech.pitch[peaks] > 0) & loud])


def _timing(
    pitch: Frames, peaks: NDArray[np.intp], rng: np.random.Generator
) -> tuple[Frames, NDArray[np.intp]]:
    """Source position and note number of every frame of the song: vowels held, the rest as spoken.

    Notes follow a tempo in halves and doubles of a beat; some stay as short as they were.
    """
    beat = rng.uniform(0.25, 0.6) / FRAME_S
    durations = np.ones(len(pitch))
    edges = [0, *((peaks[1:] + peaks[:-1]) // 2), len(pitch)]
    for index, peak in enumerate(peaks):
        first = max(edges[index], peak - 6)
        core = np.arange(first, min(edges[index + 1], peak + 7))
        core = core[pitch[core] > 0]
        rest = edges[index + 1] - edges[index] - len(core)
        length = beat * 2.0 ** rng.integers(-1, 3) - rest
        durations[core] = max(1.0, length / len(core))
    end = np.cumsum(durations)
    source = np.interp(np.arange(int(end[-1])), end - durations, np.arange(len(pitch)))
    note = np.searchsorted(np.asarray(edges[1:-1]), source, side="right")
    return source, note


def _melody(
    spoken: Frames, source: Frames, note: NDArray[np.intp], rng: np.random.Generator
) -> Frames:
    """Pitch in Hz of every frame of the song, 0 where the speech is unvoiced."""
    from scipy.ndimage import gaussian_filter1d

    middle = float(np.median(spoken[spoken > 0]))
    scale = np.asarray(_SCALES[rng.integers(len(_SCALES))])
    steps = np.clip(np.cumsum(rng.integers(-2, 3, note[-1] + 1)), -5, 9)
    tonic = rng.uniform(-4, 9)
    tones = tonic + scale[steps % len(scale)] + 12 * (steps // len(scale))
    tone = gaussian_filter1d(tones[note].astype(float), rng.uniform(3, 12))
    tone += 0.15 * gaussian_filter1d(rng.standard_normal(len(note)), 20) * np.sqrt(70)
    starts = np.maximum.accumulate(
        np.where(np.diff(note, prepend=-1) != 0, np.arange(len(note)), 0)
    )
    held = (np.arange(len(note)) - starts) * FRAME_S
    swell = np.clip((held - rng.uniform(0.1, 0.4)) / 0.3, 0.0, 1.0)
    depth = rng.uniform(0.0, 1.0) if rng.random() < 0.75 else 0.0
    phase = np.cumsum(rng.uniform(4.5, 7.0) * FRAME_S + 0.002 * rng.standard_normal(len(note)))
    tone += depth * swell * np.sin(2 * np.pi * phase)
    speech = spoken[np.round(source).astype(int)]
    own = np.where(speech > 0, np.log2(np.maximum(speech, 1) / middle), 0.0)
    pitch = middle * 2 ** (tone / 12 + rng.uniform(0.0, 0.3) * own)
    return np.where(speech > 0, np.clip(pitch, 60.0, 1000.0), 0.0)


def _at(frames: Frames, position: Frames) -> Frames:
    """Rows of (T, bins) at fractional positions."""
    below = np.clip(position.astype(int), 0, len(frames) - 2)
    part = (position - below)[:, None]
    return np.asarray(frames[below] * (1 - part) + frames[below + 1] * part)


def _colour(envelope: Frames, pitch: Frames, rate: int, rng: np.random.Generator) -> Frames:
    """Another vocal tract length and, in some voices, the singer's formant."""
    bins = envelope.shape[1]
    position = np.clip(np.arange(bins) / rng.uniform(0.86, 1.18), 0, bins - 1)
    warped = _at(np.log(envelope.T + 1e-16), position).T
    if rng.random() < 0.4:
        frequency = np.linspace(0, rate / 2, bins)
        centre, width = rng.uniform(2500, 3300), rng.uniform(250, 500)
        gain = np.log(10) / 10 * rng.uniform(3, 14)
        ring = gain * np.exp(-0.5 * ((frequency - centre) / width) ** 2)
        warped += np.where(pitch > 0, 1.0, 0.0)[:, None] * ring
    return np.asarray(np.exp(warped))


def _dynamics(note: NDArray[np.intp], rng: np.random.Generator) -> Frames:
    """Power of every frame: notes of different loudness, joined softly."""
    from scipy.ndimage import gaussian_filter1d

    level = rng.uniform(-5, 5, note[-1] + 1)[note]
    return np.asarray(10 ** (gaussian_filter1d(level, 15) / 10))
