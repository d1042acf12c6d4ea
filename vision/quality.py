"""How much a face is worth to the network, second by second, and why."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from vision.features import STILL_MOTION, track_times
from vision.types import FEATURE_FPS, FaceFeatures, FaceScan, FaceTrack, SecondQuality

# Pairs (worthless, good) of each measure; between them the worth rises in a straight line.
FACE_WIDTH = (20.0, 80.0)
"""Pixels of the analysis frame."""
YAW = (75.0, 25.0)
PITCH = (60.0, 25.0)
"""Degrees."""
SHARPNESS = (2.0, 30.0)
"""Variance of the Laplacian."""
BRIGHTNESS = (0.04, 0.2)
COVERED = (1.0, 0.2)

SMALL_BELOW = 40.0
PROFILE_ABOVE = 50.0
BLURRED_BELOW = 8.0
DARK_BELOW = 0.1
COVERED_ABOVE = 0.5
MISSING_BELOW = 0.5
"""Part of the second in which the face is really seen."""


def second_quality(
    tracks: Sequence[FaceTrack] | FaceTrack, scan: FaceScan, features: FaceFeatures
) -> list[SecondQuality]:
    """Rate every second of ``features``, made from the same tracks; the last may be shorter."""
    several = [tracks] if isinstance(tracks, FaceTrack) else list(tracks)
    measures = [_measures(track, scan, features) for track in several]
    rows = np.concatenate(measures) if measures else np.zeros((0, 7))
    rows = rows[np.argsort(rows[:, 0], kind="stable")]
    count = len(features.valid)
    seconds = -(-count // FEATURE_FPS)
    borders = np.searchsorted(rows[:, 0], np.arange(seconds + 1))
    return [
        _rate(second, rows[borders[second] : borders[second + 1], 1:], features)
        for second in range(seconds)
    ]


def _measures(track: FaceTrack, scan: FaceScan, features: FaceFeatures) -> NDArray[np.float64]:
    """Give seconds since the start of the features, and six measures, of the seen frames."""
    columns = (
        track_times(track, scan, features.start),
        track.boxes[:, 2],
        np.abs(track.pose[:, 0]),
        np.abs(track.pose[:, 1]),
        track.blur,
        track.luminance,
        track.occlusion,
    )
    return np.stack(columns, axis=1).astype(np.float64)[track.seen]


def _rate(second: int, rows: NDArray[np.float64], features: FaceFeatures) -> SecondQuality:
    span = slice(second * FEATURE_FPS, (second + 1) * FEATURE_FPS)
    seen = float(features.seen[span].mean())
    if len(rows) == 0 or seen == 0:
        return SecondQuality(second, 0.0, 0.0, ("missing",))
    motion = float(features.motion[span][features.valid[span]].mean())
    activity = _worth(motion, (0.5 * STILL_MOTION, 2.0 * STILL_MOTION))
    width, yaw, pitch, blur, luminance, occlusion = np.median(rows, axis=0)
    quality = (
        seen
        * _worth(width, FACE_WIDTH)
        * _worth(yaw, YAW)
        * _worth(pitch, PITCH)
        * _worth(blur, SHARPNESS)
        * _worth(luminance, BRIGHTNESS)
        * _worth(occlusion, COVERED)
    )
    wrong = {
        "small": width < SMALL_BELOW,
        "profile": yaw > PROFILE_ABOVE,
        "blurred": blur < BLURRED_BELOW,
        "dark": luminance < DARK_BELOW,
        "covered": occlusion > COVERED_ABOVE,
        "missing": seen < MISSING_BELOW,
    }
    warnings = tuple(name for name, applies in wrong.items() if applies)
    return SecondQuality(second, activity, float(quality), warnings)


def _worth(value: float, span: tuple[float, float]) -> float:
    worthless, good = span
    return float(np.clip((value - worthless) / (good - worthless), 0.0, 1.0))
