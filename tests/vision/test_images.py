from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from tracks import make_scan, make_track

from vision import face_images
from vision.register import face_image


def _frames(pts: list[int], size: tuple[int, int] = (640, 360)):
    """Pictures whose brightness names the frame."""
    for number, p in enumerate(pts):
        yield p, np.full((size[1], size[0], 3), 20 + 3 * number, dtype=np.uint8)


def test_each_instant_takes_the_nearest_frame() -> None:
    base = Fraction(1, 30)
    pts = list(range(60))
    track = make_track(pts, base)
    faces = face_images(_frames(pts), track, make_scan(track, time_base=base), Fraction(0), 40)
    assert faces.shape == (40, 128, 96, 3)
    shown = (faces[:, 64, 48, 0].astype(int) - 20) // 3
    nearest = np.arange(40) / 25 * 30
    assert np.abs(shown - nearest).max() <= 0.5


def test_face_is_where_the_scan_saw_it_at_any_picture_size() -> None:
    base = Fraction(1, 25)
    track = make_track(list(range(10)), base)
    scan = make_scan(track, time_base=base)
    rng = np.random.default_rng(1)
    rough = rng.integers(0, 255, (9, 16, 3)).astype(np.uint8)
    small = rough.repeat(40, axis=0).repeat(40, axis=1)
    large = rough.repeat(80, axis=0).repeat(80, axis=1)
    one = face_images([(k, small) for k in range(10)], [track], scan, Fraction(0), 5)
    two = face_images([(k, large) for k in range(10)], [track], scan, Fraction(0), 5)
    assert (one[3] == face_image(small, track.landmarks[3])).all()
    assert np.abs(one.astype(int) - two.astype(int)).mean() < 2


def test_instants_without_face_or_frame_are_black() -> None:
    base = Fraction(1, 25)
    track = make_track(list(range(20, 40)), base)
    scan = make_scan(track, time_base=base)
    calls = 0

    def check() -> None:
        nonlocal calls
        calls += 1

    faces = face_images(_frames(list(range(35))), [track], scan, Fraction(2, 5), 30, check)
    lit = faces[:, 64, 48].any(axis=1)
    assert lit.tolist() == [9 <= k < 26 for k in range(30)]
    assert calls == 35


def test_check_stops() -> None:
    base = Fraction(1, 25)
    track = make_track(list(range(20)), base)

    def check() -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        face_images(_frames([0, 1]), track, make_scan(track, time_base=base), Fraction(0), 2, check)
