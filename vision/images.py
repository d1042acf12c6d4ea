"""Registered face pictures on the 25 fps time axis, for models that watch the mouth."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from vision.features import sample_landmarks
from vision.register import FACE_SIZE, face_image
from vision.types import FEATURE_FPS, FaceScan, FaceTrack


def face_images(
    frames: Iterable[tuple[int, NDArray[np.uint8]]],
    tracks: Sequence[FaceTrack] | FaceTrack,
    scan: FaceScan,
    start: Fraction,
    count: int,
    check: Callable[[], None] | None = None,
) -> NDArray[np.uint8]:
    """Cut one person's face out at ``start + k / 25`` seconds; (count, 128, 96, 3) RGB.

    ``frames`` gives (pts, picture) in order of time and may be of another size than the scan's;
    it should begin a frame before ``start`` and end a frame after the last instant. Each instant
    takes the video frame nearest in time, warped by the landmarks of that frame's own time; an
    instant without the face stays black. ``check`` is called for every frame and raises to stop.
    """
    several = [tracks] if isinstance(tracks, FaceTrack) else list(tracks)
    faces = np.zeros((count, FACE_SIZE[1], FACE_SIZE[0], 3), dtype=np.uint8)
    for pts, image, wanted in _nearest(frames, scan, start, count):
        if check:
            check()
        if len(wanted) == 0:
            continue
        landmarks = sample_landmarks(several, scan, pts * scan.time_base)
        if landmarks is not None:
            zoom = image.shape[1] / scan.frame_size[0]
            # Pixels are counted at their centres, so a change of size moves the origin.
            faces[wanted] = face_image(image, (landmarks + 0.5) * zoom - 0.5)
    return faces


def _nearest(
    frames: Iterable[tuple[int, NDArray[np.uint8]]], scan: FaceScan, start: Fraction, count: int
) -> Iterator[tuple[int, NDArray[np.uint8], NDArray[np.intp]]]:
    """Give each frame with the feature frames that it is the nearest one to."""
    begin = 0
    held: tuple[int, NDArray[np.uint8]] | None = None
    for pts, image in frames:
        if held is not None:
            border = ((held[0] + int(pts)) * scan.time_base / 2 - start) * FEATURE_FPS
            stop = min(count, max(begin, -(-border.numerator // border.denominator)))
            yield (*held, np.arange(begin, stop))
            begin = stop
        held = (int(pts), image)
    if held is not None:
        # The last frame stands for instants up to one feature frame after it.
        border = (held[0] * scan.time_base - start) * FEATURE_FPS
        stop = min(count, max(begin, border.numerator // border.denominator + 2))
        yield (*held, np.arange(begin, stop))
