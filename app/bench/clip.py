"""The clip that is measured: the demo duet in 1080p with film grain, looped to any length."""

from __future__ import annotations

import os
from fractions import Fraction
from pathlib import Path

import av

from app.demo import render_demo
from app.jobs import CancelToken, OnProgress

LOOP_SECONDS = 8
FPS = Fraction(25)
_TICK = Fraction(1, 1000000)
_GRAIN = 2.5
"""Levels of film grain that bring 1080p to the bit rate of a camera file, 10 Mbit/s."""


def render_loop(
    folder: Path,
    size: tuple[int, int],
    people: int = 2,
    *,
    on_progress: OnProgress | None = None,
    token: CancelToken | None = None,
) -> Path:
    """Render one turn of the loop with 1 or 2 people, H.264 with 48 kHz stereo PCM in Matroska."""
    return render_demo(
        folder,
        seconds=LOOP_SECONDS,
        size=size,
        fps=FPS,
        people=people,
        container="mkv",
        grain=_GRAIN,
        name=f"loop{people}",
        on_progress=on_progress,
        token=token,
    ).path


def repeat(loop: Path, path: Path, seconds: float, token: CancelToken) -> float:
    """Write the first ``seconds`` of the endlessly repeated loop; gives the exact length.

    Packets are copied, so a half-hour clip takes seconds to make. The length is rounded up to
    whole groups of pictures, where the copied picture may end.
    """
    packets: list[tuple[int, Fraction, Fraction, bytes, bool]] = []
    temporary = path.with_suffix(".part.mkv")
    with av.open(str(loop)) as source:
        streams = {s.index: s for s in (source.streams.video[0], source.streams.audio[0])}
        for packet in source.demux(list(streams.values())):
            if packet.pts is None or packet.time_base is None:
                continue
            time, length = packet.pts * packet.time_base, (packet.duration or 0) * packet.time_base
            key = packet.is_keyframe
            packets.append((packet.stream.index, time, length, bytes(packet), key))
        video = source.streams.video[0].index
        times = [time for index, time, *_ in packets if index == video]
        # Frames are coded in another order than shown: decoding leads by the largest delay.
        lead = max(number / FPS - time for number, time in enumerate(times))
        end = _end(seconds, sorted(t for i, t, _, _, key in packets if i == video and key))
        with av.open(str(temporary), "w") as output:
            copies = {i: output.add_stream_from_template(s) for i, s in streams.items()}
            turn, coded = Fraction(0), 0
            while turn < end:
                token.check()
                for index, time, length, data, key in packets:
                    if turn + time >= end:
                        continue
                    packet = av.Packet(data)
                    packet.stream = copies[index]
                    packet.time_base = _TICK
                    packet.pts = packet.dts = round((turn + time) / _TICK)
                    if index == video:
                        packet.dts = round((coded / FPS - lead) / _TICK)
                        coded += 1
                    packet.duration = round(length / _TICK)
                    packet.is_keyframe = key
                    output.mux(packet)
                turn += LOOP_SECONDS
    os.replace(temporary, path)
    return float(end)


def _end(seconds: float, keys: list[Fraction]) -> Fraction:
    """The first key frame of the repeated loop at or after ``seconds``."""
    turn = Fraction(0)
    while True:
        for time in [*keys[1:], Fraction(LOOP_SECONDS)]:
            if turn + time >= Fraction(seconds):
                return turn + time
        turn += LOOP_SECONDS
