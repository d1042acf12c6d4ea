"""What the window knows about the people in a clip: light copies of scan results, no Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from app.gui.letterbox import Box

LIP_RATE = 25
"""Values of a `LipTrace` per second."""
STILL = 0.2
"""Lip motion below which lips count as still; that of `vision.features`, which the window's
process doesn't import."""


HOLD_S = 2.0
"""How far ahead of the search the boxes of faces it has just seen are still shown."""
_ALIVE_S = 0.25
"""A face seen this short before the place where the search is counts as still there."""


@dataclass(frozen=True)
class LipTrace:
    """What the lips of one track do and how well they can be seen."""

    start: float
    """Media time of the first value, seconds."""
    opening: NDArray[np.float32]
    """(T,) opening of the lips 25 times a second, in eye distances."""
    motion: NDArray[np.float32]
    """(T,) lip motion of the surrounding second; below `STILL` the lips count as still."""
    quality: NDArray[np.float32]
    """(S,) worth of the picture of each second, 0 to 1."""
    faults: tuple[tuple[str, ...], ...]
    """S times what is wrong with the picture of that second."""

    def between(self, first: float, stop: float) -> LipTrace:
        """The part within two media times."""
        a = max(0, round((first - self.start) * LIP_RATE))
        b = max(a, min(len(self.motion), round((stop - self.start) * LIP_RATE)))
        seconds = slice(round(a / LIP_RATE), max(round(a / LIP_RATE) + 1, round(b / LIP_RATE)))
        return LipTrace(
            self.start + a / LIP_RATE,
            self.opening[a:b],
            self.motion[a:b],
            self.quality[seconds],
            self.faults[seconds],
        )


@dataclass(frozen=True)
class FacePath:
    """Where one tracked face is, for drawing: times in seconds of media time, rising."""

    track: int
    times: NDArray[np.float64]
    """(N,) seconds."""
    boxes: NDArray[np.float32]
    """(N, 4) x, y, width, height in fractions of the picture."""
    seen: NDArray[np.bool_]
    """(N,) False where the face was bridged over a gap."""
    pts: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    """(N,) presentation time stamps."""
    lips: LipTrace | None = None
    """Known once the search is complete."""
    source: int | None = None
    """The track that a split took this part from; None for a whole track."""

    @property
    def origin(self) -> int:
        """The track as found."""
        return self.track if self.source is None else self.source

    def covers(self, time: float) -> bool:
        """Whether a media time lies between the first and the last picture."""
        return bool(len(self.times)) and bool(self.times[0] <= time <= self.times[-1])

    @property
    def seconds(self) -> float:
        """Screen time, the last picture's included."""
        if len(self.times) < 2:
            return 0.0
        span = float(self.times[-1] - self.times[0])
        return span * len(self.times) / (len(self.times) - 1)

    def cut(self, track: int, first: int, last: int) -> FacePath:
        """The part between two presentation time stamps, as a path of its own."""
        rows = slice(*np.searchsorted(self.pts, (first, last + 1)))
        times = self.times[rows]
        lips = self.lips.between(float(times[0]), float(times[-1])) if self.lips else None
        return FacePath(
            track, times, self.boxes[rows], self.seen[rows], self.pts[rows], lips, self.track
        )

    def at(self, time: float, slack: float) -> FaceBox | None:
        """Give the box at ``time``, interpolated; None more than ``slack`` s outside the track."""
        if not len(self.times) or not self.times[0] - slack <= time <= self.times[-1] + slack:
            return None
        right = int(np.clip(np.searchsorted(self.times, time), 1, max(1, len(self.times) - 1)))
        left = right - 1
        if right >= len(self.times):
            return FaceBox(_box(self.boxes[left]), bool(self.seen[left]))
        span = self.times[right] - self.times[left]
        weight = float(np.clip((time - self.times[left]) / span, 0.0, 1.0)) if span > 0 else 0.0
        mixed = (1 - weight) * self.boxes[left] + weight * self.boxes[right]
        nearest = right if weight >= 0.5 else left
        return FaceBox(_box(mixed), bool(self.seen[nearest]))


