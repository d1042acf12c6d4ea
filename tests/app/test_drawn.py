"""A face that the finder missed, drawn by hand: followed to both ends of its shot."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from app.clip import Clip
from app.demo import DemoClip
from app.drawn import follow_face
from app.edits import DrawnFace
from app.errors import CancelledError, NotPossibleError
from app.jobs import CancelToken, Progress
from app.scan import scan_clip
from vision.types import FaceScan, FaceTrack


@pytest.fixture(scope="module")
def found(demo_clip: DemoClip) -> tuple[Clip, FaceScan, FaceTrack]:
    """The demo clip as if the finder had missed its second face, and that face."""
    clip = Clip.open(demo_clip.path)
    scan = scan_clip(clip)
    missed = max(scan.tracks, key=lambda track: float(track.boxes[0, 0]))
    others = tuple(track for track in scan.tracks if track is not missed)
    assert others
    return clip, replace(scan, tracks=others), missed


def _drawn(track: FaceTrack, scan: FaceScan, row: int) -> DrawnFace:
    x, y, width, height = (float(value) for value in track.boxes[row])
    wide, high = scan.frame_size
    box = ((x - 4) / wide, (y - 6) / high, (width + 8) / wide, (height + 9) / high)
    return DrawnFace(int(track.pts[row]) * scan.time_base, box)


def test_the_face_is_followed_both_ways(found: tuple[Clip, FaceScan, FaceTrack]) -> None:
    clip, scan, missed = found
    shown: list[Progress] = []
    track = follow_face(clip, scan, _drawn(missed, scan, len(missed.pts) // 2), shown.append)
    assert track.pts[0] <= missed.pts[0]
    assert track.pts[-1] >= missed.pts[-1]
    assert (np.diff(track.pts) > 0).all()
    assert set(missed.pts) <= set(track.pts)
    rows = np.searchsorted(track.pts, missed.pts)
    distance = np.linalg.norm(track.landmarks[rows] - missed.landmarks, axis=2)
    assert np.median(distance) < 0.02 * missed.boxes[0, 2]
    assert float(track.descriptor @ missed.descriptor) > 0.9
    assert track.thumbnail.std() > 10
    done = [progress.done for progress in shown]
    assert done == sorted(done)
    assert shown[-1].done == pytest.approx(shown[-1].total)


def test_the_shot_ends_the_track(found: tuple[Clip, FaceScan, FaceTrack]) -> None:
    clip, scan, missed = found
    cut = (int(missed.pts[20]), int(missed.pts[60]))
    track = follow_face(clip, replace(scan, cuts=cut), _drawn(missed, scan, 40))
    assert cut[0] <= track.pts[0] <= missed.pts[22]
    assert missed.pts[57] <= track.pts[-1] < cut[1]
    assert track.shot == 1


def test_a_box_without_a_face_is_refused(found: tuple[Clip, FaceScan, FaceTrack]) -> None:
    clip, scan, _missed = found
    nothing = DrawnFace(Fraction(1), (0.0, 0.8, 0.08, 0.15))
    with pytest.raises(NotPossibleError, match="draw it around the whole face"):
        follow_face(clip, scan, nothing)


def test_a_face_that_is_listed_already_is_refused(found: tuple[Clip, FaceScan, FaceTrack]) -> None:
    clip, scan, _missed = found
    with pytest.raises(NotPossibleError, match="choose it instead"):
        follow_face(clip, scan, _drawn(scan.tracks[0], scan, 30))


def test_following_can_be_stopped(found: tuple[Clip, FaceScan, FaceTrack]) -> None:
    clip, scan, missed = found
    token = CancelToken()
    token.cancel()
    with pytest.raises(CancelledError):
        follow_face(clip, scan, _drawn(missed, scan, 30), token=token)
