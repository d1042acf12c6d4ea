"""A short name for the content of a file, for caches that survive moving and renaming it."""

from __future__ import annotations

import hashlib
from pathlib import Path

from app.errors import BadInputError

_BLOCK = 1 << 20
_PLACES = 5


def fingerprint(path: Path | str) -> str:
    """32 hexadecimal digits from the size and five evenly spread blocks of 1 MiB.

    Head and tail are among them, so that every container's headers and tables count. Reads at most
    5 MiB. Raises BadInputError when the file cannot be read.
    """
    path = Path(path)
    digest = hashlib.blake2b(digest_size=16)
    try:
        size = path.stat().st_size
        digest.update(str(size).encode())
        with path.open("rb") as file:
            if size <= _PLACES * _BLOCK:
                digest.update(file.read())
            else:
                for place in range(_PLACES):
                    file.seek(place * (size - _BLOCK) // (_PLACES - 1))
                    digest.update(file.read(_BLOCK))
    except OSError as error:
        raise BadInputError(
            f"{path} cannot be read ({error.strerror or error}); check the name and permissions."
        ) from error
    return digest.hexdigest()
