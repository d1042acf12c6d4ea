"""Work that isn't in a project file yet, kept where a crash can't reach it.

Each window keeps the present state of its clip in one file of the user's data folder and holds a
lock beside it, which the system releases however the program ends. A kept file without a lock is
work somebody left behind: after a crash, or because a window was closed or went to another clip
without saving. The user's own project files are never written here.
"""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from pathlib import Path

from filelock import FileLock, Timeout

from app.errors import AppError
from app.project.document import Document, from_bytes, to_bytes
from app.project.files import write_whole

_SUFFIX = ".kept"
_MOST_LEFT = 50
"""Left-behind files beyond this number go, the oldest first."""
_ABOUT = "recovery"


@dataclass(frozen=True)
class Kept:
    """State of a window as it was kept."""

    document: Document
    project: Path | None
    """The project file it belongs to; None when it was never saved."""
    when: datetime
    based: str = ""
    """Digest of the project file that the state is based on."""
    closed: bool = False
    """True when the window was left in order, False after a crash."""


class RecoverySlot:
    """The one file in which a window keeps its present clip; holds the lock until it is closed."""

    def __init__(self, folder: Path, name: str | None = None) -> None:
        """Take a new place in ``folder``, or that of a file left behind.

        Raises `filelock.Timeout` when another window holds it.
        """
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / f"{name or uuid.uuid4().hex}{_SUFFIX}"
        self._lock = FileLock(self.path.with_suffix(".lock"), timeout=0, thread_local=False)
        self._lock.acquire()

    def keep(self, kept: Kept) -> None:
        """Replace what is kept; `NotPossibleError` when the disk is full."""
        about = {
            "project": str(kept.project) if kept.project is not None else None,
            "when": kept.when.isoformat(),
            "based": kept.based,
            "closed": kept.closed,
        }
        unknown = {**kept.document.unknown, _ABOUT: about}
        write_whole(self.path, to_bytes(replace(kept.document, unknown=unknown)))

    def read(self) -> Kept | None:
        """Give what is kept; None when there is nothing or it can't be read."""
        try:
            document = from_bytes(self.path.read_bytes(), self.path.name)
            unknown = dict(document.unknown)
            about = unknown.pop(_ABOUT)
            return Kept(
                replace(document, unknown=unknown),
                Path(about["project"]) if about["project"] is not None else None,
                datetime.fromisoformat(about["when"]),
                str(about["based"]),
                bool(about["closed"]),
            )
        except (OSError, AppError, ValueError, KeyError, TypeError):
            return None

    def drop(self) -> None:
        """Forget what was kept; the place stays taken."""
        with contextlib.suppress(OSError):
            self.path.unlink()

    def close(self) -> None:
        """Let go of the place; what is kept in it stays for the next start."""
        self._lock.release()
        if not self.path.exists():
            with contextlib.suppress(OSError):
                self.path.with_suffix(".lock").unlink()


def left_behind(folder: Path) -> list[tuple[RecoverySlot, Kept]]:
    """Take all work that nobody holds, newest first; close the slots that aren't wanted.

    While a slot is held no other window offers it.
    """
    found = []
    for slot in _free_slots(folder):
        kept = slot.read()
        if kept is None:
            # Damaged: kept aside for whoever wants to look into it, but not offered again.
            with contextlib.suppress(OSError):
                slot.path.rename(slot.path.with_suffix(".damaged"))
            slot.close()
        else:
            found.append((slot, kept))
    found.sort(key=lambda pair: pair[1].when, reverse=True)
    for slot, _ in found[_MOST_LEFT:]:
        slot.drop()
        slot.close()
    return found[:_MOST_LEFT]


def now() -> datetime:
    """The present moment, with its zone."""
    return datetime.now(timezone.utc).astimezone()


def _free_slots(folder: Path) -> Iterator[RecoverySlot]:
    try:
        paths = sorted(folder.glob(f"*{_SUFFIX}"))
    except OSError:
        return
    for path in paths:
        try:
            slot = RecoverySlot(folder, path.stem)
        except (Timeout, OSError):
            continue
        if slot.path.exists():
            yield slot
        else:
            slot.close()
