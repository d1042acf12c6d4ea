"""Sound of a clip by sample index: exact, the same whatever was read before, bounded in memory."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import av
import numpy as np
from numpy.typing import NDArray

from app.closing import Closing
from app.errors import BadInputError
from app.media.decoder import PacketDecoder, joined
from app.media.opening import open_input, picture_stream
from app.media.packets import PacketPass, demux, ignore_other_streams, packet_pass
from app.media.sound_index import NO_PTS, AudioIndex

if TYPE_CHECKING:
    from app.media.probe import AudioInfo

Samples = NDArray[np.float32]

_SEGMENT_S = 4
"""Sound decoded at one go. Segments always start at the same packets with a new decoder."""
_KEPT_SEGMENTS = 5
"""Decoded segments kept, so that re-reading the last 12 s neither seeks nor decodes."""
_WARM_UP_S = Fraction(1, 2)
"""Packets decoded before a segment and thrown away. Opus asks for 80 ms (RFC 7845 section 4.6) and
is equal to 1e-7 after 0.5 s; an MP3 frame reaches back 511 bytes, an AAC one a single packet."""
_AHEAD_S = 20
"""Sound indexed beyond what is asked for, so that reading on doesn't ask again at once."""
_FORWARD_S = 15
"""Distance up to which going on reading is preferred to a seek."""
_STRAY_PACKETS = 200
_STATELESS = ("pcm_", "flac", "alac")


class AudioReader(Closing):
    """Random and sequential access to one audio stream.

    One reader belongs to one thread; open as many as needed. Sample 0 is the first sample heard
    (priming removed); `start` is its media time in seconds. Gaps in the stream are silence. The
    file is indexed as far as is read; only `samples` needs all of it.
    """

    def __init__(
        self,
        path: Path | str,
        stream: AudioInfo | None = None,
        check: Callable[[], None] = lambda: None,
    ) -> None:
        """Open ``path``; without ``stream`` its first audio stream is read.

        ``check`` is called while the file is being indexed and may raise to give up. Raises
        BadInputError when the file or stream cannot be read.
        """
        self._path = Path(path)
        self._check = check
        self._pass = _checked_pass(self._path)
        self._index = _first_index(self._pass, stream, check, self._path)
        self._segments: list[tuple[int, int]] = []
        self._starts = np.zeros(0, np.int64)
        self._open = 0
        self._cut()
        self._decoded: OrderedDict[int, Samples] = OrderedDict()
        self._source = _PacketSource(self._path, self._index)

    @property
    def sample_rate(self) -> int:
        """Samples per second, Hz."""
        return self._index.sample_rate

    @property
    def channels(self) -> int:
        """Number of channels."""
        return self._index.channels

    @property
    def layout(self) -> str:
        """Channel layout by FFmpeg's name, such as ``stereo`` or ``5.1``."""
        return self._index.layout

    @property
    def samples(self) -> int:
        """Exact length in samples; the file is read to its end for it."""
        self._know(None)
        return self._index.samples

    @property
    def start(self) -> Fraction:
        """Media time of sample 0, seconds."""
        return self._index.start

    @property
    def seeks(self) -> int:
        """How often the file was sought in; stays 0 while reading forwards."""
        return self._source.seeks

    def read(self, start: int, stop: int) -> Samples:
        """Samples start..stop as (channels, stop - start) float32; zeros outside the stream."""
        out = np.zeros((self.channels, max(0, stop - start)), np.float32)
        low, high = max(0, start), self.end_before(stop)
        if low >= high:
            return out
        segment = max(0, int(np.searchsorted(self._starts, low, side="right")) - 1)
        while segment < len(self._segments) and self._starts[segment] < high:
            data = self._segment(segment)
            begin = int(self._starts[segment])
            a, b = max(low, begin), min(high, begin + data.shape[1])
            if a < b:
                out[:, a - start : b - start] = data[:, a - begin : b - begin]
            segment += 1
        return out

    def blocks(
        self, start: int = 0, stop: int | None = None, size: int = 65536
    ) -> Iterator[Samples]:
        """Samples start..stop in blocks of ``size``; the last one may be shorter."""
        at = start
        while True:
            end = self.end_before(at + size) if stop is None else min(stop, at + size)
            if end <= at:
                return
            yield self.read(at, end)
            at = end

    def end_before(self, stop: int) -> int:
        """``stop``, or the end of the sound if that comes first."""
        self._know(stop)
        return min(stop, self._index.samples) if self._index.complete else stop

    def close(self) -> None:
        """Close the file; the reader is not usable afterwards."""
        self._source.close()
        self._decoded.clear()

    def _know(self, stop: int | None) -> None:
        """Have the index up to a sample, or to the end."""
        ahead = _AHEAD_S * self._index.sample_rate
        while not self._index.complete and (stop is None or self._known_end < stop):
            if stop is None:
                self._pass.whole(self._check)
            wanted = self._index.samples if stop is None else max(self._index.samples, stop) + ahead
            index = self._pass.sound(self._index.stream, wanted, self._check)
            assert index is not None
            self._index = self._source.index = index
            self._cut()

    @property
    def _known_end(self) -> int:
        """Samples before this one are in segments that can be decoded."""
        index = self._index
        return int(index.first[self._open]) if self._open < len(index.first) else index.samples

    def _cut(self) -> None:
        """Divide what is newly known; a segment that may still grow is left open."""
        index = self._index
        more = _segments(index, self._open)
        if not index.complete:
            more = more[:-1]
        self._segments += more
        self._open = self._segments[-1][1] if self._segments else 0
        self._starts = np.array([index.first[a] for a, _ in self._segments], np.int64)

    def _segment(self, number: int) -> Samples:
        if number in self._decoded:
            self._decoded.move_to_end(number)
            return self._decoded[number]
        while len(self._decoded) >= _KEPT_SEGMENTS:
            self._decoded.popitem(last=False)
        begin, end = self._segments[number]
        index = self._index
        out = np.zeros((index.channels, int(index.keep[begin:end].sum())), np.float32)
        at = 0
        for k, data in self._source.decode(begin, end):
            keep, skip = int(index.keep[k]), int(index.skip[k])
            out[:, at : at + keep] = data[:, skip : skip + keep]
            at += keep
        self._decoded[number] = out
        return out


