"""Synthetic talking people for the tests of lips: openings, voices that follow them, faces."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from audio_models.base import FACE_FPS, HOP, SAMPLE_RATE, FaceInput
from audio_models.lips import MOUTH_POINTS, LipConfig, LipRegressor, at_rate

MEAN_FACE = Path(__file__).resolve().parents[2] / "resources" / "mean_face_68.json"
LOWER_LIP = (*range(55, 60), *range(65, 68))
CHIN = (6, 7, 8, 9, 10)


def opening_track(seed: int, seconds: float) -> NDArray[np.float32]:
    """(T,) mouth opening 0 to 1 at 25 Hz: syllables of irregular length and height."""
    random = np.random.default_rng(seed)
    frames = round(seconds * FACE_FPS)
    track: list[float] = []
    while len(track) < frames:
        length = int(random.integers(4, 9))
        track += list(random.uniform(0.3, 1.0) * np.sin(np.pi * np.arange(length) / length))
    return np.asarray(track[:frames], np.float32)


def landmarks(opening: NDArray[np.float32]) -> NDArray[np.float32]:
    """(T, 68, 2) registered face whose lower lip and chin go down as the mouth opens."""
    points = np.asarray(json.loads(MEAN_FACE.read_text())["points"], np.float32)
    face = np.repeat((points * np.float32([96 / 224, 128 / 244]))[None], len(opening), axis=0)
    face[:, list(LOWER_LIP), 1] += 8.0 * opening[:, None]
    face[:, list(CHIN), 1] += 6.0 * opening[:, None]
    return face


def face(opening: NDArray[np.float32], motion: float = 0.5) -> FaceInput:
    """A visible person's face."""
    count = len(opening)
    return FaceInput(landmarks(opening), np.ones(count, bool), np.full(count, motion, np.float32))


def voice(
    opening: NDArray[np.float32], low: float, high: float, seed: int = 0
) -> NDArray[np.float32]:
    """(N,) noise between two frequencies at 16384 Hz that is louder the wider the mouth."""
    random = np.random.default_rng(seed)
    samples = len(opening) * SAMPLE_RATE // FACE_FPS
    spectrum = np.fft.rfft(random.standard_normal(samples))
    hz = np.fft.rfftfreq(samples, 1 / SAMPLE_RATE)
    noise = np.fft.irfft(spectrum * ((hz > low) & (hz < high)), samples)
    time = np.arange(samples) / SAMPLE_RATE * FACE_FPS
    level = np.interp(time, np.arange(len(opening)), opening)
    return (0.2 * noise / noise.std() * level).astype(np.float32)


class LoudnessLips(LipRegressor):
    """Takes loudness for the opening of the mouth and the reverse: no training needed."""

    def __init__(self) -> None:
        super().__init__(LipConfig(bands=8, width=4, components=1, level_bands=1))
        still, wide = (torch.from_numpy(landmarks(np.float32([x])))[0] for x in (0.0, 1.0))
        points = list(MOUTH_POINTS)
        self.mean.copy_(still[points].flatten())
        move = (wide - still)[points].flatten()
        self.basis.copy_(move[None] / move.square().sum())

    @torch.no_grad()
    def mouth_from_sound(self, power: Tensor, frames: int) -> Tensor:
        level = power.sum(1, keepdim=True).sqrt()
        return at_rate(level / level.amax().clamp_min(1e-9), SAMPLE_RATE / HOP, FACE_FPS, frames)

    @torch.no_grad()
    def levels_from_mouth(self, mouth: Tensor) -> Tensor:
        return 2.0 * torch.log10(mouth.clamp_min(0.01))

    @torch.no_grad()
    def levels_from_sound(self, power: Tensor, frames: int) -> Tensor:
        return 2.0 * torch.log10(self.mouth_from_sound(power, frames).clamp_min(0.01))


class BandSpeaker(torch.nn.Module):
    """Takes voices in the same bands for the same person's: (B, K, 8) of length one."""

    def forward(self, power: Tensor, weight: Tensor) -> Tensor:
        bands = torch.stack([part.mean(1) for part in power.chunk(8, 1)], 1)
        return torch.nn.functional.normalize((weight @ bands.transpose(1, 2)).sqrt(), dim=-1)
