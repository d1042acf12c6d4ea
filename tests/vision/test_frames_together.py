"""However the tracker's frames are divided into calls, it finds the same."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np
import pytest
from scenes import Place, film

from vision.detect import FaceDetector
from vision.landmarks import FaceRegion, Landmarks, MeshLandmarker
from vision.track import FaceTracker, Frame
from vision.tracklet import Tracklet

SIZE = (480, 270)
FIELDS = ("boxes", "landmarks", "presence", "pose", "blur", "luminance", "patches")


@pytest.fixture(scope="module")
def frames() -> list[Frame]:
    """Two faces, one of which something passes, then a cut, then one of them elsewhere."""
    first = list(film(40, SIZE, [lambda k: Place(120, 130, 60), lambda k: Place(330 + k, 130, 66)]))
    for k, picture in enumerate(first):
        left = 460 - 12 * k
        cv2.rectangle(picture, (max(left, 240), 0), (max(left + 90, 240), 269), (90, 95, 90), -1)
    pictures = [*first, *film(12, SIZE, [lambda k: Place(240, 120, 70)])]
    return [Frame(k, k / 25, picture, k == 40) for k, picture in enumerate(pictures)]


class _Recorder:
    """A landmarker for any thread that counts its calls."""

    def __init__(self) -> None:
        self.landmarkers = [MeshLandmarker(), MeshLandmarker()]
        self.calls = 0

    def __call__(self, image: np.ndarray, region: FaceRegion) -> Landmarks | None:
        self.calls += 1
        landmarker = self.landmarkers.pop()
        try:
            return landmarker.locate(image, region)
        finally:
            self.landmarkers.append(landmarker)

    def close(self) -> None:
        for landmarker in self.landmarkers:
            landmarker.close()


def _tracklets(frames: list[Frame], together: int) -> tuple[list[Tracklet], int]:
    detector, locate = FaceDetector(), _Recorder()
    with ThreadPoolExecutor(1) as pool:
        tracker = FaceTracker(detector, locate, pool)
        for first in range(0, len(frames), together):
            tracker.take(frames[first : first + together])
    detector.close()
    locate.close()
    return tracker.tracklets, locate.calls


@pytest.fixture(scope="module")
def one_by_one(frames: list[Frame]) -> tuple[list[Tracklet], int]:
    return _tracklets(frames, 1)


def test_the_scene_has_a_loss_and_a_cut(one_by_one: tuple[list[Tracklet], int]) -> None:
    tracklets, _ = one_by_one
    spans = sorted((t.first, t.stop) for t in tracklets)
    assert len(spans) >= 4
    assert (0, 40) in spans
    assert spans[-1] == (40, 52)
    assert any(stop < 40 for _, stop in spans)


@pytest.mark.parametrize("together", [4, 7, 52])
def test_the_same_is_found(
    frames: list[Frame], one_by_one: tuple[list[Tracklet], int], together: int
) -> None:
    wanted, calls = one_by_one
    found, needed = _tracklets(frames, together)
    assert [(t.first, t.count, t.best) for t in found] == [
        (t.first, t.count, t.best) for t in wanted
    ]
    for one, other in zip(found, wanted, strict=True):
        for field in FIELDS:
            np.testing.assert_array_equal(one[field], other[field])
        np.testing.assert_array_equal(one.descriptor, other.descriptor)
        np.testing.assert_array_equal(one.thumbnail, other.thumbnail)
    assert needed <= calls + 2 * together
