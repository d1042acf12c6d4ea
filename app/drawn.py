"""A face drawn by hand, followed through its shot; kept in the cache like the finder's faces."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING, Any

from app.clip import Clip
from app.edits import DrawnFace
from app.errors import NotPossibleError
from app.jobs import CancelToken, OnProgress, ProgressClock
from app.scan import ANALYSIS_WIDTH, CACHE_BYTES, MOST_FRAMES_PER_SECOND

if TYPE_CHECKING:
    from app.media.video import VideoReader
    from vision.types import FaceScan, FaceTrack

STAGE = "Following the face"
_BACK = Fraction(1)
"""Seconds of pictures held at once while going back: decoders only run forwards."""


def follow_face(
    clip: Clip,
    scan: FaceScan,
    face: DrawnFace,
    on_progress: OnProgress | None = None,
    token: CancelToken | None = None,
) -> FaceTrack:
    """Follow a drawn face forwards and backwards within its shot.

    Raises `NotPossibleError` when there is no face in the box.
    """
    from app.media.video import VideoReader
    from app.paths import cache_dir
    from vision.drawn import follow_drawn
    from vision.errors import VisionError
    from vision.store import ScanCache

    token = token or CancelToken()
    cache = ScanCache(cache_dir() / "faces", CACHE_BYTES)
    key = f"{clip.fingerprint}-drawn-{face}"
    known = cache.get(key)
    if known is not None:
        return known.tracks[0]
    video = clip.require_video()
    every = max(1, ceil(video.frame_rate / MOST_FRAMES_PER_SECOND))
    begin, end = _shot(scan, face.time)
    clock = ProgressClock(STAGE, float(end - begin), on_progress)
    x, y, width, height = face.box
    wide, high = scan.frame_size
    with VideoReader(clip.path, max_width=ANALYSIS_WIDTH, info=clip.info) as reader:

        def forwards() -> Iterator[tuple[int, Any]]:
            for frame in reader.frames(start=face.time, stop=end, every=every):
                token.check()
                clock.update(float(frame.pts * reader.time_base - face.time))
                yield frame.pts, frame.image

        def backwards() -> Iterator[tuple[int, Any]]:
            for frame in _back(reader, face.time, begin, every):
                token.check()
                clock.update(float(end - frame.pts * reader.time_base))
                yield frame.pts, frame.image

        box = (x * wide, y * high, width * wide, height * high)
        try:
            track = follow_drawn(scan, box, forwards(), backwards())
        except VisionError as error:
            raise NotPossibleError(str(error)) from error
    clock.update(float(end - begin))
    cache.put(key, replace(scan, tracks=(track,)))
    return track


def _shot(scan: FaceScan, time: Fraction) -> tuple[Fraction, Fraction]:
    """Media time of the first picture of the shot, and of the first after it."""
    cuts = [cut * scan.time_base for cut in scan.cuts]
    begin = max((cut for cut in cuts if cut <= time), default=scan.first_pts * scan.time_base)
    after = (scan.last_pts + 1) * scan.time_base
    return begin, min((cut for cut in cuts if cut > time), default=after)


def _back(reader: VideoReader, time: Fraction, begin: Fraction, every: int) -> Iterator[Any]:
    """Frames from the last before the one shown at ``time`` down to ``begin``."""
    shown = next(iter(reader.frames(start=time)), None)
    stop = shown.pts * reader.time_base if shown is not None else time
    while stop > begin:
        start = max(begin, stop - _BACK)
        block = [
            f for f in reader.frames(start=start, stop=stop) if f.pts * reader.time_base < stop
        ]
        if not block:
            return
        yield from block[::-every]
        stop = min(start, block[0].pts * reader.time_base)
