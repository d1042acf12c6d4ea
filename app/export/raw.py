"""Computed voices on disk as plain 32-bit floats: written once, read at any place."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.closing import Closing
from app.export.atomic import write_failed

Sound = NDArray[np.float32]


class RawVoice(Closing):
    """Samples ``start`` to ``stop`` of a clip's sound in a file, interleaved; zeros elsewhere."""

    def __init__(self, path: Path, channels: int, start: int, stop: int) -> None:
        self.path = path
        self.start = start
        self.stop = stop
        self._channels = channels
        self._file = path.open("rb", buffering=0)

    def read(self, start: int, stop: int) -> Sound:
        """Give samples start..stop as (channels, stop - start) float32."""
        out = np.zeros((self._channels, stop - start), np.float32)
        low, high = max(start, self.start), min(stop, self.stop)
        if low < high:
            self._file.seek((low - self.start) * 4 * self._channels)
            data = np.fromfile(self._file, np.float32, (high - low) * self._channels)
            part = data.reshape(-1, self._channels).T
            out[:, low - start : low - start + part.shape[1]] = part
        return out

    def close(self) -> None:
        """Close the file, which stays."""
        self._file.close()


def append_raw(path: Path, block: Sound) -> None:
    """Write (channels, N) samples behind what ``path`` holds; NotPossibleError on a full disk."""
    try:
        with path.open("ab") as file:
            file.write(np.ascontiguousarray(block.T, np.float32).tobytes())
    except OSError as error:
        raise write_failed(path, error) from error
