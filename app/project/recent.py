"""The files opened last."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock

from app.errors import NotPossibleError
from app.project.files import write_whole

MOST = 12
_PATIENCE_S = 1.0


class RecentFiles:
    """Clips and projects, last opened first, shared by all windows of a user."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "recent.json"
        self._lock = FileLock(folder / "recent.lock", timeout=_PATIENCE_S)

    def paths(self) -> list[Path]:
        """All of them, those that are gone too; empty where the list can't be read."""
        try:
            entries = json.loads(self._path.read_text("utf-8"))
        except (OSError, ValueError, RecursionError):
            return []
        if not isinstance(entries, list):
            return []
        return [Path(entry) for entry in entries if isinstance(entry, str)][:MOST]

    def add(self, path: Path) -> None:
        """Put a file first."""
        path = Path(os.path.abspath(path))
        self._change(lambda paths: [path, *(other for other in paths if other != path)])

    def clear(self) -> None:
        """Forget all."""
        self._change(lambda _paths: [])

    def _change(self, change: Callable[[list[Path]], list[Path]]) -> None:
        # Whoever can't keep the list goes without it: it is a convenience.
        try:
            with self._lock:
                entries = [str(path) for path in change(self.paths())[:MOST]]
                write_whole(self._path, json.dumps(entries, indent=1).encode())
        except (OSError, NotPossibleError):
            return
