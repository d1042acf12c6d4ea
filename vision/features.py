"""A person's face on the 25 fps time axis, whatever the video's frame rate."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from vision.register import register_landmarks
from vision.types import FEATURE_FPS, BoolArray, FaceFeatures, FaceScan, FaceTrack, FloatArray

HOLD_S = 0.04
"""A track's first and last frame count this long beyond their own time, so that neither the last
frame of a shot nor rounding of time stamps costs a feature frame."""
STILL_MOTION = 0.2
"""Lip motion below which the lips count as still, see `lip_motion`.

Measured on eleven talking people: a frozen picture with camera noise, compression, shake, zoom
and roll added stays below 0.15; the median second of each real clip is at least 0.4 and its
liveliest second at least 0.58; pauses in speech fall to 0.03.
"""
_BLOCK = 60 * FEATURE_FPS
"""Frames worked on at once, so that memory doesn't grow with the clip."""
_SMOOTHING = np.array([1.0, 2.0, 3.0, 2.0, 1.0])
"""Weights in time before speed is measured: halves at 5 Hz, a syllable's rate."""


def features_at(
    tracks: Sequence[FaceTrack] | FaceTrack, scan: FaceScan, start: Fraction, count: int
) -> FaceFeatures:
    """Sample one person's face at ``start + k / 25`` seconds of media time, k = 0 ... count - 1.

    ``tracks`` are the person's tracks in any order; where two overlap, the larger face is taken.
    Landmarks are interpolated between the frames' true presentation times, so any frame rate,
    also a variable one, gives features in step with the sound; nothing is smoothed.
    """
    several = [tracks] if isinstance(tracks, FaceTrack) else list(tracks)
    shape = np.zeros((count, 2))
    valid: BoolArray = np.zeros(count, dtype=np.bool_)
    seen: BoolArray = np.zeros(count, dtype=np.bool_)
    for first in range(0, count, _BLOCK):
        block = slice(first, min(count, first + _BLOCK))
        begin = start + Fraction(first, FEATURE_FPS)
        raw, yaw, valid[block], seen[block] = _raw(several, scan, begin, block.stop - first)
        shape[block] = lip_shape(raw, yaw)
    shape[~valid] = 0.0
    return FaceFeatures(
        start=start,
        valid=valid,
        seen=seen,
        opening=shape[:, 0].astype(np.float32),
        motion=lip_motion(shape, valid),
    )


def landmarks_at(track: FaceTrack, scan: FaceScan, start: Fraction, count: int) -> FloatArray:
    """Give a track's landmarks on the axis of `features_at`, registered to the face image.

    Returns (count, 68, 2) pixels of 96 x 128 (Y-Net section 7), sub-pixel; zero where the face is
    not in the picture.
    """
    raw, _yaw, valid, _seen = _raw([track], scan, start, count)
    landmarks = np.zeros((count, 68, 2), dtype=np.float32)
    landmarks[valid] = register_landmarks(raw[valid])
    return landmarks


def _raw(
    tracks: Sequence[FaceTrack], scan: FaceScan, start: Fraction, count: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], BoolArray, BoolArray]:
    """Give landmarks (count, 68, 2) in analysis pixels, yaw, and where there are any and seen."""
    raw = np.zeros((count, 68, 2), dtype=np.float64)
    yaw = np.zeros(count)
    size = np.zeros(count)
    seen: BoolArray = np.zeros(count, dtype=np.bool_)
    for track in tracks:
        index, sample = _sample(track, scan, start, count)
        larger = sample.size > size[index]
        index = index[larger]
        raw[index] = sample.landmarks[larger]
        yaw[index] = sample.yaw[larger]
        size[index] = sample.size[larger]
        seen[index] = sample.seen[larger]
    return raw, yaw, size > 0, seen


class _Sample:
    """A track at those feature frames that it covers."""

    def __init__(
        self, track: FaceTrack, times: NDArray[np.float64], at: NDArray[np.float64]
    ) -> None:
        after = np.clip(np.searchsorted(times, at), min(1, len(times) - 1), len(times) - 1)
        before = np.maximum(after - 1, 0)
        span = np.maximum(times[after] - times[before], 1e-9)
        part = np.clip((at - times[before]) / span, 0.0, 1.0)

        def mixed(values: FloatArray) -> NDArray[np.float64]:
            weight = part.reshape(-1, *[1] * (values.ndim - 1))
            return (1 - weight) * values[before] + weight * values[after]

        self.landmarks = mixed(track.landmarks)
        self.yaw = mixed(track.pose[:, 0])
        self.size = mixed(track.boxes[:, 2])
        self.seen = np.where(part < 0.5, track.seen[before], track.seen[after])