class _PacketSource:
    """Decodes any range of packets, going on from the last one where possible."""

    def __init__(self, path: Path, index: AudioIndex) -> None:
        self._path = path
        self.index = index
        """What is known of the stream; replaced when more is."""
        self._container: av.container.InputContainer | None = None
        self._recent: deque[tuple[int, av.Packet]] = deque()
        self._packets: Iterator[av.Packet] = iter(())
        self._next = 0
        self.seeks = 0
        self._open()
        rate = index.sample_rate
        typical = index.typical
        stateless = self._stream.codec_context.name.startswith(_STATELESS)
        self._warm_up = 0 if stateless else max(2, int(_WARM_UP_S * rate / typical) + 1)
        self._forward = _FORWARD_S * rate // typical

    def close(self) -> None:
        self._recent.clear()
        if self._container is not None:
            self._container.close()
            self._container = None

    def decode(self, begin: int, end: int) -> Iterator[tuple[int, Samples]]:
        """Packets begin..end of the index, decoded and untrimmed: (k, (C, count[k]) float32)."""
        index = self.index
        self._decoder.restart()
        for k in range(max(0, begin - self._warm_up), end):
            packet = self._packet(k)
            frames = self._decoder.decode(packet) if packet is not None else []
            frames = [frame for frame in frames if frame.sample_rate == index.sample_rate]
            if k >= begin:
                yield k, joined(frames, index.channels, int(index.count[k]))

    def _packet(self, k: int) -> av.Packet | None:
        """Packet k of the index, or None when the file does not give it any more."""
        for number, packet in self._recent:
            if number == k:
                return packet
        if not self._next <= k <= self._next + self._forward:
            self._seek(k)
        while self._next <= k:
            upcoming = next(self._packets, None)
            if upcoming is None:
                return None
            if not self._matches(upcoming, self._next):
                found = self._find(upcoming)
                if found is None or found > k:
                    return None
                self._next = found
            self._remember(upcoming)
        return self._recent[-1][1]

    def _remember(self, packet: av.Packet) -> None:
        self._recent.append((self._next, packet))
        while len(self._recent) > self._warm_up + 1:
            self._recent.popleft()
        self._next += 1

    def _open(self) -> None:
        """Start again at the first packet."""
        self.close()
        self._container = open_input(self._path)
        stream = self._container.streams[self.index.stream]
        assert isinstance(stream, av.AudioStream)
        self._stream = stream
        self._picture = picture_stream(self._container)
        ignore_other_streams(self._container, {stream.index})
        self._decoder = PacketDecoder(stream)
        self._packets = self._own_packets()
        self._next = 0

    def _own_packets(self) -> Iterator[av.Packet]:
        assert self._container is not None
        return (p for p in demux(self._container) if p.stream_index == self.index.stream)

    def _seek(self, k: int) -> None:
        """Go to packet k or a little before it."""
        assert self._container is not None
        self.seeks += 1
        tick = self._stream.time_base or Fraction(1, self.index.sample_rate)
        pts = int(self.index.pts[k])
        for back in (0, 2, 15) if pts != NO_PTS else ():
            target = pts * tick - back
            if target <= self.index.pts[0] * tick:
                break
            if self._land(target, tick) and self._next <= k:
                return
        self._open()

    def _land(self, time: Fraction, tick: Fraction) -> bool:
        """Seek to ``time`` and find out at which packet that ended."""
        assert self._container is not None
        stream: av.stream.Stream = self._stream
        if "matroska" in self._container.format.name and self._picture is not None:
            # Only the picture has an index there, and sound may lie before its key frame.
            stream, time = self._picture, time - 1
            tick = self._picture.time_base or tick
        try:
            self._container.seek(int(time / tick), stream=stream)
        except av.error.FFmpegError:
            return False
        self._recent.clear()
        self._packets = self._own_packets()
        for packet in islice(self._packets, _STRAY_PACKETS):
            found = self._find(packet)
            if found is not None:
                self._next = found
                self._remember(packet)
                return True
        return False

    def _matches(self, packet: av.Packet, k: int) -> bool:
        index = self.index
        pts = NO_PTS if packet.pts is None else packet.pts
        return k < len(index.pts) and index.pts[k] == pts and index.size[k] == packet.size

    def _find(self, packet: av.Packet) -> int | None:
        """Number of a packet in the index, by time stamp, size and place in the file."""
        if packet.pts is None:
            return None
        index = self.index
        for k in np.flatnonzero((index.pts == packet.pts) & (index.size == packet.size)):
            if packet.pos is None or index.pos[k] in (-1, packet.pos):
                return int(k)
        return None


