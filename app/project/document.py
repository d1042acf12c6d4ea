"""The project file `.solovox`: the decisions about one clip as readable JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app import __version__
from app.edits import Edits
from app.errors import BadInputError
from app.project.codec import (
    CodecError,
    UnknownFieldError,
    decode,
    encode,
    unknown_fields,
    with_unknown,
)
from app.project.files import write_whole
from app.project.media import MediaReference
from app.project.people import KnownSinger

SUFFIX = ".solovox"
FORMAT = "solovox project"
VERSION = 1
"""Raised when an older program would misread the file; added fields alone don't raise it."""
_MOST_BYTES = 64 << 20
_HEAD = ("format", "version", "program")


@dataclass(frozen=True)
class Project:
    """What a project file holds. Nothing in it can be computed from the clip."""

    media: MediaReference
    edits: Edits
    singers: tuple[KnownSinger, ...] = ()
    """Whom the ids in ``edits`` mean."""
    position: int = 0
    """Playhead, in samples of the clip's sound."""


@dataclass(frozen=True)
class Document:
    """A project and what a later program of the same version put beside it."""

    project: Project
    unknown: Mapping[str, Any] = field(default_factory=dict)


def to_bytes(document: Document) -> bytes:
    """Give the content of a project file; unknown fields are kept where their place is."""
    data = with_unknown(Project, encode(document.project), document.unknown)
    data = {"format": FORMAT, "version": VERSION, "program": __version__, **data}
    text = json.dumps(data, indent=1, ensure_ascii=False, allow_nan=False)
    return (text + "\n").encode("utf-8", "surrogatepass")


def from_bytes(content: bytes, name: str) -> Document:
    """Read a project file; ``name`` is what the sentence of a failure calls it.

    Raises `BadInputError` for the file of a newer version and for one that is damaged.
    """
    try:
        text = content.decode("utf-8-sig", "surrogatepass")
        data = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise _damaged(name, "it isn't complete JSON") from error
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise BadInputError(f"{name} is no Solovox project; open a .solovox file or a video.")
    version = data.get("version")
    if type(version) is not int or version < 1:
        raise _damaged(name, "its version is missing")
    if version > VERSION:
        raise _newer(name)
    body = {key: value for key, value in data.items() if key not in _HEAD}
    try:
        project = decode(Project, body)
    except UnknownFieldError as error:
        raise _newer(name) from error
    except (CodecError, RecursionError) as error:
        raise _damaged(name, str(error)) from error
    start, stop = project.edits.range
    if not 0 <= start <= stop:
        raise _damaged(name, "edits.range ends before it begins")
    return Document(project, unknown_fields(Project, body))


def read_project(path: Path) -> Document:
    """Read a project file; raises `BadInputError` with one sentence and changes nothing."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise BadInputError(f"{path.name} is too large for a project; open another file.")
        content = path.read_bytes()
    except OSError as error:
        raise BadInputError(
            f"{path} cannot be read ({error.strerror or error}); check the name and permissions."
        ) from error
    return from_bytes(content, path.name)


def write_project(path: Path, document: Document) -> bytes:
    """Write a project file, whole or not at all; returns its content.

    Raises `NotPossibleError` when the place can't be written to.
    """
    content = to_bytes(document)
    write_whole(path, content)
    return content


def _refuse_constant(text: str) -> None:
    raise ValueError(f"{text} is no JSON")


def _newer(name: str) -> BadInputError:
    return BadInputError(
        f"{name} was saved by a newer version of Solovox and would lose something here; update "
        "Solovox to open it."
    )


def _damaged(name: str, why: str) -> BadInputError:
    return BadInputError(f"{name} is damaged ({why}); open a copy or a backup of it.")