def sample_landmarks(
    tracks: Sequence[FaceTrack], scan: FaceScan, time: Fraction
) -> NDArray[np.float64] | None:
    """Give the landmarks (68, 2) in analysis pixels at one media time, None without a face."""
    best: _Sample | None = None
    for track in tracks:
        _, sample = _sample(track, scan, time, 1)
        if len(sample.size) and (best is None or sample.size[0] > best.size[0]):
            best = sample
    return None if best is None else np.asarray(best.landmarks[0])


def lip_shape(landmarks: NDArray[np.floating], yaw: NDArray[np.floating]) -> NDArray[np.float64]:
    """Measure lips (T, 68, 2) in units of the outer eye distance; ``yaw`` (T,) in degrees.

    Returns (T, 2): inner opening and outer height. Distances inside the face don't change
    with its place, size or roll; the eye distance is set back to a frontal view, up to 50 degrees.
    """
    points = np.asarray(landmarks, dtype=np.float64)

    def distance(a: int, b: int) -> NDArray[np.float64]:
        return np.asarray(np.hypot(*(points[:, a] - points[:, b]).T))

    eyes = distance(36, 45) / np.cos(np.radians(np.clip(np.abs(yaw), 0, 50)))
    eyes = np.maximum(eyes, 1e-6)
    inner = (distance(61, 67) + distance(62, 66) + distance(63, 65)) / 3
    return np.stack([inner, distance(51, 57)], axis=1) / eyes[:, None]


def lip_motion(shape: NDArray[np.float64], valid: BoolArray) -> FloatArray:
    """Mean speed of the lips over the surrounding second, from `lip_shape` (T, 2); (T,).

    Eye distances per second, both measures added. The shape is smoothed over five frames first,
    which takes the landmarks' trembling off and keeps syllables; a speed counts only if both its
    frames are ``valid``, and an instant with no such frame around it gets 0.
    """
    count = len(shape)
    if count < len(_SMOOTHING):
        return np.zeros(count, dtype=np.float32)
    weight = valid.astype(np.float64)
    near = np.convolve(weight, _SMOOTHING, mode="same")
    smooth = np.stack(
        [np.convolve(column * weight, _SMOOTHING, mode="same") for column in shape.T], axis=1
    )
    smooth /= np.maximum(near, 1.0)[:, None]
    speed = np.abs(np.diff(smooth, axis=0)).sum(axis=1) * FEATURE_FPS
    both = weight[1:] * weight[:-1]
    window = np.ones(min(FEATURE_FPS, count))
    total = np.convolve(np.concatenate([[0.0], speed * both]), window, mode="same")
    frames = np.convolve(np.concatenate([[0.0], both]), window, mode="same")
    return np.where(frames > 0, total / np.maximum(frames, 1.0), 0.0).astype(np.float32)


def track_times(track: FaceTrack, scan: FaceScan, start: Fraction) -> NDArray[np.float64]:
    """Give the media time of a track's frames in seconds after ``start``; (N,)."""
    origin = start / scan.time_base
    whole = origin.numerator // origin.denominator
    # Subtracting in whole units first keeps float seconds exact for any length of clip.
    times = (track.pts - whole).astype(np.float64) - float(origin - whole)
    return np.asarray(times * float(scan.time_base))


def _sample(
    track: FaceTrack, scan: FaceScan, start: Fraction, count: int
) -> tuple[NDArray[np.intp], _Sample]:
    """Give the feature frames that a track covers and its values there."""
    times = track_times(track, scan, start)
    first = max(0, int(np.ceil((times[0] - HOLD_S) * FEATURE_FPS - 1e-6)))
    stop = min(count, int(np.floor((times[-1] + HOLD_S) * FEATURE_FPS + 1e-6)) + 1)
    index = np.arange(first, max(first, stop))
    return index, _Sample(track, times, index / FEATURE_FPS)
