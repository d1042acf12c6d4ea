"""Following faces from frame to frame; gaps and cuts are dealt with afterwards in `link`."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from vision.detect import Detection, FaceDetector
from vision.landmarks import FaceRegion, Landmarks, Locate, locate_detected, region_of
from vision.measure import FaceMeasure, measure
from vision.people import describe
from vision.tracklet import Tracklet

DETECT_EVERY_S = 0.5
"""Detection on the whole picture while all is well: finds newcomers, checks the rest."""
TILES_EVERY_S = 2.0
SEARCH_EVERY_S = 0.12
"""Detection while a face was just lost or none is in sight."""
SEARCH_S = 1.0
LOOK_EVERY_S = 0.5
"""How often a face's looks (descriptor, thumbnail) are sampled."""
MAX_FACES = 12
MAX_UNSUPPORTED = 3
"""Detections in a row that may miss a face before its track is given up."""
SMALL_FACE = 0.09
"""Below this part of the picture's width only tiles show a face reliably."""


class FaceTracker:
    """Online tracker: the mesh on each known face every frame, detection now and then.

    ``locate`` finds landmarks in a region and may be called from several threads at once.
    """

    def __init__(
        self,
        detector: FaceDetector,
        locate: Locate,
        pool: ThreadPoolExecutor | None,
    ) -> None:
        self._detector = detector
        self._locate = locate
        self._pool = pool
        self._next_id = 0
        self._active: list[Tracklet] = []
        self._detected = self._tiled = self._looked = self._search_until = -np.inf
        self.tracklets: list[Tracklet] = []
        """All tracklets so far, the active ones included."""

    def step(self, index: int, time: float, image: NDArray[np.uint8], changed: bool) -> None:
        """Take analysed frame number ``index`` at ``time`` seconds.

        ``changed`` ends all tracklets: the picture may have been cut before this frame.
        """
        followed = list(self._active)
        if changed:
            self._active = []
            self._tiled = -np.inf
            self._search_until = time + SEARCH_S
        self._follow(index, time, image)
        if self._detection_due(time, changed):
            self._detect(index, time, image)
        if time - self._looked >= LOOK_EVERY_S or changed:
            self._looked = time
            for tracklet in self._active:
                tracklet.look(image, describe(image, tracklet.last))
        for tracklet in followed:
            if tracklet not in self._active:
                tracklet.release()

    def _follow(self, index: int, time: float, image: NDArray[np.uint8]) -> None:
        """Run the mesh on every active face; those not found again are no longer active."""

        def locate(tracklet: Tracklet) -> tuple[Landmarks, FaceMeasure] | None:
            before = tracklet.last.region
            face = self._locate(image, before)
            if face is None or not plausible(before, face.region, image.shape):
                return None
            return face, measure(face)

        # This thread and the pool's take every other face.
        waiting = [self._pool.submit(locate, t) for t in self._active[1::2]] if self._pool else []
        found = [locate(t) for t in (self._active[::2] if waiting else self._active)]
        for number, future in enumerate(waiting):
            found.insert(2 * number + 1, future.result())
        kept: list[Tracklet] = []
        for tracklet, seen in zip(self._active, found, strict=True):
            if seen is None or any(same_place(seen[0].region, k.last.region) for k in kept):
                self._search_until = time + SEARCH_S
                continue
            tracklet.add(index, *seen)
            kept.append(tracklet)
        self._active = kept

    def _detection_due(self, time: float, changed: bool) -> bool:
        searching = time < self._search_until or not self._active
        wait = SEARCH_EVERY_S if searching else DETECT_EVERY_S
        return changed or time - self._detected >= wait

    def _detect(self, index: int, time: float, image: NDArray[np.uint8]) -> None:
        """Look for faces, check the active ones against them, start tracklets for new ones."""
        self._detected = time
        with_tiles = time - self._tiled >= TILES_EVERY_S
        if with_tiles:
            self._tiled = time
            detections = self._detector.detect_small(image)
        else:
            detections = self._detector.detect(image)
        regions = [region_of(detection) for detection in detections]
        self._check(regions, with_tiles, image.shape[1])
        fresh = [
            (detection, region)
            for detection, region in zip(detections, regions, strict=True)
            if not any(same_place(region, t.last.region) for t in self._active)
        ]
        for detection, region in sorted(fresh, key=lambda pair: -pair[1].side):
            if len(self._active) < MAX_FACES:
                self._start(index, image, detection, region)

    def _check(self, regions: list[FaceRegion], with_tiles: bool, width: int) -> None:
        kept = []
        for tracklet in self._active:
            here = tracklet.last.region
            if any(same_place(here, region) for region in regions):
                tracklet.supported()
            elif with_tiles or tracklet.last.box[2] > SMALL_FACE * width:
                tracklet.unsupported += 1
            if tracklet.unsupported < MAX_UNSUPPORTED or tracklet.last.presence > 0.98:
                kept.append(tracklet)
            else:
                tracklet.trim()
        self._active = kept

    def _start(
        self, index: int, image: NDArray[np.uint8], detection: Detection, region: FaceRegion
    ) -> None:
        face = locate_detected(self._locate, image, detection)
        if face is None or not plausible(region, face.region, image.shape, first=True):
            return
        if any(same_place(face.region, t.last.region) for t in self._active):
            return
        tracklet = Tracklet(self._next_id)
        self._next_id += 1
        tracklet.add(index, face, measure(face))
        tracklet.look(image, describe(image, face))
        self._active.append(tracklet)
        self.tracklets.append(tracklet)


def plausible(
    before: FaceRegion, now: FaceRegion, shape: tuple[int, ...], first: bool = False
) -> bool:
    """Tell whether a face can have moved so between two frames, and is still in the picture."""
    height, width = shape[:2]
    if not (0 <= now.x < width and 0 <= now.y < height):
        return False
    ratio = now.side / before.side
    shift = np.hypot(now.x - before.x, now.y - before.y) / before.side
    reach = 2.0 if first else 1.4
    return bool(1 / reach < ratio < reach and shift < 0.3)


def same_place(a: FaceRegion, b: FaceRegion) -> bool:
    """Tell whether two regions hold the same face; a region is about 1.5 faces wide."""
    distance = np.hypot(a.x - b.x, a.y - b.y)
    return bool(distance < 0.3 * max(a.side, b.side) and 0.5 < a.side / b.side < 2.0)
