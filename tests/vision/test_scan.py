from __future__ import annotations

import threading
from fractions import Fraction

import cv2
import numpy as np
import pytest
from scenes import FACE_BOX, Place, film

from vision import FaceScan, VisionError, scan_faces, suggest_joins

SIZE = (480, 270)
RATE = Fraction(1, 25)


def _scan(frames, **options) -> FaceScan:
    frames = list(frames)
    return scan_faces(enumerate(frames), SIZE, RATE, len(frames), **options)


def _nose(place: Place) -> np.ndarray:
    """Where the tip of the nose is drawn: at (223.2, 126.1) in the photograph."""
    scale = place.width / FACE_BOX[2]
    dx = 223.2 - (FACE_BOX[0] + FACE_BOX[2] / 2)
    dy = 126.1 - (FACE_BOX[1] + FACE_BOX[3] / 2)
    return np.array([place.x + scale * dx, place.y + scale * dy])


def test_landmarks_follow_a_moving_face_within_a_pixel() -> None:
    def place(k: int) -> Place:
        return Place(180 + 3.3 * k, 130 + 10 * np.sin(k / 5), 80 + 0.5 * k)

    scan = _scan(film(30, SIZE, [place]))
    (track,) = scan.tracks
    assert scan.frames == 30
    assert scan.cuts == ()
    assert track.pts.tolist() == list(range(30))
    assert track.seen.all()
    truth = np.array([_nose(place(k)) for k in range(30)])
    assert np.abs(track.landmarks[:, 30] - truth).max() < 1.5
    assert np.abs(track.landmarks[:, 30] - truth).mean() < 0.7
    assert track.boxes[:, 2] == pytest.approx([place(k).width for k in range(30)], rel=0.06)
    assert np.abs(track.pose).max() < 20
    assert track.thumbnail.shape == (96, 96, 3)
    assert np.linalg.norm(track.descriptor) == pytest.approx(1.0, abs=1e-5)


def test_two_small_faces_are_two_tracks_seen_together() -> None:
    # 6 and 7 % of the picture's width
    left, right = Place(120, 100, 29), Place(330, 150, 34, mirrored=True)
    scan = _scan(film(12, SIZE, [lambda k: left, lambda k: right]))
    assert len(scan.tracks) == 2
    by_place = sorted(scan.tracks, key=lambda track: track.boxes[0, 0])
    for track, place in zip(by_place, (left, right), strict=True):
        assert track.seen.all()
        assert len(track.pts) == 12
        centre = track.boxes[:, :2] + track.boxes[:, 2:] / 2
        assert np.abs(centre - (place.x, place.y)).max() < 5
    assert suggest_joins(scan) == []


def test_something_passing_in_front_leaves_one_track() -> None:
    frames = list(film(50, SIZE, [lambda k: Place(200 + k, 130, 60)]))
    for k, frame in enumerate(frames):  # as fast as an arm or a fellow singer walking by
        cv2.rectangle(frame, (9 * k - 80, 0), (9 * k + 20, 269), (90, 95, 90), -1)
    scan = _scan(frames)
    assert scan.cuts == ()
    (track,) = scan.tracks
    assert len(track.pts) == 50
    gap = np.flatnonzero(~track.seen)
    assert 6 <= len(gap) <= 25
    middle = int(gap.mean())
    assert (track.occlusion[~track.seen] == 1.0).all()
    truth = _nose(Place(200 + middle, 130, 60))
    assert np.abs(track.landmarks[middle, 30] - truth).max() < 12


def test_a_banner_is_not_a_cut() -> None:
    frames = list(film(24, SIZE, [lambda k: Place(200 + k, 110, 60)]))
    for frame in frames[11:]:
        frame[190:] = (200, 30, 30)
    scan = _scan(frames)
    assert scan.cuts == ()
    (track,) = scan.tracks
    assert track.seen.all()


