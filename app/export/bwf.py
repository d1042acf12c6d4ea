"""Chunks that tell editing programs where in the day a WAVE file belongs.

Sources: EBU Tech 3285, "Specification of the Broadcast Wave Format", version 1; iXML
specification 2.10 (ixml.info).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from math import floor
from xml.etree import ElementTree as ET

from app.timecode import Timecode

Chunk = tuple[bytes, bytes]
"""Four-letter name and content."""

_BEXT_FIXED = struct.Struct("<256s32s32s10s8sIIH64s190s")
_ENCODINGS = {"wav16": 16, "wav24": 24, "wav32f": 32}


@dataclass(frozen=True)
class Origin:
    """Where a sound file comes from."""

    description: str
    """What is heard, such as the clip and the singer."""
    start: Timecode
    """Timecode of the frame in which, or at which, the file begins."""
    time_reference: int
    """Samples from midnight to the first sample, at the file's sample rate."""
    written: datetime
    channel_names: tuple[str, ...] = ()
    scene: str = ""
    take: str = ""


def time_reference(start: Timecode, offset: Fraction, sample_rate: int) -> int:
    """Samples from midnight to a sound that begins ``offset`` seconds after the frame ``start``.

    Counted in real time, as recorders do: at 23.976 and 29.97 frames a second an hour of timecode
    lasts 3603.6 s. Taken within the day, as the field cannot be negative.
    """
    day = round(start.day / start.rate * sample_rate)
    return floor((start.seconds + offset) * sample_rate) % day


def chunks(origin: Origin, sample_rate: int, format: str) -> list[Chunk]:
    """The ``bext`` and ``iXML`` chunks of a file in the sound format ``format``, of even length."""
    bext, ixml = _bext(origin, sample_rate, format), _ixml(origin, sample_rate, format)
    return [(b"bext", bext + bytes(len(bext) % 2)), (b"iXML", ixml + b"\n" * (len(ixml) % 2))]


def _bext(origin: Origin, sample_rate: int, format: str) -> bytes:
    history = (
        f"A=PCM,F={sample_rate},W={_ENCODINGS[format]},"
        f"M={_mode(len(origin.channel_names))},T=Solovox\r\n"
    )
    reference = origin.time_reference
    fixed = _BEXT_FIXED.pack(
        _ascii(origin.description, 256),
        b"Solovox",
        _ascii(f"SOLOVOX{origin.written:%Y%m%d%H%M%S}{reference % 10**9:09d}", 32),
        f"{origin.written:%Y-%m-%d}".encode(),
        f"{origin.written:%H:%M:%S}".encode(),
        reference & 0xFFFFFFFF,
        reference >> 32,
        1,
        b"",
        b"",
    )
    return fixed + history.encode("ascii")


def _ixml(origin: Origin, sample_rate: int, format: str) -> bytes:
    root = ET.Element("BWFXML")
    _child(root, "IXML_VERSION", "2.10")
    _child(root, "PROJECT", origin.scene)
    _child(root, "SCENE", origin.scene)
    _child(root, "TAKE", origin.take)
    _child(root, "NOTE", origin.description)
    rate = origin.start.rate
    speed = ET.SubElement(root, "SPEED")
    _child(speed, "NOTE", "")
    _child(speed, "MASTER_SPEED", f"{rate.numerator}/{rate.denominator}")
    _child(speed, "CURRENT_SPEED", f"{rate.numerator}/{rate.denominator}")
    _child(speed, "TIMECODE_RATE", f"{rate.numerator}/{rate.denominator}")
    _child(speed, "TIMECODE_FLAG", "DF" if origin.start.drop else "NDF")
    _child(speed, "FILE_SAMPLE_RATE", str(sample_rate))
    _child(speed, "AUDIO_BIT_DEPTH", str(_ENCODINGS[format]))
    _child(speed, "DIGITIZER_SAMPLE_RATE", str(sample_rate))
    _child(speed, "TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_HI", str(origin.time_reference >> 32))
    _child(speed, "TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_LO", str(origin.time_reference & 0xFFFFFFFF))
    _child(speed, "TIMESTAMP_SAMPLE_RATE", str(sample_rate))
    tracks = ET.SubElement(root, "TRACK_LIST")
    _child(tracks, "TRACK_COUNT", str(len(origin.channel_names)))
    for number, name in enumerate(origin.channel_names, 1):
        track = ET.SubElement(tracks, "TRACK")
        _child(track, "CHANNEL_INDEX", str(number))
        _child(track, "INTERLEAVE_INDEX", str(number))
        _child(track, "NAME", name)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="utf-8")


def _child(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = text


def _mode(channels: int) -> str:
    return {1: "mono", 2: "stereo"}.get(channels, "multi")


def _ascii(text: str, size: int) -> bytes:
    """The field of a chunk: ASCII only, cut to its size."""
    return text.encode("ascii", "replace")[:size]
