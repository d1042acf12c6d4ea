from __future__ import annotations

import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import skimage.data
from scenes import Place, film

from vision.detect import Detection, FaceDetector, iou, tiles, without_doubles


@pytest.fixture(scope="module")
def detector():
    detector = FaceDetector()
    yield detector
    detector.close()


def _picture(size: tuple[int, int], place: Place) -> np.ndarray:
    return next(film(1, size, [lambda _: place]))


def test_whole_picture_finds_large_faces(detector: FaceDetector) -> None:
    (face,) = detector.detect(_picture((640, 360), Place(250, 180, 120)))
    x, y, width, height = face.box
    assert x + width / 2 == pytest.approx(250, abs=12)
    assert y + height / 2 == pytest.approx(180, abs=25)
    assert width == pytest.approx(120, rel=0.3)
    assert face.eyes[0, 0] < face.eyes[1, 0]


@pytest.mark.parametrize("size", [(960, 540), (540, 960), (720, 540)])
def test_tiles_find_faces_of_six_percent_anywhere(
    detector: FaceDetector, size: tuple[int, int]
) -> None:
    width = 0.06 * size[0]
    missed = []
    for across in (0.08, 0.35, 0.5, 0.77):
        for down in (0.2, 0.5, 0.82):
            x, y = across * size[0], down * size[1]
            found = detector.detect_small(_picture(size, Place(x, y, width)))
            near = [
                face
                for face in found
                if abs(face.box[0] + face.box[2] / 2 - x) < width / 2
                and abs(face.box[1] + face.box[3] / 2 - y) < width
            ]
            if len(near) != 1 or len(found) != 1:
                missed.append((across, down, len(found)))
    assert missed == []


def test_no_face_in_a_picture_without_one(detector: FaceDetector) -> None:
    assert detector.detect_small(skimage.data.coffee()) == []


def test_tiles_cover_the_picture_with_overlap() -> None:
    for width, height in [(960, 540), (540, 960), (640, 640), (1920, 800)]:
        covered = np.zeros((height, width), dtype=bool)
        for left, top, side in tiles(width, height):
            assert left >= 0
            assert top >= 0
            assert left + side <= width
            assert top + side <= height
            assert side <= 0.62 * width + 1
            covered[top : top + side, left : left + side] = True
        assert covered.all()
        lefts = sorted({left for left, _, _ in tiles(width, height)})
        side = tiles(width, height)[0][2]
        assert all(b - a <= side - 0.12 * width + 1 for a, b in pairwise(lefts))


def test_doubles_keep_the_surest() -> None:
    eyes = np.zeros((2, 2), dtype=np.float32)
    weak = Detection((10, 10, 50, 50), eyes, 0.6)
    sure = Detection((14, 12, 50, 50), eyes, 0.9)
    other = Detection((200, 10, 50, 50), eyes, 0.7)
    assert without_doubles([weak, sure, other]) == [sure, other]
    assert iou(weak.box, weak.box) == pytest.approx(1.0)
    assert iou((0, 0, 10, 10), (5, 0, 10, 10)) == pytest.approx(1 / 3)
    assert iou(weak.box, other.box) == 0.0


def test_mediapipe_is_silent_and_other_messages_survive() -> None:
    program = (
        "import os, numpy as np\n"
        "from vision.landmarks import MeshLandmarker\n"
        "from vision.detect import FaceDetector\n"
        "from vision.quiet import quiet_native_log\n"
        "FaceDetector(); MeshLandmarker()\n"
        "with quiet_native_log():\n"
        "    os.write(2, b'something went wrong\\n')\n"
    )
    root = Path(__file__).resolve().parents[2]
    result = subprocess.run(
        [sys.executable, "-c", program],
        cwd=root,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        capture_output=True,
        timeout=120,
        check=True,
    )
    assert result.stderr.decode() == "something went wrong\n"
