"""The editor's word on who is who: merged, split, ignored, drawn, renamed."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from pipeline_fakes import Person, make_scan

from app.edits import DrawnFace, People
from app.people import (
    DRAWN_TRACKS,
    SPLIT_TRACKS,
    basis,
    draw,
    edited,
    ignore,
    keep_apart,
    merge,
    people_of,
    rename,
    restore,
    separate,
    split,
)
from app.singers import find_singers
from vision.types import FaceScan

FOUND = {"A": (0,), "B": (1,), "C": (2,)}
SPANS = {0: (0, 49), 1: (0, 99), 2: (50, 99)}


def _ids(people: People) -> list[str]:
    return [person.id for person in people_of(FOUND, SPANS, people)]


def _basis(people: People, singer: str) -> object:
    return basis(people_of(FOUND, SPANS, people), singer, people)


def _scan() -> FaceScan:
    """A talks until 2 s, C from 2 s on at another place, B all the time between them."""
    return make_scan((Person(0.2, stop=2.0), Person(0.5), Person(0.8, start=2.0)))


def test_nothing_said_leaves_the_singers_as_found() -> None:
    scan = _scan()
    after, singers = edited(scan, People())
    assert singers == find_singers(scan)
    assert after.tracks == scan.tracks


def test_merging_keeps_the_first_id_in_order_of_the_list_and_chains() -> None:
    people = merge(merge(People(), ("C", "A")), ("C", "B"))
    (one,) = people_of(FOUND, SPANS, people)
    assert one.id == "A"
    assert [part.track for part in one.parts] == [0, 1, 2]
    assert _ids(separate(people, "A")) == ["A", "B", "C"]


def test_merged_singers_have_all_their_stretches() -> None:
    _, singers = edited(_scan(), merge(People(), ("A", "C")))
    assert [(singer.id, singer.tracks, singer.seconds) for singer in singers] == [
        ("A", (0, 2), 4.0),
        ("B", (1,), 4.0),
    ]


def test_a_split_cuts_every_measure_of_the_track_at_the_same_frame() -> None:
    scan, singers = edited(_scan(), split(People(), 1, 30))
    assert [singer.id for singer in singers] == ["A", "B", "B2", "C"]
    first, second = singers[1], singers[2]
    assert (first.last, second.first) == (Fraction(30, 25), Fraction(30, 25))
    assert first.seconds + second.seconds == pytest.approx(4.0)
    tracks = {track.id: track for track in scan.tracks}
    later = tracks[second.tracks[0]]
    assert later.id == SPLIT_TRACKS
    assert list(later.pts) == list(range(30, 100))
    whole = _scan().tracks[1]
    assert np.array_equal(later.landmarks, whole.landmarks[30:])
    assert {len(value) for value in (later.boxes, later.seen, later.pose, later.occlusion)} == {70}
    assert len(tracks[1].pts) == 30


def test_ids_of_earlier_splits_stay_when_the_track_is_split_again() -> None:
    once = split(People(), 1, 60)
    twice = split(once, 1, 20)
    before = {p.id: (p.parts[0].first, p.parts[0].last) for p in people_of(FOUND, SPANS, once)}
    after = {p.id: (p.parts[0].first, p.parts[0].last) for p in people_of(FOUND, SPANS, twice)}
    assert before["B2"] == after["B2"] == (60, 99)
    assert after["B"] == (0, 19)
    assert after["B3"] == (20, 59)


@pytest.mark.parametrize("place", [(1, 0), (1, 100), (7, 30)])
def test_a_split_outside_the_track_changes_nothing(place: tuple[int, int]) -> None:
    assert _ids(split(People(), *place)) == ["A", "B", "C"]


def test_what_a_split_made_can_be_merged_with_somebody_else() -> None:
    people = merge(split(People(), 1, 50), ("B2", "A"))
    assert _ids(people) == ["A", "B", "C"]
    one = people_of(FOUND, SPANS, people)[0]
    assert [(part.track, part.first) for part in one.parts] == [(0, 0), (1, 50)]


def test_ignored_people_are_no_singers_until_restored() -> None:
    people = ignore(People(), ("B",))
    _, singers = edited(_scan(), people)
    assert [singer.id for singer in singers] == ["A", "C"]
    assert restore(people, "B") == People()


def test_names_are_kept_and_an_empty_one_gives_the_plain_name_back() -> None:
    people = rename(rename(People(), "B", "Ruth"), "C", "Singer C")
    assert people.names == {"B": "Ruth"}
    assert [person.name for person in people_of(FOUND, SPANS, people)] == [
        "Singer A",
        "Ruth",
        "Singer C",
    ]
    assert rename(people, "B", "") == People()


def test_a_drawn_face_is_a_person_once_it_was_followed() -> None:
    face = DrawnFace(Fraction(1, 25), (0.1, 0.1, 0.2, 0.2))
    people = draw(People(), face)
    scan = make_scan((Person(0.5),))
    assert [singer.id for singer in edited(scan, people)[1]] == ["A"]
    track = replace(make_scan((Person(0.9),)).tracks[0], id=0)
    after, singers = edited(scan, people, {face: track})
    assert [(singer.id, singer.name) for singer in singers] == [
        ("A", "Singer A"),
        ("Face1", "Added singer 1"),
    ]
    assert after.tracks[-1].id == DRAWN_TRACKS
    both = {**SPANS, DRAWN_TRACKS: (0, 99)}
    cut = people_of(FOUND, both, split(people, DRAWN_TRACKS, 50))
    assert [person.id for person in cut] == ["A", "B", "C", "Face1", "Face1.2"]


def test_a_voice_depends_on_its_singer_and_on_who_else_is_seen() -> None:
    plain = _basis(People(), "A")
    assert _basis(rename(People(), "A", "Ruth"), "A") == plain
    assert _basis(merge(People(), ("B", "C")), "A") == plain
    assert _basis(split(People(), 1, 50), "A") == plain
    assert _basis(merge(People(), ("A", "C")), "A") != plain
    assert _basis(split(People(), 0, 20), "A") != plain
    assert _basis(ignore(People(), ("B",)), "A") != plain
    again = merge(split(People(), 0, 20), ("A", "A2"))
    assert _basis(again, "A") == plain


def test_different_people_can_be_declared_and_merging_takes_it_back() -> None:
    people = keep_apart(People(), "A", "C")
    assert people.apart == (("A", "C"),)
    assert merge(people, ("A", "C")).apart == ()
    assert json.dumps(people.apart)
