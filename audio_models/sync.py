"""How late the lips of a clip are against its sound."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from audio_models.agreement import Moments
from audio_models.base import FACE_FPS, SAMPLE_RATE, FaceInput
from audio_models.lips import LIPS_FILE, LipRegressor, high_pass, load_lips
from audio_models.presence import STILL_MOTION
from audio_models.stft import stft

SEARCH_FRAMES = 5
"""Lags looked at, either way: what is further off belongs to another take and cannot be moved."""
LEAST_PEAK = 0.2
"""Correlation that lips and their sound reach at least at the right lag."""
CLEAR_GAIN = 3.0
"""By how many standard deviations the best lag must beat no lag before it is used."""
LEAST_SECONDS = 3.0
"""Lip movement below which nothing is measured: a sentence fits many lags."""
CORRELATED_FRAMES = 3
"""Neighbouring frames of a high-passed mouth track that tell the same."""
_BLOCK_S = 12


@dataclass(frozen=True)
class Lag:
    """Result of `measure_lag`."""

    frames: int
    """Frames of 25 fps by which the lips come after the sound; 0 without clear evidence."""
    confidence: float
    """Probability that ``frames`` is nearer to the truth than no correction, 0 to 1."""


@lru_cache(maxsize=1)
def shipped_lips() -> LipRegressor:
    """The lip model that comes with the program."""
    folder = Path(__file__).resolve().parent.parent / "resources" / "weights"
    return load_lips(folder / LIPS_FILE)


def measure_lag(
    mono: NDArray[np.float32], faces: Sequence[FaceInput], lips: LipRegressor | None = None
) -> Lag:
    """Compare the mouth movements that the sound suggests with those of the faces, lag by lag.

    Mouth tracks are high-passed: slow drift of pose and smile makes plain openings mislead. A lag
    is used when it agrees far better than none at all, which takes some ten seconds of one clear
    talker, or more of several at once.

    Args:
        mono: (N,) sound at 16384 Hz; mixture or voice.
        faces: people over the same stretch; frame k is at k / 25 s after the first sample.
        lips: regressor; the shipped one if not given.
    """
    lips = lips or shipped_lips()
    total = Moments()
    step = _BLOCK_S * FACE_FPS
    heard: dict[tuple[int, int], Tensor] = {}  # what the sound suggests is the same for every face
    for face in faces:
        frames = min(len(face.valid), len(mono) * FACE_FPS // SAMPLE_RATE)
        for first in range(0, frames - 2 * SEARCH_FRAMES, step):
            last = min(frames, first + step)
            if (first, last) not in heard:
                begin, end = (k * SAMPLE_RATE // FACE_FPS for k in (first, last))
                heard[first, last] = _suggested(lips, mono[begin:end], last - first)
            total = total.plus(_moments(lips, heard[first, last], face, first, last))
    moved = 0.0 if total.empty else float(total.count()[SEARCH_FRAMES, 0])
    if moved < LEAST_SECONDS * FACE_FPS:
        return Lag(0, 0.0)
    agreement = total.correlation() @ lips.reliability
    best = int(agreement.argmax())
    independent = moved / CORRELATED_FRAMES
    gain = float(agreement[best] - agreement[SEARCH_FRAMES]) * math.sqrt(independent / 2.0)
    frames = best - SEARCH_FRAMES
    confidence = 0.5 * (1.0 + math.erf((gain - 1.0) / math.sqrt(2.0)))
    if frames == 0 or gain < CLEAR_GAIN or float(agreement[best]) < LEAST_PEAK:
        return Lag(0, 1.0 - confidence)
    return Lag(frames, confidence)


@torch.no_grad()
def _suggested(lips: LipRegressor, mono: NDArray[np.float32], frames: int) -> Tensor:
    """The mouth movements that a block of sound suggests, high-passed."""
    power = stft(torch.from_numpy(mono)).abs().square()
    return high_pass(lips.mouth_from_sound(power[None], frames))


@torch.no_grad()
def _moments(lips: LipRegressor, heard: Tensor, face: FaceInput, first: int, last: int) -> Moments:
    """Moments (lags, components) of one face over one block."""
    frames = last - first
    points = torch.from_numpy(face.landmarks[first:last])
    valid = face.valid[first:last]
    seen = high_pass(lips.mouth_from_face(points, torch.from_numpy(valid)))
    moving = valid & (face.motion[first:last] >= STILL_MOTION)
    weight = torch.from_numpy(moving.astype(np.float32))
    inner = slice(SEARCH_FRAMES, frames - SEARCH_FRAMES)
    shifted = range(-SEARCH_FRAMES, SEARCH_FRAMES + 1)
    at = [slice(inner.start + lag, inner.stop + lag) for lag in shifted]
    return Moments.of(
        heard[..., inner],
        torch.stack([seen[:, part] for part in at]),
        torch.stack([weight[part] for part in at])[:, None],
    )
