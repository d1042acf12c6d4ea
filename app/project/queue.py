"""The queue of clips: what is to be done in which order, and how far it is."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from app.jobs import Progress

VIDEO_SUFFIXES = (
    ".mp4", ".mov", ".mkv", ".m4v", ".webm", ".avi", ".mts", ".m2ts", ".ts", ".mxf", ".mpg", ".3gp",
)  # fmt: skip
_MOST_FOUND = 5000
"""Clips taken out of folders at once; a whole archive was dropped by mistake."""

State = Literal["waiting", "running", "done", "failed", "cancelled"]


@dataclass(frozen=True)
class QueuedClip:
    """One clip of the queue."""

    id: int
    path: Path
    state: State = "waiting"
    stage: str = ""
    """What is being done, in words."""
    fraction: float = 0.0
    """Part of the clip's whole work that is done; never falls."""
    remaining_s: float | None = None
    message: str = ""
    """What the user should know about the end."""
    files: tuple[Path, ...] = ()
    """What was written."""


class ClipQueue:
    """Clips in the order of work; one runs at a time."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self.items: tuple[QueuedClip, ...] = ()

    @property
    def running(self) -> QueuedClip | None:
        """The clip that is worked on."""
        return next((item for item in self.items if item.state == "running"), None)

    @property
    def next(self) -> QueuedClip | None:
        """The clip whose turn is next."""
        return next((item for item in self.items if item.state == "waiting"), None)

    @property
    def finished(self) -> int:
        """Number of clips that need nothing more."""
        return sum(item.state not in ("waiting", "running") for item in self.items)

    def add(self, paths: Iterable[Path]) -> int:
        """Add clips at the end, once each unless they were done before; returns how many."""
        pending = {item.path for item in self.items if item.state in ("waiting", "running")}
        new = []
        for path in paths:
            path = Path(os.path.abspath(path))
            if path not in pending:
                pending.add(path)
                new.append(QueuedClip(next(self._numbers), path))
        self.items = (*self.items, *new)
        return len(new)

    def restore(self, clips: Iterable[QueuedClip]) -> None:
        """Put clips of an earlier session first, unless they were added again since."""
        here = {item.path for item in self.items}
        before = [replace(clip, id=next(self._numbers)) for clip in clips if clip.path not in here]
        self.items = (*before, *self.items)

    def get(self, number: int) -> QueuedClip | None:
        """The clip with this number."""
        return next((item for item in self.items if item.id == number), None)

    def remove(self, number: int) -> None:
        """Take a clip out, unless it runs."""
        self.items = tuple(
            item for item in self.items if item.id != number or item.state == "running"
        )

    def clear_finished(self) -> None:
        """Take out all clips that need nothing more."""
        self.items = tuple(item for item in self.items if item.state in ("waiting", "running"))

    def move(self, number: int, places: int) -> None:
        """Move a clip up (-) or down (+) in the order."""
        items = list(self.items)
        at = next((place for place, item in enumerate(items) if item.id == number), None)
        if at is not None:
            item = items.pop(at)
            items.insert(max(0, min(len(items), at + places)), item)
            self.items = tuple(items)

    def retry(self, number: int) -> None:
        """Let a failed or cancelled clip wait again."""
        item = self.get(number)
        if item is not None and item.state in ("failed", "cancelled"):
            self._put(QueuedClip(item.id, item.path))

    def start(self, number: int) -> None:
        """A clip is being worked on."""
        self._change(number, state="running", fraction=0.0, remaining_s=None, message="")

    def progress(self, number: int, progress: Progress) -> None:
        """Note how far the running clip is; it never goes back."""
        item = self.get(number)
        if item is not None and item.state == "running":
            self._put(
                replace(
                    item,
                    stage=progress.stage,
                    fraction=max(item.fraction, progress.fraction),
                    remaining_s=progress.remaining_s,
                )
            )

    def end(self, number: int, state: State, message: str = "", files: Sequence[Path] = ()) -> None:
        """The running clip is done, failed or cancelled."""
        item = self.get(number)
        if item is not None:
            fraction = 1.0 if state == "done" else item.fraction
            self._put(
                replace(
                    item,
                    state=state,
                    stage="",
                    fraction=fraction,
                    remaining_s=None,
                    message=message,
                    files=tuple(files),
                )
            )

    def _change(self, number: int, **changes: object) -> None:
        item = self.get(number)
        if item is not None:
            self._put(replace(item, **changes))  # type: ignore[arg-type]

    def _put(self, changed: QueuedClip) -> None:
        self.items = tuple(changed if item.id == changed.id else item for item in self.items)


def clips_in(paths: Iterable[Path]) -> list[Path]:
    """The clips among files and, at any depth, in folders; files are taken whatever their name.

    Hidden files and folders are passed over, links to folders aren't followed.
    """
    found: list[Path] = []
    for path in paths:
        if not path.is_dir():
            found.append(path)
            continue
        for folder, folders, files in os.walk(path):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            found += (
                Path(folder, name)
                for name in sorted(files)
                if not name.startswith(".") and Path(name).suffix.lower() in VIDEO_SUFFIXES
            )
            if len(found) >= _MOST_FOUND:
                return found[:_MOST_FOUND]
    return found
