"""Faces on the axis of the sound."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from pipeline_fakes import Person, make_scan

from app.lanes import Axis, follow, lanes
from app.singers import find_singers


def ids(rows: list) -> list[list[int]]:
    return [[track.id for track in row] for row in rows]


def test_chosen_singers_come_first_and_others_share_lanes() -> None:
    people = (
        Person(0.1, stop=1.0, look=1),
        Person(0.9, stop=1.5, look=2),
        Person(0.1, start=2.0, stop=3.0, look=2),
        Person(0.9, start=2.0, stop=3.0, look=1),
        Person(0.5),
    )
    scan = make_scan(people)
    singers = find_singers(scan)
    middle = next(singer for singer in singers if singer.tracks == (4,))
    rows = ids(lanes(singers, [middle], scan))
    assert rows[0] == [4]
    assert sorted(rows[1:]) == [[0, 3], [1, 2]], "tracks of equal look share a lane"


def test_tracks_that_overlap_never_share_a_lane() -> None:
    scan = make_scan(tuple(Person(0.1 + 0.1 * n) for n in range(5)))
    singers = find_singers(scan)
    assert len(lanes(singers, singers[:1], scan)) == 5


def test_features_lie_where_the_person_is_visible() -> None:
    scan = make_scan((Person(0.3, start=1.0, stop=2.0), Person(0.3, start=3.0, stop=4.0)))
    axis = Axis(Fraction(0), 101, 0, 101, 48000)
    lane = follow(scan.tracks, scan, axis, lambda: None)
    visible = np.flatnonzero(lane.face.valid)
    assert set(range(25, 50)) <= set(visible) <= set(range(24, 52)) | set(range(74, 102))
    assert set(range(75, 100)) <= set(visible)
    assert not lane.face.landmarks[60:61].any()
    second = lane.face.landmarks[70:90]
    assert second[5:].all(axis=(1, 2)).all()
    np.testing.assert_array_equal(second, lane.face.landmarks[:101][70:90])
    assert lane.face.motion[35] > 0.4
    # The second track starts with an open mouth of its own: no speed between the two counts.
    assert lane.face.motion[60] == 0.0


def test_an_axis_that_starts_later_shifts_the_lips() -> None:
    scan = make_scan((Person(0.3),))
    early = follow(scan.tracks, scan, Axis(Fraction(0), 80, 0, 80, 48000), lambda: None).face
    late = follow(scan.tracks, scan, Axis(Fraction(3, 25), 80, 0, 80, 48000), lambda: None).face
    np.testing.assert_allclose(late.landmarks[:70], early.landmarks[3:73], atol=1e-4)
    assert np.abs(late.landmarks[:70] - early.landmarks[:70]).max() > 1.0


def test_only_the_wanted_stretch_is_filled() -> None:
    scan = make_scan((Person(0.3),))
    face = follow(scan.tracks, scan, Axis(Fraction(0), 101, 40, 60, 48000), lambda: None).face
    assert set(np.flatnonzero(face.valid)) == set(range(40, 60))
