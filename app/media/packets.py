"""One pass over a file's packets: where every sample lies, and when every frame is shown.

The pass is taken as far as somebody needs it and goes on from there, so that an hour can be played
before it has been read to its end.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import islice
from pathlib import Path
from threading import Lock

import av
import av.container
import av.error
from av.stream import Discard

from app.media.index_store import PacketScan, index_place, keep_scan, kept_scan
from app.media.opening import open_input, picture_stream, sound_streams
from app.media.picture_timing import PictureTimes, VideoTiming, timing_from_table
from app.media.sound_index import AudioIndex, SoundMeasure

_MAX_FILES = 8
_MAX_ERRORS = 50
_STEP = 1000
"""Packets read at one go: a few hundredths of a second."""
_LONG_S = 1.0
"""A pass that took longer is kept on the disk."""
_LOOK_S = 0.5
"""How often a pass looks whether another process has finished the same one."""

Check = Callable[[], None]


def _no_check() -> None:
    pass


class PacketPass:
    """The pass over one file. Any thread may ask; what is known already is given at once."""

    def __init__(self, path: Path) -> None:
        self._lock = Lock()
        self._place = index_place(path)
        self._whole = kept_scan(self._place) if self._place is not None else None
        self._spent = 0.0
        self._looked = time.monotonic()
        if self._whole is not None:
            return
        self._container = container = open_input(path)
        picture = picture_stream(container)
        self._picture = picture.index if picture is not None else -1
        sounds = sound_streams(container)
        wanted = {stream.index for stream in sounds}
        self._table: VideoTiming | None = None
        self._times: PictureTimes | None = None
        if picture is not None:
            self._table = timing_from_table(picture, path.stat().st_size)
            if self._table is None:
                self._times = PictureTimes()
                wanted.add(picture.index)
        ignore_other_streams(container, wanted)
        self._measures = {stream.index: SoundMeasure(stream) for stream in sounds}
        self._packets = demux(container)

    def whole(self, check: Check = _no_check) -> PacketScan:
        """Go through to the end; ``check`` is called now and then and may raise to give up."""
        self._go_on(lambda: False, check)
        assert self._whole is not None
        return self._whole

    def sound(self, stream: int, samples: int, check: Check = _no_check) -> AudioIndex | None:
        """The index of one sound stream, known at least up to ``samples``, or complete."""

        def enough() -> bool:
            measure = self._measures.get(stream)
            return measure is None or (measure.heard and measure.samples >= samples)

        self._go_on(enough, check)
        with self._lock:
            if self._whole is not None:
                return self._whole.audio.get(stream)
            measure = self._measures.get(stream)
            return measure.index() if measure is not None else None

    def streams(self) -> list[int]:
        """Numbers of the sound streams that may be decodable."""
        with self._lock:
            return list(self._whole.audio if self._whole is not None else self._measures)

    def begun(self, patience_s: float, check: Check = _no_check) -> tuple[PacketScan, bool]:
        """What can be told in ``patience_s`` seconds, and whether that is everything.

        Otherwise lengths are what the container says, and may be off by what it doesn't know.
        """
        ends = time.monotonic() + patience_s

        def enough() -> bool:
            heard = all(measure.heard for measure in self._measures.values())
            return time.monotonic() >= ends and heard

        self._go_on(enough, check)
        with self._lock:
            if self._whole is not None:
                return self._whole, True
            end = _stated_end(self._container)
            audio = {
                number: replace(index, samples=_samples_until(end, index))
                for number, measure in self._measures.items()
                if (index := measure.index()) is not None
            }
            video = self._table
            if self._times is not None:
                video = self._times.timing(partial=True)
                tick = self._container.streams[self._picture].time_base
                if video.end is not None and tick:
                    video = replace(video, frames=0, end=max(video.end, round(end / tick)))
            return PacketScan(audio, video), False

    def _go_on(self, enough: Callable[[], bool], check: Check) -> None:
        while True:
            check()
            with self._lock:
                if self._whole is not None or enough():
                    return
                self._step()

    def _step(self) -> None:
        """Read some packets; at the end put the results together."""
        began = time.monotonic()
        if self._place is not None and began - self._looked > _LOOK_S:
            self._looked = began
            self._whole = kept_scan(self._place)
        count = 0
        for packet in islice(self._packets, _STEP) if self._whole is None else ():
            count += 1
            measure = self._measures.get(packet.stream_index)
            if measure is not None:
                measure.add(packet)
            elif self._times is not None and packet.stream_index == self._picture:
                self._times.add(packet)
        self._spent += time.monotonic() - began
        if count < _STEP:
            self._finish()

    def _finish(self) -> None:
        if self._whole is None:
            for measure in self._measures.values():
                measure.finish()
            audio = {
                number: index
                for number, measure in self._measures.items()
                if (index := measure.index()) is not None
            }
            video = self._times.timing() if self._times is not None else self._table
            self._whole = PacketScan(audio, video)
            if self._place is not None and self._spent > _LONG_S:
                keep_scan(self._place, self._whole)
        self._measures.clear()
        self._times = None
        self._container.close()


_passes: OrderedDict[tuple[str, int, int], PacketPass] = OrderedDict()
_passes_lock = Lock()


def packet_pass(path: Path) -> PacketPass:
    """The pass over ``path``, begun or done; remembered for the last few files."""
    status = Path(path).stat()
    key = (str(Path(path).resolve()), status.st_size, status.st_mtime_ns)
    with _passes_lock:
        if key in _passes:
            _passes.move_to_end(key)
            return _passes[key]
        made = _passes[key] = PacketPass(Path(path))
        while len(_passes) > _MAX_FILES:
            _passes.popitem(last=False)
        return made


def scan_packets(path: Path, check: Check = _no_check) -> PacketScan:
    """Index all audio streams and the picture of ``path``; remembered for the last few files."""
    return packet_pass(path).whole(check)


def _stated_end(container: av.container.InputContainer) -> Fraction:
    """Media time at which the container says it ends, seconds."""
    start = Fraction(container.start_time or 0, av.time_base)
    return start + Fraction(container.duration or 0, av.time_base)


def _samples_until(end: Fraction, index: AudioIndex) -> int:
    return max(index.samples, round((end - index.start) * index.sample_rate))


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
