"""Names of the files that Solovox writes."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

from app.errors import BadInputError

_FORBIDDEN = re.compile(r'[\x00-\x1f<>:"/\\|?*]+')
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


def next_free(path: Path) -> Path:
    """``path`` itself, or with ``_02``, ``_03`` ... before its suffix when it is taken."""
    path = Path(path)
    number = 1
    free = path
    while free.exists():
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
