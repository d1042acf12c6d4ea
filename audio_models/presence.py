"""What the pictures say about who may be singing when, and how the masks of several people share.

All curves are numbers from 0 to 1 for every STFT frame, with soft edges, so that nothing clicks.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from audio_models.base import FACE_FPS, FaceInput
from audio_models.overlap import FRAMES_PER_SECOND

FloatArray = NDArray[np.float32]
NoFace = Literal["model", "silence"]

STILL_MOTION = 0.08
"""Lip motion (`FaceInput.motion`) below which a mouth counts as frozen. Measured on real clips: a
frozen picture has 0.003, a mouth between sentences 0.03 to 0.05, a talking one 0.26 to 1."""
STILL_SECONDS = 2.0
"""A mouth must be still for this long: a held note keeps the lips nearly still for a while."""
STILL_GAIN = 0.005
"""Level of the voice while the mouth is still: -46 dB."""
FADE_FACE_FRAMES = 5
"""Length of the smoothing of every change, in face frames: 200 ms."""
JOINT_FLOOR = 0.2
"""Bins that the faces together claim less than this belong to the accompaniment and are lifted by
no more than its inverse."""


class Presence:
    """Gain and lip activity of every person over the whole clip."""

    def __init__(
        self, faces: Sequence[FaceInput], no_face: NoFace, still_motion: float = STILL_MOTION
    ) -> None:
        self._gain, self._activity = [], []
        for face in faces:
            still = _still(face, still_motion)
            gain = np.where(still, np.float32(STILL_GAIN), np.float32(1.0))
            if no_face == "silence":
                gain = np.where(face.valid, gain, np.float32(0.0))
            self._gain.append(_smooth(gain))
            moving = face.valid & ~still & (face.motion >= still_motion)
            self._activity.append(_smooth(moving.astype(np.float32)))
        self._outside = 0.0 if no_face == "silence" else 1.0

    def gain(self, start: int, frames: int) -> Tensor:
        """(faces, frames) factor of each voice, from STFT frame ``start`` of the stream on."""
        return self._at(self._gain, start, frames, self._outside)

    def activity(self, start: int, frames: int) -> Tensor:
        """(faces, frames) 1 where a visible person's lips move."""
        return self._at(self._activity, start, frames, 0.0)

    @staticmethod
    def _at(curves: list[FloatArray], start: int, frames: int, outside: float) -> Tensor:
        position = np.arange(start, start + frames) * (FACE_FPS / FRAMES_PER_SECOND)
        rows = [_interpolate(position, curve, outside) for curve in curves]
        return torch.from_numpy(np.stack(rows)) if rows else torch.ones(0, frames)


def _interpolate(position: NDArray[np.float64], curve: FloatArray, outside: float) -> FloatArray:
    """Read a curve between its points; the last one holds for the time of a frame more."""
    ends = np.concatenate([curve, curve[-1:], [outside]])
    return np.interp(position, np.arange(ends.size), ends).astype(np.float32)


def _still(face: FaceInput, threshold: float) -> NDArray[np.bool_]:
    """(T,) True inside stretches of a visible, motionless mouth of `STILL_SECONDS` or more."""
    still = face.valid & (face.motion < threshold)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], still, [False]]).astype(np.int8)))
    long_enough = round(STILL_SECONDS * FACE_FPS)
    result = np.zeros_like(still)
    for start, stop in zip(edges[::2], edges[1::2], strict=True):
        if stop - start >= long_enough:
            # The fade lies inside the stretch: the voice is all there when the lips move again.
            half = FADE_FACE_FRAMES // 2
            inner = (start + half if start else 0, stop - half if stop < still.size else stop)
            result[inner[0] : inner[1]] = True
    return result


def _smooth(curve: NDArray[np.float32]) -> FloatArray:
    if not curve.size:
        return curve
    kernel = np.hanning(FADE_FACE_FRAMES + 2)[1:-1]
    padded = np.pad(curve, FADE_FACE_FRAMES // 2, mode="edge")
    return np.convolve(padded, kernel / kernel.sum(), mode="valid").astype(np.float32)


def share_masks(masks: Tensor, activity: Tensor) -> Tensor:
    """Divide each mask by the sum of the masks of all people whose lips move.

    Training findings: two talkers gain 1 to 2 dB without retraining. Nothing changes for a person
    who is the only active one, nor for one who is not active.

    Args:
        masks: (faces, 512, T) real or complex.
        activity: (faces, T) from `Presence.activity`.
    """
    active = activity[:, None]
    others = masks * active
    total = others.sum(0, keepdim=True) + masks * (1.0 - active)
    strength = torch.stack([_strongest_other(activity, i) for i in range(activity.shape[0])])
    blend = (activity * strength)[:, None]
    power = total.abs().square().clamp_min(JOINT_FLOOR**2)
    inverse = total.conj() / power if masks.is_complex() else total / power
    shared = masks * inverse
    limit = masks.abs().clamp_min(1.0)
    shared = shared * (limit / shared.abs().clamp_min(1e-9)).clamp_max(1.0)
    return torch.lerp(masks, shared, blend.to(masks.dtype))


def _strongest_other(activity: Tensor, index: int) -> Tensor:
    others = torch.cat([activity[:index], activity[index + 1 :]])
    return others.amax(0) if others.shape[0] else torch.zeros_like(activity[index])
