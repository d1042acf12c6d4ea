"""Times as editors type and read them; exact, as fractions of a second."""

from __future__ import annotations

import re
from fractions import Fraction

from app.errors import BadInputError

_TIME = re.compile(
    r"(?:(?:(?P<hours>\d+):)?(?P<minutes>\d{1,2}):)?(?P<seconds>\d+(?:\.\d*)?|\.\d+)"
)


def parse_time(text: str) -> Fraction:
    """Read ``12.5``, ``1:02.5`` or ``0:01:02.500`` as seconds.

    Raises `BadInputError` when it is not a time.
    """
    match = _TIME.fullmatch(text.strip())
    if match is None:
        raise BadInputError(
            f"'{text}' is not a time; write seconds as 12.5, or 1:02.5, or 0:01:02.500."
        )
    seconds = Fraction("0" + match["seconds"])
    if match["minutes"] is not None and seconds >= 60:
        raise BadInputError(f"'{text}' is not a time; after a colon seconds end at 59.999.")
    if match["hours"] is not None and int(match["minutes"]) >= 60:
        raise BadInputError(f"'{text}' is not a time; after the hours minutes end at 59.")
    return int(match["hours"] or 0) * 3600 + int(match["minutes"] or 0) * 60 + seconds


def format_time(time: Fraction | float) -> str:
    """Write seconds as ``1:02.500``, or ``1:00:02.500`` from an hour on."""
    milliseconds = round(time * 1000)
    sign = "-" if milliseconds < 0 else ""
    seconds, milliseconds = divmod(abs(milliseconds), 1000)
    return f"{sign}{format_duration(seconds)}.{milliseconds:03d}"


def format_duration(seconds: float) -> str:
    """Write whole seconds as ``1:02``, or ``1:00:02`` from an hour on."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
