"""Scanning a clip for faces: frames in, tracks out."""

from __future__ import annotations

import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeoutError
from contextlib import contextmanager
from fractions import Fraction
from math import inf
from types import TracebackType
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from vision.detect import FaceDetector
from vision.errors import VisionError
from vision.landmarks import FaceRegion, Landmarker, Landmarks, MeshLandmarker
from vision.link import build_tracks, real_cuts
from vision.shots import ShotDetector, ShotUpdate
from vision.track import FaceTracker, Frame
from vision.types import FaceScan

MIN_SPACING = Fraction(1, 33)
"""Frames closer than this to the last analysed one, in seconds, are skipped: 50 and 60 fps are
analysed at half their rate, 30 fps and below completely."""
PARTIAL_EVERY_S = 1.0
FIRST_PARTIAL_S = 0.1
"""The first faces are told this soon; each further report takes twice as long, up to the above."""
AHEAD = 24
"""Frames that may wait for analysis while the caller decodes the next ones: enough to go on
decoding while the networks load or tiles are searched."""
TOGETHER = 8
"""Frames analysed in one go while the analysis lags behind: every thread follows its faces through
all of them."""

Frames = Iterable[tuple[int, NDArray[np.uint8]]]
T = TypeVar("T")
N = TypeVar("N")

_detectors: list[FaceDetector] = []
_landmarkers: list[MeshLandmarker] = []


def scan_faces(
    frames: Frames,
    frame_size: tuple[int, int],
    time_base: Fraction,
    total_frames: int | None = None,
    *,
    report: Callable[[float, float], None] | None = None,
    check: Callable[[], None] | None = None,
    landmarks: str | Callable[[], Landmarker] = "mediapipe",
    on_tracks: Callable[[FaceScan], None] | None = None,
) -> FaceScan:
    """Find and follow every face of a clip.

    ``frames`` gives (pts, RGB picture (h, w, 3) uint8) in order of time, each picture its own
    array of ``frame_size`` (width, height); they are drawn in the caller's thread while another
    one analyses, so decoding and analysis overlap. ``report`` gets frames done and in all (0 if
    unknown), ``check`` is called for every frame and raises to stop, ``on_tracks`` gets what is
    known so far about every second; all three are called in the caller's thread.

    ``landmarks`` is "mediapipe", "accurate" (FAN on the CPU), or a function that makes a
    `Landmarker`, such as `vision.accurate.accurate_landmarks` returns for a chosen weights file or
    device. Raises `VisionError` if the back-end cannot be had, and what ``check`` raises.
    """
    started = time.monotonic()
    spacing = FIRST_PARTIAL_S
    next_partial = started + spacing
    done = 0
    last_pts: int | None = None
    with _one_thread(), _Analysis(frame_size, time_base, _factory(landmarks)) as analysis:
        for pts, image in frames:
            if check:
                check()
            done += 1
            if last_pts is None or (pts - last_pts) * time_base >= MIN_SPACING:
                last_pts = pts
                analysis.feed(pts, image, check)
            if report:
                report(float(done), float(total_frames or 0))
            if on_tracks and time.monotonic() >= next_partial:
                next_partial = inf
                analysis.ask_snapshot()
            snapshot = analysis.take_snapshot()
            if on_tracks and snapshot is not None:
                began = time.monotonic()
                on_tracks(snapshot)
                # Snapshots of a long clip cost more; they may take a twentieth of the time, and
                # the first one, slow by its imports, at most as long again as all until then.
                now = time.monotonic()
                spent = now - began + analysis.snapshot_s
                next_partial = now + max(spacing, min(20 * spent, now - started))
                if snapshot.tracks:
                    spacing = min(2 * spacing, PARTIAL_EVERY_S)
        return analysis.finish(check)


def warm_up() -> None:
    """Load the default networks ahead; the next scan uses them."""
    if not _detectors:
        _detectors.append(FaceDetector())
    if not _landmarkers:
        _landmarkers.append(MeshLandmarker())


def _taken(ahead: list[N], make: Callable[[], N]) -> N:
    """A network that was loaded ahead, or a new one."""
    try:
        return ahead.pop()
    except IndexError:
        return make()


def _landmarker() -> Landmarker:
    return _taken(_landmarkers, MeshLandmarker)


def _factory(landmarks: str | Callable[[], Landmarker]) -> Callable[[], Landmarker]:
    if callable(landmarks):
        return landmarks
    if landmarks == "mediapipe":
        return _landmarker
    if landmarks == "accurate":
        from vision.accurate import accurate_landmarks

        return accurate_landmarks()
    raise VisionError(f'Landmarks can be "mediapipe" or "accurate", not "{landmarks}".')


@contextmanager
def _one_thread() -> Iterator[None]:
    """Keep OpenCV from dividing pictures among threads of its own.

    Ours are busy already, and pictures this small cost more to divide than they gain.
    """
    import cv2

    threads = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        yield
    finally:
        cv2.setNumThreads(threads)


