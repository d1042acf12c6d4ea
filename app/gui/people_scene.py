"""The scene that the window shows: people as found, with the editor's decisions applied; no Qt."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from app.edits import DrawnFace, People
from app.gui.scene import FacePath, Scene, SingerCard
from app.people import DRAWN_TRACKS, SPLIT_TRACKS, Basis, Person, basis, people_of
from app.singers import singer_name

_SPLIT_COLOUR = 3
"""Distance of the colours of split-off people from those of the people found."""


@dataclass(frozen=True)
class DrawnPath:
    """A face drawn by hand, followed by the engine."""

    path: FacePath
    thumbnail: NDArray[np.uint8]


@dataclass(frozen=True)
class Sources:
    """All that is known of the faces of a clip before the editor's say."""

    found: Scene = field(default_factory=Scene)
    drawn: Mapping[DrawnFace, DrawnPath] = field(default_factory=dict)
    portraits: Mapping[tuple[int, int], NDArray[np.uint8]] = field(default_factory=dict)
    """(track, pts of a split) -> picture of the face after it."""


@dataclass(frozen=True)
class Edited:
    """The scene after the editor's say."""

    scene: Scene
    bases: dict[str, Basis]
    """Singer id -> what their voice is computed from."""
    missing_drawn: tuple[DrawnFace, ...]
    """Drawn faces that the engine has still to follow."""
    missing_portraits: tuple[tuple[int, int], ...]
    """(track, pts) of split-off parts whose picture is still to be taken."""


def edited_scene(
    sources: Sources, people: People, plain_name: Callable[[str], str] = singer_name
) -> Edited:
    """Apply the editor's decisions about people; ``plain_name`` calls those without a name."""
    found = sources.found
    paths = {path.track: path for path in found.paths}
    owner = {track: card for card in found.singers for track in card.tracks}
    pictures = {track: card.thumbnail for track, card in owner.items()}
    colours = {track: number for number, card in enumerate(found.singers) for track in card.tracks}
    for number, face in enumerate(people.drawn):
        if face in sources.drawn:
            track = DRAWN_TRACKS + number
            paths[track] = replace(sources.drawn[face].path, track=track)
            pictures[track] = sources.drawn[face].thumbnail
            colours[track] = len(found.singers) + number
    spans = {track: _span(paths.get(track)) for track in (*owner, *paths)}
    tracks = {card.id: card.tracks for card in found.singers}
    everybody = people_of(tracks, spans, people, plain_name)
    cut: dict[int, FacePath] = {}
    for part in [part for person in everybody for part in person.parts]:
        path = paths.get(part.track)
        if path is None:
            continue
        whole = part.id == part.track and (part.first, part.last) == spans[part.track]
        cut[part.id] = path if whole else path.cut(part.id, part.first, part.last)
        if part.id != part.track:
            colours[part.id] = len(found.singers) + _SPLIT_COLOUR + part.id - SPLIT_TRACKS
            taken = sources.portraits.get((part.track, part.first))
            pictures[part.id] = pictures[part.track] if taken is None else taken
    cards = [_card(person, cut, pictures, colours, owner) for person in everybody]
    scene = replace(
        found,
        singers=tuple(card for card, who in zip(cards, everybody, strict=True) if not who.ignored),
        ignored=tuple(card for card, who in zip(cards, everybody, strict=True) if who.ignored),
        paths=tuple(cut.values()),
        joined=tuple(who.id for who in everybody if len(who.parts) > 1),
    )
    splits = [p for person in everybody for p in person.parts if p.id != p.track]
    return Edited(
        scene,
        {card.id: basis(everybody, card.id, people) for card in scene.singers},
        tuple(face for face in people.drawn if face not in sources.drawn),
        tuple(
            (part.track, part.first)
            for part in splits
            if (part.track, part.first) not in sources.portraits
        ),
    )


def suggestions(scene: Scene, people: People) -> list[tuple[SingerCard, SingerCard]]:
    """Pairs of singers that look like one person and that the editor has said nothing about."""
    owner = {track: card for card in scene.singers for track in card.tracks}
    asked = {frozenset(pair) for pair in people.apart}
    pairs: dict[frozenset[str], tuple[SingerCard, SingerCard]] = {}
    for a, b in scene.alike:
        first, second = owner.get(a), owner.get(b)
        if first is None or second is None or first.id == second.id:
            continue
        key = frozenset((first.id, second.id))
        if key not in asked and not together(scene, first.id, second.id):
            pairs.setdefault(key, (first, second))
    return list(pairs.values())


def together(scene: Scene, first: str, second: str) -> bool:
    """Whether two singers are in the picture at the same time."""
    return any(
        a.times[0] <= b.times[-1] and b.times[0] <= a.times[-1]
        for a in scene.paths_of(first)
        for b in scene.paths_of(second)
        if len(a.times) and len(b.times)
    )


def split_point(scene: Scene, singer: str, pts: int) -> tuple[int, int] | None:
    """The track of a singer and the time stamp for a split there; None outside their tracks."""
    for path in scene.paths_of(singer):
        if len(path.pts) and path.pts[0] < pts <= path.pts[-1]:
            return path.origin, pts
    return None


def _span(path: FacePath | None) -> tuple[int, int]:
    return (int(path.pts[0]), int(path.pts[-1])) if path is not None and len(path.pts) else (0, 0)


def _card(
    person: Person,
    cut: Mapping[int, FacePath],
    pictures: Mapping[int, NDArray[np.uint8]],
    colours: Mapping[int, int],
    owner: Mapping[int, SingerCard],
) -> SingerCard:
    paths = [cut[part.id] for part in person.parts if part.id in cut]
    longest = max(paths, key=lambda path: len(path.times), default=None)
    found = owner.get(person.parts[0].track)
    if found is not None and len(person.parts) == 1 and all(p.source is None for p in paths):
        seconds, quality = found.seconds, found.quality
    else:
        seconds = sum(path.seconds for path in paths)
        values = [path.lips.quality for path in paths if path.lips is not None]
        quality = float(np.concatenate(values).mean()) if values else 0.0
    return SingerCard(
        person.id,
        person.name,
        tuple(part.id for part in person.parts),
        seconds,
        quality,
        pictures[longest.track if longest is not None else person.parts[0].id],
        colours[person.parts[0].id],
    )
