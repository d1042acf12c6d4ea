"""Plain data of the vision package: faces, tracks, scans and features on the 25 fps time axis."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

FEATURE_FPS = 25
"""Rate of all visual features, frames per second (Y-Net section 2: the stream must be 25 fps)."""

FloatArray = NDArray[np.float32]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True)
class FaceTrack:
    """One face followed through one shot.

    N is the number of video frames from the first to the last appearance, none left out.
    All coordinates are pixels of the analysis frame (``FaceScan.frame_size``), x right, y down,
    of the picture as displayed (after rotation and with square pixels).
    """

    id: int
    shot: int
    """Index of the shot (camera cut to camera cut); a track never crosses a cut."""
    pts: NDArray[np.int64]
    """(N,) presentation times in units of ``FaceScan.time_base``."""
    boxes: FloatArray
    """(N, 4) x, y, width, height."""
    landmarks: FloatArray
    """(N, 68, 2) iBUG points, sub-pixel; interpolated where not ``seen``."""
    seen: BoolArray
    """(N,) False where the face was not found and the gap is bridged by interpolation."""
    blur: FloatArray
    """(N,) sharpness of the mouth region: variance of the Laplacian at a fixed crop size."""
    pose: FloatArray
    """(N, 2) yaw and pitch in degrees, 0 = frontal; positive yaw turns to the picture's right."""
    luminance: FloatArray
    """(N,) mean brightness of the face crop, 0 to 1."""
    occlusion: FloatArray
    """(N,) 0 = mouth clearly visible, 1 = certainly covered."""
    descriptor: FloatArray
    """(D,) unit-length appearance descriptor, averaged over the track."""
    thumbnail: NDArray[np.uint8]
    """(96, 96, 3) RGB, taken at the best frame."""


@dataclass(frozen=True)
class FaceScan:
    """Every face of a clip."""

    frame_size: tuple[int, int]
    """Width and height of the analysis frame in pixels."""
    time_base: Fraction
    """Seconds per pts unit."""
    first_pts: int
    last_pts: int
    frames: int
    """Number of video frames looked at."""
    cuts: tuple[int, ...]
    """pts of the first frame after each camera cut."""
    tracks: tuple[FaceTrack, ...]


@dataclass(frozen=True)
class FaceFeatures:
    """One person's lips on the 25 fps time axis; frame k is at ``start + k / 25`` seconds."""

    start: Fraction
    valid: BoolArray
    """(T,) True where the face is in the picture or a short gap was bridged."""
    seen: BoolArray
    """(T,) True where the face was really found."""
    opening: FloatArray
    """(T,) inner-lip opening divided by the distance of the outer eye corners."""
    motion: FloatArray
    """(T,) lip motion of the surrounding second, same unit per second; near 0 = lips still."""


@dataclass(frozen=True)
class SecondQuality:
    """What one second of a person's picture is worth to the network."""

    second: int
    """Seconds since the start of the feature axis."""
    activity: float
    """0 = lips still, 1 = lips clearly moving."""
    quality: float
    """0 = unusable, 1 = large, frontal, sharp and uncovered."""
    warnings: tuple[str, ...] = field(default=())
    """Any of: small, profile, blurred, dark, covered, missing."""