class _Analysis:
    """The state of one scan, worked on by a thread of its own."""

    def __init__(
        self,
        frame_size: tuple[int, int],
        time_base: Fraction,
        factory: Callable[[], Landmarker],
    ) -> None:
        self.snapshot_s = 0.0
        """Time that putting the latest snapshot together took."""
        self._frame_size = frame_size
        self._time_base = time_base
        self._factory = factory
        self._local = threading.local()
        self._landmarkers: list[Landmarker] = []
        self._lock = threading.Lock()
        self._worker = ThreadPoolExecutor(1, "faces")
        self._meshes = ThreadPoolExecutor(1, "mesh") if (os.cpu_count() or 1) > 1 else None
        self._fresh: list[tuple[int, NDArray[np.uint8], ShotUpdate]] = []
        self._waiting: deque[Future[None]] = deque()
        self._shots = ShotDetector()
        self._cuts: list[int] = []
        self._pts: list[int] = []
        self._stopped = False
        self._asked = False
        self._snapshot: FaceScan | None = None
        self._detector: FaceDetector | None = None
        self._tracker: FaceTracker | None = None

    def __enter__(self) -> _Analysis:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stopped = True
        self._worker.shutdown(wait=True, cancel_futures=True)
        if self._meshes:
            self._meshes.shutdown(wait=True, cancel_futures=True)
        for landmarker in self._landmarkers:
            landmarker.close()
        if self._detector:
            self._detector.close()

    def feed(self, pts: int, image: NDArray[np.uint8], check: Callable[[], None] | None) -> None:
        """Hand a frame to the worker; waits while too many are queued.

        Cuts are looked for here, as that thread mostly waits.
        """
        self._fresh.append((pts, image, self._shots.update(pts, image)))
        busy = bool(self._waiting) and not self._waiting[-1].done()
        if busy and len(self._fresh) < TOGETHER:
            return
        self._submit()
        while len(self._waiting) > AHEAD // TOGETHER:
            _await(self._waiting.popleft(), check)

    def ask_snapshot(self) -> None:
        """Have the tracks put together after the frame that is analysed now."""
        self._asked = True

    def take_snapshot(self) -> FaceScan | None:
        """The tracks that were asked for, once; None while they aren't there."""
        snapshot, self._snapshot = self._snapshot, None
        return snapshot

    def finish(self, check: Callable[[], None] | None) -> FaceScan:
        """Wait for the queued frames and give the complete scan."""
        self._submit()
        while self._waiting:
            _await(self._waiting.popleft(), check)
        self._cuts += self._shots.finish()
        return self._scan()

    def _submit(self) -> None:
        if self._fresh:
            self._waiting.append(self._worker.submit(self._analyse, self._fresh))
            self._fresh = []

    def _analyse(self, frames: Sequence[tuple[int, NDArray[np.uint8], ShotUpdate]]) -> None:
        if self._stopped:
            return
        if self._tracker is None:
            self._detector = _taken(_detectors, FaceDetector)
            self._tracker = FaceTracker(self._detector, self._locate, self._meshes)
        taken = [
            Frame(len(self._pts) + number, float(pts * self._time_base), image, change.suspected)
            for number, (pts, image, change) in enumerate(frames)
        ]
        self._tracker.take(taken)
        for pts, _, change in frames:
            self._pts.append(pts)
            self._cuts += change.confirmed
        if self._asked:
            self._asked = False
            began = time.monotonic()
            self._snapshot = self._scan()
            self.snapshot_s = time.monotonic() - began

    def _locate(self, image: NDArray[np.uint8], region: FaceRegion) -> Landmarks | None:
        """Run the landmarker that belongs to the calling thread."""
        landmarker: Landmarker | None = getattr(self._local, "landmarker", None)
        if landmarker is None:
            landmarker = self._local.landmarker = self._factory()
            with self._lock:
                self._landmarkers.append(landmarker)
        return landmarker.locate(image, region)

    def _scan(self) -> FaceScan:
        pts = np.array(self._pts, dtype=np.int64)
        tracklets = self._tracker.tracklets if self._tracker else []
        cuts = real_cuts(tracklets, pts, self._cuts)
        return FaceScan(
            frame_size=self._frame_size,
            time_base=self._time_base,
            first_pts=int(pts[0]) if len(pts) else 0,
            last_pts=int(pts[-1]) if len(pts) else 0,
            frames=len(pts),
            cuts=cuts,
            tracks=build_tracks(tracklets, pts, self._time_base, cuts),
        )


def _await(future: Future[T], check: Callable[[], None] | None) -> T:
    """Wait for a result, asking now and then whether to stop."""
    while True:
        try:
            return future.result(timeout=0.2)
        except FutureTimeoutError:
            if future.done():  # the analysis itself raised a time-out
                raise
            if check:
                check()
