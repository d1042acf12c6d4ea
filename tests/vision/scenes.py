"""Small films of the public-domain astronaut photograph, with known face places."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import NamedTuple

import cv2
import numpy as np
import skimage.data

# x, y, width, height of the photograph's face: temple to temple, forehead to chin.
FACE_BOX = (178.6, 68.4, 92.1, 109.2)
_PORTRAIT = (110, 20, 230, 230)  # x, y, width, height of the part that is pasted


class Place(NamedTuple):
    """Where a face is: centre and width in pixels."""

    x: float
    y: float
    width: float
    mirrored: bool = False


@cache
def portrait() -> np.ndarray:
    """The head and shoulders, (230, 230, 3) RGB."""
    x, y, width, height = _PORTRAIT
    return skimage.data.astronaut()[y : y + height, x : x + width].copy()


@cache
def background(width: int, height: int, seed: int = 3) -> np.ndarray:
    """A smooth random picture without faces."""
    rng = np.random.default_rng(seed)
    small = rng.uniform(40, 160, (height // 60 + 2, width // 60 + 2, 3)).astype(np.float32)
    picture = cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.clip(picture, 0, 255).astype(np.uint8)


def paste(
    canvas: np.ndarray, centre: tuple[float, float], face_width: float, mirrored: bool = False
) -> None:
    """Draw the portrait so that its face has the given centre and width, sub-pixel."""
    source = portrait()[:, ::-1].copy() if mirrored else portrait()
    x = FACE_BOX[0] - _PORTRAIT[0] + FACE_BOX[2] / 2
    if mirrored:
        x = source.shape[1] - 1 - x
    y = FACE_BOX[1] - _PORTRAIT[1] + FACE_BOX[3] / 2
    scale = face_width / FACE_BOX[2]
    if scale < 1:
        source = cv2.GaussianBlur(source, (0, 0), 0.4 / scale)
    matrix = np.array([[scale, 0, centre[0] - scale * x], [0, scale, centre[1] - scale * y]])
    size = (canvas.shape[1], canvas.shape[0])
    warped = cv2.warpAffine(source, matrix, size)
    inside = cv2.warpAffine(np.full(source.shape[:2], 255, np.uint8), matrix, size)
    alpha = (cv2.GaussianBlur(inside, (5, 5), 0) / 255.0)[..., None]
    canvas[:] = (alpha * warped + (1 - alpha) * canvas).astype(np.uint8)


def film(
    frames: int,
    size: tuple[int, int],
    places: list[Callable[[int], Place | None]],
    seed: int = 3,
    noise: float = 2.0,
) -> Iterator[np.ndarray]:
    """Give ``frames`` pictures; each of ``places`` says where a face is on frame k, if at all."""
    rng = np.random.default_rng(seed)
    for k in range(frames):
        picture = background(*size, seed).copy()
        for place in places:
            at = place(k)
            if at is not None:
                paste(picture, (at.x, at.y), at.width, at.mirrored)

        shaken = picture + rng.normal(0, noise, picture.shape)
        yield np.clip(shaken, 0, 255).astype(np.uint8)
