"""What the window knows about the people in a clip: light copies of scan results, no Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from app.gui.letterbox import Box


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


@dataclass(frozen=True)
class Scene:
    """All people found so far."""

    singers: tuple[SingerCard, ...] = ()
    paths: tuple[FacePath, ...] = ()
    complete: bool = False
    """False while the finder is still at work."""
    _owner: dict[int, str] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        for singer in self.singers:
            for track in singer.tracks:
                self._owner[track] = singer.id

    def faces_at(self, time: float, slack: float = 0.06) -> dict[str, FaceBox]:
        """Give the box of every singer in the picture at ``time`` seconds, by singer id."""
        faces: dict[str, FaceBox] = {}
        for path in self.paths:
            singer = self._owner.get(path.track)
            face = path.at(time, slack) if singer is not None else None
            if singer is not None and face is not None and singer not in faces:
                faces[singer] = face
        return faces

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
