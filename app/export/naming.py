"""Names of the files that Solovox writes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from pathlib import Path

from app.errors import BadInputError

_FORBIDDEN = re.compile(r'[\x00-\x1f<>:"/\\|?*]+')
_FIELD = re.compile(r"\{(\w*)\}")
_GAP = "\0"
"""Stands for a field that has nothing to say."""
TEMPLATE = "{clip}_{singer}_{kind}"
FIELDS = ("clip", "singer", "kind", "date", "time", "timecode", "format")
"""What a template may hold in braces."""
_MAX_BYTES = 240
"""File systems allow 255 bytes; the rest is for a number and the temporary ending."""


def output_path(
    clip: Path,
    singer_name: str,
    suffix: str,
    folder: Path | None = None,
    overwrite: bool = False,
    kind: str = "isolated",
) -> Path:
    """``{clip}_{singer}_{kind}{suffix}`` beside the clip or in ``folder``.

    ``suffix`` is the file name extension with its dot. Raises BadInputError when that file exists
    and ``overwrite`` is False.
    """
    clip = Path(clip)
    end = f"_{_safe(singer_name) or 'singer'}_{_safe(kind)}{suffix}"
    stem = _cut(clip.stem, _MAX_BYTES - len(end.encode()))
    path = (folder if folder is not None else clip.parent) / (stem + end)
    if path.exists() and not overwrite:
        raise BadInputError(
            f"{path} exists already; give another name with --output or allow --overwrite."
        )
    return path


def file_name(template: str, values: Mapping[str, str], suffix: str) -> str:
    """The file name a template makes, such as ``{clip}_{singer}_{kind}``.

    ``values`` has a text for each of `FIELDS`. A field without text takes the sign before it along,
    so that a stem without a singer is ``clip_rest``. Signs that file systems refuse become ``-``;
    too long a clip's name is cut. Raises BadInputError for unknown fields and for a template that
    says nothing.
    """

    def fill(clip: str) -> str:
        def value(match: re.Match[str]) -> str:
            name = match[1]
            if name not in FIELDS:
                known = ", ".join(f"{{{field}}}" for field in FIELDS)
                raise BadInputError(f"There is no {{{name}}} in names; choose from {known}.")
            return (clip if name == "clip" else _safe(values[name])) or _GAP

        text = _FIELD.sub(value, template)
        text = re.sub(rf"^({_GAP}[\s_.-]?)+|[\s_.-]?{_GAP}", "", text)
        return _FORBIDDEN.sub("-", unicodedata.normalize("NFC", text)).strip().strip(".")

    clip = _FORBIDDEN.sub("-", values["clip"])
    without = len(fill("").encode()) + len(suffix.encode())
    name = fill(_cut(clip, _MAX_BYTES - without))
    if not name:
        raise BadInputError("The template of the file names says nothing; write {clip} into it.")
    return _cut(name, _MAX_BYTES - len(suffix.encode())) + suffix


def next_free(path: Path, taken: Collection[Path] = (), files_count: bool = True) -> Path:
    """``path`` itself, or with ``_02``, ``_03`` ... before its suffix when it is taken.

    ``taken`` are names given away already, to files that don't exist yet; unless ``files_count``
    only they are in the way.
    """
    path = Path(path)
    number = 1
    free = path
    while free in taken or (files_count and free.exists()):
        number += 1
        free = path.with_name(f"{path.stem}_{number:02d}{path.suffix}")
    return free


def _safe(name: str) -> str:
    """A part of a file name valid on Linux, macOS and Windows; letters of any script stay."""
    name = unicodedata.normalize("NFC", name)
    name = _FORBIDDEN.sub("-", name)
    name = re.sub(r"\s+", "-", name.strip()).strip(".-")
    return _cut(name, 80)


def _cut(text: str, size: int) -> str:
    return text.encode()[: max(1, size)].decode(errors="ignore")
