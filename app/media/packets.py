"""One pass over a file's packets: where every sample lies, and when every frame is shown.

Nothing is decoded but sound whose packets do not tell their length (Opus, FLAC, Vorbis ...);
sample positions are integers from here on.
"""

from __future__ import annotations

import struct
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from threading import Lock

import av
import av.container
import av.error
import numpy as np
from av.stream import Discard
from numpy.typing import NDArray

from app.media.decoder import PacketDecoder
from app.media.opening import open_input, picture_stream, sound_streams

NO_PTS = np.iinfo(np.int64).min
_CONSTANT_LENGTH = frozenset({"aac", "mp3", "mp2", "mp1", "ac3"})
_LAYOUT_IF_UNSTATED = {1: "mono", 2: "stereo"}
_MAX_FILES = 8
_MAX_ERRORS = 50
_EDIT_TICK = Fraction(2, 1000)
"""An edit list's end is known to one tick of the movie time scale, 1/600 s at the coarsest."""

Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class AudioIndex:
    """Place of every packet of one audio stream on the sample axis.

    Packet k decodes to ``count[k]`` samples; of these ``keep[k]`` from ``skip[k]`` on are heard,
    at ``first[k]``. Sample 0 is the first one heard. Between packets there may be gaps (silence).
    """

    stream: int
    sample_rate: int
    channels: int
    layout: str
    start: Fraction
    samples: int
    pts: Ints
    pos: Ints
    size: Ints
    count: Ints
    skip: Ints
    keep: Ints
    first: Ints


@dataclass(frozen=True)
class VideoTiming:
    """What the packets say about the picture: all times in ticks of the stream's time base."""

    frames: int
    first: int | None
    end: int | None
    variable_rate: bool
    step: Fraction | None
    """Mean distance of frames in ticks."""


@dataclass(frozen=True)
class PacketScan:
    """Result of the pass over one file."""

    audio: dict[int, AudioIndex]
    video: VideoTiming | None


@dataclass(slots=True)
class _Row:
    pts: int
    duration: int
    pos: int
    size: int
    count: int
    cut_head: int
    cut_tail: int
    discard: bool


_cache: OrderedDict[tuple[str, int, int], PacketScan] = OrderedDict()
_cache_lock = Lock()


def scan_packets(path: Path) -> PacketScan:
    """Index all audio streams and the picture of ``path``; remembered for the last few files."""
    status = Path(path).stat()
    key = (str(Path(path).resolve()), status.st_size, status.st_mtime_ns)
    with _cache_lock:
        if key in _cache:
            _cache.move_to_end(key)
            return _cache[key]
    scan = _scan(Path(path), status.st_size)
    with _cache_lock:
        _cache[key] = scan
        while len(_cache) > _MAX_FILES:
            _cache.popitem(last=False)
    return scan


def demux(container: av.container.InputContainer) -> Iterator[av.Packet]:
    """All packets with content, going on after damaged places as long as there is progress."""
    errors = 0
    while errors < _MAX_ERRORS:
        try:
            for packet in container.demux():
                if packet.size:
                    yield packet
                    errors = 0
            return
        except av.error.FFmpegError:
            errors += 1


def ignore_other_streams(container: av.container.InputContainer, wanted: set[int]) -> None:
    """Tell the demuxer to pass over all streams but ``wanted`` (in MP4 they are not even read)."""
    for stream in container.streams:
        if stream.index not in wanted:
            stream.discard = Discard.all


def _scan(path: Path, file_size: int) -> PacketScan:
    with open_input(path) as container:
        picture = picture_stream(container)
        video = _timing_from_table(picture, file_size) if picture is not None else None
        sounds = sound_streams(container)
        wanted = {stream.index for stream in sounds}
        video_packets: list[tuple[int, int]] | None = None
        if picture is not None and video is None:
            wanted.add(picture.index)
            video_packets = []
        ignore_other_streams(container, wanted)
        measures = {stream.index: _Measure(stream) for stream in sounds}
        for packet in demux(container):
            if packet.stream_index in measures:
                measures[packet.stream_index].add(packet)
            elif (
                video_packets is not None
                and picture is not None
                and packet.stream_index == picture.index
                and packet.pts is not None
            ):
                video_packets.append((packet.pts, packet.duration or 0))
        if video_packets is not None:
            video = _timing_from_packets(video_packets)
        audio = {
            index: found
            for index, measure in measures.items()
            if (found := measure.index()) is not None
        }
    return PacketScan(audio, video)


def _timing_from_table(stream: av.VideoStream, file_size: int) -> VideoTiming | None:
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


def _timing_from_packets(packets: list[tuple[int, int]]) -> VideoTiming:
    if not packets:
        return VideoTiming(0, None, None, False, None)
    times = np.array(sorted(pts for pts, _ in packets), np.int64)
    varies = _varies(times)
    last_duration = max(packets)[1]
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


