"""Similarity registration to the mean face, face images and mouth input (Y-Net section 7)."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vision.types import FloatArray

WARP_SIZE = (224, 244)
"""Width and height of the rectangle that the mean face fills."""
FACE_SIZE = (96, 128)
"""Width and height of the face image; registered landmarks are in its pixels."""
STABLE_POINTS = (33, 36, 39, 42, 45)
"""Nose base and the four eye corners: the points that speech hardly moves."""
MOUTH_ROWS = slice(60, 100)
MOUTH_COLUMNS = slice(20, 80)
MOUTH_SIZE = 96
MEAN_RGB = (0.43216, 0.394666, 0.37645)
STD_RGB = (0.22803, 0.22145, 0.216989)
"""Channel statistics of Kinetics-400, on which the video network was trained first."""

_RESOURCE = Path(__file__).resolve().parent.parent / "resources" / "mean_face_68.json"


@cache
def mean_face() -> NDArray[np.float64]:
    """Return the (68, 2) mean face in pixels of the 224 x 244 rectangle; read-only."""
    points = np.array(json.loads(_RESOURCE.read_text("utf-8"))["points"], dtype=np.float64)
    points.setflags(write=False)
    return points


def similarity(points: NDArray[np.floating], target: NDArray[np.floating]) -> NDArray[np.float64]:
    """Fit rotation, scale and shift by least squares, without mirroring.

    ``points`` (..., P, 2) is mapped to ``target`` (P, 2). Returns (..., 2, 3) matrices for column
    vectors (x, y, 1). In the plane the fit is linear (a rotation with scale is one complex
    factor), so all frames are solved at once.
    """
    source = np.asarray(points, dtype=np.float64)
    z = source[..., 0] + 1j * source[..., 1]
    w = target[:, 0].astype(np.float64) + 1j * target[:, 1].astype(np.float64)
    z_mean = z.mean(axis=-1, keepdims=True)
    z0 = z - z_mean
    spread = np.maximum((z0 * z0.conj()).real.sum(axis=-1), 1e-12)
    factor = (z0.conj() * (w - w.mean())).sum(axis=-1) / spread
    shift = w.mean() - factor * z_mean[..., 0]
    matrix = np.empty((*factor.shape, 2, 3))
    matrix[..., 0, 0] = matrix[..., 1, 1] = factor.real
    matrix[..., 0, 1] = -factor.imag
    matrix[..., 1, 0] = factor.imag
    matrix[..., 0, 2] = shift.real
    matrix[..., 1, 2] = shift.imag
    return matrix


def to_mean_face(landmarks: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return the (..., 2, 3) transforms of (..., 68, 2) landmarks to the 224 x 244 rectangle."""
    stable = list(STABLE_POINTS)
    return similarity(np.asarray(landmarks)[..., stable, :], mean_face()[stable])


def register_landmarks(landmarks: NDArray[np.floating]) -> FloatArray:
    """Map landmarks (..., 68, 2) to the face image, in pixels of 96 x 128, sub-pixel.

    The original detects landmarks a second time on the warped picture and rounds down to whole
    pixels. Here the transform is applied to the points themselves: the same place in the face,
    without a second detector run and without the rounding.
    """
    points = np.asarray(landmarks, dtype=np.float64)
    matrix = to_mean_face(points)
    warped = np.einsum("...ij,...pj->...pi", matrix[..., :2], points) + matrix[..., None, :, 2]
    scale = np.array(FACE_SIZE) / np.array(WARP_SIZE)
    return (warped * scale).astype(np.float32)


def face_image(image: NDArray[np.uint8], landmarks: NDArray[np.floating]) -> NDArray[np.uint8]:
    """Warp a picture (h, w, 3) by one frame's landmarks (68, 2) to the (128, 96, 3) face image.

    Two steps as in the original, so that the blur of both is the same: similarity warp to
    224 x 244, bilinear and black outside, then bilinear reduction to 96 x 128.
    """
    import cv2

    warped = cv2.warpAffine(image, to_mean_face(landmarks), WARP_SIZE, flags=cv2.INTER_LINEAR)
    return np.asarray(cv2.resize(warped, FACE_SIZE, interpolation=cv2.INTER_LINEAR), dtype=np.uint8)


def mouth_input(faces: NDArray[np.uint8]) -> FloatArray:
    """Turn face images (T, 128, 96, 3) into the video network's input (3, T, 96, 96) float32.

    Rows 60-99 and columns 20-79 are cut out, normalised per channel, and only then enlarged
    bilinearly with the corners aligned; the aspect ratio changes on purpose.
    """
    mouths = faces[:, MOUTH_ROWS, MOUTH_COLUMNS].astype(np.float32) / 255.0
    mouths = (mouths - np.array(MEAN_RGB, np.float32)) / np.array(STD_RGB, np.float32)
    mouths = _enlarge(_enlarge(mouths, 1), 2)
    return np.ascontiguousarray(mouths.transpose(3, 0, 1, 2))


def _enlarge(values: FloatArray, axis: int) -> FloatArray:
    """Resample one axis to `MOUTH_SIZE` samples, linear, first and last sample kept in place."""
    size = values.shape[axis]
    position = np.linspace(0.0, size - 1.0, MOUTH_SIZE)
    low = np.minimum(position.astype(np.intp), size - 2)
    weight_shape = [1] * values.ndim
    weight_shape[axis] = MOUTH_SIZE
    weight = (position - low).astype(np.float32).reshape(weight_shape)
    return (1 - weight) * np.take(values, low, axis) + weight * np.take(values, low + 1, axis)
