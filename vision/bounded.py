"""Cache folders that may not grow without bound."""

from __future__ import annotations

import contextlib
from pathlib import Path


def shrink_folder(folder: Path, pattern: str, newest: Path, max_bytes: int) -> None:
    """Remove the least recently used files until the rest fits; ``newest`` goes last.

    What cannot be looked at or removed stays.
    """
    entries = []
    for path in folder.glob(pattern):
        with contextlib.suppress(OSError):
            status = path.stat()
            entries.append((path == newest, status.st_mtime_ns, status.st_size, path))
    total = sum(size for _, _, size, _ in entries)
    for _, _, size, path in sorted(entries, key=lambda entry: entry[:2]):
        if total <= max_bytes:
            return
        with contextlib.suppress(OSError):
            path.unlink()
            total -= size
