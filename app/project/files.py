"""Writing small files so that they are whole under their name, or as they were before."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import uuid
from pathlib import Path

from app.errors import NotPossibleError


def write_whole(path: Path, data: bytes) -> None:
    """Replace the content of ``path`` at once; a link goes on pointing to its file.

    Raises `NotPossibleError` with one sentence when that can't be done; the old content is then
    untouched.
    """
    target = path.resolve()
    temporary = target.with_name(f".{target.stem[:60]}.{uuid.uuid4().hex[:8]}.part")
    try:
        with temporary.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            if not os.access(target, os.W_OK):
                raise PermissionError(13, "the file is read-only")
            shutil.copymode(target, temporary)
        os.replace(temporary, target)
    except OSError as error:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise NotPossibleError(
            f"{path} could not be written ({error.strerror or error}); free some space or choose "
            "another folder."
        ) from error


def digest_of(path: Path) -> str:
    """Short name of a file's content, to notice that somebody else wrote it; "" when absent."""
    try:
        return hashlib.blake2b(path.read_bytes(), digest_size=16).hexdigest()
    except OSError:
        return ""
