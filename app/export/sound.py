"""Sound files: WAV in 16, 24 bit or float, FLAC in 24 bit, AAC and MP3."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.errors import BadInputError
from app.export.atomic import PendingFile, write_failed
from app.export.wav import WavStream

AUDIO_FORMATS = {
    "wav16": ".wav",
    "wav24": ".wav",
    "wav32f": ".wav",
    "flac": ".flac",
    "aac": ".m4a",
    "mp3": ".mp3",
}
"""Formats by the name used on the command line, with their file name extension."""
_BITS = {"wav16": 16, "wav24": 24, "wav32f": 32, "flac": 24}
_LOSSY = ("aac", "mp3")
_FLAC_MAX_CHANNELS = 8
_FLAC_MAX_RATE = 655350


def check_format(format: str, sample_rate: int, channels: int, layout: str | None) -> None:
    """Raise BadInputError unless files of that format hold sound of that rate and those channels.

    Nothing is resampled or mixed down to fit: the sentence says which formats hold it as it is.
    """
    if format not in AUDIO_FORMATS:
        known = ", ".join(AUDIO_FORMATS)
        raise BadInputError(f"There is no sound format {format}; choose one of {known}.")
    if format == "flac" and channels > _FLAC_MAX_CHANNELS:
        raise BadInputError(f"FLAC cannot hold {channels} channels; choose a WAV format.")
    if format == "flac" and sample_rate > _FLAC_MAX_RATE:
        raise BadInputError(f"FLAC cannot hold sound at {sample_rate} Hz; choose a WAV format.")
    if format in _LOSSY:
        from app.export.lossy import check_lossy

        check_lossy(format, sample_rate, channels, layout)


class SoundWriter:
    """Writes blocks of sound; the file appears under its name when the `with` block ends well.

    After any exception, Ctrl-C included, nothing is left.
    """

    def __init__(
        self,
        path: Path | str,
        sample_rate: int,
        channels: int,
        format: str = "wav24",
        layout: str | None = None,
        overwrite: bool = False,
        chunks: Sequence[tuple[bytes, bytes]] = (),
    ) -> None:
        """``layout`` is FFmpeg's name (``stereo``, ``5.1(side)``), kept in WAV and AAC files.

        ``chunks`` are further chunks of a WAV file, see `WavStream`.

        Raises BadInputError for an unknown format, more channels than it holds, or a place that
        cannot be written to or is taken.
        """
        check_format(format, sample_rate, channels, layout)
        self._pending = PendingFile(Path(path), overwrite)
        self._format = format
        self._channels = channels
        self.samples = 0
        """Samples per channel written so far."""
        self.clipped = 0
        """Values that lay beyond full scale and were cut to it (never in ``wav32f``)."""
        self._file: Any = None
        self._stream: Any = None
        try:
            if format == "flac":
                self._stream = _FlacStream(self._pending.temporary, sample_rate, channels)
            elif format in _LOSSY:
                from app.export.lossy import LossyStream

                self._stream = LossyStream(
                    self._pending.temporary, sample_rate, channels, format, layout
                )
            else:
                self._file = self._pending.temporary.open("wb")
                self._stream = WavStream(
                    self._file,
                    sample_rate,
                    channels,
                    _BITS[format],
                    format == "wav32f",
                    layout,
                    chunks,
                )
        except OSError as error:
            self.abort()
            raise write_failed(self._pending.path, error) from error

    def write(self, block: NDArray[np.float32]) -> None:
        """Append (channels, N) samples, full scale at 1.0."""
        if block.ndim != 2 or block.shape[0] != self._channels:
            raise ValueError(f"expected ({self._channels}, N) samples, got {block.shape}")
        if not np.isfinite(block).all():
            raise ValueError("the sound holds values that are not finite")
        interleaved = np.ascontiguousarray(block.T, dtype=np.float32)
        try:
            if self._format == "wav32f":
                self._stream.write(interleaved.astype("<f4", copy=False).tobytes())
            elif self._format == "wav16":
                self._stream.write(self._integers(interleaved, 16).astype("<i2").tobytes())
            elif self._format == "wav24":
                values = self._integers(interleaved, 24).astype("<i4")
                self._stream.write(values.view(np.uint8).reshape(-1, 4)[:, :3].tobytes())
            elif self._format in _LOSSY:
                self.clipped += int(np.count_nonzero(np.abs(block) > 1))
                self._stream.write(block)
            else:
                self._stream.write(self._integers(interleaved, 24) << 8)
        except OSError as error:
            raise write_failed(self._pending.path, error) from error
        self.samples += block.shape[1]

    def close(self) -> Path:
        """Finish the file and give it its name."""
        try:
            if self._file is not None:
                self._stream.finish()
                self._file.close()
            else:
                self._stream.close()
        except OSError as error:
            self.abort()
            raise write_failed(self._pending.path, error) from error
        return self._pending.commit()

    def abort(self) -> None:
        """Remove everything written."""
        try:
            # Closing writes what is buffered, which fails again on a full disk.
            with suppress(OSError):
                if self._file is not None:
                    self._file.close()
                elif self._stream is not None:
                    self._stream.close()
        finally:
            self._pending.discard()

    def __enter__(self) -> SoundWriter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self.close()
        else:
            self.abort()

    def _integers(self, values: NDArray[np.float32], bits: int) -> NDArray[np.int32]:
        """Nearest integers, half to even, clipped to the range of ``bits``."""
        scale = float(1 << (bits - 1))
        scaled = np.rint(values * np.float32(scale))
        over = (scaled > scale - 1) | (scaled < -scale)
        self.clipped += int(np.count_nonzero(over))
        return np.clip(scaled, -scale, scale - 1).astype(np.int32)


class _FlacStream:
    """libsndfile's FLAC encoder, whose failures (a full disk) come as OSError like all others."""

    def __init__(self, path: Path, sample_rate: int, channels: int) -> None:
        import soundfile

        self._failure = soundfile.LibsndfileError
        try:
            self._file = soundfile.SoundFile(
                path, "w", sample_rate, channels, subtype="PCM_24", format="FLAC"
            )
        except self._failure as error:
            raise OSError(0, str(error.error_string)) from error

    def write(self, values: NDArray[np.int32]) -> None:
        """Append interleaved (N, channels) integers, left-justified in 32 bits."""
        try:
            self._file.write(values)
        except (self._failure, AssertionError) as error:  # asserts that all was written
            raise OSError(0, "the encoder stopped") from error

    def close(self) -> None:
        try:
            self._file.close()
        except self._failure as error:
            raise OSError(0, str(error.error_string)) from error
