"""Who the people of a clip are after the editor's say: merged, split, ignored, drawn by hand.

`people_of` knows only ids and time stamps, so that the window, which has light copies of the
tracks, and the jobs, which have the tracks themselves, always agree; `edited` applies it to a scan.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING

from app.edits import DrawnFace, People
from app.singers import singer_name

if TYPE_CHECKING:
    from app.singers import Singer
    from vision.types import FaceScan, FaceTrack

DRAWN_TRACKS = 1_000_000
"""Id of the track of the first face drawn by hand; the others follow."""
SPLIT_TRACKS = 2_000_000
"""Id of the track that the first split made; the others follow."""

Span = tuple[int, int]
"""First and last presentation time stamp of a track."""
Basis = tuple[object, ...]
"""What a voice was computed from; equal when it need not be computed again."""


@dataclass(frozen=True)
class Part:
    """A face track, or what a split left of it."""

    id: int
    """Its own id; that of the track unless a split made it."""
    track: int
    """The found or drawn track."""
    first: int
    """First and last presentation time stamp."""
    last: int


@dataclass(frozen=True)
class Person:
    """One person: the parts of tracks that show them, earliest first."""

    id: str
    name: str
    parts: tuple[Part, ...]
    ignored: bool = False


def people_of(
    found: Mapping[str, Sequence[int]],
    spans: Mapping[int, Span],
    people: People,
    plain_name: Callable[[str], str] = singer_name,
) -> list[Person]:
    """Apply the editor's decisions to the singers that were found.

    ``found`` gives the tracks of each singer in the order of the list, ``spans`` the extent of
    their tracks and of the drawn ones (`DRAWN_TRACKS`) that have been followed. Ids never move: a
    merged person keeps the first id, the n-th split of A makes ``A2``, ``A3``, ..., a drawn face is
    ``Face1``, ``Face2``, .... Decisions about people or tracks that aren't there are left out.
    ``plain_name`` calls those whom nobody has named.
    """
    groups = {name: [Part(n, n, *spans[n]) for n in tracks] for name, tracks in found.items()}
    for number, _face in enumerate(people.drawn):
        track = DRAWN_TRACKS + number
        if track in spans:
            groups[_drawn_id(number)] = [Part(track, track, *spans[track])]
    groups = _with_splits(groups, people.splits)
    for members in _unions(people.merges, list(groups)):
        keep, *others = members
        joined = [part for name in (keep, *others) for part in groups[name]]
        groups[keep] = sorted(joined, key=lambda part: part.first)
        for other in others:
            del groups[other]
    return [
        Person(name, people.names.get(name, plain_name(name)), tuple(parts), name in people.ignored)
        for name, parts in groups.items()
    ]


def edited(
    scan: FaceScan, people: People, drawn: Mapping[DrawnFace, FaceTrack] | None = None
) -> tuple[FaceScan, list[Singer]]:
    """Apply the editor's decisions to a scan.

    ``drawn`` holds the followed tracks of faces drawn by hand. Returns the scan with drawn tracks
    added and split ones cut, and the singers without the ignored ones.
    """
    from app.singers import find_singers, singer_of

    tracks = {track.id: track for track in scan.tracks}
    for number, face in enumerate(people.drawn):
        if drawn is not None and face in drawn:
            track = DRAWN_TRACKS + number
            tracks[track] = replace(drawn[face], id=track)
    spans = {n: (int(track.pts[0]), int(track.pts[-1])) for n, track in tracks.items()}
    found = {singer.id: singer.tracks for singer in find_singers(scan)}
    everybody = people_of(found, spans, people)
    cut = {part.id: _cut(tracks[part.track], part) for person in everybody for part in person.parts}
    scan = replace(scan, tracks=tuple({**tracks, **cut}.values()))
    return scan, [
        singer_of(person.id, person.name, [cut[part.id] for part in person.parts], scan)
        for person in everybody
        if not person.ignored
    ]


def basis(everybody: Sequence[Person], singer: str, people: People) -> Basis:
    """What a computed voice depends on: the singer's own stretches, and those of all others.

    Two results with the same basis are the same, whatever the people are called and however the
    stretches of the others are grouped.
    """
    own = next((person for person in everybody if person.id == singer), None)
    shown = [person for person in everybody if not person.ignored and person.id != singer]
    drawn = [part.track for person in everybody for part in person.parts if _is_drawn(part.track)]
    return (
        _coverage(own.parts if own else ()),
        _coverage([part for person in shown for part in person.parts]),
        tuple(people.drawn[track - DRAWN_TRACKS] for track in sorted(set(drawn))),
    )


def rename(people: People, singer: str, name: str, plain: str = "") -> People:
    """Give a person a name; an empty one, or the ``plain`` one, gives the plain name back."""
    names = {key: value for key, value in people.names.items() if key != singer}
    if name and name not in (plain, singer_name(singer)):
        names[singer] = name
    return replace(people, names=names)


def merge(people: People, singers: Sequence[str]) -> People:
    """Declare several people to be one."""
    group = set(singers)
    apart = tuple(pair for pair in people.apart if not group.issuperset(pair))
    return replace(people, merges=(*people.merges, tuple(singers)), apart=apart)


def separate(people: People, singer: str) -> People:
    """Take a merged person apart again."""
    joined = next((set(group) for group in _unions(people.merges) if singer in group), set())
    kept = tuple(group for group in people.merges if not joined.intersection(group))
    return replace(people, merges=kept)


def split(people: People, track: int, pts: int) -> People:
    """Let a track become two from a presentation time stamp on."""
    return replace(people, splits=(*people.splits, (track, pts)))


def ignore(people: People, singers: Sequence[str]) -> People:
    """Declare people to be no singers: they are not listed and no model sees them."""
    return replace(people, ignored=tuple(dict.fromkeys((*people.ignored, *singers))))


def restore(people: People, singer: str) -> People:
    """Take `ignore` back."""
    return replace(people, ignored=tuple(name for name in people.ignored if name != singer))


def keep_apart(people: People, first: str, second: str) -> People:
    """Declare two to be different people, so that merging them is never suggested again."""
    return replace(people, apart=(*people.apart, (first, second)))


def draw(people: People, face: DrawnFace) -> People:
    """Add a face that the finder missed."""
    return replace(people, drawn=(*people.drawn, face))


def drawn_among(
    singers: Sequence[str], people: People, faces: Sequence[DrawnFace]
) -> tuple[str, ...]:
    """Those of the singers that some of the drawn faces are, or that splits of them made."""
    ids = {_drawn_id(number) for number, face in enumerate(people.drawn) if face in faces}
    return tuple(singer for singer in singers if singer.split(".")[0] in ids)


def split_ids(singer: str, people: People) -> list[str]:
    """All ids that splits of a found singer's track can have made."""
    return [f"{singer}{number + 2}" for number in range(len(people.splits))]


