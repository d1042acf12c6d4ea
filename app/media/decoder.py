"""One audio decoder whose output depends only on the packets it is given.

Several decoders keep a random generator that no flush resets (AAC noise substitution, AC-3
dither), so decoding after a seek differs from decoding on. A new decoder at fixed places of the
stream makes every read give the same samples, whatever was read before.
"""

from __future__ import annotations

import av
import av.error
import numpy as np
from av.audio.codeccontext import AudioCodecContext
from av.codec.context import Flags2
from numpy.typing import NDArray

Samples = NDArray[np.float32]

_LOUDEST = 16.0
"""24 dB above full scale: beyond what any recording in floating point holds on purpose."""


class PacketDecoder:
    """Decodes packets of one stream to (C, N) float32, without trimming any of them.

    Priming and padding are left in: the index knows where they are.
    """

    def __init__(self, stream: av.AudioStream) -> None:
        self._stream = stream
        self._own = True
        self._context = self._new_context()

    def restart(self) -> None:
        """Forget everything decoded so far."""
        if self._own:
            self._context = self._new_context()
        else:
            self._context.flush_buffers()

    def decode(self, packet: av.Packet) -> list[av.AudioFrame]:
        """Frames of one packet; none for damaged data."""
        try:
            return self._context.decode(packet)
        except av.error.FFmpegError:
            if not self._own or self._context.is_open:
                return []
        # A decoder that needs more than extradata, rate and layout (WMA, ADPCM): share the one
        # that the demuxer prepared, and flush it instead of renewing it.
        self._own = False
        self._context = self._stream.codec_context
        if not self._context.is_open:
            self._context.flags2 |= Flags2.skip_manual
        try:
            return self._context.decode(packet)
        except av.error.FFmpegError:
            return []

    def _new_context(self) -> AudioCodecContext:
        source = self._stream.codec_context
        context = av.CodecContext.create(source.name, "r")
        assert isinstance(context, AudioCodecContext)
        context.extradata = source.extradata
        context.sample_rate = source.sample_rate
        context.layout = source.layout.name
        if source.format is not None:
            context.format = source.format.name
        context.flags2 |= Flags2.skip_manual
        return context


def frame_samples(frame: av.AudioFrame) -> Samples:
    """Samples of one decoded frame as (C, N) float32, full scale at 1.0."""
    data = frame.to_ndarray()
    if not frame.format.is_planar:
        data = data.reshape(-1, frame.layout.nb_channels).T
    if data.dtype == np.uint8:
        return (data.astype(np.float32) - 128.0) / 128.0
    if data.dtype == np.int16:
        return data.astype(np.float32) / 32768.0
    if data.dtype == np.int32:
        return data.astype(np.float32) / 2147483648.0
    return data.astype(np.float32, copy=False)


def joined(frames: list[av.AudioFrame], channels: int, count: int) -> Samples:
    """Frames of one packet as exactly (channels, count): what is missing stays silent."""
    out = np.zeros((channels, count), np.float32)
    at = 0
    for frame in frames:
        data = frame_samples(frame)[:channels, : count - at]
        if not np.abs(data).max(initial=0) < _LOUDEST:
            # What a lossy decoder makes of damaged packets may be deafening, or no number at all.
            data = np.clip(np.nan_to_num(data, posinf=0, neginf=0), -_LOUDEST, _LOUDEST)
        out[: data.shape[0], at : at + data.shape[1]] = data
        at += data.shape[1]
    return out
