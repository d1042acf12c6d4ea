"""Decoding times for packets from containers that store none, as Matroska does.

FFmpeg works them out from the third or so frame on when frames are reordered; a muxer wants them
for all packets, rising and never after the time of display.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator

import av

_MAX_HELD = 64


def with_decoding_times(
    packets: Iterable[av.Packet], streams: Container[int]
) -> Iterator[av.Packet]:
    """Packets of ``streams``, each with both times; packets without any time are dropped."""
    held: dict[int, list[av.Packet]] = {}
    for packet in packets:
        index = packet.stream_index
        if index not in streams or (packet.dts is None and packet.pts is None):
            continue
        if packet.pts is None:
            packet.pts = packet.dts
        waiting = held.setdefault(index, [])
        if packet.dts is None and packet.stream.type == "video" and len(waiting) < _MAX_HELD:
            waiting.append(packet)
            continue
        if packet.dts is None:
            packet.dts = packet.pts
        assert packet.dts is not None
        for distance, earlier in zip(range(len(waiting), 0, -1), waiting, strict=True):
            earlier.dts = packet.dts - distance * (packet.duration or 1)
        yield from waiting
        waiting.clear()
        yield packet
    for waiting in held.values():
        yield from _by_display_order(waiting)


def _by_display_order(packets: list[av.Packet]) -> list[av.Packet]:
    """Times for a stretch in which no decoding time is known at all."""
    shown = [packet.pts for packet in packets if packet.pts is not None]
    ordered = sorted(shown)
    delay = max((a - b for a, b in zip(ordered, shown, strict=True)), default=0)
    for packet, time in zip(packets, ordered, strict=True):
        packet.dts = time - delay
    return packets
