"""Following a face that the finder missed, from a box that somebody drew around it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from itertools import count, product

import numpy as np
from numpy.typing import NDArray

from vision.errors import VisionError
from vision.landmarks import FaceRegion, Landmarks, Locate, MeshLandmarker
from vision.link import MAX_GAP_S, track_of
from vision.measure import measure
from vision.people import describe
from vision.track import plausible, same_place
from vision.tracklet import Tracklet
from vision.types import FaceScan, FaceTrack

Box = tuple[float, float, float, float]
Frames = Iterable[tuple[int, NDArray[np.uint8]]]
_LOOK_EVERY = 12
"""Frames between two samples of a face's looks."""
_SIDES = (1.5, 1.2, 1.9)
"""Sides of the region tried, in sizes of the drawn box: people draw tightly or loosely."""
_ANGLES = (0.0, 0.5, -0.5, 1.0, -1.0)
"""Turns of the head tried, radians."""


def follow_drawn(scan: FaceScan, box: Box, forwards: Frames, backwards: Frames) -> FaceTrack:
    """Follow one face to both ends of its shot, or until it is lost for longer than a second.

    ``box`` is x, y, width and height in pixels of the scan's pictures. ``forwards`` gives (pts,
    RGB picture) from the picture the box was drawn in, ``backwards`` from the one before it, back
    in time; both end with the shot or earlier. Where the face becomes one that the scan has
    already, it is left to that track. The track's id is 0.
    Raises `VisionError` when there is no face in the box.
    """
    landmarker = MeshLandmarker()
    try:
        ahead = _Run(scan, landmarker.locate)
        for pts, image in forwards:
            if not ahead.tracklets and not ahead.start(pts, image, _find(landmarker, image, box)):
                break
            if not ahead.step(pts, image):
                break
        if not ahead.tracklets:
            raise VisionError(
                "A face of the scan is at this place already; choose it instead of drawing one."
            )
        behind = _Run(scan, landmarker.locate)
        behind.last = ahead.first_face
        for pts, image in backwards:
            if not behind.step(pts, image):
                break
    finally:
        landmarker.close()
    times = np.array(behind.pts[::-1] + ahead.pts, np.int64)
    for tracklet in behind.tracklets:
        tracklet.reverse(len(behind.pts) - tracklet.stop)
    for tracklet in ahead.tracklets:
        tracklet.first += len(behind.pts)
    chain = [*behind.tracklets[::-1], *ahead.tracklets]
    return track_of(chain, times, bisect_right(scan.cuts, int(times[chain[0].first])))


class _Run:
    """A face on its way in one direction of time; frames are numbered in that direction."""

    def __init__(self, scan: FaceScan, locate: Locate) -> None:
        self._scan = scan
        self._locate = locate
        self._ids = count()
        self._open = False
        self._lost_since: int | None = None
        self.pts: list[int] = []
        self.tracklets: list[Tracklet] = []
        self.last: Landmarks | None = None
        self.first_face: Landmarks | None = None

    def start(self, pts: int, image: NDArray[np.uint8], face: Landmarks) -> bool:
        """Begin with a face; False where the scan has it already."""
        self.last = self.first_face = face
        return not self._known(pts, face)

    def step(self, pts: int, image: NDArray[np.uint8]) -> bool:
        """Follow the face to the next picture; False when it is gone for good."""
        assert self.last is not None
        number = len(self.pts)
        face = self._locate(image, self.last.region)
        if face is not None and not plausible(self.last.region, face.region, image.shape):
            face = None
        if face is not None and self._known(pts, face):
            return False
        self.pts.append(pts)
        if face is None:
            self._open = False
            self._lost_since = pts if self._lost_since is None else self._lost_since
            return abs(pts - self._lost_since) * self._scan.time_base <= MAX_GAP_S
        self._lost_since, self.last = None, face
        if not self._open:
            self.tracklets.append(Tracklet(next(self._ids)))
            self._open = True
        tracklet = self.tracklets[-1]
        tracklet.add(number, face, measure(face))
        if tracklet.count % _LOOK_EVERY == 1:
            tracklet.look(image, describe(image, face))
        return True

    def _known(self, pts: int, face: Landmarks) -> bool:
        """Whether a track of the scan has this face on this picture."""
        for track in self._scan.tracks:
            place = int(np.searchsorted(track.pts, pts))
            if place < len(track.pts) and track.pts[0] <= pts:
                x, y, width, height = (float(value) for value in track.boxes[place])
                side = face.region.side / max(face.box[2], face.box[3]) * max(width, height)
                region = FaceRegion(x + width / 2, y + height / 2, side, 0.0)
                if bool(track.seen[place]) and same_place(region, face.region):
                    return True
        return False


def _find(landmarker: MeshLandmarker, image: NDArray[np.uint8], box: Box) -> Landmarks:
    """The surest face near the drawn box; raises `VisionError` when there is none."""
    x, y, width, height = box
    best: Landmarks | None = None
    for side, angle in product(_SIDES, _ANGLES):
        region = FaceRegion(x + width / 2, y + height / 2, side * max(width, height), angle)
        rough = landmarker.locate(image, region)
        face = landmarker.locate(image, rough.region) if rough is not None else None
        if face is None or not _inside(face, box):
            continue
        if best is None or face.presence > best.presence:
            best = face
        if best.presence > 0.95:
            break
    if best is None:
        raise VisionError(
            "No mouth and eyes could be made out in the box; draw it around the whole face, or in "
            "a picture in which the face is larger or turned to the camera."
        )
    return best


def _inside(face: Landmarks, box: Box) -> bool:
    x, y, width, height = box
    left, top, wide, high = face.box
    return x <= left + wide / 2 <= x + width and y <= top + high / 2 <= y + height
