"""The queue on the disk, so that it is there again after a restart or a crash."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, get_args

from filelock import FileLock, Timeout

from app.errors import NotPossibleError
from app.project.files import write_whole
from app.project.queue import QueuedClip, State

_FORMAT = "solovox queue"
_VERSION = 1


class KeptQueue:
    """One file for all windows of a user; it belongs to the first that opens it, until it closes.

    The queue is a convenience: what can't be read or written is no error, only not remembered.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / "queue.json"
        self._lock = FileLock(folder / "queue.lock", timeout=0, thread_local=False)
        with contextlib.suppress(Timeout, OSError):
            folder.mkdir(parents=True, exist_ok=True)
            self._lock.acquire()

    def load(self) -> tuple[tuple[QueuedClip, ...], str]:
        """The clips, with number 0, and whose voices are wanted ("" = not known).

        What ran waits again; a queue that was done is over.
        """
        if not self._lock.is_locked:
            return (), ""
        try:
            found = json.loads(self._path.read_text("utf-8"))
            if (found["format"], found["version"]) != (_FORMAT, _VERSION):
                return (), ""
            clips = tuple(_clip(entry) for entry in found["clips"])
            rule = str(found["rule"])
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return (), ""
        over = all(clip.state == "done" for clip in clips)
        return () if over else clips, rule

    def keep(self, clips: Sequence[QueuedClip], rule: str) -> None:
        """Replace what is kept."""
        if not self._lock.is_locked:
            return
        entries = [
            {
                "path": str(clip.path),
                "state": "waiting" if clip.state == "running" else clip.state,
                "message": clip.message,
                "files": [str(path) for path in clip.files],
            }
            for clip in clips
        ]
        told = {"format": _FORMAT, "version": _VERSION, "rule": rule, "clips": entries}
        with contextlib.suppress(NotPossibleError, UnicodeEncodeError):
            write_whole(self._path, json.dumps(told, indent=1).encode())

    def close(self) -> None:
        """Leave the file to the next window."""
        self._lock.release()


def _clip(entry: Any) -> QueuedClip:
    state: State = entry["state"]
    if state not in get_args(State) or state == "running":
        raise ValueError(f"no state of a clip that is kept: {state}")
    return QueuedClip(
        0,
        Path(entry["path"]),
        state,
        fraction=1.0 if state == "done" else 0.0,
        message=str(entry["message"]),
        files=tuple(Path(path) for path in entry["files"]),
    )
