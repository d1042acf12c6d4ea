"""The people of a clip: tracks grouped into singers, named from left to right, and chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from string import ascii_uppercase
from typing import TYPE_CHECKING

from app.errors import BadInputError, NotPossibleError

if TYPE_CHECKING:
    from vision.types import FaceScan, FaceTrack

PLACES = ("left", "right", "largest")
"""Ways to choose a singer by the place in the picture."""
SHORTEST_SECONDS = Fraction(2, 5)
"""A face seen for less than this is no singer: nothing could be learnt from its lips."""


@dataclass(frozen=True)
class Singer:
    """One person of a clip: one track, or several that the editor has joined."""

    id: str
    """A, B, ... in the order of the places in the picture, left to right."""
    name: str
    tracks: tuple[int, ...]
    """Ids of the face tracks, earliest first."""
    seconds: float
    """Screen time."""
    first: Fraction
    """Media time of the first appearance, seconds."""
    last: Fraction
    """Media time of the end of the last appearance, seconds."""
    mean_box: tuple[float, float, float, float]
    """x, y, width, height as fractions of the picture, averaged over the screen time."""
    quality: float
    """0 = lips of no use, 1 = large, frontal, sharp and uncovered."""

    @property
    def centre(self) -> float:
        """Mean place in the picture, 0 = left edge, 1 = right edge."""
        return self.mean_box[0] + self.mean_box[2] / 2

    @property
    def presence(self) -> float:
        """Face area times screen time: what makes a singer the largest of a clip."""
        return self.mean_box[2] * self.mean_box[3] * self.seconds


def find_singers(scan: FaceScan, joins: Sequence[Sequence[str]] = ()) -> list[Singer]:
    """List the people of a scan, from left to right.

    ``joins`` holds groups of ids that the editor confirmed to be one person each. A joined
    singer keeps the first id of its group and all other ids stay as they were.
    Raises `BadInputError` for an unknown id in ``joins``.
    """
    tracks = [track for track in scan.tracks if _screen_time(track, scan) >= SHORTEST_SECONDS]
    tracks.sort(key=lambda track: (_first_centre(track), track.id))
    groups = {letters(n): [track] for n, track in enumerate(tracks)}
    for join in joins:
        _join(groups, [name.strip().upper() for name in join])
    return [singer_of(name, singer_name(name), members, scan) for name, members in groups.items()]


def choose(singers: Sequence[Singer], spec: str = "largest") -> list[Singer]:
    """Pick singers by id, ``left``, ``right``, ``largest``, number (1 = first) or a comma list.

    Raises `NotPossibleError` when there are no singers and `BadInputError` for an unknown one.
    """
    if not singers:
        raise NotPossibleError(
            "No face was found in the clip; a singer can be isolated only where a face is visible."
        )
    chosen: list[Singer] = []
    for part in spec.split(","):
        singer = _pick(singers, part.strip())
        if singer not in chosen:
            chosen.append(singer)
    return chosen


def parse_join(text: str) -> tuple[str, ...]:
    """Read ``A+C`` as one person's ids; raises `BadInputError` when it is not of that form."""
    names = tuple(part.strip().upper() for part in text.split("+"))
    if len(names) < 2 or not all(names):
        raise BadInputError(f"'{text}' does not join anything; write --join A+B with two ids.")
    return names


def singer_of(singer: str, name: str, tracks: Sequence[FaceTrack], scan: FaceScan) -> Singer:
    """Describe one person by their tracks, earliest first."""
    import numpy as np

    boxes = np.concatenate([track.boxes for track in tracks]).astype(np.float64)
    width, height = scan.frame_size
    box = boxes.mean(axis=0) / (width, height, width, height)
    return Singer(
        id=singer,
        name=name,
        tracks=tuple(track.id for track in tracks),
        seconds=float(sum(_screen_time(track, scan) for track in tracks)),
        first=min(int(track.pts[0]) for track in tracks) * scan.time_base,
        last=max(_end(track, scan) for track in tracks),
        mean_box=(float(box[0]), float(box[1]), float(box[2]), float(box[3])),
        quality=_quality(tracks, scan),
    )


def letters(index: int) -> str:
    """Spreadsheet-like name of a 0-based index: A to Z, then AA, AB, ..."""
    name = ""
    index += 1
    while index:
        index, digit = divmod(index - 1, 26)
        name = ascii_uppercase[digit] + name
    return name


def singer_name(singer: str) -> str:
    """Name of a singer whom nobody has named; ``Face1`` is the first face drawn by hand."""
    number = singer.removeprefix("Face")
    return f"Added singer {number}" if number != singer else f"Singer {singer}"


def _pick(singers: Sequence[Singer], spec: str) -> Singer:
    wanted = spec.lower()
    if wanted == "left":
        return min(singers, key=lambda singer: singer.centre)
    if wanted == "right":
        return max(singers, key=lambda singer: singer.centre)
    if wanted == "largest":
        return max(singers, key=lambda singer: singer.presence)
    if wanted.isdecimal() and 1 <= int(wanted) <= len(singers):
        return singers[int(wanted) - 1]
    for singer in singers:
        if singer.id.lower() == wanted:
            return singer
    known = ", ".join(singer.id for singer in singers)
    raise BadInputError(
        f"There is no singer '{spec}' in this clip; choose left, right, largest or one of {known}."
    )


def _join(groups: dict[str, list[FaceTrack]], names: Sequence[str]) -> None:
    for name in names:
        if name not in groups:
            raise BadInputError(
                f"There is no singer '{name}' to join; the faces command lists the ids."
            )
    keep, *others = sorted(set(names), key=list(groups).index)
    for other in others:
        groups[keep] += groups.pop(other)
    groups[keep].sort(key=lambda track: int(track.pts[0]))


def _quality(tracks: Sequence[FaceTrack], scan: FaceScan) -> float:
    """Mean quality of the visible seconds, each track looked at over its own time only."""
    from vision.features import features_at
    from vision.quality import second_quality
    from vision.types import FEATURE_FPS

    values: list[float] = []
    for track in tracks:
        start = int(track.pts[0]) * scan.time_base
        count = max(1, int((_end(track, scan) - start) * FEATURE_FPS))
        features = features_at([track], scan, start, count)
        values += [second.quality for second in second_quality([track], scan, features)]
    return sum(values) / len(values) if values else 0.0


def _frame_length(scan: FaceScan) -> Fraction:
    return Fraction(scan.last_pts - scan.first_pts, max(1, scan.frames - 1)) * scan.time_base


def _end(track: FaceTrack, scan: FaceScan) -> Fraction:
    return int(track.pts[-1]) * scan.time_base + _frame_length(scan)


def _screen_time(track: FaceTrack, scan: FaceScan) -> Fraction:
    return _end(track, scan) - int(track.pts[0]) * scan.time_base


def _first_centre(track: FaceTrack) -> float:
    return float(track.boxes[0, 0] + track.boxes[0, 2] / 2)