def _checked_pass(path: Path) -> PacketPass:
    if not path.is_file():
        open_input(path).close()  # says what is wrong
    return packet_pass(path)


def _first_index(
    begun: PacketPass, stream: AudioInfo | None, check: Callable[[], None], path: Path
) -> AudioIndex:
    """The index of a stream, or of the first that has sound, as far as it is known by now."""
    for number in begun.streams() if stream is None else (stream.index,):
        index = begun.sound(number, 0, check)
        if index is not None:
            return index
    raise BadInputError(f"{path} has no sound that can be read; give another clip.")


def _segments(index: AudioIndex, begin: int) -> list[tuple[int, int]]:
    """Ranges of packets from ``begin`` on decoded together: about `_SEGMENT_S`, across no gap."""
    segments: list[tuple[int, int]] = []
    first, keep = index.first[begin:], index.keep[begin:]
    gaps = set((np.flatnonzero(first[1:] != first[:-1] + keep[:-1]) + begin + 1).tolist())
    length = 0
    for k, kept in enumerate(keep.tolist(), begin):
        if k > begin and (k in gaps or length >= _SEGMENT_S * index.sample_rate):
            segments.append((begin, k))
            begin, length = k, 0
        length += kept
    segments.append((begin, len(index.pts)))
    return segments
