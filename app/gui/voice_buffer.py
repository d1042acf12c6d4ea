"""Computed voices on disk: any part can be written and read while the rest is computed."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.envelope import PEAK_SAMPLES, add_peaks, block_peaks, peak_count
from app.errors import NotPossibleError

__all__ = ["PEAK_SAMPLES", "VoiceBuffer", "VoiceWriter", "block_peaks"]


class VoiceBuffer:
    """One voice at the source rate as raw float32 on disk, interleaved.

    Plain file reads and writes rather than a memory map: a full disk is then an error that can
    be told, not a signal that ends the program. The file belongs to the object and is removed
    by `close`. Reading and marking are safe from several threads of one process; the writer may
    be another process.
    """

    def __init__(self, path: Path, channels: int, start: int, stop: int) -> None:
        self.path = path
        self.channels = channels
        self.start = start
        self.stop = stop
        self.ready = start
        """Samples start..ready are computed; blocks come in order."""
        self.peaks = np.zeros((2, peak_count(stop - start)), np.float32)
        """(2, B) lowest and highest value over all channels of each `PEAK_SAMPLES` samples."""
        self.agreement: dict[int, float] = {}
        """Second of the clip's sound -> how well the lips agree with this voice, 0 to 1."""
        self._lock = threading.Lock()
        path.touch()
        self._file = path.open("rb", buffering=0)

    @property
    def complete(self) -> bool:
        """True once every sample is computed."""
        return self.ready >= self.stop

    def mark(self, start: int, stop: int, peaks: NDArray[np.float32]) -> None:
        """Note that start..stop lies in the file; ``peaks`` is `block_peaks` of that part."""
        add_peaks(self.peaks, start - self.start, peaks)
        self.ready = max(self.ready, stop)

    def finish(self, peaks: NDArray[np.float32] | None = None) -> None:
        """Take the file as it is: all of it computed, or as far as it is ``ready``."""
        if peaks is not None and peaks.shape == self.peaks.shape:
            self.peaks[:] = peaks
            self.ready = self.stop
        self.stop = self.ready
        self.peaks = self.peaks[:, : peak_count(self.stop - self.start)]

    def read(self, start: int, stop: int) -> NDArray[np.float32]:
        """Give start..stop as (channels, stop - start); zeros where nothing is computed yet."""
        out = np.zeros((self.channels, stop - start), np.float32)
        low, high = max(start, self.start), min(stop, self.ready)
        if low >= high:
            return out
        frame = 4 * self.channels
        with self._lock:
            if self._file.closed:
                return out
            self._file.seek((low - self.start) * frame)
            data = self._file.read((high - low) * frame)
        samples = np.frombuffer(data, np.float32, count=len(data) // frame * self.channels)
        samples = samples.reshape(-1, self.channels).T
        out[:, low - start : low - start + samples.shape[1]] = samples
        return out

    def close(self) -> None:
        """Close and remove the file."""
        with self._lock:
            self._file.close()
        self.path.unlink(missing_ok=True)


class VoiceWriter:
    """Writes one voice into the file of a `VoiceBuffer`, from any process."""

    def __init__(self, path: Path, start: int) -> None:
        self._file = path.open("r+b", buffering=0)
        self._start = start

    def write(self, start: int, block: NDArray[np.float32]) -> None:
        """Write (channels, N) samples from ``start`` on; NotPossibleError when the disk is full."""
        self._file.seek((start - self._start) * 4 * block.shape[0])
        data = memoryview(np.ascontiguousarray(block.T, np.float32).tobytes())
        try:
            while data:
                data = data[self._file.write(data) :]
        except OSError as error:
            raise NotPossibleError(
                "The computed voice can't be kept because the disk with the temporary files is "
                f"full or read-only ({error.strerror}); free some space and isolate again."
            ) from error

    def close(self) -> None:
        """Close the file; it stays for its `VoiceBuffer`."""
        self._file.close()
