"""Sounds, faces and tiny models with known answers for the driver's tests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import torch

from audio_models.base import FACE_FPS, N_FFT, SAMPLE_RATE, Chunk, FaceInput
from audio_models.registry import LoadedModel, ModelSpec


@dataclass
class ArraySource:
    """Sound in memory that counts how it is read."""

    sound: np.ndarray
    sample_rate: int
    layout: str | None = None
    furthest: int = 0

    @property
    def channels(self) -> int:
        return self.sound.shape[0]

    @property
    def samples(self) -> int:
        return self.sound.shape[1]

    def read(self, start: int, stop: int) -> np.ndarray:
        assert start >= self.furthest, "the driver must read forward only"
        self.furthest = stop
        return self.sound[:, start:stop].astype(np.float32)


def face(seconds: float, motion: float = 1.0, valid: bool = True) -> FaceInput:
    frames = round(seconds * FACE_FPS)
    return FaceInput(
        landmarks=np.full((frames, 68, 2), 50.0, np.float32),
        valid=np.full(frames, valid),
        motion=np.full(frames, motion, np.float32),
    )


class Function:
    """An estimator that is one function of the chunk."""

    def __init__(self, masks: Callable[[Chunk], torch.Tensor]) -> None:
        self.masks = masks


def model(masks: Callable[[Chunk], torch.Tensor], **changes: object) -> LoadedModel:
    """A model without weights around a function; ``changes`` replace fields of its spec."""
    spec = ModelSpec(
        id="test",
        title="test",
        needs="nothing",
        weights="",
        licence="",
        card="",
        build=lambda *_: lambda *_: Function(masks),
        joint_by_sum=False,
    )
    device = torch.device("cpu")
    return LoadedModel(
        replace(spec, **changes), device, bf16=False, starter=lambda faces, check: Function(masks)
    )


def constant(*values: complex) -> Callable[[Chunk], torch.Tensor]:
    """Masks with one value per face."""

    def masks(chunk: Chunk) -> torch.Tensor:
        ones = torch.ones(chunk.spectrum.shape)
        return torch.stack([value * ones for value in values])

    return masks


def voices(rate: int, seconds: float, channels: int = 1, seed: int = 0) -> np.ndarray:
    """(2, channels, N) two harmonic 'voices' with vibrato, syllables and breath up to the top."""
    random = np.random.default_rng(seed)
    time = np.arange(round(seconds * rate)) / rate
    result = []
    for index, pitch in enumerate((196.0, 311.1)):
        phase = 2 * np.pi * pitch * time + 3 * np.sin(2 * np.pi * (5 + index) * time)
        harmonics = np.arange(1, int(min(0.45 * rate, 7000) // pitch))
        tone = sum(np.sin(k * phase + k * k) / k for k in harmonics)
        syllables = np.clip(np.sin(2 * np.pi * (1.3 + 0.4 * index) * time + 2 * index), 0, 1) ** 0.5
        breath = random.standard_normal(time.size) * 0.15
        sound = 0.1 * syllables * (tone + breath)
        pan = np.linspace(0.6 + 0.4 * index, 1.0 - 0.4 * index, channels)[:, None]
        result.append(pan * sound)
    return np.stack(result).astype(np.float32)


def oracle(sources: np.ndarray, rate: int) -> Callable[[Chunk], torch.Tensor]:
    """Ratio masks from the true sources (K, C, N), computed without the driver's own code."""
    from scipy.signal import resample_poly

    from audio_models.stft import stft

    mono = resample_poly(sources.mean(1).astype(float), SAMPLE_RATE, rate, axis=-1)
    padded = np.pad(mono, ((0, 0), (SAMPLE_RATE, 16 * SAMPLE_RATE)))

    def masks(chunk: Chunk) -> torch.Tensor:
        begin = chunk.start + SAMPLE_RATE
        part = torch.from_numpy(padded[:, begin : begin + chunk.samples].astype(np.float32))
        spectra = stft(part)[..., : chunk.spectrum.shape[-1]]
        assert spectra.shape[1] == N_FFT // 2 + 1
        return spectra.abs() / (spectra.abs().sum(0) + 1e-6)

    return masks


def si_sdr(estimate: np.ndarray, truth: np.ndarray) -> float:
    """Scale-invariant signal-to-distortion ratio in dB over all channels together."""
    e, t = estimate.astype(float).ravel(), truth.astype(float).ravel()
    projection = (e @ t) / (t @ t) * t
    error = (e - projection) @ (e - projection)
    return 10 * np.log10((projection @ projection) / max(error, 1e-20))
