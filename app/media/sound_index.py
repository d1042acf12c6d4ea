"""Where every sample of a sound stream lies: its packets laid on the sample axis, in order.

Nothing is decoded but sound whose packets do not tell their length (Opus, FLAC, Vorbis ...);
sample positions are integers from here on. What is laid down never moves again, so the index of the
first minute can be used while the hour behind it is still being read.
"""

from __future__ import annotations

import struct
from array import array
from collections import deque
from dataclasses import dataclass
from fractions import Fraction

import av
import numpy as np
from numpy.typing import NDArray

from app.media.decoder import PacketDecoder

NO_PTS = int(np.iinfo(np.int64).min)
_CONSTANT_LENGTH = frozenset({"aac", "mp3", "mp2", "mp1", "ac3"})
_LAYOUT_IF_UNSTATED = {1: "mono", 2: "stereo"}
_EDIT_TICK = Fraction(2, 1000)
"""An edit list's end is known to one tick of the movie time scale, 1/600 s at the coarsest."""
_FIRST_ROWS = 50
"""Packets looked at before the first is laid down, to know how long an ordinary one is."""

COLUMNS = ("pts", "pos", "size", "count", "skip", "keep", "first")
"""Names of the arrays of an index."""

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
    """Length of the stream; of an index that isn't complete, where the known part ends."""
    typical: int
    """Samples of an ordinary packet."""
    complete: bool
    pts: Ints
    pos: Ints
    size: Ints
    count: Ints
    skip: Ints
    keep: Ints
    first: Ints


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


class SoundMeasure:
    """Collects the packets of one audio stream and lays them on the sample axis."""

    def __init__(self, stream: av.AudioStream) -> None:
        self._stream = stream
        self._decoder = PacketDecoder(stream)
        self._constant = stream.codec_context.codec.canonical_name in _CONSTANT_LENGTH
        self._pcm = stream.codec_context.name.startswith("pcm_")
        self._packet_samples = 0
        self._sample_bytes: Fraction | None = None
        self._rate = 0
        self._channels = 0
        self._layout = ""
        self._waiting: deque[_Row] = deque()
        """Packets not laid down: the first few, and always the last one, which may be trimmed."""
        self._typical: int | None = None
        self._tolerance = 0
        """Samples by which a time stamp may be off before it means a gap or an overlap."""
        self._tick = Fraction(0)
        self._tick_parts = (0, 1)
        self._columns = {name: array("q") for name in COLUMNS}
        self._lists = tuple(self._columns.values())
        self._pending = 0
        self._start: Fraction | None = None
        self._origin = Fraction(0)
        self._at = 0
        self._complete = False

    def add(self, packet: av.Packet) -> None:
        """Note one packet, decoding it only if its length cannot be told otherwise."""
        head = tail = 0
        if packet.has_sidedata("skip_samples"):
            head, tail = struct.unpack_from("<II", bytes(packet.get_sidedata("skip_samples")))
        self._waiting.append(
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
        if self._typical is None:
            if len(self._waiting) <= _FIRST_ROWS or not self._rate:
                return
            self._settle()
        while len(self._waiting) > 1:
            self._lay(self._waiting.popleft())

    def finish(self) -> None:
        """Take what was noted as the whole stream."""
        if self._rate and self._waiting and not self._complete:
            if self._typical is None:
                self._settle()
            self._trim_end(self._waiting[-1])
            while self._waiting:
                self._lay(self._waiting.popleft())
        self._complete = True

    @property
    def samples(self) -> int:
        """Where the known part ends."""
        return self._at

    @property
    def heard(self) -> bool:
        """True once a packet was laid down of which something is heard."""
        return self._start is not None

    def index(self) -> AudioIndex | None:
        """The index as far as it is known; None while nothing in the stream could be decoded."""
        if self._start is None:
            return None
        return AudioIndex(
            stream=self._stream.index,
            sample_rate=self._rate,
            channels=self._channels,
            layout=self._layout,
            start=self._start,
            samples=self._at,
            typical=max(1, self._typical or 1),
            complete=self._complete,
            **{name: np.array(values, np.int64) for name, values in self._columns.items()},
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

    def _settle(self) -> None:
        """From the packets noted so far, find out how long an ordinary one is."""
        if self._packet_samples:
            # Packets before the first one that decoded are as long as all others.
            for row in self._waiting:
                row.count = self._packet_samples
        self._typical = int(np.median([row.count for row in self._waiting]))
        tick, rate = self._stream.time_base or Fraction(1, self._rate), self._rate
        self._tick, self._tick_parts = tick, (tick.numerator, tick.denominator)
        ticks = 2 * tick * rate if tick > Fraction(1, rate) else Fraction(3)
        self._tolerance = max(int(ticks), 0 if self._pcm else self._typical // 4)

    def _lay(self, row: _Row) -> None:
        """Give the next packet its place."""
        rate = self._rate
        self._pending += row.cut_head
        skip = row.count if row.discard else min(self._pending, row.count)
        self._pending = max(0, self._pending - skip)
        keep = max(0, row.count - skip - row.cut_tail)
        if keep and self._start is None:
            self._start = self._origin = self._first_heard(row, skip)
        elif keep and row.pts != NO_PTS:
            tolerance = self._tolerance
            above, below = self._tick_parts
            place = _rounded(row.pts * above, below, self._origin, rate) + skip
            if place < self._at - rate:
                # Time stamps that start again (joined recordings): go on where we are.
                self._origin -= Fraction(self._at - place, rate)
            elif place < self._at - tolerance:
                overlap = min(self._at - place, keep)
                skip += overlap
                keep -= overlap
            elif place > self._at + tolerance:
                self._at = place
        values = (row.pts, row.pos, row.size, row.count, skip, keep, self._at)
        for column, value in zip(self._lists, values, strict=True):
            column.append(value)
        self._at += keep

    def _first_heard(self, row: _Row, skip: int) -> Fraction:
        """Media time of the first sample heard, which is in ``row``."""
        tick = self._tick
        if row.pts == NO_PTS:
            return Fraction(0)
        start = row.pts * tick + Fraction(skip, self._rate)
        if tick > Fraction(1, self._rate):
            # The stamp was rounded to a tick before the priming was taken off it; rounding once
            # more undoes that (Matroska: -6.5 ms stored as -7, so the sound starts at 0).
            start = round(start / tick) * tick
        return start

    def _trim_end(self, last: _Row) -> None:
        """Take padding off the last packet where the container tells the length exactly.

        MP4 and MOV give the last packet a shorter duration, or end the edit list inside it.
        """
        rate, tick = self._rate, self._tick
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


def _rounded(numerator: int, denominator: int, origin: Fraction, rate: int) -> int:
    """``round((numerator / denominator - origin) * rate)`` without the cost of fractions."""
    below = denominator * origin.denominator
    above = (numerator * origin.denominator - origin.numerator * denominator) * rate
    whole, rest = divmod(above, below)
    return whole + (2 * rest > below or (2 * rest == below and whole % 2 == 1))
