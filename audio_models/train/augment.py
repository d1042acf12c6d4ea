"""Random changes of a training sound: speed, tone, room; all work on one float32 sound."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from audio_models.train.material import SAMPLE_RATE

if TYPE_CHECKING:
    import torch

Signal = NDArray[np.float32]
_TONE_KNOTS = 8
_FRAME = 1024
_QUEFRENCIES = 52
_ROOM_SAMPLES = SAMPLE_RATE * 3 // 4


def change_speed(samples: Signal, length: int) -> Signal:
    """Resample to `length` samples: pitch, formants and pace move together."""
    import soxr

    changed = soxr.resample(samples, len(samples), length, quality="LQ")
    if len(changed) < length:
        changed = np.pad(changed, (0, length - len(changed)))
    return changed[:length]


def change_formants(samples: Signal, factor: float) -> Signal:
    """Move the formants by `factor` (above 1: a shorter vocal tract), pitch and pace stay.

    The envelope is the cepstrum's slow part; together with `change_speed`, which moves pitch and
    formants as one, a recording turns into a person of another pitch and another build.
    """
    import torch

    window = torch.hann_window(_FRAME)
    signal = torch.from_numpy(samples)
    spectrum = torch.stft(signal, _FRAME, _FRAME // 4, window=window, return_complex=True)
    logarithm = torch.log(spectrum.abs() + 1e-4).T.contiguous()
    # The slow part is one fixed linear map of the log spectrum, and so is its move: one product.
    change = (logarithm @ _formant_map(round(factor, 2))).T.clamp(-3.0, 3.0)
    moved = torch.istft(
        spectrum * torch.exp(change), _FRAME, _FRAME // 4, window=window, length=len(samples)
    )
    return np.asarray(moved.numpy(), np.float32)


@functools.lru_cache(maxsize=64)
def _formant_map(factor: float) -> torch.Tensor:
    """(bins, bins): log spectrum (row) -> log gain that moves its envelope by `factor`."""
    import torch

    bins = _FRAME // 2 + 1
    lifter = np.zeros(bins)
    fade = np.cos(np.linspace(0, np.pi / 2, _QUEFRENCIES - _QUEFRENCIES // 2)) ** 2
    lifter[:_QUEFRENCIES] = np.concatenate([np.ones(_QUEFRENCIES // 2), fade])
    cepstrum = np.fft.irfft(np.eye(bins), axis=1)
    envelope = np.fft.rfft(cepstrum * np.concatenate([lifter, lifter[-2:0:-1]]), axis=1).real
    position = np.clip(np.arange(bins) / factor, 0, bins - 1)
    below = np.minimum(position.astype(int), bins - 2)
    part = position - below
    moved = envelope[:, below] * (1 - part) + envelope[:, below + 1] * part
    return torch.from_numpy((moved - envelope).astype(np.float32))


def vibrato(samples: Signal, rng: np.random.Generator) -> Signal:
    """Swing the pitch of a held note as singers do: 4.5 to 7 times a second, up to 60 cents."""
    time = np.arange(len(samples)) / SAMPLE_RATE
    rate = rng.uniform(4.5, 7.0)
    depth = rng.uniform(0.005, 0.035) * np.sin(2 * np.pi * rng.uniform(0.1, 0.4) * time) ** 2
    swing = depth / (2 * np.pi * rate) * np.sin(2 * np.pi * rate * time + rng.uniform(0, 6.3))
    position = np.arange(len(samples)) + swing * SAMPLE_RATE
    return np.asarray(np.interp(position, np.arange(len(samples)), samples), np.float32)


def doubled(samples: Signal, rng: np.random.Generator) -> Signal:
    """Add a second take of the same voice, as studios do: a little late, drifting in pitch."""
    time = np.arange(len(samples)) / SAMPLE_RATE
    late = rng.uniform(0.012, 0.04)
    # Delay that swings by 2 to 6 ms in a second or two detunes by some 10 to 30 cents.
    swing = rng.uniform(0.002, 0.006) * np.sin(2 * np.pi * rng.uniform(0.4, 0.9) * time)
    position = np.arange(len(samples)) - (late + swing) * SAMPLE_RATE
    take = np.interp(position, np.arange(len(samples)), samples, left=0.0)
    return np.asarray(samples + rng.uniform(0.3, 0.9) * take, np.float32)


@functools.lru_cache(maxsize=8)
def _octaves(bins: int) -> NDArray[np.float64]:
    """Octaves above 60 Hz of every bin."""
    frequency = np.linspace(0.0, SAMPLE_RATE / 2, bins)
    return np.asarray(np.log2(np.maximum(frequency, 60.0) / 60.0))


def tone_curve(rng: np.random.Generator, bins: int, range_db: float) -> Signal:
    """Gain per bin (0..8192 Hz): a smooth random line over log frequency plus a tilt."""
    octave = _octaves(bins)
    knots = np.linspace(0.0, octave[-1], _TONE_KNOTS)
    gains = rng.uniform(-range_db, range_db, _TONE_KNOTS)
    gains += rng.uniform(-1.5, 1.5) * (knots - knots.mean())
    return np.asarray(10 ** (np.interp(octave, knots, gains) / 20), np.float32)


def band_limit(rng: np.random.Generator, bins: int) -> Signal:
    """Gain per bin of a telephone, a small loudspeaker or a dull recording."""
    frequency = np.linspace(1.0, SAMPLE_RATE / 2, bins)
    low, high = rng.uniform(60, 350), rng.uniform(2800, 7000)
    order = rng.uniform(2, 8)
    gain = 1 / np.sqrt(1 + (low / frequency) ** order) / np.sqrt(1 + (frequency / high) ** order)
    return np.asarray(gain, np.float32)


def room(rng: np.random.Generator) -> Signal:
    """Impulse response of a small to large room: direct sound at sample 0, decaying noise after it.

    The classic statistical model of late reverberation (Polack 1988): Gaussian noise with an
    exponential envelope; here with a gap before it, a random colour and a few early reflections.
    """
    decay = float(np.exp(rng.uniform(np.log(0.12), np.log(0.9))))
    time = np.arange(_ROOM_SAMPLES, dtype=np.float32) / SAMPLE_RATE
    tail = rng.standard_normal(_ROOM_SAMPLES, np.float32) * np.exp(-6.9 / decay * time)
    smooth = rng.uniform(0.0, 0.7)
    tail[1:] += np.float32(smooth) * tail[:-1]
    gap = int(rng.uniform(0.002, 0.03) * SAMPLE_RATE)
    tail = np.concatenate([np.zeros(gap, np.float32), tail[: _ROOM_SAMPLES - gap]])
    early = rng.integers(1, int(0.04 * SAMPLE_RATE), 6)
    response = tail * np.float32(10 ** (-rng.uniform(0, 18) / 20) / np.sqrt(np.sum(tail**2)))
    response[early] += rng.uniform(-0.3, 0.3, 6).astype(np.float32)
    response[0] += 1.0
    return response


def filtered(
    samples: Signal, rng: np.random.Generator, tone_db: float, limit: bool, reverberant: bool
) -> Signal:
    """One pass through tone, band limit and room; the length stays."""
    from scipy import fft

    size = fft.next_fast_len(len(samples) + (_ROOM_SAMPLES if reverberant else 2048), real=True)
    spectrum = fft.rfft(samples, size)
    if tone_db > 0:
        spectrum *= tone_curve(rng, len(spectrum), tone_db)
    if limit:
        spectrum *= band_limit(rng, len(spectrum))
    if reverberant:
        spectrum *= fft.rfft(room(rng), size)
    return np.asarray(fft.irfft(spectrum, size)[: len(samples)], np.float32)
