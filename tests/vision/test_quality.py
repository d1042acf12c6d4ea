from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from tracks import make_scan, make_track

from vision import FaceTrack, SecondQuality, features_at, second_quality

BASE = Fraction(1, 25)


def _rate(*tracks: FaceTrack, count: int = 75) -> list[SecondQuality]:
    scan = make_scan(*tracks, time_base=BASE)
    return second_quality(tracks, scan, features_at(tracks, scan, Fraction(0), count))


def _column(value: float, *rest: float) -> np.ndarray:
    values = np.full(75, 60 if not rest else rest[0], dtype=np.float32)
    values[25:50] = value
    return values


def test_good_face_has_full_marks_every_second() -> None:
    rated = _rate(make_track(list(range(75)), BASE, scale=0.6))
    assert [second.second for second in rated] == [0, 1, 2]
    assert [second.warnings for second in rated] == [(), (), ()]
    assert min(second.quality for second in rated) > 0.95
    assert min(second.activity for second in rated) > 0.9


@pytest.mark.parametrize(
    ("warning", "changed"),
    [
        ("blurred", {"blur": _column(4, 60)}),
        ("dark", {"luminance": _column(0.05, 0.5)}),
        ("covered", {"occlusion": _column(0.9, 0)}),
        ("profile", {"pose": np.stack([_column(-62, 0), _column(0, 0)], axis=1)}),
    ],
)
def test_each_fault_is_named_in_its_second(warning: str, changed: dict) -> None:
    rated = _rate(make_track(list(range(75)), BASE, scale=0.6, **changed))
    assert [second.warnings for second in rated] == [(), (warning,), ()]
    assert rated[1].quality < 0.4
    assert rated[0].quality > 0.95


def test_small_face() -> None:
    rated = _rate(make_track(list(range(75)), BASE, scale=0.12))
    assert all("small" in second.warnings for second in rated)
    assert 0 < rated[0].quality < 0.3


def test_missing_seconds() -> None:
    rated = _rate(make_track(list(range(35)), BASE, scale=0.6))
    assert rated[0].warnings == ()
    assert rated[1].warnings == ("missing",)
    assert 0 < rated[1].quality < 0.5
    assert rated[2] == SecondQuality(2, 0.0, 0.0, ("missing",))
    assert _rate(make_track(list(range(35)), BASE), count=0) == []


def test_still_lips_are_not_active() -> None:
    rated = _rate(make_track(list(range(75)), BASE, opening=np.full(75, 0.02)))
    assert max(second.activity for second in rated) == 0.0


def test_tracks_of_one_person_are_rated_together() -> None:
    first = make_track(list(range(25)), BASE, scale=0.6)
    second = make_track(list(range(25, 75)), BASE, id=1, scale=0.6, blur=np.full(50, 3.0))
    rated = _rate(second, first)
    assert [second.warnings for second in rated] == [(), ("blurred",), ("blurred",)]
