"""Which packets of a clip make up a range of it, when nothing may be re-encoded.

A copied picture can begin only at a key frame. MP4 and QuickTime keep the frames from there on but
hide the first of them by an edit list; Matroska has no such list.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from fractions import Fraction

import av
import av.container

from app.export.decoding_times import with_decoding_times
from app.media.opening import open_input
from app.media.packets import demux
from app.media.probe import MediaInfo, require_video

_SEEK_BACK_S = (0, 2, 10)
_WARM_UP_S = Fraction(1, 10)
"""Original sound kept, unheard, before a cut: lossy codecs need it to start up."""
_INTERLEAVE_S = 2
"""Sound may lie this much before its picture in a file."""


@dataclass(frozen=True)
class Cut:
    """A range of a clip; all times in media seconds of the clip."""

    origin: Fraction = Fraction(0)
    """What becomes 0 in the new file."""
    begin: Fraction | None = None
    """The in point asked for; None for the whole clip."""
    end: Fraction | None = None
    key: int | None = None
    """Time stamp of the key frame that the picture starts with; None: the clip's first frame."""
    hides_lead: bool = True
    """Whether packets before ``origin`` may be written, to be hidden by an edit list."""

    @property
    def lead_in(self) -> Fraction:
        """Seconds of the new file before the in point."""
        return self.begin - self.origin if self.begin is not None else Fraction(0)


def plan_cut(
    info: MediaInfo, begin: Fraction | None, end: Fraction | None, hides_lead: bool
) -> Cut:
    """Place the cut on the frame shown at ``begin``, or on its key frame unless ``hides_lead``.

    Players disagree about an edit list that begins inside a frame, so the new file begins with
    that whole frame, less than one frame before the in point.
    """
    if begin is None:
        return Cut(end=end)
    found = _shown_and_key(info, begin)
    if found is None:
        return Cut(begin, begin, end, None, hides_lead)
    shown, key = found
    first = shown if hides_lead else key
    return Cut(first * require_video(info).time_base, begin, end, key, hides_lead)


def packets_of(
    container: av.container.InputContainer, picture: int, streams: Collection[int], cut: Cut
) -> Iterator[av.Packet]:
    """Packets of ``streams`` in the range, in order of the file, all with both times."""
    if cut.key is not None:
        stream = container.streams[picture]
        tick = stream.time_base or Fraction(1, 1000)
        container.seek(int(cut.key - _INTERLEAVE_S / tick), stream=stream)
    started = cut.begin is None
    late: list[av.Packet] = []
    over: set[int] = set()
    for packet in with_decoding_times(demux(container), streams):
        assert packet.pts is not None
        assert packet.dts is not None
        time = packet.pts * packet.time_base
        is_picture = packet.stream_index == picture
        if is_picture:
            started = started or (packet.is_keyframe and cut.key in (None, packet.pts))
        if not (started if is_picture else _reaches(packet, time, cut)):
            continue
        if cut.end is None or time < cut.end:
            if is_picture:
                yield from late
                late.clear()
            yield packet
        elif packet.dts * packet.time_base < cut.end:
            # Shown after the end, but a frame shown before it may still come and refer to it.
            late.append(packet)
        else:
            over.add(packet.stream_index)
            if len(over) == len(streams):
                return


def _reaches(packet: av.Packet, time: Fraction, cut: Cut) -> bool:
    """True when a packet of original sound belongs to the range."""
    if cut.begin is None:
        return True
    if not cut.hides_lead:
        return time >= cut.origin
    return time + (packet.duration or 0) * packet.time_base > cut.origin - _WARM_UP_S


def _shown_and_key(info: MediaInfo, time: Fraction) -> tuple[int, int] | None:
    """Time stamps of the frame on the screen at ``time`` and of its key frame."""
    video = require_video(info)
    tick = video.time_base
    with open_input(info.path) as container:
        stream = container.streams[video.index]
        for back in _SEEK_BACK_S:
            container.seek(int((time - back) / tick), stream=stream)
            shown = key = None
            for packet in container.demux(stream):
                if not packet.size or (packet.dts is not None and packet.dts * tick > time):
                    break
                if packet.pts is None or packet.pts * tick > time:
                    continue
                if packet.is_keyframe:
                    key = packet.pts
                if key is not None:
                    shown = packet.pts if shown is None else max(shown, packet.pts)
            if key is not None and shown is not None:
                return shown, key
    return None
