"""What the program keeps to be quicker: how large it is, clearing it, holding it in bounds."""

from __future__ import annotations

import contextlib
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

_IN_USE_S = 24 * 3600
"""Voices of open windows are files of today; they are neither cleared nor counted as clearable."""
WORKING = "voices"
"""Folder of the voices that open windows work on."""

KEPT = ("faces", "index", "peaks", "results", "spectrogram")
"""Folders of what can be computed again and nobody works on."""


@dataclass(frozen=True)
class CacheUse:
    """Bytes on the disk."""

    total: int
    clearable: int


def cache_use(folder: Path) -> CacheUse:
    """How much lies in the cache folder."""
    total = clearable = 0
    for path, size, _used in _files(folder):
        total += size
        if not _working(path, folder):
            clearable += size
    return CacheUse(total, clearable)


def clear(folder: Path) -> int:
    """Remove all that no open window works on; returns the bytes freed."""
    freed = 0
    for path, size, _used in _files(folder):
        if not _working(path, folder):
            with contextlib.suppress(OSError):
                path.unlink()
                freed += size
    _remove_empty(folder)
    return freed


def hold(folder: Path, most_bytes: int) -> int:
    """After something was written: like `shrink`, among what is only there to be quicker.

    What jobs of this or another process work on is left alone. Returns the bytes freed.
    """
    return _remove_oldest([entry for name in KEPT for entry in _files(folder / name)], most_bytes)


def hold_cache() -> None:
    """`hold` the program's own cache within the user's bound."""
    from app.paths import cache_dir
    from app.preferences import current

    hold(cache_dir(), current().cache_gb * 10**9)


def shrink(folder: Path, most_bytes: int) -> int:
    """Remove the least recently used until the rest fits; returns the bytes freed."""
    files = [entry for entry in _files(folder) if not _working(entry[0], folder)]
    freed = _remove_oldest(files, most_bytes)
    _remove_empty(folder)
    return freed


def _remove_oldest(files: list[tuple[Path, int, float]], most_bytes: int) -> int:
    total = sum(size for _, size, _ in files)
    freed = 0
    for path, size, _used in sorted(files, key=lambda entry: entry[2]):
        if total - freed <= most_bytes:
            break
        with contextlib.suppress(OSError):
            path.unlink()
            freed += size
    return freed


def free_bytes(folder: Path) -> int:
    """Room left on the disk of a folder."""
    return shutil.disk_usage(folder).free


def _files(folder: Path) -> list[tuple[Path, int, float]]:
    found = []
    for path in folder.rglob("*"):
        with contextlib.suppress(OSError):
            if path.is_file() and not path.is_symlink():
                status = path.stat()
                found.append((path, status.st_size, max(status.st_mtime, status.st_atime)))
    return found


def _working(path: Path, folder: Path) -> bool:
    if path.relative_to(folder).parts[0] != WORKING:
        return False
    with contextlib.suppress(OSError):
        return time.time() - path.stat().st_mtime < _IN_USE_S
    return True


def _remove_empty(folder: Path) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir() and path.parent != folder:
            with contextlib.suppress(OSError):
                path.rmdir()
