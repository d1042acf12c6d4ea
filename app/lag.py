"""How late the lips of a clip are against its sound, measured on its liveliest stretch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from app.errors import NotPossibleError
from app.lanes import Axis
from vision.types import FEATURE_FPS

if TYPE_CHECKING:
    from audio_models.base import AudioSource, FaceInput

STRETCH_SECONDS = 60
"""Length of sound and lips that the lag is measured on."""
LARGEST_LAG = 5
"""Frames of 25 fps; lips that are further off belong to another take and are left alone."""


def measure(sound: AudioSource, axis: Axis, faces: Sequence[FaceInput]) -> int:
    """Frames of 25 fps by which the lips come after the sound; 0 without clear evidence.

    The faces must lie on ``axis``, whose frame 0 is the first sample of ``sound``.
    """
    from audio_models.errors import ModelError
    from audio_models.sync import measure_lag

    first, last = _liveliest(axis, faces)
    if last - first < FEATURE_FPS:
        return 0
    rate = sound.sample_rate
    mono = _mono_16k(sound, first * rate // FEATURE_FPS, last * rate // FEATURE_FPS)
    try:
        lag = measure_lag(mono, [_cut(face, first, last) for face in faces])
    except ModelError as error:
        raise NotPossibleError(str(error)) from error
    return lag.frames if abs(lag.frames) <= LARGEST_LAG else 0


def _liveliest(axis: Axis, faces: Sequence[FaceInput]) -> tuple[int, int]:
    """Frames of the stretch in which lips move most."""
    length = STRETCH_SECONDS * FEATURE_FPS
    if axis.last - axis.first <= length:
        return axis.first, axis.last
    motion = np.zeros(axis.count)
    for face in faces:
        motion += np.where(face.valid, np.minimum(face.motion, 1.0), 0.0)
    total = np.concatenate([[0.0], np.cumsum(motion)])
    begins = np.arange(axis.first, axis.last - length, FEATURE_FPS)
    best = int(begins[np.argmax(total[begins + length] - total[begins])])
    return best, best + length


def _mono_16k(sound: AudioSource, start: int, stop: int) -> NDArray[np.float32]:
    """(N,) mean of the channels at the rate of the models."""
    import soxr

    from audio_models.base import SAMPLE_RATE

    mono = sound.read(start, stop).mean(axis=0)
    return np.asarray(soxr.resample(mono, sound.sample_rate, SAMPLE_RATE), np.float32)


def _cut(face: FaceInput, first: int, last: int) -> FaceInput:
    return replace(
        face,
        landmarks=face.landmarks[first:last],
        valid=face.valid[first:last],
        motion=face.motion[first:last],
    )