@dataclass(frozen=True)
class FaceBox:
    """One face at one instant, in fractions of the picture."""

    box: Box
    seen: bool

    @property
    def area(self) -> float:
        """Part of the picture."""
        return self.box[2] * self.box[3]


@dataclass(frozen=True)
class SingerCard:
    """One person as the singers list shows them."""

    id: str
    name: str
    tracks: tuple[int, ...]
    seconds: float
    """Screen time."""
    quality: float
    """0 = unusable, 1 = large, frontal, sharp and uncovered."""
    thumbnail: NDArray[np.uint8]
    """(96, 96, 3) RGB."""
    colour: int = 0
    """Number of the singer's colour; stays theirs when others are merged or ignored."""


@dataclass(frozen=True)
class Scene:
    """All people found so far."""

    singers: tuple[SingerCard, ...] = ()
    paths: tuple[FacePath, ...] = ()
    complete: bool = False
    """False while the finder is still at work."""
    ignored: tuple[SingerCard, ...] = ()
    """People who are no singers, by the editor's word; not among ``singers``."""
    searched: float | None = None
    """Media time that the finder has come to, seconds; None once it has seen the whole clip."""
    alike: tuple[tuple[int, int], ...] = ()
    """Pairs of tracks that look like one person, most alike first."""
    joined: tuple[str, ...] = ()
    """Ids of singers that the editor merged from several."""
    _owner: dict[int, str] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        for singer in self.singers:
            for track in singer.tracks:
                self._owner[track] = singer.id

    def faces_at(self, time: float, slack: float = 0.06) -> dict[str, FaceBox]:
        """Give the box of every singer in the picture at ``time`` seconds, by singer id."""
        if self.searched is not None and self.searched < time <= self.searched + HOLD_S:
            return self._held()
        faces: dict[str, FaceBox] = {}
        held = {path.origin for path in self.paths if path.covers(time)}
        for path in self.paths:
            singer = self._owner.get(path.track)
            # Beyond its end a part yields to the other part of the same face.
            reach = 0.0 if path.origin in held else slack
            face = path.at(time, reach) if singer is not None else None
            if singer is not None and face is not None and singer not in faces:
                faces[singer] = face
        return faces

    def _held(self) -> dict[str, FaceBox]:
        """The boxes where the finder is now, marked as not seen: what comes isn't known yet."""
        assert self.searched is not None
        faces: dict[str, FaceBox] = {}
        for path in self.paths:
            singer = self._owner.get(path.track)
            face = path.at(self.searched, _ALIVE_S) if singer is not None else None
            if singer is not None and face is not None:
                faces.setdefault(singer, FaceBox(face.box, seen=False))
        return faces

    def paths_of(self, singer_id: str) -> list[FacePath]:
        """The paths of one singer."""
        return [path for path in self.paths if self._owner.get(path.track) == singer_id]

    def singer(self, singer_id: str) -> SingerCard | None:
        """Give the singer with this id, None when there is none."""
        return next((singer for singer in self.singers if singer.id == singer_id), None)

    def with_tracks(self, tracks: Sequence[int]) -> SingerCard | None:
        """Give the singer who shares most tracks with ``tracks``; None when nobody shares one.

        Ids are letters from left to right and can change while the finder is at work; tracks
        don't, so a choice made early is carried on by its tracks.
        """
        wanted = set(tracks)
        shared = [(len(wanted.intersection(singer.tracks)), singer) for singer in self.singers]
        best = max(shared, key=lambda pair: pair[0], default=(0, None))
        return best[1] if best[0] > 0 else None


def _box(row: NDArray[np.floating]) -> Box:
    x, y, width, height = (float(value) for value in row)
    return x, y, width, height