def test_long_gap_ends_the_track() -> None:
    def place(k: int) -> Place | None:
        return None if 12 <= k < 42 else Place(200, 130, 80)

    scan = _scan(film(56, SIZE, [place]))
    first, second = scan.tracks
    assert first.pts.tolist() == list(range(12))
    assert second.pts[-1] == 55
    assert 42 <= second.pts[0] <= 46
    (join,) = suggest_joins(scan)
    assert (join.track_a, join.track_b) == (first.id, second.id)
    assert join.similarity > 0.9


def test_no_track_crosses_a_cut_and_the_person_can_be_joined() -> None:
    before = film(20, SIZE, [lambda k: Place(200, 130, 80)], seed=3)
    after = film(20, SIZE, [lambda k: Place(215, 135, 90)], seed=8)
    scan = _scan([*before, *after])
    assert scan.cuts == (20,)
    assert [(t.shot, t.pts[0], t.pts[-1]) for t in scan.tracks] == [(0, 0, 19), (1, 20, 39)]
    assert len(suggest_joins(scan)) == 1


def test_flash_leaves_one_track() -> None:
    frames = list(film(30, SIZE, [lambda k: Place(200 + k, 130, 80)]))
    frames[14] = np.full_like(frames[14], 255)
    scan = _scan(frames)
    assert scan.cuts == ()
    (track,) = scan.tracks
    assert len(track.pts) == 30
    assert not track.seen[14]
    assert track.seen.sum() >= 28


def test_fifty_frames_per_second_are_analysed_at_half_the_rate() -> None:
    frames = list(film(24, SIZE, [lambda k: Place(200 + k, 130, 80)]))
    scan = scan_faces(enumerate(frames), SIZE, Fraction(1, 50))
    assert scan.frames == 12
    assert scan.tracks[0].pts.tolist() == list(range(0, 24, 2))
    truth = np.array([_nose(Place(200 + k, 130, 80)) for k in range(0, 24, 2)])
    assert np.abs(scan.tracks[0].landmarks[:, 30] - truth).max() < 1.5


def test_picture_without_faces_gives_no_tracks() -> None:
    scan = _scan(film(10, SIZE, []))
    assert scan.tracks == ()
    assert scan.frames == 10
    assert scan_faces([], SIZE, RATE).frames == 0


def test_progress_and_partial_results_come_in_the_callers_thread() -> None:
    caller = threading.get_ident()
    reports: list[tuple[float, float]] = []
    partial: list[FaceScan] = []

    def report(done: float, total: float) -> None:
        assert threading.get_ident() == caller
        reports.append((done, total))

    frames = list(film(30, SIZE, [lambda k: Place(200, 130, 80)]))

    def slow():
        for k, frame in enumerate(frames):
            if k > 12:
                threading.Event().wait(0.1)  # what was asked for is there when the next one comes
            yield k, frame

    scan = scan_faces(slow(), SIZE, RATE, 30, report=report, on_tracks=partial.append)
    assert reports[0] == (1.0, 30.0)
    assert reports[-1] == (30.0, 30.0)
    assert partial
    assert partial[0].frames < 30
    assert [track.id for track in partial[-1].tracks] == [track.id for track in scan.tracks]
    part, whole = partial[-1].tracks[0], scan.tracks[0]
    assert (part.landmarks == whole.landmarks[: len(part.pts)]).all()


def test_check_stops_the_scan_and_its_threads() -> None:
    class StopError(Exception):
        pass

    drawn = 0

    def endless():
        nonlocal drawn
        (picture,) = film(1, SIZE, [lambda k: Place(200, 130, 80)])
        while True:
            drawn += 1
            yield drawn, picture

    def check() -> None:
        if drawn >= 6:
            raise StopError

    with pytest.raises(StopError):
        scan_faces(endless(), SIZE, RATE, check=check)
    assert drawn == 6
    names = [thread.name for thread in threading.enumerate()]
    assert not [name for name in names if name.startswith(("faces", "mesh"))]


def test_unknown_landmarks_are_refused() -> None:
    with pytest.raises(VisionError, match="accurate"):
        scan_faces([], SIZE, RATE, landmarks="magic")