class _Measure:
    """Collects the packets of one audio stream and lays them on the sample axis."""

    def __init__(self, stream: av.AudioStream) -> None:
        self._stream = stream
        self._decoder = PacketDecoder(stream)
        self._rows: list[_Row] = []
        self._constant = stream.codec_context.codec.canonical_name in _CONSTANT_LENGTH
        self._pcm = stream.codec_context.name.startswith("pcm_")
        self._packet_samples = 0
        self._sample_bytes: Fraction | None = None
        self._rate = 0
        self._channels = 0
        self._layout = ""

    def add(self, packet: av.Packet) -> None:
        """Note one packet, decoding it only if its length cannot be told otherwise."""
        head = tail = 0
        if packet.has_sidedata("skip_samples"):
            head, tail = struct.unpack_from("<II", bytes(packet.get_sidedata("skip_samples")))
        self._rows.append(
            _Row(
                pts=NO_PTS if packet.pts is None else packet.pts,
                duration=packet.duration or 0,
                pos=-1 if packet.pos is None else packet.pos,
                size=packet.size,
                count=self._count(packet),
                cut_head=head,
                cut_tail=tail,
                discard=packet.is_discard,
            )
        )

    def _count(self, packet: av.Packet) -> int:
        if self._packet_samples:
            return self._packet_samples
        if self._sample_bytes is not None:
            return int(packet.size / self._sample_bytes)
        frames = self._decoder.decode(packet)
        count = sum(frame.samples for frame in frames)
        if count and not self._rate:
            self._rate = frames[0].sample_rate
            self._channels = frames[0].layout.nb_channels
            name = frames[0].layout.name
            self._layout = _LAYOUT_IF_UNSTATED.get(self._channels, name) if " " in name else name
            if self._constant:
                self._packet_samples = count
            elif self._pcm and packet.size % count == 0:
                self._sample_bytes = Fraction(packet.size, count)
        return count

    def index(self) -> AudioIndex | None:
        """The finished index; None when nothing in the stream could be decoded."""
        rows = self._rows
        if not self._rate or not rows:
            return None
        if self._packet_samples:
            # Packets before the first one that decoded are as long as all others.
            for row in rows:
                row.count = self._packet_samples
        rate = self._rate
        tick = self._stream.time_base or Fraction(1, rate)
        self._trim_end(rows, tick, rate)
        skip, keep = _trims(rows)
        heard = np.flatnonzero(keep > 0)
        if len(heard) == 0:
            return None
        start = self._start(rows, skip, int(heard[0]), tick, rate)
        tolerance = self._tolerance(tick, rate)
        first = np.zeros(len(rows), np.int64)
        at = 0
        origin = start
        for k, row in enumerate(rows):
            if keep[k] and row.pts != NO_PTS and k != heard[0]:
                place = round((row.pts * tick - origin) * rate) + int(skip[k])
                if place < at - rate:
                    # Time stamps that start again (joined recordings): go on where we are.
                    origin -= Fraction(at - place, rate)
                elif place < at - tolerance:
                    overlap = min(at - place, int(keep[k]))
                    skip[k] += overlap
                    keep[k] -= overlap
                elif place > at + tolerance:
                    at = place
            first[k] = at
            at += int(keep[k])
        return AudioIndex(
            stream=self._stream.index,
            sample_rate=rate,
            channels=self._channels,
            layout=self._layout,
            start=start,
            samples=at,
            pts=np.array([row.pts for row in rows], np.int64),
            pos=np.array([row.pos for row in rows], np.int64),
            size=np.array([row.size for row in rows], np.int64),
            count=np.array([row.count for row in rows], np.int64),
            skip=skip,
            keep=keep,
            first=first,
        )

    def _start(self, rows: list[_Row], skip: Ints, k: int, tick: Fraction, rate: int) -> Fraction:
        """Media time of the first sample heard."""
        if rows[k].pts == NO_PTS:
            return Fraction(0)
        start = rows[k].pts * tick + Fraction(int(skip[k]), rate)
        if tick > Fraction(1, rate):
            # The stamp was rounded to a tick before the priming was taken off it; rounding once
            # more undoes that (Matroska: -6.5 ms stored as -7, so the sound starts at 0).
            start = round(start / tick) * tick
        return start

    def _tolerance(self, tick: Fraction, rate: int) -> int:
        """Samples by which a time stamp may be off before it means a gap or an overlap."""
        ticks = 2 * tick * rate if tick > Fraction(1, rate) else Fraction(3)
        jitter = 0 if self._pcm else int(np.median([row.count for row in self._rows])) // 4
        return max(int(ticks), jitter)

    def _trim_end(self, rows: list[_Row], tick: Fraction, rate: int) -> None:
        """Take padding off the last packet where the container tells the length exactly.

        MP4 and MOV give the last packet a shorter duration, or end the edit list inside it.
        """
        last = rows[-1]
        known = self._sample_bytes is not None or last.cut_tail
        if known or last.pts == NO_PTS or tick != Fraction(1, rate):
            return
        if 0 < last.duration < last.count:
            last.cut_tail = last.count - last.duration
        stream = self._stream
        if "mp4" in stream.container.format.name and stream.duration and not stream.start_time:
            excess = last.pts + last.count - last.cut_tail - stream.duration
            if _EDIT_TICK * rate < excess < last.count - last.cut_tail:
                last.cut_tail += excess


def _trims(rows: list[_Row]) -> tuple[Ints, Ints]:
    """Samples to drop at the head of each packet, and to keep after them."""
    skip = np.zeros(len(rows), np.int64)
    keep = np.zeros(len(rows), np.int64)
    pending = 0
    for k, row in enumerate(rows):
        pending += row.cut_head
        taken = row.count if row.discard else min(pending, row.count)
        pending = max(0, pending - taken)
        skip[k] = taken
        keep[k] = max(0, row.count - taken - row.cut_tail)
    return skip, keep
