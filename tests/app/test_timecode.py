"""SMPTE 12M labels against an independent count and another library's."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
from opentimelineio.opentime import RationalTime, from_timecode, to_timecode

from app.errors import BadInputError
from app.timecode import Timecode, can_drop, standard_rate

NTSC = Fraction(30000, 1001)
NTSC_60 = Fraction(60000, 1001)
FILM = Fraction(24000, 1001)


@pytest.mark.parametrize("rate", [NTSC, NTSC_60])
def test_every_label_of_an_hour_of_drop_frame_comes_in_order(rate: Fraction) -> None:
    nominal, left_out = (30, 2) if rate == NTSC else (60, 4)
    labels = [
        f"09:{minute:02d}:{second:02d};{frame:02d}"
        for minute in range(60)
        for second in range(60)
        for frame in range(nominal)
        if frame >= left_out or second or minute % 10 == 0
    ]
    first = Timecode.parse(labels[0], rate)
    assert [str(first.plus(k)) for k in range(len(labels))] == labels
    assert all(Timecode.parse(label, rate) == first.plus(k) for k, label in enumerate(labels))
    assert str(first.plus(len(labels))) == "10:00:00;00"
    assert (
        first.plus(len(labels)).frame - first.frame == len(labels) == nominal * 3600 * 999 // 1000
    )


@pytest.mark.parametrize(
    ("rate", "drop"),
    [
        (NTSC, True),
        (NTSC_60, True),
        (NTSC, False),
        (FILM, False),
        (Fraction(25), False),
        (Fraction(50), False),
        (Fraction(24), False),
        (Fraction(30), False),
    ],
)
def test_labels_agree_with_another_library(rate: Fraction, drop: bool) -> None:
    chance = random.Random(1)
    for _ in range(500):
        frame = chance.randrange(24 * 3600 * 23)
        label = str(Timecode(frame, rate, drop))
        # Non-drop labels count at the whole rate.
        other = float(rate) if drop else float(round(rate))
        assert label == to_timecode(RationalTime(frame, other), other, drop)
        assert Timecode.parse(label, rate).frame == frame == from_timecode(label, other).value


def test_known_instants() -> None:
    assert Timecode.parse("01:00:00;00", NTSC).frame == 107892
    assert Timecode.parse("01:00:00:00", NTSC).frame == 108000
    assert Timecode.parse("01:00:00;00", NTSC_60).frame == 215784
    assert Timecode.parse("01:00:00:00", FILM).seconds == Fraction(36036, 10)
    assert Timecode.parse("01:00:00:00", Fraction(25)).seconds == 3600
    # Over a whole day drop-frame differs from the clock by 86.4 ms.
    assert 86400 - Timecode(0, NTSC, True).day / NTSC == Fraction(864, 10000)


def test_midnight_comes_round() -> None:
    assert str(Timecode.parse("23:59:59;29", NTSC).plus(1)) == "00:00:00;00"
    assert str(Timecode(0, Fraction(25)).plus(-1)) == "23:59:59:24"
    assert str(Timecode(0, NTSC_60, True).plus(-1)) == "23:59:59;59"


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("1:2:3", Fraction(25)),
        ("01:02:03:25", Fraction(25)),
        ("24:00:00:00", Fraction(25)),
        ("01:60:00:00", Fraction(25)),
        ("00:01:00;01", NTSC),
        ("00:01:00;03", NTSC_60),
        ("", NTSC),
    ],
)
def test_what_is_no_label_is_refused(text: str, rate: Fraction) -> None:
    with pytest.raises(BadInputError, match="is not a timecode at"):
        Timecode.parse(text, rate)


def test_rates() -> None:
    assert can_drop(NTSC)
    assert can_drop(NTSC_60)
    assert not can_drop(FILM)
    assert not can_drop(Fraction(30))
    assert not Timecode.parse("00:01:00;01", Fraction(25)).drop
    with pytest.raises(ValueError, match="no drop-frame"):
        Timecode(0, FILM, True)
    assert standard_rate(Fraction(2997, 100)) == NTSC
    assert standard_rate(Fraction(23)) == FILM
    assert standard_rate(Fraction(25)) == 25
