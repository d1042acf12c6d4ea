"""Finding faces on a picture: MediaPipe's full-range detector, on tiles when faces are small."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vision.lean import import_mediapipe
from vision.quiet import quiet_native_log
from vision.types import FloatArray

MIN_SCORE = 0.5
TILE_SIDE = 0.62
"""Side of a tile in widths of the picture: a face of 6 % of the picture is 10 % of its tile."""
TILE_OVERLAP = 0.12
"""Least overlap of tiles in widths of the picture; wider faces are found on the whole picture."""
SAME_FACE_IOU = 0.3


@dataclass(frozen=True)
class Detection:
    """One detected face; pixels of the picture it was found on."""

    box: tuple[float, float, float, float]
    """x, y, width, height."""
    eyes: FloatArray
    """(2, 2) the eye at the picture's left, then the other, for an upright face."""
    score: float

    def moved(self, x: float, y: float) -> Detection:
        """Shift from a tile at (x, y) to the whole picture."""
        left, top, width, height = self.box
        shift = np.array([x, y], dtype=np.float32)
        return Detection((left + x, top + y, width, height), self.eyes + shift, self.score)


class FaceDetector:
    """Full-range face detection; use one instance per thread."""

    def __init__(self, min_score: float = MIN_SCORE) -> None:
        with quiet_native_log():
            self._net: Any = import_mediapipe().solutions.face_detection.FaceDetection(
                model_selection=1, min_detection_confidence=min_score
            )
            self._net.process(np.zeros((64, 64, 3), dtype=np.uint8))

    def detect(self, image: NDArray[np.uint8]) -> list[Detection]:
        """Find faces wider than about 8 % of the picture (h, w, 3) RGB."""
        height, width = image.shape[:2]
        found = self._net.process(np.ascontiguousarray(image)).detections or []
        return [_from_proto(detection, width, height) for detection in found]

    def detect_small(self, image: NDArray[np.uint8]) -> list[Detection]:
        """Find faces down to 5 or 6 % of the picture's width, on the whole and on tiles of it."""
        height, width = image.shape[:2]
        found = self.detect(image)
        for left, top, side in tiles(width, height):
            tile = image[top : top + side, left : left + side]
            for detection in self.detect(tile):
                moved = detection.moved(left, top)
                if not _cut_off(moved, left, top, side, width, height):
                    found.append(moved)
        return without_doubles(found)

    def close(self) -> None:
        """Free the native graph."""
        self._net.close()


def _from_proto(detection: Any, width: int, height: int) -> Detection:
    data = detection.location_data
    box = data.relative_bounding_box
    eyes = [(point.x * width, point.y * height) for point in data.relative_keypoints[:2]]
    return Detection(
        (box.xmin * width, box.ymin * height, box.width * width, box.height * height),
        np.array(eyes, dtype=np.float32),
        float(detection.score[0]),
    )


def tiles(width: int, height: int) -> list[tuple[int, int, int]]:
    """Cover a picture with overlapping squares; left, top and side of each, pixels."""
    side = min(width, height, round(TILE_SIDE * width))
    overlap = round(TILE_OVERLAP * width)
    return [
        (left, top, side)
        for top in _starts(height, side, overlap)
        for left in _starts(width, side, overlap)
    ]


def without_doubles(detections: list[Detection]) -> list[Detection]:
    """Keep the surest detection of each face."""
    kept: list[Detection] = []
    for detection in sorted(detections, key=lambda d: -d.score):
        if all(iou(detection.box, other.box) < SAME_FACE_IOU for other in kept):
            kept.append(detection)
    return kept


def iou(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> float:
    """Intersection over union of two boxes (x, y, width, height)."""
    across = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    down = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    if across <= 0 or down <= 0:
        return 0.0
    shared = across * down
    return shared / (a[2] * a[3] + b[2] * b[3] - shared)


def _starts(length: int, side: int, overlap: int) -> list[int]:
    """Spread tiles evenly over one axis, neighbours overlapping by at least ``overlap``."""
    step = max(1, side - overlap)
    count = 1 + max(0, -(-(length - side) // step))
    return [round(k * (length - side) / max(1, count - 1)) for k in range(count)]


def _cut_off(detection: Detection, left: int, top: int, side: int, width: int, height: int) -> bool:
    """Tell whether a tile's inner border cuts the face; a neighbouring tile shows it whole."""
    x, y, box_width, box_height = detection.box
    margin = 2.0
    return (
        (left > 0 and x < left + margin)
        or (top > 0 and y < top + margin)
        or (left + side < width and x + box_width > left + side - margin)
        or (top + side < height and y + box_height > top + side - margin)
    )
