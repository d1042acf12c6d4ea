"""Face features for the whole sound: one array per chosen singer, a few for everybody else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from app.singers import Singer
from vision.types import FEATURE_FPS, FaceScan, FaceTrack, SecondQuality

if TYPE_CHECKING:
    from app.media.probe import AudioInfo
    from audio_models.base import FaceInput

_NOBODY = -1


@dataclass(frozen=True)
class Axis:
    """The 25 fps axis of one job; frame k is at ``start + k / 25`` seconds of media time."""

    start: Fraction
    count: int
    first: int
    """First frame that is filled; what lies before is marked as not visible."""
    last: int
    """End of the filled frames."""
    sample_rate: int

    @classmethod
    def over(cls, audio: AudioInfo) -> Axis:
        """The axis of a whole sound, all of it filled."""
        count = -(-audio.samples * FEATURE_FPS // audio.sample_rate) + 1
        return cls(audio.start, count, 0, count, audio.sample_rate)

    def frame_at(self, sample: int) -> int:
        """First frame that is not before a sample of the sound."""
        return -(-sample * FEATURE_FPS // self.sample_rate)


@dataclass(frozen=True)
class Lane:
    """One person, or several that are never visible together, over the whole sound."""

    face: FaceInput
    quality: tuple[tuple[int, SecondQuality], ...]
    """First frame on the job's axis and quality of each visible second."""


def lanes(
    singers: Sequence[Singer], chosen: Sequence[Singer], scan: FaceScan
) -> list[list[FaceTrack]]:
    """Sort the singers' tracks into lanes: one for each chosen singer, then the others.

    Tracks of the others that follow each other in time share a lane, preferably with the same
    singer or one that looks alike. A clip with many cuts so needs no more lanes than faces are
    visible at once beside the chosen ones, and work and memory stay bounded.
    """
    by_id = {track.id: track for track in scan.tracks}
    taken = {number for singer in chosen for number in singer.tracks}
    owner = {number: singer.id for singer in singers for number in singer.tracks}
    waiting = [by_id[number] for number in owner if number not in taken]
    others: list[list[FaceTrack]] = []
    for track in sorted(waiting, key=lambda item: int(item.pts[0])):
        free = [lane for lane in others if lane[-1].pts[-1] < track.pts[0]]
        if free:
            last = max(
                free,
                key=lambda lane: (
                    owner[lane[-1].id] == owner[track.id],
                    float(lane[-1].descriptor @ track.descriptor),
                ),
            )
            last.append(track)
        else:
            others.append([track])
    return [[by_id[number] for number in singer.tracks] for singer in chosen] + others


def follow(
    tracks: Sequence[FaceTrack], scan: FaceScan, axis: Axis, check: Callable[[], None]
) -> Lane:
    """Features of one lane on the job's axis.

    Every track is looked at over its own time, so nothing is interpolated from one shot, or one
    person, to the next.
    """
    from audio_models.base import FaceInput
    from vision.features import features_at
    from vision.quality import second_quality

    owner = np.full(axis.count, _NOBODY, np.int32)
    valid = np.zeros(axis.count, np.bool_)
    motion = np.zeros(axis.count, np.float32)
    quality: list[tuple[int, SecondQuality]] = []
    for number, track in enumerate(tracks):
        check()
        first, last = frames_of(track, scan, axis)
        if last <= first:
            continue
        start = axis.start + Fraction(first, FEATURE_FPS)
        part = features_at([track], scan, start, last - first)
        quality += [
            (first + item.second * FEATURE_FPS, item)
            for item in second_quality([track], scan, part)
        ]
        stretch = slice(first, last)
        fresh = part.valid & ~valid[stretch]
        owner[stretch][fresh] = number
        motion[stretch][fresh] = part.motion[fresh]
        valid[stretch] |= part.valid
    landmarks = _LaneLandmarks(tuple(tracks), scan, axis.start, owner)
    return Lane(FaceInput(landmarks=landmarks, valid=valid, motion=motion), tuple(quality))


class _LaneLandmarks:
    """Registered landmarks of a lane, worked out where they are asked for.

    Those of one face take a megabyte a minute, and a model looks at a few seconds at a time.
    """

    def __init__(
        self,
        tracks: tuple[FaceTrack, ...],
        scan: FaceScan,
        start: Fraction,
        owner: NDArray[np.int32],
    ) -> None:
        self.shape = (len(owner), 68, 2)
        self._tracks = tracks
        self._scan = scan
        self._start = start
        self._owner = owner
        """(T,) number of the track that shows the face, `_NOBODY` where none does."""

    def __getitem__(self, frames: slice) -> NDArray[np.float32]:
        """Give (T, 68, 2) of the frames; zeros where nobody is visible."""
        from vision.features import landmarks_at

        first, stop, step = frames.indices(len(self._owner))
        owner = self._owner[first:stop]
        start = self._start + Fraction(first, FEATURE_FPS)
        landmarks = np.zeros((len(owner), *self.shape[1:]), np.float32)
        for number in np.unique(owner[owner != _NOBODY]):
            shown = owner == number
            found = landmarks_at(self._tracks[number], self._scan, start, len(owner))
            landmarks[shown] = found[shown]
        return landmarks[::step]


def frames_of(track: FaceTrack, scan: FaceScan, axis: Axis) -> tuple[int, int]:
    """First frame and end of a track on the job's axis, within the filled stretch."""
    begin = (int(track.pts[0]) * scan.time_base - axis.start) * FEATURE_FPS
    end = (int(track.pts[-1]) * scan.time_base - axis.start) * FEATURE_FPS
    return max(axis.first, int(begin // 1)), min(axis.last, int(end // 1) + 2)
