"""Letters of singers mean the same faces when a project is opened again."""

from __future__ import annotations

from app.project.people import KnownSinger, moved_singers

LEFT, RIGHT = (0.1, 0.2, 0.2, 0.3), (0.6, 0.2, 0.2, 0.3)


def _seen(singer: str, box: tuple[float, float, float, float], last: float = 9.0) -> KnownSinger:
    return KnownSinger(singer, 0.0, last, box)


def test_the_same_faces_keep_their_letters() -> None:
    people = [_seen("A", LEFT), _seen("B", RIGHT)]
    shaken = [_seen("A", (0.11, 0.19, 0.2, 0.31), 8.9), _seen("B", RIGHT)]
    assert moved_singers(people, shaken) == {}


def test_a_face_more_moves_the_letters() -> None:
    people = [_seen("A", LEFT), _seen("B", RIGHT)]
    found = [_seen("A", (0.0, 0.0, 0.05, 0.1)), _seen("B", LEFT), _seen("C", RIGHT)]
    assert moved_singers(people, found) == {"A": "B", "B": "C"}


def test_a_face_that_is_not_found_any_more_has_no_letter() -> None:
    people = [_seen("A", LEFT), _seen("B", RIGHT)]
    assert moved_singers(people, [_seen("A", RIGHT)]) == {"A": None, "B": "A"}


def test_people_after_each_other_in_one_place_are_told_apart_by_time() -> None:
    people = [KnownSinger("A", 0, 4, LEFT), KnownSinger("B", 4, 9, LEFT)]
    found = [KnownSinger("A", 4, 9, LEFT), KnownSinger("B", 0, 4, LEFT)]
    assert moved_singers(people, found) == {"A": "B", "B": "A"}
