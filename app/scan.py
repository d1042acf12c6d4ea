"""Finding the faces of a clip, once per file content: results are kept in the cache folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import ceil
from typing import TYPE_CHECKING, Any

from app.clip import Clip
from app.errors import NotPossibleError
from app.jobs import CancelToken, OnProgress, ProgressClock

if TYPE_CHECKING:
    from vision.types import FaceScan

STAGE = "Finding faces"
CACHE_BYTES = 500_000_000
"""Bound of the face cache; the least recently used scans go first."""
ANALYSIS_WIDTH = 960
"""Pictures are looked at this wide: faces of 6 % of the width are still 58 pixels across."""
UNFILTERED_WIDTH = 1440
"""From this width on the decoder's loop filter is skipped, a tenth of the decoding: shrinking to
the analysis width hides the blocks. Lip opening, slow part removed, correlates 0.99 with the
filtered picture's even at CRF 30 with a key frame every ten seconds."""
MOST_FRAMES_PER_SECOND = 33
"""Lips are sampled 25 times a second; of faster pictures only every n-th frame is looked at."""


def scan_clip(
    clip: Clip,
    *,
    landmarks: str = "mediapipe",
    on_progress: OnProgress | None = None,
    token: CancelToken | None = None,
    on_partial: Callable[[FaceScan], None] | None = None,
    on_running: Callable[[], object] | None = None,
) -> FaceScan:
    """Find and follow every face of a clip, or take them from the cache.

    ``landmarks`` is ``mediapipe`` or ``accurate``. ``on_partial`` gets the faces found so far
    while the scan runs; ``on_running`` is called once faces are being followed, which leaves
    a part of a processor idle. Raises `BadInputError` when the clip has no picture,
    `NotPossibleError` when the landmark method is not available.
    """
    from app.media.video import VideoReader
    from app.native import give_back_memory
    from app.paths import cache_dir
    from vision.errors import VisionError
    from vision.scan import AHEAD, TOGETHER, scan_faces
    from vision.store import ScanCache

    video = clip.require_video()
    token = token or CancelToken()
    cache = ScanCache(cache_dir() / "faces", CACHE_BYTES)
    key = f"{clip.fingerprint}-{landmarks}"
    known = cache.get(key)
    if known is not None:
        return known
    every = max(1, ceil(video.frame_rate / MOST_FRAMES_PER_SECOND))
    expected = video.frames or int(video.duration * video.frame_rate)
    total = max(1, -(-expected // every))
    clock = ProgressClock(STAGE, total, on_progress)

    def report(done: float, _total: float) -> None:
        clock.update(done)
        if on_running and done == AHEAD + 2 * TOGETHER:  # the first ones have been analysed
            on_running()

    try:
        with VideoReader(
            clip.path,
            max_width=ANALYSIS_WIDTH,
            info=clip.info,
            skip_loop_filter=video.width >= UNFILTERED_WIDTH,
            halve=True,
        ) as reader:
            scan = scan_faces(
                _pictures(reader.frames(every=every), token),
                reader.size,
                reader.time_base,
                total,
                report=report,
                check=token.check,
                landmarks=landmarks,
                on_tracks=on_partial,
            )
    except VisionError as error:
        raise NotPossibleError(str(error)) from error
    cache.put(key, scan)
    give_back_memory()
    return scan


def _pictures(frames: Iterator[Any], token: CancelToken) -> Iterator[tuple[int, Any]]:
    for frame in frames:
        token.check()
        yield frame.pts, frame.image
