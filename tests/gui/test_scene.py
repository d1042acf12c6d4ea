"""Faces at a time, and choices that follow their tracks."""

from __future__ import annotations

import numpy as np
import pytest

from app.gui.scene import HOLD_S, FacePath, Scene, SingerCard


def _card(singer: str, *tracks: int) -> SingerCard:
    picture = np.zeros((96, 96, 3), np.uint8)
    return SingerCard(singer, f"Singer {singer}", tracks, 1.0, 0.5, picture)


def _path(track: int, times: list[float], xs: list[float], seen: list[bool]) -> FacePath:
    boxes = np.array([[x, 0.2, 0.1, 0.2] for x in xs], np.float32)
    return FacePath(track, np.array(times), boxes, np.array(seen))


def test_boxes_move_evenly_between_frames() -> None:
    path = _path(0, [1.0, 1.04, 1.12], [0.1, 0.2, 0.4], [True, True, False])
    face = path.at(1.01, 0.0)
    assert face is not None
    assert face.box == pytest.approx((0.125, 0.2, 0.1, 0.2))
    assert face.seen
    late = path.at(1.11, 0.0)
    assert late is not None
    assert late.box[0] == pytest.approx(0.375)
    assert not late.seen


def test_a_track_has_no_box_before_and_after_its_time() -> None:
    path = _path(0, [1.0, 1.04], [0.1, 0.2], [True, True])
    assert path.at(0.9, 0.06) is None
    assert path.at(1.2, 0.06) is None
    held = path.at(1.08, 0.06)
    assert held is not None
    assert held.box[0] == pytest.approx(0.2)


def test_a_track_of_one_frame_has_a_box() -> None:
    face = _path(0, [1.0], [0.3], [True]).at(1.0, 0.0)
    assert face is not None
    assert face.box[0] == pytest.approx(0.3)


def test_faces_are_those_of_singers_only() -> None:
    paths = (
        _path(0, [0.0, 1.0], [0.1, 0.1], [True] * 2),
        _path(7, [0.0, 1.0], [0.5] * 2, [True] * 2),
    )
    scene = Scene((_card("A", 7),), paths)
    assert list(scene.faces_at(0.5)) == ["A"]
    assert scene.faces_at(0.5)["A"].box[0] == pytest.approx(0.5)


def test_faces_ahead_of_the_search_stay_where_they_were_last_seen_and_are_marked() -> None:
    paths = (
        _path(0, [0.0, 0.5], [0.1] * 2, [True] * 2),
        _path(7, [0.0, 1.0], [0.5] * 2, [True] * 2),
    )
    scene = Scene((_card("A", 7), _card("B", 0)), paths, searched=1.0)
    assert scene.faces_at(0.5)["A"].seen
    ahead = scene.faces_at(1.0 + HOLD_S)
    assert list(ahead) == ["A"], "B had left before"
    assert ahead["A"].box[0] == pytest.approx(0.5)
    assert not ahead["A"].seen
    assert scene.faces_at(1.1 + HOLD_S) == {}
    done = Scene((_card("A", 7), _card("B", 0)), paths, complete=True)
    assert done.faces_at(1.5) == {}


def test_singers_are_found_again_by_their_tracks() -> None:
    scene = Scene((_card("A", 4), _card("B", 1, 2, 3)))
    found = scene.with_tracks((2, 3))
    assert found is not None
    assert found.id == "B"
    assert scene.with_tracks((9,)) is None
