"""Undo and redo over decisions, with a clock that the test moves."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from app.edits import DrawnFace, Edits, LaneMix, People, Shape
from app.project.history import History


class Desk:
    """Somebody who edits, with a clock."""

    def __init__(self, limit: int = 1000) -> None:
        self.now = 100.0
        self.history = History(clock=lambda: self.now, limit=limit)
        self.edits = Edits(selected=("A",), range=(0, 1000))

    def act(self, name: str, wait: float = 10.0, **changes: object) -> None:
        self.now += wait
        before, self.edits = self.edits, replace(self.edits, **changes)  # type: ignore[arg-type]
        self.history.note(before, self.edits, name)

    def rename(self, singer: str, name: str, wait: float = 10.0) -> None:
        people = replace(self.edits.people, names={**self.edits.people.names, singer: name})
        self.act("Rename singer", wait, people=people)

    def undo(self) -> bool:
        found = self.history.undo(self.edits)
        self.edits = found or self.edits
        return found is not None

    def redo(self) -> bool:
        found = self.history.redo(self.edits)
        self.edits = found or self.edits
        return found is not None


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_acts_are_taken_back_and_done_again_in_order(desk: Desk) -> None:
    states = [desk.edits]
    desk.act("Change range", range=(10, 20))
    states.append(desk.edits)
    desk.rename("A", "Ruth")
    states.append(desk.edits)
    desk.act("Model", model="other")
    states.append(desk.edits)
    names = []
    for state in reversed(states[:-1]):
        names.append(desk.history.undo_name)
        assert desk.undo()
        assert desk.edits == state
    assert names == ["Model", "Rename singer", "Change range"]
    assert not desk.undo()
    assert desk.history.undo_name == ""
    for state in states[1:]:
        assert desk.redo()
        assert desk.edits == state
    assert not desk.redo()


def test_a_new_act_forgets_what_was_undone(desk: Desk) -> None:
    desk.rename("A", "Ruth")
    desk.undo()
    assert desk.history.redo_name == "Rename singer"
    desk.rename("A", "Rose")
    assert desk.history.redo_name == ""
    desk.undo()
    assert desk.edits.people.names == {}


def test_choosing_is_no_step_and_survives_undo_and_redo(desk: Desk) -> None:
    desk.rename("A", "Ruth")
    desk.act("Choose singer", selected=("B",))
    assert desk.history.undo_name == "Rename singer"
    desk.undo()
    assert desk.edits.people.names == {}
    assert desk.edits.selected == ("B",)
    desk.act("Choose singer", selected=("A", "B"))
    assert desk.history.redo_name == "Rename singer", "looking at somebody else costs no redo"
    desk.redo()
    assert desk.edits.people.names == {"A": "Ruth"}
    assert desk.edits.selected == ("A", "B")


def test_an_act_that_moved_the_choice_moves_it_back(desk: Desk) -> None:
    desk.act("Choose singer", selected=("B",))
    desk.act("Join singers", selected=("A",), people=People(merges=(("A", "B"),)))
    desk.act("Choose singer", selected=("C",))
    desk.undo()
    assert desk.edits.selected == ("B",)
    desk.redo()
    assert desk.edits.selected == ("A",)


def test_a_slider_is_one_step_however_long_it_is_dragged(desk: Desk) -> None:
    for number in range(40):
        desk.act("Level", 0.3, mix={"A": LaneMix(gain_db=number / 2 + 0.5)})
    desk.undo()
    assert desk.edits.mix == {}
    assert desk.history.undo_name == ""
    desk.redo()
    assert desk.edits.mix["A"].gain_db == 20.0


def test_a_pause_begins_a_new_step(desk: Desk) -> None:
    desk.act("Fullness", shape=Shape(fullness=0.6))
    desk.act("Fullness", 0.9, shape=Shape(fullness=0.7))
    desk.act("Fullness", 1.1, shape=Shape(fullness=0.8))
    desk.undo()
    assert desk.edits.shape.fullness == 0.7
    desk.undo()
    assert desk.edits.shape.fullness == 0.5


def test_the_same_act_on_another_singer_is_another_step(desk: Desk) -> None:
    desk.rename("A", "Ruth")
    desk.rename("B", "Ai", wait=0.1)
    desk.undo()
    assert desk.edits.people.names == {"A": "Ruth"}


def test_switches_and_added_things_are_steps_however_quick(desk: Desk) -> None:
    desk.act("Mute", mix={"A": LaneMix(mute=True)})
    desk.act("Mute", 0.1, mix={"A": LaneMix(mute=False)})
    desk.act("Mute", 0.1, mix={"A": LaneMix(mute=True)})
    desk.undo()
    assert desk.edits.mix["A"].mute is False
    faces = tuple(DrawnFace(Fraction(n, 25), (0.1, 0.1, 0.2, 0.2)) for n in range(3))
    for count in (1, 2, 3):
        desk.act("Add face", 0.1, people=People(drawn=faces[:count]))
    desk.undo()
    assert desk.edits.people.drawn == faces[:2]


def test_a_slider_brought_back_leaves_no_step(desk: Desk) -> None:
    desk.act("Fade", shape=Shape(fade_ms=20))
    desk.act("Fade", 0.2, shape=Shape(fade_ms=10))
    assert desk.history.undo_name == ""


def test_undo_ends_a_drag(desk: Desk) -> None:
    desk.act("Fade", shape=Shape(fade_ms=20))
    desk.act("Fade", shape=Shape(fade_ms=30))
    desk.undo()
    desk.act("Fade", 0.1, shape=Shape(fade_ms=40))
    desk.undo()
    assert desk.edits.shape.fade_ms == 20


def test_only_so_many_steps_are_kept() -> None:
    desk = Desk(limit=3)
    for number in range(5):
        desk.act("Change range", range=(number, 1000 + number))
    while desk.undo():
        pass
    assert desk.edits.range == (1, 1001)


def test_remembered_decisions_follow_moved_letters(desk: Desk) -> None:
    desk.rename("A", "Ruth")
    desk.rename("A", "Rose")
    desk.undo()

    def swap(edits: Edits) -> Edits:
        names = {"B" if key == "A" else key: name for key, name in edits.people.names.items()}
        return replace(edits, people=replace(edits.people, names=names))

    desk.history.carry(swap)
    desk.edits = swap(desk.edits)
    desk.redo()
    assert desk.edits.people.names == {"B": "Rose"}
    desk.undo()
    assert desk.edits.people.names == {"B": "Ruth"}


def test_another_clip_starts_afresh(desk: Desk) -> None:
    desk.rename("A", "Ruth")
    desk.undo()
    desk.history.clear()
    assert desk.history.undo_name == desk.history.redo_name == ""
    assert not desk.undo()
