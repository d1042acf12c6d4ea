"""RIFF/WAVE as a stream, turning into RF64 where 4 GiB are exceeded.

Sources: Microsoft, "Multiple channel audio data and WAVE files" (extensible format, channel mask);
EBU Tech 3306, RF64.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import BinaryIO

_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE
_SUBTYPE_TAIL = bytes.fromhex("000000001000800000aa00389b71")
"""Last 14 of the 16 bytes of KSDATAFORMAT_SUBTYPE_*; the first two are the format tag."""
_DS64_SIZE = 28
_RIFF_LIMIT = 0xFFFFFFFF
_MASKS = {
    "mono": 0x4,
    "stereo": 0x3,
    "2.1": 0xB,
    "3.0": 0x7,
    "quad": 0x33,
    "4.0": 0x107,
    "5.0": 0x37,
    "5.0(side)": 0x607,
    "5.1": 0x3F,
    "5.1(side)": 0x60F,
    "6.1": 0x70F,
    "7.1": 0x63F,
}
"""Speaker positions of FFmpeg's layout names; 0 means that none are stated."""


class WavStream:
    """Header and data chunk of one WAVE file; sizes are filled in by `finish`."""

    def __init__(
        self,
        file: BinaryIO,
        sample_rate: int,
        channels: int,
        bits: int,
        is_float: bool,
        layout: str | None,
        chunks: Sequence[tuple[bytes, bytes]] = (),
    ) -> None:
        """``chunks`` are further chunks, by name and content, to stand before the sound."""
        self._file = file
        self._frame_bytes = channels * bits // 8
        self._data_bytes = 0
        mask = _MASKS.get(layout or "", 0)
        tag = _FLOAT if is_float else _PCM
        extensible = channels > 2 or (bits > 16 and not is_float) or mask not in (0, 0x3, 0x4)
        form = struct.pack(
            "<HHIIHH",
            _EXTENSIBLE if extensible else tag,
            channels,
            sample_rate,
            sample_rate * self._frame_bytes,
            self._frame_bytes,
            bits,
        )
        if extensible:
            form += struct.pack("<HHIH", 22, bits, mask, tag) + _SUBTYPE_TAIL
        # Room for the 64-bit sizes of RF64; readers of plain WAVE skip a JUNK chunk.
        head = b"RIFF\0\0\0\0WAVE" + b"JUNK" + struct.pack("<I", _DS64_SIZE) + bytes(_DS64_SIZE)
        for name, content in chunks:
            if len(content) % 2:
                raise ValueError("readers of RF64 forget the pad byte, so chunks have even length")
            head += name + struct.pack("<I", len(content)) + content
        head += b"fmt " + struct.pack("<I", len(form)) + form
        if is_float:
            head += b"fact" + struct.pack("<II", 4, 0)
        self._fact_at = len(head) - 4 if is_float else None
        self._data_at = len(head)
        file.write(head + b"data\0\0\0\0")

    def write(self, data: bytes) -> None:
        """Append interleaved little-endian samples."""
        self._file.write(data)
        self._data_bytes += len(data)

    def finish(self) -> None:
        """Write the sizes; nothing may be appended afterwards."""
        file = self._file
        if self._data_bytes % 2:
            file.write(b"\0")
        riff_bytes = file.tell() - 8
        frames = self._data_bytes // self._frame_bytes
        if riff_bytes > _RIFF_LIMIT:
            file.seek(0)
            file.write(b"RF64" + struct.pack("<I", _RIFF_LIMIT) + b"WAVEds64")
            sizes = struct.pack("<QQQI", riff_bytes, self._data_bytes, frames, 0)
            file.write(struct.pack("<I", _DS64_SIZE) + sizes)
        else:
            file.seek(4)
            file.write(struct.pack("<I", riff_bytes))
        if self._fact_at is not None:
            file.seek(self._fact_at)
            file.write(struct.pack("<I", min(frames, _RIFF_LIMIT)))
        file.seek(self._data_at + 4)
        file.write(struct.pack("<I", min(self._data_bytes, _RIFF_LIMIT)))
        file.seek(0, 2)
