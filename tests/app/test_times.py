"""Times on the command line are exact."""

from __future__ import annotations

from fractions import Fraction

import pytest

from app.errors import BadInputError
from app.times import format_duration, format_time, parse_time


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("12", Fraction(12)),
        ("12.345", Fraction(12345, 1000)),
        (".5", Fraction(1, 2)),
        ("90.1", Fraction(901, 10)),
        ("1:02.5", Fraction(125, 2)),
        ("75:00", Fraction(4500)),
        ("01:02:03.004", Fraction(3723004, 1000)),
        ("0.0000208333", Fraction(208333, 10**10)),
    ],
)
def test_parse_time(text: str, seconds: Fraction) -> None:
    assert parse_time(text) == seconds


@pytest.mark.parametrize(
    "text", ["", "abc", "1:2:3:4", "-1", "1:60", "1:60:00", "1e3", "1:", "1,5"]
)
def test_no_time(text: str) -> None:
    with pytest.raises(BadInputError, match="is not a time"):
        parse_time(text)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0:00.000"), (62.5, "1:02.500"), (59.9996, "1:00.000"), (3723.004, "1:02:03.004")],
)
def test_format_time(seconds: float, text: str) -> None:
    assert format_time(seconds) == text
    assert parse_time(text) == pytest.approx(seconds, abs=5e-4)


def test_negative_times_are_written_with_their_sign() -> None:
    assert format_time(Fraction(-1, 4)) == "-0:00.250"


def test_durations_are_whole_seconds() -> None:
    assert format_duration(61.4) == "1:01"
    assert format_duration(3600) == "1:00:00"
