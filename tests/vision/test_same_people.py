from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from scenes import Place, film
from tracks import make_scan, make_track

from vision import suggest_joins
from vision.detect import FaceDetector
from vision.landmarks import MeshLandmarker, locate_detected
from vision.measure import MOUTH, measure, mouth_occlusion
from vision.people import JOIN_SIMILARITY, describe

BASE = Fraction(1, 25)


@pytest.fixture(scope="module")
def locate():
    detector, landmarker = FaceDetector(), MeshLandmarker()

    def find(image: np.ndarray):
        (detection,) = detector.detect(image)
        return locate_detected(landmarker.locate, image, detection)

    yield find
    detector.close()
    landmarker.close()


def _track(id: int, first: int, descriptor: list[float]):
    unit = np.array(descriptor, dtype=np.float32)
    pts = list(range(first, first + 20))
    return make_track(pts, BASE, id=id, descriptor=unit / np.linalg.norm(unit))


def test_joins_are_suggested_most_alike_first_never_for_people_seen_together() -> None:
    a, b = _track(3, 0, [1, 0, 0]), _track(5, 10, [1, 0, 0])  # b overlaps a
    c, d = _track(7, 40, [1, 0.3, 0]), _track(9, 80, [0, 0, 1])
    e = _track(11, 120, [1, 0.05, 0])
    joins = suggest_joins(make_scan(a, b, c, d, e, time_base=BASE))
    pairs = [(join.track_a, join.track_b) for join in joins]
    assert (3, 5) not in pairs
    assert not any(9 in pair for pair in pairs)
    assert set(pairs) == {(3, 7), (3, 11), (5, 7), (5, 11), (7, 11)}
    assert set(pairs[:2]) == {(3, 11), (5, 11)}
    assert [j.similarity for j in joins] == sorted((j.similarity for j in joins), reverse=True)


def test_descriptor_holds_over_size_light_and_background(locate) -> None:
    def look(place: Place, seed: int, light: float = 1.0) -> np.ndarray:
        (image,) = film(1, (480, 270), [lambda k: place], seed)
        image = np.clip(image * light, 0, 255).astype(np.uint8)
        return describe(image, locate(image))

    first = look(Place(200, 120, 90), 3)
    again = look(Place(300, 100, 60), 3, 0.85)
    assert np.linalg.norm(first) == pytest.approx(1.0, abs=1e-5)
    assert float(first @ again) > JOIN_SIMILARITY
    # The same person in other colours, as another person in other clothes would be.
    (image,) = film(1, (480, 270), [lambda k: Place(200, 120, 90)], 3)
    other = image[..., ::-1].copy()
    assert float(first @ describe(other, locate(other))) < 0.75


def test_sharpness_and_light_are_measured(locate) -> None:
    import cv2

    (image,) = film(1, (480, 270), [lambda k: Place(200, 120, 110)], noise=0)
    sharp = measure(locate(image))
    blurred = measure(locate(cv2.GaussianBlur(image, (0, 0), 4)))
    dark = measure(locate((image * 0.3).astype(np.uint8)))
    assert blurred.blur < 0.15 * sharp.blur
    assert dark.luminance == pytest.approx(0.3 * sharp.luminance, rel=0.05)


def test_something_before_the_mouth_is_noticed(locate) -> None:
    import cv2

    patches, covered = [], []
    for k, image in enumerate(film(40, (480, 270), [lambda k: Place(200 + k / 3, 130, 100)])):
        hidden = 25 <= k < 35
        if hidden:  # a black microphone in front of the lips
            x, y = (int(v) for v in locate(image).points[MOUTH].mean(axis=0))
            cv2.ellipse(image, (x, y + 12), (22, 30), 0, 0, 360, (25, 25, 28), -1)
        face = locate(image)
        patches.append(measure(face).patches)
        covered.append(hidden)
    occlusion = mouth_occlusion(np.array(patches), np.ones(40, dtype=np.float32))
    hidden = np.array(covered)
    assert occlusion[hidden].min() > 0.6
    assert occlusion[~hidden].max() < 0.2
    assert mouth_occlusion(np.zeros((0, 9, 3), np.float32), np.zeros(0, np.float32)).shape == (0,)
