"""What `bench faces` spoils and what `bench steady` counts."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from app.bench import faces, steady
from vision.types import FaceScan, FaceTrack


def _track(number: int, frames: int = 250) -> FaceTrack:
    time = np.arange(frames, dtype=np.float32)
    points = np.zeros((frames, 68, 2), np.float32)
    points[..., 0] = 100 * number + time[:, None]
    flat = np.zeros(frames, np.float32)
    return FaceTrack(
        id=number,
        shot=0,
        pts=np.arange(frames, dtype=np.int64),
        boxes=np.full((frames, 4), number, np.float32),
        landmarks=points,
        seen=np.ones(frames, bool),
        blur=flat,
        pose=np.zeros((frames, 2), np.float32),
        luminance=flat,
        occlusion=flat,
        descriptor=np.ones(4, np.float32),
        thumbnail=np.zeros((96, 96, 3), np.uint8),
    )


@pytest.fixture
def scan() -> FaceScan:
    return FaceScan((640, 360), Fraction(1, 25), 0, 249, 250, (), (_track(1), _track(2, 200)))


def test_half_of_the_landmarks_go_in_gaps_and_are_bridged(scan: FaceScan) -> None:
    spoilt = faces.half_missing(scan, 3)
    for before, after in zip(scan.tracks, spoilt.tracks, strict=True):
        assert 0.35 < after.seen.mean() < 0.65
        runs = np.diff(np.flatnonzero(np.diff(after.seen.astype(int))))
        assert runs.max() <= 25
        inner = slice(np.flatnonzero(after.seen)[0], np.flatnonzero(after.seen)[-1] + 1)
        # These points move evenly, so bridging must meet them.
        assert np.allclose(after.landmarks[inner], before.landmarks[inner], atol=1e-3)
    assert np.array_equal(
        faces.half_missing(scan, 3).tracks[0].seen, faces.half_missing(scan, 3).tracks[0].seen
    )


@pytest.mark.parametrize("frames", [2, -2])
def test_late_faces_show_what_was_before(scan: FaceScan, frames: int) -> None:
    track = faces.late(frames)(scan, 0).tracks[0]
    assert np.array_equal(track.landmarks[100], scan.tracks[0].landmarks[100 - frames])
    assert len(track.landmarks) == 250


def test_exchanged_faces_keep_their_places(scan: FaceScan) -> None:
    one, two = faces.exchanged(scan, 0).tracks
    assert np.array_equal(one.landmarks[:200], scan.tracks[1].landmarks)
    assert np.array_equal(two.landmarks, scan.tracks[0].landmarks[:200])
    assert np.array_equal(one.boxes, scan.tracks[0].boxes)


def test_seconds_in_the_wrong_order_are_counted() -> None:
    rng = np.random.default_rng(0)
    rate = 1000
    voices = rng.standard_normal((2, 6 * rate)).astype(np.float32)
    voices[1, 5 * rate :] = 0.0
    outputs = voices + 0.3 * rng.standard_normal(voices.shape).astype(np.float32)
    outputs[:, 2 * rate : 4 * rate] = outputs[::-1, 2 * rate : 4 * rate].copy()
    assert steady.exchanged(voices, outputs, rate) == [False, False, True, True, False]


def test_the_table_tells_the_cost_of_each_disturbance() -> None:
    scores = [
        faces.FaceScore("as seen", 32, 4.0),
        faces.FaceScore("half of the landmarks missing", 32, 3.5),
        faces.FaceScore(faces.SWAPPED, 8, 4.2),
    ]
    table = faces.lines(scores)
    assert table[2].split()[-2:] == ["3.50", "-0.50"]
    assert table[3].endswith("-")
