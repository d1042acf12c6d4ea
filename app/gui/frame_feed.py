"""Pictures ahead of the playhead, decoded on a thread of their own, just as the canvas draws them.

They come in the screen's own byte order and in the size they are shown: Qt would convert and
scale large pictures on a pool of threads and wait for them, and on a machine that computes at the
same time those threads wait for a processor while the window stands still.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from app.gui.give_way import give_way_to_window

if TYPE_CHECKING:
    from app.media.probe import MediaInfo
    from app.media.video import VideoFrame

_LARGEST = (1920, 1080)
"""Pictures are made at most this large; a larger canvas enlarges them as it draws."""
_AHEAD = 6
"""Frames kept ready; 12 MB at 960 pixels wide, 50 MB at the largest."""


@dataclass(frozen=True)
class Picture:
    """One decoded frame, ready to draw."""

    time: Fraction
    """Media time in seconds."""
    image: QImage


class FrameFeed:
    """A small queue of frames that follows the playhead; any thread may ask."""

    def __init__(
        self,
        path: Path,
        info: MediaInfo,
        on_problem: Callable[[Exception], None],
        view: tuple[int, int] = (960, 540),
        begin: bool = True,
    ) -> None:
        """``view`` is the room for pictures, in pixels of the screen.

        Without ``begin`` nothing is decoded before `begin` is called.

        ``on_problem`` is called on the decoding thread when it must give up.
        """
        self._view = view
        self._on_problem = on_problem
        self._path = path
        self._info = info
        self._changed = threading.Condition()
        self._queue: deque[Picture] = deque()
        self._wanted: Fraction | None = None
        self._first_due = False
        self._closed = False
        self._thread = threading.Thread(target=self._run, daemon=True, name="frame-feed")
        if begin:
            self.begin()

    def begin(self) -> None:
        """Start to decode, unless it was closed before."""
        if not self._closed:
            self._thread.start()

    def set_view(self, width: int, height: int) -> None:
        """Take the room there is for pictures, in pixels of the screen, for frames to come."""
        self._view = (width, height)

    def seek(self, time: Fraction) -> None:
        """Go on with the frame shown at ``time``; a later seek replaces one not yet served."""
        with self._changed:
            self._queue.clear()
            self._wanted = time
            self._first_due = True
            self._changed.notify_all()

    @property
    def seeking(self) -> bool:
        """True until the first frame after a seek was taken."""
        return self._first_due

    def take(self, time: float) -> Picture | None:
        """Take the newest frame due at ``time``; the first after a seek is due at once."""
        with self._changed:
            picture = None
            if self._first_due and self._queue:
                self._first_due = False
                picture = self._queue.popleft()
            while self._queue and self._queue[0].time <= time:
                picture = self._queue.popleft()
            if picture is not None:
                self._changed.notify_all()
            return picture

    def next_time(self) -> Fraction | None:
        """Time of the next frame in the queue, for a step forward."""
        with self._changed:
            return self._queue[0].time if self._queue else None

    def close(self) -> None:
        """Tell the decoding thread to end; it does so after the block it is at."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def join(self, timeout_s: float = 2.0) -> None:
        """Wait for the decoding thread to end, after `close`."""
        if self._thread.ident is not None:
            self._thread.join(timeout_s)

    def _run(self) -> None:
        give_way_to_window()
        try:
            self._decode()
        except Exception as error:
            self._on_problem(error)

    def _decode(self) -> None:
        from app.media.video import VideoReader

        with VideoReader(self._path, None, self._info, pixels="bgra") as reader:
            frames: Iterator[VideoFrame] = iter(())
            while True:
                with self._changed:
                    self._changed.wait_for(
                        lambda: (
                            self._closed or self._wanted is not None or len(self._queue) < _AHEAD
                        )
                    )
                    if self._closed:
                        return
                    wanted, self._wanted = self._wanted, None
                if wanted is not None:
                    frames = reader.frames(start=wanted)
                width, height = self._view
                reader.fit(min(width, _LARGEST[0]), min(height, _LARGEST[1]))
                frame = next(frames, None)
                picture = None
                if frame is not None:
                    picture = Picture(frame.pts * reader.time_base, _image(frame.image))
                with self._changed:
                    if self._wanted is not None:
                        continue  # a newer seek came meanwhile: this frame is of no use
                    if picture is None:
                        self._changed.wait_for(lambda: self._closed or self._wanted is not None)
                        continue
                    self._queue.append(picture)


def _image(pixels: NDArray[np.uint8]) -> QImage:
    """Wrap (h, w, 4) uint8 BGRA into an image that draws without conversion.

    Nothing is copied unless the decoder padded the rows.
    """
    pixels = np.ascontiguousarray(pixels)
    height, width, _ = pixels.shape
    # PySide keeps the buffer alive as long as the image.
    return QImage(pixels.data, width, height, pixels.strides[0], QImage.Format.Format_RGB32)
