"""The scene that the window shows after the editor's say, and what it warns of."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from app.edits import DrawnFace, People
from app.gui.people_scene import (
    DrawnPath,
    Sources,
    edited_scene,
    split_point,
    suggestions,
    together,
)
from app.gui.scene import LIP_RATE, FacePath, LipTrace, Scene, SingerCard
from app.gui.singer_warnings import hardly_agree, singer_warnings
from app.gui.singers_model import lip_columns
from app.people import DRAWN_TRACKS, ignore, keep_apart, merge, split

FPS = 25


def _path(
    track: int, start: int, stop: int, moving: bool = True, faults: tuple[str, ...] = ()
) -> FacePath:
    """A face from frame ``start`` to ``stop``, 25 frames a second."""
    pts = np.arange(start, stop, dtype=np.int64) * 40
    count = len(pts)
    boxes = np.tile(np.array([0.1, 0.1, 0.1, 0.2], np.float32), (count, 1))
    seconds = -(-count // FPS)
    lips = LipTrace(
        start / FPS,
        np.zeros(count, np.float32),
        np.full(count, 0.6 if moving else 0.0, np.float32),
        np.linspace(0.2, 0.8, seconds).astype(np.float32),
        tuple(faults for _ in range(seconds)),
    )
    return FacePath(track, pts / 1000, boxes, np.ones(count, bool), pts, lips)


def _card(singer: str, track: int, seconds: float) -> SingerCard:
    picture = np.full((96, 96, 3), 20 * track + 20, np.uint8)
    return SingerCard(singer, f"Singer {singer}", (track,), seconds, 0.5, picture)


@pytest.fixture
def sources() -> Sources:
    """A until second 2, B all 8 seconds, C from second 2 on; A and C look alike."""
    paths = (_path(0, 0, 50), _path(1, 0, 200, moving=False), _path(2, 50, 200, faults=("dark",)))
    cards = (_card("A", 0, 2.0), _card("B", 1, 8.0), _card("C", 2, 6.0))
    return Sources(Scene(cards, paths, complete=True, alike=((0, 2), (0, 1))))


def test_a_merge_shows_one_card_with_all_boxes(sources: Sources) -> None:
    scene = edited_scene(sources, merge(People(), ("A", "C"))).scene
    assert [(card.id, card.tracks) for card in scene.singers] == [("A", (0, 2)), ("B", (1,))]
    assert scene.singers[0].seconds == pytest.approx(8.0)
    assert scene.singers[0].thumbnail[0, 0, 0] == 60, "the longest track gives the picture"
    assert scene.joined == ("A",)
    assert "A" in scene.faces_at(1.0)
    assert "A" in scene.faces_at(5.0)


def test_a_split_shares_boxes_time_and_lips_between_two_cards(sources: Sources) -> None:
    point = split_point(sources.found, "B", 3000)
    assert point == (1, 3000)
    shown = edited_scene(sources, split(People(), *point))
    first, second = (shown.scene.singer(name) for name in ("B", "B2"))
    assert first is not None
    assert second is not None
    assert (first.seconds, second.seconds) == (pytest.approx(3.0), pytest.approx(5.0))
    assert set(shown.scene.faces_at(2.9)) == {"B", "C"}
    assert set(shown.scene.faces_at(3.1)) == {"B2", "C"}
    assert [len(p.lips.motion) for p in shown.scene.paths_of("B") if p.lips] == [74]
    assert second.quality > first.quality
    assert first.colour != second.colour
    assert shown.missing_portraits == ((1, 3000),)
    picture = np.full((96, 96, 3), 200, np.uint8)
    with_picture = replace(sources, portraits={(1, 3000): picture})
    again = edited_scene(with_picture, split(People(), *point))
    assert again.missing_portraits == ()
    assert again.scene.singers[2].thumbnail[0, 0, 0] == 200
    assert split_point(shown.scene, "B2", 5000) == (1, 5000), "splits name the track as found"
    assert split_point(shown.scene, "B2", 3000) is None


def test_ignored_people_leave_list_and_picture_but_keep_their_colours(sources: Sources) -> None:
    scene = edited_scene(sources, ignore(People(), ("A",))).scene
    assert [card.id for card in scene.singers] == ["B", "C"]
    assert [card.id for card in scene.ignored] == ["A"]
    assert [card.colour for card in scene.singers] == [1, 2]
    assert set(scene.faces_at(1.0)) == {"B"}


def test_a_drawn_face_is_listed_once_it_was_followed(sources: Sources) -> None:
    face = DrawnFace(Fraction(1), (0.5, 0.5, 0.1, 0.1))
    people = People(drawn=(face,))
    waiting = edited_scene(sources, people)
    assert waiting.missing_drawn == (face,)
    assert len(waiting.scene.singers) == 3
    path = DrawnPath(_path(0, 10, 60), np.zeros((96, 96, 3), np.uint8))
    shown = edited_scene(replace(sources, drawn={face: path}), people)
    assert shown.scene.singers[3].name == "Added singer 1"
    assert shown.scene.singers[3].tracks == (DRAWN_TRACKS,)
    assert shown.missing_drawn == ()


def test_same_person_is_asked_once_and_only_of_people_never_seen_together(
    sources: Sources,
) -> None:
    plain = edited_scene(sources, People()).scene
    assert together(plain, "A", "B")
    assert [(a.id, b.id) for a, b in suggestions(plain, People())] == [("A", "C")]
    for people in (
        keep_apart(People(), "C", "A"),
        merge(People(), ("A", "C")),
        ignore(People(), ("C",)),
    ):
        assert suggestions(edited_scene(sources, people).scene, people) == []


def test_warnings_are_those_of_the_chosen_range(qapp: QApplication, sources: Sources) -> None:
    scene = edited_scene(sources, People()).scene
    assert singer_warnings(scene, "A", 0, 8) == []
    assert singer_warnings(scene, "A", 3, 8) == ["Not in the picture between In and Out"]
    assert singer_warnings(scene, "B", 0, 8) == ["The lips hardly move"]
    assert singer_warnings(scene, "C", 0, 8) == ["Face dark for 6 of 6 s"]
    assert singer_warnings(scene, "C", 4, 6) == ["Face dark for 2 of 2 s"]
    doubts = singer_warnings(scene, "A", 0, 8, {"A"})
    assert doubts == ["Lips and sound don't fit together"]


def test_a_computed_voice_is_doubted_only_after_enough_seconds() -> None:
    assert hardly_agree(dict.fromkeys(range(5), 0.02))
    assert not hardly_agree(dict.fromkeys(range(3), 0.02))
    assert not hardly_agree(dict.fromkeys(range(5), 0.3))
    assert not hardly_agree({})


def test_lip_columns_tell_absence_from_stillness(sources: Sources) -> None:
    scene = edited_scene(sources, People()).scene
    lips = lip_columns(scene, "C", 0, 8)
    quarter = len(lips) // 4
    assert (lips[: quarter - 1] == -1).all()
    assert lips[quarter + 1 :].min() == pytest.approx(0.75)
    assert (lip_columns(scene, "B", 0, 8) == 0).all()


def test_a_part_of_lips_starts_where_it_is_cut() -> None:
    lips = _path(0, 10, 110).lips
    assert lips is not None
    part = lips.between(2.0, 3.0)
    assert part.start == pytest.approx(2.0)
    assert len(part.motion) == LIP_RATE
    assert len(part.quality) == len(part.faults) == 1
