"""What the engine says, in the user's language.

Its jobs have no Qt and are shared with the command line, so they speak English; here, at the edge
of the window, each sentence is recognised by its pattern and said again.
"""

from __future__ import annotations

import re
from functools import cache

from PySide6.QtCore import QCoreApplication

from app.gui.told_texts import NAMES, TEXTS
from app.singers import singer_name

_FIELD = re.compile(r"\{(\w+)\}")
_SHAPES = {"letter": r"[A-Z]{1,2}\d*", "number": r"\d+(?:\.\d+)?"}
"""What ids of singers look like: "Singer Sam" is a name that an editor has given."""


def told(sentence: str) -> str:
    """The sentence in the user's language; one that isn't known stays as it is.

    A name that the program itself has given to somebody is translated along.
    """
    for text in TEXTS:
        found = _regular(text).fullmatch(sentence)
        if found is None:
            continue
        fields = found.groupdict()
        if "name" in fields:
            fields["name"] = told_name(fields["name"])
        return _filled(QCoreApplication.translate("Told", text), fields)
    return sentence


def told_name(name: str) -> str:
    """A name in the user's language where it is one the program gave."""
    return told(name) if any(_regular(text).fullmatch(name) for text in NAMES) else name


def plain_name(singer: str) -> str:
    """What somebody is called in the window whom nobody has named."""
    return told(singer_name(singer))


def name_pattern() -> str:
    """What somebody is called whom nobody has named, with {letter} for the id."""
    return QCoreApplication.translate("Told", NAMES[0])


def _filled(text: str, fields: dict[str, str]) -> str:
    return _FIELD.sub(lambda field: fields[field[1]], text)


@cache
def _regular(text: str) -> re.Pattern[str]:
    fixed = iter(re.split(r"\{\w+\}", text))
    parts = [re.escape(next(fixed))]
    for field in _FIELD.findall(text):
        parts += [f"(?P<{field}>{_SHAPES.get(field, '.+?')})", re.escape(next(fixed))]
    return re.compile("".join(parts), re.DOTALL)
