"""Face pictures for models that look at the mouth itself, kept on disk while the job runs."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from app.clip import Clip
from app.jobs import CancelToken, OnProgress, ProgressClock
from app.lanes import Axis, frames_of
from app.paths import cache_dir
from app.scan import ANALYSIS_WIDTH
from vision.types import FEATURE_FPS, FaceScan, FaceTrack

if TYPE_CHECKING:
    from app.media.video import VideoReader
    from audio_models.base import FaceInput

STAGE = "Reading mouths"
_STEP_FRAMES = 10 * FEATURE_FPS
_PICTURE = (128, 96, 3)
_MARGIN = Fraction(1, 4)
"""Pictures read around each step, seconds, so that its ends have neighbours at low frame rates."""


def with_mouths(
    faces: Sequence[FaceInput],
    people: Sequence[Sequence[FaceTrack]],
    clip: Clip,
    scan: FaceScan,
    axis: Axis,
    on_progress: OnProgress | None,
    token: CancelToken,
) -> list[FaceInput]:
    """Give every face its (T, 128, 96, 3) pictures.

    They lie in an unnamed file of the cache folder: half an hour of one face takes 1.7 GB, which
    is too much for memory but not for a disk.
    """
    from app.media.video import VideoReader

    stretches = [[frames_of(track, scan, axis) for track in tracks] for tracks in people]
    total = sum(max(0, last - first) for row in stretches for first, last in row)
    clock = ProgressClock(STAGE, max(1, total), on_progress)
    done = 0
    result: list[FaceInput] = []
    with VideoReader(clip.path, max_width=ANALYSIS_WIDTH, info=clip.info) as reader:
        for face, tracks, row in zip(faces, people, stretches, strict=True):
            with tempfile.TemporaryFile(dir=cache_dir()) as file:
                mouth = np.memmap(file, np.uint8, "w+", shape=(axis.count, *_PICTURE))
            for track, (first, last) in zip(tracks, row, strict=True):
                for begin in range(first, last, _STEP_FRAMES):
                    count = min(_STEP_FRAMES, last - begin)
                    _fill(mouth, reader, track, scan, axis, begin, count, token)
                    done += count
                    clock.update(done)
            result.append(replace(face, mouth=mouth))
    return result


def _fill(
    mouth: np.memmap,
    reader: VideoReader,
    track: FaceTrack,
    scan: FaceScan,
    axis: Axis,
    begin: int,
    count: int,
    token: CancelToken,
) -> None:
    from vision.images import face_images

    token.check()
    start = axis.start + Fraction(begin, FEATURE_FPS)
    stop = start + Fraction(count, FEATURE_FPS)
    frames = ((frame.pts, frame.image) for frame in reader.frames(start - _MARGIN, stop + _MARGIN))
    mouth[begin : begin + count] = face_images(frames, [track], scan, start, count, token.check)