def _drawn_id(number: int) -> str:
    return f"Face{number + 1}"


def _with_splits(
    groups: dict[str, list[Part]], splits: Sequence[tuple[int, int]]
) -> dict[str, list[Part]]:
    root = {part.track: name for name, parts in groups.items() for part in parts}
    made: dict[str, int] = {}
    for number, (track, pts) in enumerate(splits):
        if track not in root:
            continue
        made[root[track]] = made.get(root[track], 1) + 1
        ordered: dict[str, list[Part]] = {}
        for name, parts in groups.items():
            ordered[name] = parts
            for place, part in enumerate(parts):
                if part.track == track and part.first < pts <= part.last:
                    ordered[name] = parts.copy()
                    ordered[name][place] = replace(part, last=pts - 1)
                    later = Part(SPLIT_TRACKS + number, track, pts, part.last)
                    ordered[f"{root[track]}{_mark(root[track])}{made[root[track]]}"] = [later]
        groups = ordered
    return groups


def _mark(root: str) -> str:
    """What stands between a root and the number of a split: drawn faces end in a number."""
    return "." if root[-1].isdigit() else ""


def _unions(merges: Sequence[Sequence[str]], order: Sequence[str] = ()) -> list[list[str]]:
    """Groups that share a member become one; members as in ``order``, if one is given."""
    unions: list[list[str]] = []
    for group in merges:
        members = [name for name in dict.fromkeys(group) if not order or name in order]
        touching = [union for union in unions if set(union).intersection(members)]
        unions = [union for union in unions if union not in touching]
        unions.append(list(dict.fromkeys([*chain.from_iterable(touching), *members])))
    if order:
        unions = [sorted(union, key=order.index) for union in unions]
    return [union for union in unions if union]


def _cut(track: FaceTrack, part: Part) -> FaceTrack:
    import numpy as np

    if part.id == part.track and (part.first, part.last) == (track.pts[0], track.pts[-1]):
        return track
    rows = slice(
        int(np.searchsorted(track.pts, part.first)),
        int(np.searchsorted(track.pts, part.last, side="right")),
    )
    per_frame = {
        name: getattr(track, name)[rows]
        for name in (
            *("pts", "boxes", "landmarks", "seen"),
            *("blur", "pose", "luminance", "occlusion"),
        )
    }
    return replace(track, id=part.id, **per_frame)


def _coverage(parts: Sequence[Part]) -> tuple[tuple[int, int, int], ...]:
    """Stretches (track, first, last) of tracks, neighbours joined."""
    joined: list[tuple[int, int, int]] = []
    for part in sorted(parts, key=lambda part: (part.track, part.first)):
        if joined and joined[-1][0] == part.track and joined[-1][2] + 1 == part.first:
            joined[-1] = (part.track, joined[-1][1], part.last)
        else:
            joined.append((part.track, part.first, part.last))
    return tuple(joined)


def _is_drawn(track: int) -> bool:
    return DRAWN_TRACKS <= track < SPLIT_TRACKS
