"""Undo and redo over whole `Edits` values.

Choosing a singer is no step of its own: like moving the playhead it only says what one looks at,
and an editor who undoes a rename doesn't want to walk back through clicks on faces first. Undo
leaves the present choice alone, except where the act itself had moved it (joining two singers).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

from app.edits import Edits

COALESCE_S = 1.0
"""Equal acts on the same setting that follow each other within this time are one step."""
LIMIT = 1000
"""Steps kept; values are shared between steps, so each costs little."""

Place = tuple[str, ...]


@dataclass(frozen=True)
class Step:
    """One act that can be undone."""

    act: str
    before: Edits
    after: Edits


class History:
    """The acts of one editing session, in order."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, limit: int = LIMIT) -> None:
        self._clock = clock
        self._limit = limit
        self._done: list[Step] = []
        self._undone: list[Step] = []
        self._last = float("-inf")

    @property
    def undo_name(self) -> str:
        """Name of the act that `undo` takes back; "" when there is none."""
        return self._done[-1].act if self._done else ""

    @property
    def redo_name(self) -> str:
        """Name of the act that `redo` carries out again; "" when there is none."""
        return self._undone[-1].act if self._undone else ""

    def note(self, before: Edits, after: Edits, act: str) -> None:
        """Remember an act that was just carried out; what had been undone is forgotten."""
        if same_decisions(before, after):
            return
        self._undone.clear()
        now = self._clock()
        joined = self._joined(before, after, act) if now - self._last <= COALESCE_S else None
        self._last = now
        if joined is None:
            self._done.append(Step(act, before, after))
            del self._done[: -self._limit]
        else:
            self._done.pop()
            if not same_decisions(joined.before, joined.after):
                self._done.append(joined)

    def undo(self, present: Edits) -> Edits | None:
        """Give the decisions before the last act; None when there is nothing to undo."""
        if not self._done:
            return None
        step = self._done.pop()
        self._undone.append(step)
        self._last = float("-inf")
        return _arrive(step.before, step.after, present)

    def redo(self, present: Edits) -> Edits | None:
        """Give the decisions after the act undone last; None when there is nothing to redo."""
        if not self._undone:
            return None
        step = self._undone.pop()
        self._done.append(step)
        self._last = float("-inf")
        return _arrive(step.after, step.before, present)

    def clear(self) -> None:
        """Forget everything: another clip."""
        self._done.clear()
        self._undone.clear()
        self._last = float("-inf")

    def carry(self, change: Callable[[Edits], Edits]) -> None:
        """Apply ``change`` to all remembered values, for what happens outside of the acts.

        While faces are looked for, the letters of singers move; every remembered decision must
        go on meaning the same face.
        """
        for steps in (self._done, self._undone):
            steps[:] = [replace(s, before=change(s.before), after=change(s.after)) for s in steps]

    def _joined(self, before: Edits, after: Edits, act: str) -> Step | None:
        """The last step prolonged by this act, where both moved the same setting."""
        if not self._done or self._done[-1].act != act:
            return None
        last = self._done[-1]
        places = _moved(before, after)
        if places is None or places != _moved(last.before, last.after):
            return None
        return Step(act, last.before, after)


def same_decisions(one: Edits, other: Edits) -> bool:
    """True when two values differ in nothing but who is chosen."""
    return replace(one, selected=()) == replace(other, selected=())


def _arrive(target: Edits, origin: Edits, present: Edits) -> Edits:
    if target.selected != origin.selected:
        return target
    return replace(target, selected=present.selected)


def _moved(before: Edits, after: Edits) -> frozenset[Place] | None:
    """Places of the settings that an act moved.

    None when it did more than move settings: switching something on, adding or removing a thing
    are acts of their own, however quickly they follow each other.
    """
    places: set[Place] = set()
    whole = replace(before, selected=()), replace(after, selected=())
    return frozenset(places) if _compare(*whole, (), places) else None


def _compare(one: Any, other: Any, place: Place, places: set[Place]) -> bool:
    if one == other:
        return True
    if isinstance(one, bool) or isinstance(other, bool):
        return False
    if is_dataclass(one):
        return all(
            _compare(getattr(one, f.name), getattr(other, f.name), (*place, f.name), places)
            for f in fields(one)
        )
    if isinstance(one, Mapping):
        # The first touch puts an entry in; that moves the same setting as the second touch.
        return all(
            _compare(_entry(one, other, key), _entry(other, one, key), (*place, key), places)
            for key in one.keys() | other.keys()
        )
    if isinstance(one, tuple):
        return len(one) == len(other) and all(
            _compare(*pair, (*place, str(number)), places)
            for number, pair in enumerate(zip(one, other, strict=True))
        )
    places.add(place)
    return True


def _entry(mapping: Mapping[str, Any], other: Mapping[str, Any], key: str) -> Any:
    """The value at a key; where it is missing, what an untouched one would be."""
    return mapping[key] if key in mapping else type(other[key])()
