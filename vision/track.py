"""Following faces from frame to frame; gaps and cuts are dealt with afterwards in `link`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

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
MEASURE_EVERY = 4
"""Sharpness, light and colours are rated by the second, so every fourth frame is measured and
the others take its figures."""
MAX_FACES = 12
MAX_UNSUPPORTED = 3
"""Detections in a row that may miss a face before its track is given up."""
SMALL_FACE = 0.09
"""Below this part of the picture's width only tiles show a face reliably."""


@dataclass(frozen=True)
class Frame:
    """One analysed frame, as the tracker takes it."""

    index: int
    """Number among the analysed frames."""
    time: float
    """Seconds."""
    image: NDArray[np.uint8]
    """(h, w, 3) RGB."""
    changed: bool
    """The picture may have been cut before this frame, which ends all tracklets."""


_Found = tuple[Landmarks, FaceMeasure]


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

    def take(self, frames: Sequence[Frame]) -> None:
        """Take the next frames, in order; how they are divided into calls changes no result.

        Each face is followed through all of them by one thread before the threads meet again:
        meeting at every frame would leave a processor waiting at each.
        """
        while frames:
            run = self._unbroken(frames)
            if run[0].changed:
                self._cut(run[0].time)
            frames = frames[self._run(run) :]

    def _unbroken(self, frames: Sequence[Frame]) -> Sequence[Frame]:
        """The first frames up to the next detection, which may change who is followed, or cut."""
        for number, frame in enumerate(frames):
            if number and frame.changed:
                return frames[:number]
            if self._detection_due(frame):
                return frames[: number + 1]
        return frames

    def _cut(self, time: float) -> None:
        for tracklet in self._active:
            tracklet.release()
        self._active = []
        self._tiled = -np.inf
        self._search_until = time + SEARCH_S

    def _run(self, frames: Sequence[Frame]) -> int:
        """Follow all faces through frames; gives how many were dealt with.

        That is all of them, unless a face got lost and had to be searched before the last one.
        """
        followed = self._active
        chains = dict(zip((t.id for t in followed), self._chains(frames), strict=True))
        for number, frame in enumerate(frames):
            self._keep(frame, {t.id: chains[t.id][number] for t in self._active})
            due = self._detection_due(frame)
            if due:
                self._detect(frame)
            if frame.time - self._looked >= LOOK_EVERY_S or frame.changed:
                self._looked = frame.time
                for tracklet in self._active:
                    tracklet.look(frame.image, describe(frame.image, tracklet.last))
            for tracklet in followed:
                if tracklet not in self._active:
                    tracklet.release()
            followed = self._active
            if due:
                break
        return number + 1

    def _chains(self, frames: Sequence[Frame]) -> list[list[_Found | None]]:
        """What the mesh finds of each active face on each frame; None from where it gets lost."""

        def chain(tracklet: Tracklet) -> list[_Found | None]:
            found: list[_Found | None] = []
            region, measured = tracklet.last.region, tracklet.measured
            for frame in frames:
                face = self._locate(frame.image, region)
                if face is None or not plausible(region, face.region, frame.image.shape):
                    break
                if frame.index % MEASURE_EVERY == 0:
                    measured = measure(face)
                found.append((face, measured))
                region = face.region
            return found + [None] * (len(frames) - len(found))

        # This thread and the pool's take every other face.
        waiting = [self._pool.submit(chain, t) for t in self._active[1::2]] if self._pool else []
        chains = [chain(t) for t in (self._active[::2] if waiting else self._active)]
        for number, future in enumerate(waiting):
            chains.insert(2 * number + 1, future.result())
        return chains

    def _keep(self, frame: Frame, found: Mapping[int, _Found | None]) -> None:
        """Add to each active face what was found; those not found again are no longer active."""
        kept: list[Tracklet] = []
        for tracklet in self._active:
            seen = found[tracklet.id]
            if seen is None or any(same_place(seen[0].region, k.last.region) for k in kept):
                self._search_until = frame.time + SEARCH_S
                continue
            tracklet.add(frame.index, *seen)
            kept.append(tracklet)
        self._active = kept

    def _detection_due(self, frame: Frame) -> bool:
        searching = frame.time < self._search_until or not self._active
        wait = SEARCH_EVERY_S if searching else DETECT_EVERY_S
        return frame.changed or frame.time - self._detected >= wait

    def _detect(self, frame: Frame) -> None:
        """Look for faces, check the active ones against them, start tracklets for new ones."""
        time, image = frame.time, frame.image
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
                self._start(frame.index, image, detection, region)

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
