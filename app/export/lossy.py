"""AAC in an .m4a file and MP3, both without a gap: players and editors find the first sample."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import av
import av.error
import numpy as np
from numpy.typing import NDArray

from app.errors import BadInputError
from app.export.containers import AAC_BITS_PER_CHANNEL, AAC_LAYOUTS, AAC_RATES

_MP3_RATES = (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000)
_MP3_LAYOUTS = {1: "mono", 2: "stereo"}
_MP3_BITS_PER_CHANNEL = 160_000
"""320 kbit/s in stereo: the most the format has. Below 32 kHz it has half of that."""
_MP3_FULL_RATE = 32000


def check_lossy(format: str, sample_rate: int, channels: int, layout: str | None) -> None:
    """Raise BadInputError unless ``aac`` or ``mp3`` holds that rate and those channels."""
    if format == "mp3":
        if channels not in _MP3_LAYOUTS:
            raise BadInputError(
                f"MP3 holds one or two channels and this sound has {channels}; choose AAC, FLAC "
                "or WAV, which keep them all."
            )
        if sample_rate not in _MP3_RATES:
            raise BadInputError(
                f"MP3 cannot hold sound at {sample_rate} Hz, at most 48000 Hz; choose FLAC or "
                "WAV, which keep the rate."
            )
        return
    if sample_rate not in AAC_RATES:
        raise BadInputError(
            f"AAC cannot hold sound at {sample_rate} Hz, at most 96000 Hz; choose FLAC or WAV, "
            "which keep the rate."
        )
    if _aac_layout(channels, layout) is None:
        raise BadInputError(
            f"AAC is written in mono, stereo or 5.1, and this sound has {channels} channels "
            f"({layout or 'unnamed'}); choose FLAC or WAV, which keep them all."
        )


class LossyStream:
    """Encodes blocks into one file; failures of the disk come as OSError like all others."""

    def __init__(
        self, path: Path, sample_rate: int, channels: int, format: str, layout: str | None
    ) -> None:
        if format == "mp3":
            codec, container, self._layout = "libmp3lame", "mp3", _MP3_LAYOUTS[channels]
            bits = _MP3_BITS_PER_CHANNEL // (1 if sample_rate >= _MP3_FULL_RATE else 2)
        else:
            codec, container, bits = "aac", "ipod", AAC_BITS_PER_CHANNEL
            self._layout = _aac_layout(channels, layout) or "stereo"
        self._rate = sample_rate
        self._output = av.open(str(path), "w", format=container)
        stream = self._output.add_stream(
            codec, rate=sample_rate, options={"b": str(bits * channels)}
        )
        assert isinstance(stream, av.AudioStream)
        self._stream = stream
        stream.codec_context.layout = self._layout
        stream.codec_context.format = "fltp"
        self._output.start_encoding()
        self._size = stream.codec_context.frame_size
        self._waiting = np.zeros((channels, 0), np.float32)
        self._at = 0
        self._ended = False

    def write(self, block: NDArray[np.float32]) -> None:
        """Append (channels, N) samples; beyond full scale they are cut."""
        self._waiting = np.concatenate([self._waiting, np.clip(block, -1, 1)], axis=1)
        whole = self._waiting.shape[1] // self._size * self._size
        with _as_os_error():
            for at in range(0, whole, self._size):
                self._encode(self._waiting[:, at : at + self._size])
        self._waiting = self._waiting[:, whole:]

    def close(self) -> None:
        """Encode the rest and finish the file; after a failure just let go of it."""
        if self._ended:
            return
        self._ended = True
        with _as_os_error():
            try:
                if self._waiting.shape[1]:
                    self._encode(self._waiting)
                self._output.mux(self._stream.encode(None))
            finally:
                self._output.close()

    def _encode(self, block: NDArray[np.float32]) -> None:
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(block), "fltp", self._layout)
        frame.sample_rate = self._rate
        frame.pts = self._at
        self._at += block.shape[1]
        self._output.mux(self._stream.encode(frame))


@contextmanager
def _as_os_error() -> Iterator[None]:
    try:
        yield
    except av.error.FFmpegError as error:
        raise OSError(error.errno, error.strerror) from error


def _aac_layout(channels: int, layout: str | None) -> str | None:
    if layout is None:
        return {1: "mono", 2: "stereo", 6: "5.1"}.get(channels)
    return AAC_LAYOUTS.get(layout)
