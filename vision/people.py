"""Who looks like whom: a cheap appearance descriptor, and suggestions which tracks to join."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vision.landmarks import Landmarks
from vision.register import WARP_SIZE, to_mean_face
from vision.types import FaceScan, FaceTrack, FloatArray

JOIN_SIMILARITY = 0.8
"""Least similarity of two tracks of one person."""
_CELLS = 8
_ORIENTATIONS = 8
_SIDE = 64
_COLOUR_BINS = (4, 8, 8)
_HEAD_END = _CELLS * _CELLS * _ORIENTATIONS + int(np.prod(_COLOUR_BINS))
"""Shape and head come first in a descriptor, clothes last."""
_WEIGHTS = {"shape": 0.6, "head": 0.5, "clothes": 0.6}


@dataclass(frozen=True)
class JoinSuggestion:
    """Two tracks that may show the same person; the editor decides."""

    track_a: int
    track_b: int
    """Ids of the tracks."""
    similarity: float
    """Cosine of the descriptors, up to 1."""


def suggest_joins(scan: FaceScan) -> list[JoinSuggestion]:
    """List pairs of tracks that look like one person, most alike first.

    Tracks seen at the same time are different people and never suggested.
    """
    tracks = scan.tracks
    pairs = [
        JoinSuggestion(a.id, b.id, float(a.descriptor @ b.descriptor))
        for k, a in enumerate(tracks)
        for b in tracks[k + 1 :]
        if not _together(a, b)
    ]
    alike = [pair for pair in pairs if pair.similarity >= JOIN_SIMILARITY]
    return sorted(alike, key=lambda pair: -pair.similarity)


def head_likeness(a: FloatArray, b: FloatArray) -> float:
    """Cosine of two descriptors without their clothes, which a banner may hide."""
    return float(_unit(a[:_HEAD_END]) @ _unit(b[:_HEAD_END]))


def describe(image: NDArray[np.uint8], face: Landmarks) -> FloatArray:
    """Describe a face's looks: gradients of the registered face, colours of head and clothes.

    Returns a unit vector (D,). Clothes count because singers keep them on through a clip, and
    they hold when the face is turned.
    """
    import cv2

    registered = cv2.warpAffine(face.crop, to_mean_face(face.crop_points), WARP_SIZE)
    small = cv2.resize(registered, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA)
    parts = {
        "shape": _gradients(np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), dtype=np.uint8)),
        "head": _colours(face.crop),
        "clothes": _colours(_below(image, face)),
    }
    joined = np.concatenate([_WEIGHTS[name] * part for name, part in parts.items()])
    return np.asarray(joined / max(float(np.linalg.norm(joined)), 1e-9), dtype=np.float32)


def _together(a: FaceTrack, b: FaceTrack) -> bool:
    """Tell whether two tracks share a moment."""
    return bool(a.pts[0] <= b.pts[-1] and b.pts[0] <= a.pts[-1])


def _gradients(gray: NDArray[np.uint8]) -> FloatArray:
    """Histograms of gradient directions in 8 x 8 cells of a (64, 64) picture, unit length."""
    import cv2

    smooth = cv2.GaussianBlur(gray, (3, 3), 0).astype(np.float32)
    across, down = cv2.Sobel(smooth, cv2.CV_32F, 1, 0), cv2.Sobel(smooth, cv2.CV_32F, 0, 1)
    strength = np.hypot(across, down)
    direction = np.mod(np.arctan2(down, across), np.pi) * (_ORIENTATIONS / np.pi)
    step = _SIDE // _CELLS
    rows, columns = np.indices(gray.shape)
    cell = (rows // step) * _CELLS + columns // step
    low = np.floor(direction).astype(np.intp)
    part = direction - low
    size = _CELLS * _CELLS * _ORIENTATIONS
    histogram = np.zeros(size)
    for shift, weight in ((0, 1 - part), (1, part)):
        index = cell * _ORIENTATIONS + (low + shift) % _ORIENTATIONS
        histogram += np.bincount(index.ravel(), (strength * weight).ravel(), size)
    return _unit(np.sqrt(histogram))


def _colours(picture: NDArray[np.uint8]) -> FloatArray:
    """Colour histogram of a picture (h, w, 3) in CIE Lab, 4 x 8 x 8 bins, unit length."""
    import cv2

    small = cv2.resize(picture, (32, 32), interpolation=cv2.INTER_AREA)
    lab = cv2.cvtColor(small.astype(np.float32) / 255.0, cv2.COLOR_RGB2Lab).reshape(-1, 3)
    ranges = [(0, 100), (-40, 40), (-40, 40)]
    histogram, _ = np.histogramdd(np.clip(lab, -39.9, 99.9), bins=_COLOUR_BINS, range=ranges)
    return _unit(np.sqrt(histogram.ravel()))


def _below(image: NDArray[np.uint8], face: Landmarks) -> NDArray[np.uint8]:
    """Cut out the clothes below the chin; black where the picture ends above them."""
    height, width = image.shape[:2]
    x, y, box_width, box_height = face.box
    left, right = int(max(0, x - 0.2 * box_width)), int(min(width, x + 1.2 * box_width))
    top, bottom = int(max(0, y + 1.3 * box_height)), int(min(height, y + 2.0 * box_height))
    if right - left < 2 or bottom - top < 2:
        return np.zeros((2, 2, 3), dtype=np.uint8)
    return image[top:bottom, left:right]


def _unit(values: NDArray[np.floating]) -> FloatArray:
    return np.asarray(values / max(float(np.linalg.norm(values)), 1e-9), dtype=np.float32)
