"""When the frames of a picture are shown, from the file's table of them or from its packets."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from fractions import Fraction

import av
import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

_REORDERED = 17
"""Frames that may be stored after one that is shown later; H.264 and HEVC allow 16."""


@dataclass(frozen=True)
class VideoTiming:
    """What the packets say about the picture: all times in ticks of the stream's time base."""

    frames: int
    first: int | None
    end: int | None
    variable_rate: bool
    step: Fraction | None
    """Mean distance of frames in ticks."""


def timing_from_table(stream: av.VideoStream, file_size: int) -> VideoTiming | None:
    """Timing from an MP4/MOV sample table, without reading the packets; None for other files."""
    if "mp4" not in stream.container.format.name or stream.frames == 0:
        return None
    entries = [entry for entry in stream.index_entries if entry.pos + entry.size <= file_size]
    if len(entries) < stream.frames // 2 and len(stream.index_entries) < stream.frames // 2:
        return None
    times = np.array([entry.timestamp for entry in entries], np.int64)
    # Frames outside the edit list are decoded but not shown.
    frames = sum(not entry.is_discard for entry in entries)
    if frames == 0:
        return VideoTiming(0, None, None, False, None)
    # Time stamps of the table are decoding times; their steps are the frame durations. Only an
    # uneven last frame needs the track's duration, which is rounded to the movie time scale.
    varies = _varies(times)
    step = int(np.median(np.diff(times))) if len(times) > 1 else 0
    length = frames * step
    if varies:
        length = int(times[-1] - times[len(times) - frames]) + step
    if stream.duration and len(entries) >= stream.frames and (varies or not step):
        length = stream.duration
    first = stream.start_time
    end = first + length if first is not None else None
    return VideoTiming(frames, first, end, varies, _mean_step(times))


class PictureTimes:
    """Collects the time stamps of a picture whose file has no table of them."""

    def __init__(self) -> None:
        self._pts = array("q")
        self._last = (0, 0)
        """The largest time stamp and its duration."""

    def add(self, packet: av.Packet) -> None:
        """Note one packet; those without a time are passed over."""
        if packet.pts is not None:
            pair = (packet.pts, packet.duration or 0)
            self._last = max(self._last, pair) if self._pts else pair
            self._pts.append(packet.pts)

    def timing(self, partial: bool = False) -> VideoTiming:
        """The timing of what was noted; ``partial`` when there are more packets to come."""
        if not self._pts:
            return VideoTiming(0, None, None, False, None)
        times = np.sort(np.array(self._pts, np.int64))
        if partial:
            # Frames are stored in another order than shown: among the last some are missing.
            times = times[: max(1, len(times) - _REORDERED)]
        varies = _varies(times)
        last_duration = self._last[1]
        if len(times) > 1 and not (varies and last_duration):
            last_duration = int(np.median(np.diff(times)))
        end = int(times[-1]) + last_duration
        return VideoTiming(len(times), int(times[0]), end, varies, _mean_step(times))


def _mean_step(times: Ints) -> Fraction | None:
    return Fraction(int(times[-1] - times[0]), len(times) - 1) if len(times) > 1 else None


def _varies(times: Ints) -> bool:
    """True when frame times leave an even grid by more than the rounding to whole ticks."""
    if len(times) < 3:
        return False
    grid = np.linspace(times[0], times[-1], len(times))
    return bool(np.abs(times - grid).max() > 1.01)
