"""Decoded frames as small pictures: what looking for faces costs beside decoding."""

from __future__ import annotations

from typing import Literal, TypeAlias

import av
import numpy as np
from av.video.reformatter import VideoReformatter
from numpy.typing import NDArray

Pixels: TypeAlias = Literal["rgb24", "bgra"]
Plane: TypeAlias = NDArray[np.uint8]

_FORMATS = ("yuv420p", "yuvj420p")
_KR_KB = {1: (0.2126, 0.0722), 2: (0.299, 0.114), 5: (0.299, 0.114), 6: (0.299, 0.114)}
"""Weights of red and blue in the brightness, by the frame's colour space (ITU-T H.273 table 4:
BT.709, unstated, both variants of BT.601)."""
_FULL_RANGE = 2


class Shrinker:
    """Turns frames into pictures of the wanted size; belongs to one thread."""

    def __init__(self, pixels: Pixels = "rgb24", halve: bool = False) -> None:
        """``halve`` shrinks RGB by whole powers of two with OpenCV, at a third of swscale's cost.

        OpenCV is imported for that.
        """
        self._pixels = pixels
        self._halve = halve and pixels == "rgb24"
        self._reformatter = VideoReformatter()
        # Used again for every frame: new memory would cost as much as what is written to it.
        self._small: list[Plane | None] = [None, None, None]
        self._merged: Plane | None = None

    def picture(self, frame: av.VideoFrame, width: int, height: int) -> NDArray[np.uint8]:
        """The frame as (height, width, 3 or 4); when shrunk, pixels are averages."""
        if self._halve and _may_be_halved(frame, width, height):
            return self._halved(frame, width)
        # One thread: a pool of them costs more than it gains at these sizes.
        small = self._reformatter.reformat(
            frame,
            width,
            height,
            self._pixels,
            interpolation="AREA" if width <= frame.width else "BICUBIC",
            threads=1,
        )
        plane = small.planes[0]
        depth = 3 if self._pixels == "rgb24" else 4
        rows = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)[:height]
        image = rows[:, : width * depth].reshape(height, width, depth)
        return np.ascontiguousarray(image) if self._pixels == "rgb24" else image

    def _halved(self, frame: av.VideoFrame, width: int) -> NDArray[np.uint8]:
        import cv2

        planes = _planes(frame)
        for number, plane in enumerate(planes):
            while plane.shape[1] > width:
                half = (plane.shape[1] // 2, plane.shape[0] // 2)
                last = half[0] == width
                into = self._small[number] if last else None
                small = cv2.resize(plane, half, into, interpolation=cv2.INTER_AREA)
                plane = np.asarray(small, np.uint8)
                if last:
                    self._small[number] = plane
            planes[number] = plane
        self._merged = np.asarray(cv2.merge(planes, self._merged), np.uint8)
        full = frame.format.name == "yuvj420p" or int(frame.color_range) == _FULL_RANGE
        matrix = _to_rgb(*_KR_KB[int(frame.colorspace)], full)
        return np.asarray(cv2.transform(self._merged, matrix), np.uint8)


def _may_be_halved(frame: av.VideoFrame, width: int, height: int) -> bool:
    if frame.format.name not in _FORMATS or int(frame.colorspace) not in _KR_KB:
        return False
    factor, left = divmod(frame.width, width)
    power_of_two = factor > 1 and factor & (factor - 1) == 0
    return left == 0 and power_of_two and frame.height == factor * height


def _planes(frame: av.VideoFrame) -> list[Plane]:
    """Brightness and both colour differences, without the padding of their rows."""
    return [
        np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)[
            : plane.height, : plane.width
        ]
        for plane in frame.planes
    ]


def _to_rgb(kr: float, kb: float, full_range: bool) -> NDArray[np.float32]:
    """The (3, 4) map from (Y, Cb, Cr, 1) to RGB, all 8 bit (ITU-T H.273 section 8.3)."""
    kg = 1 - kr - kb
    mix = np.array(
        [
            [1, 0, 2 * (1 - kr)],
            [1, -2 * (1 - kb) * kb / kg, -2 * (1 - kr) * kr / kg],
            [1, 2 * (1 - kb), 0],
        ]
    )
    black = np.array([0 if full_range else 16, 128, 128])
    if not full_range:
        mix *= np.array([255 / 219, 255 / 224, 255 / 224])
    return np.hstack([mix, -(mix @ black)[:, None]]).astype(np.float32)
