"""Frames of a clip by exact time, as displayed, at a size fit for analysis or preview."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import av.container
import av.error
import numpy as np
from numpy.typing import NDArray

from app.closing import Closing
from app.errors import BadInputError
from app.media.opening import open_input
from app.media.probe import MediaInfo, probe, require_video
from app.media.shrink import Pixels, Shrinker

_DEFAULT_WIDTH = 960
_MAX_ERRORS = 50
_SEEK_BACK_S = (0, 2, 10)
_EARLIEST = -(1 << 40)
_FORWARD_S = 2
"""Going on decoding is cheaper than a seek up to about this distance."""


@dataclass(frozen=True)
class VideoFrame:
    """One frame as displayed."""

    pts: int
    """Time of display in ticks of the stream's time base."""
    image: NDArray[np.uint8]
    """(height, width, 3) RGB, or (height, width, 4) blue, green, red, 255 with padded rows."""


class VideoReader(Closing):
    """Decodes the picture of a clip; a reader belongs to one thread."""

    def __init__(
        self,
        path: Path | str,
        max_width: int | None = _DEFAULT_WIDTH,
        info: MediaInfo | None = None,
        skip_loop_filter: bool = False,
        halve: bool = False,
        pixels: Pixels = "rgb24",
    ) -> None:
        """Prepare to read ``path``.

        ``max_width`` bounds the delivered width in pixels (None: as displayed); pictures are never
        enlarged. Two savings are for analysis only: ``skip_loop_filter`` trades a little
        blockiness for speed, ``halve`` shrinks with OpenCV where it is faster (see `Shrinker`).
        ``pixels`` is the order of the delivered bytes: `bgra` is what screens take.

        Raises BadInputError when there is no picture.
        """
        self._path = Path(path)
        self.info = require_video(info if info is not None else probe(self._path))
        self._skip_loop_filter = skip_loop_filter
        self._shrinker = Shrinker(pixels, halve)
        width, height = self.info.width, self.info.height
        if max_width is not None and width > max_width:
            width, height = max_width, max(1, round(height * max_width / width))
        self.size = (width, height)
        self.time_base = self.info.time_base
        self._shown: _Decoder | None = None
        self._upcoming: Iterator[_Timed] = iter(())
        self._current: _Timed | None = None
        self._next: _Timed | None = None

    def fit(self, width: int, height: int) -> None:
        """Deliver the frames to come as large as fits into these pixels; they may be enlarged."""
        shown_width, shown_height = self.info.width, self.info.height
        scale = min(Fraction(width, shown_width), Fraction(height, shown_height))
        self.size = (max(1, int(shown_width * scale)), max(1, int(shown_height * scale)))

    def frames(
        self, start: Fraction | None = None, stop: Fraction | None = None, every: int = 1
    ) -> Iterator[VideoFrame]:
        """Frames in order of display, from the one shown at ``start`` to the last before ``stop``.

        Times are media seconds. ``every`` = n delivers each n-th frame of that range.
        """
        with _Decoder(self._path, self.info.index, self._skip_loop_filter) as decoder:
            timed = decoder.frames_from(start, self.time_base)
            for number, (pts, frame) in enumerate(timed):
                if stop is not None and pts * self.time_base >= stop:
                    return
                if number % every == 0:
                    yield self._deliver(pts, frame)

    def frame_at(self, time: Fraction) -> VideoFrame:
        """The frame on the screen at media time ``time``; outside the clip its end frames."""
        tick = self.time_base
        current, following = self._current, self._next
        ahead = current is not None and current[0] * tick <= time
        if not ahead or (following is not None and following[0] * tick < time - _FORWARD_S):
            self._restart(time)
        while self._next is not None and self._next[0] * tick <= time:
            self._step()
        if self._current is None:
            raise BadInputError(f"{self._path} has no picture that can be read at that time.")
        return self._deliver(*self._current)

    def close(self) -> None:
        """Close the file used by `frame_at`."""
        if self._shown is not None:
            self._shown.close()
        self._shown = self._current = self._next = None

    def _restart(self, time: Fraction) -> None:
        self.close()
        self._shown = _Decoder(self._path, self.info.index, self._skip_loop_filter)
        self._upcoming = self._shown.frames_from(time, self.time_base)
        self._next = next(self._upcoming, None)
        self._step()

    def _step(self) -> None:
        self._current = self._next
        self._next = next(self._upcoming, None)

    def _deliver(self, pts: int, frame: av.VideoFrame) -> VideoFrame:
        width, height = self.size
        if self.info.rotation in (90, 270):
            width, height = height, width
        image = self._shrinker.picture(frame, width, height)
        if self.info.rotation:
            image = np.ascontiguousarray(np.rot90(image, -self.info.rotation // 90))
        return VideoFrame(pts, image)


_Timed = tuple[int, av.VideoFrame]


class _Decoder(Closing):
    """One open file with a multi-threaded decoder."""

    def __init__(self, path: Path, index: int, skip_loop_filter: bool) -> None:
        self._container = open_input(path)
        stream = self._container.streams[index]
        assert isinstance(stream, av.VideoStream)
        self._stream = stream
        # Both must be set before the first packet is decoded.
        stream.thread_type = "AUTO"
        if skip_loop_filter:
            stream.codec_context.options = {"skip_loop_filter": "all"}

    def frames_from(self, start: Fraction | None, tick: Fraction) -> Iterator[_Timed]:
        """Frames from the one shown at ``start`` on, in order of display, with their times."""
        if start is None:
            yield from self._decoded()
            return
        shown: _Timed | None = None
        for timed in self._decoded_from(start, tick):
            if timed[0] * tick <= start:
                shown = timed
                continue
            if shown is not None:
                yield shown
                shown = None
            yield timed
        if shown is not None:
            yield shown

    def close(self) -> None:
        self._container.close()

    def _decoded_from(self, start: Fraction, tick: Fraction) -> Iterator[_Timed]:
        """Frames from one at or before ``start``, as near to it as key frames allow."""
        for back in _SEEK_BACK_S:
            # Files are sought by decoding time: the key frame found may be shown after ``start``,
            # and the frames before it need the key frame before that.
            if not self._sought(int((start - back) / tick)):
                break
            frames = self._decoded()
            first = next(frames, None)
            if first is not None and first[0] * tick <= start:
                yield first
                yield from frames
                return
        if not self._sought(_EARLIEST):
            # Cut without care: the first key frame comes late, and nothing before it can be shown.
            self._container.seek(_EARLIEST, stream=self._stream, backward=False)
        yield from self._decoded()

    def _sought(self, tick: int) -> bool:
        """Go to the last key frame at or before ``tick``; False where there is none."""
        try:
            self._container.seek(tick, stream=self._stream)
        except av.error.FFmpegError:
            return False
        return True

    def _decoded(self) -> Iterator[_Timed]:
        """All decodable frames with a time, skipping damaged packets."""
        last: int | None = None
        for frames in self._batches():
            for frame in frames:
                if frame.pts is not None and (last is None or frame.pts > last):
                    last = frame.pts
                    yield frame.pts, frame

    def _batches(self) -> Iterator[list[av.VideoFrame]]:
        errors = 0
        while errors < _MAX_ERRORS:
            try:
                for packet in self._container.demux(self._stream):
                    try:
                        yield packet.decode()
                    except av.error.EOFError:
                        return
                    except av.error.InvalidDataError:
                        continue
                    errors = 0
                return
            except av.error.FFmpegError:
                errors += 1
