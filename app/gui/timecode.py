"""Clock texts for the window."""

from __future__ import annotations

from fractions import Fraction


def clock_text(seconds: Fraction | float, tenths: bool = False) -> str:
    """Give seconds as m:ss, h:mm:ss from an hour on, with milliseconds if ``tenths`` is False.

    >>> clock_text(Fraction(3661, 1))
    '1:01:01.000'
    """
    sign = "−" if seconds < 0 else ""
    milliseconds = round(abs(Fraction(seconds)) * 1000)
    whole, rest = divmod(milliseconds, 1000)
    minutes, second = divmod(whole, 60)
    hours, minute = divmod(minutes, 60)
    head = f"{hours}:{minute:02d}" if hours else f"{minute}"
    tail = f".{rest // 100}" if tenths else f".{rest:03d}"
    return f"{sign}{head}:{second:02d}{tail}"


def remaining_text(seconds: float) -> str:
    """Give a remaining time as m:ss, rounded up so that it never claims less than a second."""
    whole = max(1, -int(-seconds // 1))
    return f"{whole // 60}:{whole % 60:02d}"
