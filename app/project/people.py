"""Whom the letters of singers mean, so that decisions find the same faces again.

Singers are lettered by what the face finder found. A later finder may find one more, and a project
must then not rename the wrong person.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_SAME = 0.15
"""Least likeness, of 1, at which two descriptions can be one person."""


@dataclass(frozen=True)
class KnownSinger:
    """Where and when a singer is seen."""

    id: str
    first: float
    """Media time of the first appearance, seconds."""
    last: float
    box: tuple[float, float, float, float]
    """Mean x, y, width, height in fractions of the picture."""


def moved_singers(
    known: Sequence[KnownSinger], found: Sequence[KnownSinger]
) -> dict[str, str | None]:
    """Give {old id: new id} for all of ``known`` that aren't called the same now.

    None stands for a face that isn't there any more. The likest pairs are matched first.
    """
    pairs = sorted(
        ((_likeness(old, new), old.id, new.id) for old in known for new in found), reverse=True
    )
    ids: dict[str, str | None] = {}
    for likeness, old, new in pairs:
        if likeness >= _SAME and old not in ids and new not in ids.values():
            ids[old] = new
    for singer in known:
        ids.setdefault(singer.id, None)
    return {old: new for old, new in ids.items() if old != new}


def _likeness(one: KnownSinger, other: KnownSinger) -> float:
    """Share of the time times share of the area that two descriptions have in common."""
    time = _common((one.first, one.last), (other.first, other.last))
    across, down = (
        _common(
            (one.box[axis], one.box[axis] + one.box[axis + 2]),
            (other.box[axis], other.box[axis] + other.box[axis + 2]),
        )
        for axis in (0, 1)
    )
    return time * across * down


def _common(one: tuple[float, float], other: tuple[float, float]) -> float:
    whole = max(one[1], other[1]) - min(one[0], other[0])
    common = min(one[1], other[1]) - max(one[0], other[0])
    return max(0.0, common / whole) if whole > 0 else 1.0
