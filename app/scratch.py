"""Folders of one window's working files, removed with it or by the next one after a crash."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from pathlib import Path

from filelock import FileLock, Timeout


class ScratchFolder:
    """A new folder under ``parent``; a lock beside it says that its window is alive."""

    def __init__(self, parent: Path) -> None:
        parent.mkdir(parents=True, exist_ok=True)
        _tidy(parent)
        self.path = Path(tempfile.mkdtemp(dir=parent))
        self._lock = _lock(self.path)
        self._lock.acquire()

    def close(self) -> None:
        """Remove the folder and what is in it."""
        shutil.rmtree(self.path, ignore_errors=True)
        self._lock.release()
        with contextlib.suppress(OSError):
            self.path.with_suffix(".lock").unlink()


def _lock(folder: Path) -> FileLock:
    return FileLock(folder.with_suffix(".lock"), timeout=0, thread_local=False)


def _tidy(parent: Path) -> None:
    """Remove the folders of windows that are gone; one without a lock file is just being made."""
    for mark in parent.glob("*.lock"):
        folder = mark.with_suffix("")
        lock = _lock(folder)
        with contextlib.suppress(Timeout, OSError):
            lock.acquire()
            shutil.rmtree(folder, ignore_errors=True)
            lock.release()
            mark.unlink(missing_ok=True)
