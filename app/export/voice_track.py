"""One new sound track of a video file, encoded as far as the muxer needs it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

import av
import av.container
import numpy as np
from numpy.typing import NDArray

from app.export.containers import voice_codec

Samples = NDArray[np.float32]

_BLOCK = 4096
"""Samples per packet for codecs that take any number."""


class VoiceTrack:
    """Encodes blocks of (channels, N) float32 into packets with exact times."""

    def __init__(
        self,
        output: av.container.OutputContainer,
        suffix: str,
        blocks: Iterable[Samples],
        rate: int,
        layout: str,
        start: Fraction,
    ) -> None:
        """``start`` is the time of the first sample in the new file, seconds."""
        codec, layout, options = voice_codec(suffix, rate, layout)
        stream = output.add_stream(codec, rate=rate, options=options)
        assert isinstance(stream, av.AudioStream)
        self.stream = stream
        context = stream.codec_context
        context.layout = layout
        context.time_base = Fraction(1, rate)
        if codec in ("flac", "alac", "pcm_s24le"):
            context.format = "s32p" if codec == "alac" else "s32"
        self._blocks = iter(blocks)
        self._rate = rate
        self._layout = layout
        self._channels = av.AudioLayout(layout).nb_channels
        self._next = round(start * rate)
        self._waiting = np.zeros((self._channels, 0), np.float32)
        if codec == "aac" and self._next > 0:
            # MP4 marks priming only on tracks that begin at zero; silence up to the first sample
            # keeps the place exact in every program.
            self._waiting = np.zeros((self._channels, self._next), np.float32)
            self._next = 0
        self.clipped = 0

    def until(self, time: Fraction) -> Iterator[av.Packet]:
        """Packets for the sound before ``time`` seconds in the new file."""
        size = self.stream.codec_context.frame_size or _BLOCK
        while Fraction(self._next, self._rate) < time:
            if not self._fill(size):
                return
            yield from self._encode(size)

    def rest(self) -> Iterator[av.Packet]:
        """Everything that has not been encoded yet."""
        size = self.stream.codec_context.frame_size or _BLOCK
        while self._fill(size):
            yield from self._encode(size)
        if self._waiting.shape[1]:
            yield from self._encode(self._waiting.shape[1])
        yield from self.stream.encode(None)

    def _fill(self, size: int) -> bool:
        """Have at least ``size`` samples waiting; False when the sound ends before."""
        blocks = [self._waiting]
        count = self._waiting.shape[1]
        while count < size:
            block = next(self._blocks, None)
            if block is None:
                break
            if block.shape[0] != self._channels:
                raise ValueError(f"expected {self._channels} channels, got {block.shape[0]}")
            blocks.append(block)
            count += block.shape[1]
        self._waiting = np.concatenate(blocks, axis=1) if len(blocks) > 1 else blocks[0]
        return count >= size

    def _encode(self, size: int) -> list[av.Packet]:
        block, self._waiting = self._waiting[:, :size], self._waiting[:, size:]
        kind = self.stream.codec_context.format.name
        frame = av.AudioFrame.from_ndarray(self._as_format(block, kind), kind, self._layout)
        frame.sample_rate = self._rate
        frame.pts = self._next
        frame.time_base = Fraction(1, self._rate)
        self._next += size
        return self.stream.encode(frame)

    def _as_format(self, block: Samples, kind: str) -> NDArray[np.float32] | NDArray[np.int32]:
        """Planar floats for lossy codecs; else 24-bit integers in the upper part of 32."""
        if kind == "fltp":
            self.clipped += int(np.count_nonzero(np.abs(block) > 1))
            return np.ascontiguousarray(np.clip(block, -1, 1))
        scaled = np.rint(block * np.float32(1 << 23))
        limit = float((1 << 23) - 1)
        self.clipped += int(np.count_nonzero((scaled > limit) | (scaled < -limit - 1)))
        whole = np.clip(scaled, -limit - 1, limit).astype(np.int32) << 8
        return np.ascontiguousarray(whole if kind == "s32p" else whole.T.reshape(1, -1))
