"""Files that appear under their name only when they are whole."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from app.errors import BadInputError, NotPossibleError


class _Discardable(Protocol):
    def discard(self) -> None: ...


_unfinished: set[_Discardable] = set()


def discard_unfinished() -> None:
    """Remove what is half written, for a process that is about to be ended."""
    for pending in tuple(_unfinished):
        pending.discard()


@contextmanager
def scratch_folder(parent: Path | None = None) -> Iterator[Path]:
    """A new folder for files nobody is to keep, in ``parent`` or the system's temporary folder."""
    folder = _Scratch(parent)
    try:
        yield Path(folder.name)
    finally:
        folder.discard()


class _Scratch(tempfile.TemporaryDirectory[str]):
    """A temporary folder that goes even when the process is ended half-way."""

    def __init__(self, parent: Path | None) -> None:
        super().__init__(prefix="solovox_", dir=parent, ignore_cleanup_errors=True)
        _unfinished.add(self)

    def discard(self) -> None:
        _unfinished.discard(self)
        self.cleanup()


class PendingFile:
    """A file being written as ``name.part`` beside its final place."""

    def __init__(self, path: Path, overwrite: bool) -> None:
        """Check that ``path`` may be written.

        Raises BadInputError when it exists and ``overwrite`` is False, or when its folder does not
        exist or cannot be written to.
        """
        self.path = Path(path)
        self.overwrite = overwrite
        self.temporary = self.path.with_name(self.path.name + ".part")
        folder = self.path.parent
        if not folder.is_dir():
            raise BadInputError(f"There is no folder {folder}; make it first or choose another.")
        if not os.access(folder, os.W_OK):
            raise BadInputError(f"Nothing can be written to the folder {folder}; choose another.")
        self._refuse_existing()
        _unfinished.add(self)

    def commit(self) -> Path:
        """Give the finished file its name."""
        try:
            self._refuse_existing()
            os.replace(self.temporary, self.path)
        except OSError as error:
            self.discard()
            raise write_failed(self.path, error) from error
        except BaseException:
            self.discard()
            raise
        _unfinished.discard(self)
        return self.path

    def discard(self) -> None:
        """Remove what was written."""
        _unfinished.discard(self)
        self.temporary.unlink(missing_ok=True)

    def _refuse_existing(self) -> None:
        if self.path.is_dir():
            raise BadInputError(f"{self.path} is a folder; give a file name.")
        if self.path.exists() and not self.overwrite:
            raise BadInputError(
                f"{self.path} exists already; choose another name or allow overwriting."
            )


def write_failed(path: Path, error: OSError) -> NotPossibleError:
    """What to raise when writing failed half-way, such as on a full disk."""
    reason = error.strerror or str(error)
    return NotPossibleError(
        f"{path} could not be written ({reason}); free some space or choose another folder."
    )
