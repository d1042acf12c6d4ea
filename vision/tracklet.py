"""One face on an unbroken run of frames, as the tracker collects it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vision.landmarks import Landmarks
from vision.measure import PATCHES, FaceMeasure
from vision.types import FloatArray

THUMBNAIL = 96
_FIELDS = {
    "boxes": (4,),
    "landmarks": (68, 2),
    "presence": (),
    "pose": (2,),
    "blur": (),
    "luminance": (),
    "patches": (PATCHES, 3),
}


class Tracklet:
    """Rows for consecutive analysed frames, kept in arrays that grow by doubling."""

    def __init__(self, id: int) -> None:
        self.id = id
        self.first = 0
        """Number of the first analysed frame."""
        self.count = 0
        self.unsupported = 0
        """Detections in a row that didn't show this face."""
        self.last: Landmarks
        """The face on the frame added last; only while it is followed."""
        self.measured: FaceMeasure
        """What was given with it."""
        self.thumbnail: NDArray[np.uint8] = np.zeros((THUMBNAIL, THUMBNAIL, 3), dtype=np.uint8)
        self._rows = {name: np.empty((64, *shape), np.float32) for name, shape in _FIELDS.items()}
        self._support = 0
        self._descriptors: list[FloatArray] = []
        self.best = -np.inf
        """Worth of the thumbnail: larger and more frontal faces are worth more."""

    @property
    def stop(self) -> int:
        """Number of the frame after the last."""
        return self.first + self.count

    @property
    def descriptor(self) -> FloatArray:
        """Mean descriptor, unit length."""
        mean = np.mean(self._descriptors, axis=0)
        return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-9), dtype=np.float32)

    def __getitem__(self, field: str) -> FloatArray:
        """Give one field of all frames, first axis N; a view that `add` may outgrow."""
        return self._rows[field][: self.count]

    def add(self, index: int, face: Landmarks, measured: FaceMeasure) -> None:
        """Append the next frame."""
        if self.count == 0:
            self.first = index
        elif self.count == len(self._rows["boxes"]):
            self._rows = {name: _doubled(rows) for name, rows in self._rows.items()}
        values: dict[str, object] = {
            "boxes": face.box,
            "landmarks": face.points,
            "presence": face.presence,
            "pose": (face.yaw, face.pitch),
            "blur": measured.blur,
            "luminance": measured.luminance,
            "patches": measured.patches,
        }
        for name, value in values.items():
            self._rows[name][self.count] = value
        self.count += 1
        self.last, self.measured = face, measured

    def look(self, image: NDArray[np.uint8], descriptor: FloatArray) -> None:
        """Remember the face's looks on the frame added last."""
        self._descriptors.append(descriptor)
        yaw, pitch = self["pose"][-1]
        worth = self.last.box[2] * np.cos(np.radians(yaw)) * np.cos(np.radians(pitch))
        if worth > self.best:
            self.best = worth
            self.thumbnail = thumbnail(image, self.last.box)

    def release(self) -> None:
        """Let go of the last frame's picture once the face is no longer followed."""
        del self.last

    def supported(self) -> None:
        """Note that a detection shows this face on the last frame."""
        self.unsupported = 0
        self._support = self.count

    def reverse(self, first: int) -> None:
        """Turn the order of the frames round, after following backwards; ``first`` is the new
        number of the first frame."""
        self._rows = {name: rows[: self.count][::-1].copy() for name, rows in self._rows.items()}
        self.first = first

    def trim(self) -> None:
        """Drop the frames after the last detection that showed this face."""
        self.count = max(1, self._support)


def _doubled(rows: FloatArray) -> FloatArray:
    """Give the rows with as many unused ones behind them, which take no memory until written."""
    longer = np.empty((2 * len(rows), *rows.shape[1:]), rows.dtype)
    longer[: len(rows)] = rows
    return longer


def thumbnail(
    image: NDArray[np.uint8], box: tuple[float, float, float, float]
) -> NDArray[np.uint8]:
    """Cut a square around the face, a little larger than it; (96, 96, 3)."""
    import cv2

    x, y, width, height = box
    side = 1.4 * max(width, height)
    scale = side / THUMBNAIL
    matrix = np.array(
        [[scale, 0, x + width / 2 - side / 2], [0, scale, y + 0.45 * height - side / 2]]
    )
    if scale > 2:  # warping doesn't average, so shrink first
        image = np.asarray(
            cv2.resize(image, None, fx=1 / scale, fy=1 / scale, interpolation=cv2.INTER_AREA),
            dtype=np.uint8,
        )
        matrix /= scale
    return np.asarray(
        cv2.warpAffine(
            image,
            matrix,
            (THUMBNAIL, THUMBNAIL),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        ),
        dtype=np.uint8,
    )
