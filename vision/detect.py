"""Finding faces on a picture: MediaPipe's full-range detector, on tiles when faces are small."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vision.quiet import quiet_native_log
from vision.types import FloatArray

MIN_SCORE = 0.5


@dataclass(frozen=True)
class Detection:
    """One detected face; pixels of the picture it was found on."""

    box: tuple[float, float, float, float]
    """x, y, width, height."""
    eyes: FloatArray
    """(2, 2) the eye at the picture's left, then the other, for an upright face."""
    score: float


class FaceDetector:
    """Full-range face detection; use one instance per thread."""

    def __init__(self, min_score: float = MIN_SCORE) -> None:
        with quiet_native_log():
            import mediapipe as mp

            self._net: Any = mp.solutions.face_detection.FaceDetection(
                model_selection=1, min_detection_confidence=min_score
            )
            self._net.process(np.zeros((64, 64, 3), dtype=np.uint8))

    def detect(self, image: NDArray[np.uint8]) -> list[Detection]:
        """Find faces wider than about 8 % of the picture (h, w, 3) RGB."""
        height, width = image.shape[:2]
        found = self._net.process(np.ascontiguousarray(image)).detections or []
        return [_from_proto(detection, width, height) for detection in found]

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
