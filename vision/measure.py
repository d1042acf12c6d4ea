"""What one frame tells about a face besides its landmarks: sharpness, light, colours, looks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vision.landmarks import MESH_INPUT, Landmarks
from vision.types import FloatArray

MOUTH = slice(48, 68)
PATCHES = 9
"""Colour samples per face: three on the upper face, then six on and around the mouth."""
_SMALL = 48


@dataclass(frozen=True)
class FaceMeasure:
    """Measures of one face on one frame."""

    blur: float
    """Variance of the Laplacian over the mouth, on the face picture of fixed size."""
    luminance: float
    """Mean brightness of the face, 0 to 1."""
    patches: FloatArray
    """(9, 3) CIE Lab colours: both cheeks, nose; upper lip, left and right of the mouth, chin,
    upper and lower red of the lips."""


def measure(face: Landmarks) -> FaceMeasure:
    """Measure the upright face picture that came with the landmarks."""
    import cv2

    points = face.crop_points
    small = cv2.resize(face.crop, (_SMALL, _SMALL), interpolation=cv2.INTER_AREA)
    low, high = points[MOUTH].min(axis=0) - 6, points[MOUTH].max(axis=0) + 6
    left, top = np.clip(low, 0, MESH_INPUT - 16).astype(int)
    right, bottom = np.clip(high, [left + 8, top + 8], MESH_INPUT).astype(int)
    mouth = cv2.cvtColor(face.crop[top:bottom, left:right], cv2.COLOR_RGB2GRAY)
    blur = float(cv2.Laplacian(mouth, cv2.CV_32F).var())
    edge = _SMALL // 6  # the region is one and a half times the face
    inside = cv2.cvtColor(small[edge:-edge, edge:-edge], cv2.COLOR_RGB2GRAY)
    return FaceMeasure(blur, float(inside.mean()) / 255.0, _patches(small, points))


def _patches(small: NDArray[np.generic], points: FloatArray) -> FloatArray:
    """Sample colours of the reduced face picture (48, 48, 3); ``points`` are of the full one."""
    import cv2

    middle = points[MOUTH].mean(axis=0)
    places = np.stack(
        [
            (points[36] + points[31] + points[1]) / 3,
            (points[45] + points[35] + points[15]) / 3,
            points[29],
            (points[33] + points[51]) / 2,
            points[48] + 0.35 * (points[48] - middle),
            points[54] + 0.35 * (points[54] - middle),
            (points[57] + points[8]) / 2,
            (points[51] + points[62]) / 2,
            (points[57] + points[66]) / 2,
        ]
    )
    index = np.clip((places * (_SMALL / MESH_INPUT)).astype(int), 0, _SMALL - 1)
    colours = small[index[:, 1], index[:, 0]][None].astype(np.float32) / 255.0
    return np.asarray(cv2.cvtColor(colours, cv2.COLOR_RGB2Lab)[0], dtype=np.float32)


def mouth_occlusion(patches: FloatArray, presence: FloatArray) -> FloatArray:
    """Estimate for each frame of a track whether something hides the mouth, 0 to 1.

    ``patches`` (N, 9, 3) as in `FaceMeasure`, ``presence`` (N,) the mesh's face probability. A
    microphone or a sleeve changes the colours around the mouth against the upper face. What is
    always so (beard, lipstick, shadow) is taken off as the track's lower quartile; lips paler
    than the cheeks by far count as covered in any case. A heuristic: bare hands of the same
    colour escape it.
    """
    if len(patches) == 0:
        return np.zeros(0, dtype=np.float32)
    skin = np.median(patches[:, :3], axis=1, keepdims=True)
    # Lightness differs with every shadow, so it counts for a third of the colour.
    difference = (patches[:, 3:] - skin) * np.array([0.33, 1.0, 1.0], dtype=np.float32)
    distance = np.sqrt((difference**2).sum(axis=2))
    usual = np.quantile(distance, 0.25, axis=0, keepdims=True)
    unusual = np.sort(distance - usual, axis=1)[:, -3:].mean(axis=1)
    changed = np.clip((unusual - 8.0) / 12.0, 0.0, 1.0)
    paler = skin[:, 0, 1] - patches[:, 7:, 1].mean(axis=1)
    covered = np.clip((paler - 4.0) / 6.0, 0.0, 1.0)
    return np.maximum(np.maximum(changed, covered), 1.0 - presence).astype(np.float32)
