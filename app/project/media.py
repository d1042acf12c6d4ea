"""Which clip a project is about, and finding it again after files were moved."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath, PureWindowsPath

from app.errors import BadInputError
from app.media.fingerprint import fingerprint

_MOST_FOLDERS = 200
"""Folders around a project that are searched for its clip; a project may lie in a huge one."""


@dataclass(frozen=True)
class MediaReference:
    """A clip as a project names it."""

    name: str
    absolute: str
    relative: str
    """From the project's folder, with forward slashes; "" when there is no way from there."""
    fingerprint: str
    size: int
    """Bytes; another size is another file, which spares reading it."""


def reference_to(clip: Path, mark: str, project: Path | None) -> MediaReference:
    """Name a clip for a project file at ``project``; ``mark`` is the clip's fingerprint."""
    clip = Path(os.path.abspath(clip))
    relative = ""
    if project is not None:
        with contextlib.suppress(ValueError):  # another drive
            relative = os.path.relpath(clip, os.path.abspath(project.parent)).replace(os.sep, "/")
    try:
        size = clip.stat().st_size
    except OSError:
        size = 0
    return MediaReference(clip.name, str(clip), relative, mark, size)


def find_media(reference: MediaReference, project: Path | None) -> Path | None:
    """Find the clip a project was made with; None when it isn't where it could be.

    Looked for at the relative path, at the absolute one, beside the project, and in the folders
    beside and below it; first by its name, then, beside the project, under any other. Only a file
    with the same content is taken.
    """
    for path in _places(reference, project):
        if is_clip(path, reference):
            return path
    return None


def is_clip(path: Path, reference: MediaReference) -> bool:
    """True when a file has the content of the clip."""
    try:
        if not path.is_file() or (reference.size and path.stat().st_size != reference.size):
            return False
        return fingerprint(path) == reference.fingerprint
    except (OSError, BadInputError):
        return False


def check_clip(path: Path, reference: MediaReference) -> None:
    """Raise `BadInputError` when a file the user pointed to isn't the clip."""
    if not is_clip(path, reference):
        raise BadInputError(
            f"{path.name} is not the clip this project was made with ({reference.name}): its "
            "content differs; choose the same file, wherever it lies now and whatever its name."
        )


def _places(reference: MediaReference, project: Path | None) -> Iterator[Path]:
    name = _bare_name(reference.name)
    home = Path(os.path.abspath(project.parent)) if project is not None else None
    if home is not None and reference.relative:
        yield home / reference.relative
    if reference.absolute:
        yield Path(reference.absolute)
    if home is None:
        return
    yield home / name
    for folder in _folders_around(home):
        yield folder / name
    yield from _files(home)


def _bare_name(name: str) -> str:
    """The last part of a name, whatever system wrote it: a project mustn't lead elsewhere."""
    return PurePath(PureWindowsPath(name).name).name or "clip"


def _folders_around(home: Path) -> Iterator[Path]:
    """Folders in the project's folder, then those beside it."""
    count = 0
    for parent in (home, home.parent):
        for folder in _entries(parent):
            if folder.is_dir() and folder != home:
                count += 1
                if count > _MOST_FOLDERS:
                    return
                yield folder


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in _entries(folder) if path.is_file())


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []
