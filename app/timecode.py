"""SMPTE 12M timecode: counting frames by labels, with and without drop-frame."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from app.errors import BadInputError

_LABEL = re.compile(r"(\d{1,2}):(\d{2}):(\d{2})([:;.,])(\d{2,3})")
_STANDARD = (24, 25, 30, 48, 50, 60, 96, 100, 120)
STANDARD_RATES = tuple(
    sorted(
        {Fraction(rate) for rate in _STANDARD}
        | {Fraction(rate * 1000, 1001) for rate in _STANDARD if rate % 25}
    )
)
"""Frame rates that editing programs know."""


def standard_rate(rate: Fraction) -> Fraction:
    """The frame rate of editing programs that is nearest to ``rate``."""
    return min(STANDARD_RATES, key=lambda standard: abs(standard - rate))


def can_drop(rate: Fraction) -> bool:
    """True for the rates that drop-frame counting exists for: 29.97 and its multiples."""
    return rate.denominator == 1001 and round(rate) % 30 == 0


@dataclass(frozen=True)
class Timecode:
    """A frame of a day, counted from midnight."""

    frame: int
    """Number of frames that have passed since 00:00:00:00; labels left out are not counted."""
    rate: Fraction
    """Frames per second as they really pass: 30000/1001, not 30."""
    drop: bool = False

    def __post_init__(self) -> None:
        if self.drop and not can_drop(self.rate):
            raise ValueError(f"there is no drop-frame timecode at {self.rate} frames a second")
        object.__setattr__(self, "frame", self.frame % self.day)

    @classmethod
    def parse(cls, text: str, rate: Fraction) -> Timecode:
        """Read ``01:02:03:04``, with ``;`` (or ``,``) before the frames for drop-frame.

        Raises `BadInputError` when it is no timecode of that frame rate.
        """
        match = _LABEL.fullmatch(text.strip())
        nominal = round(rate)
        if match is not None:
            hours, minutes, seconds = (int(match[k]) for k in (1, 2, 3))
            frames = int(match[5])
            drop = match[4] in ";," and can_drop(rate)
            left_out = _left_out(nominal) if drop else 0
            exists = frames >= left_out or seconds or minutes % 10 == 0
            if hours < 24 and minutes < 60 and seconds < 60 and frames < nominal and exists:
                whole = ((hours * 60 + minutes) * 60 + seconds) * nominal + frames
                passed = hours * 60 + minutes
                return cls(whole - left_out * (passed - passed // 10), rate, drop)
        raise BadInputError(
            f"'{text}' is not a timecode at {float(rate):g} frames a second; write hh:mm:ss:ff, "
            "or hh:mm:ss;ff for drop-frame."
        )

    @property
    def day(self) -> int:
        """Frames from midnight to midnight by the labels."""
        nominal = round(self.rate)
        return 144 * _ten_minutes(nominal) if self.drop else 86400 * nominal

    @property
    def seconds(self) -> Fraction:
        """Time that has really passed since midnight."""
        return self.frame / self.rate

    def plus(self, frames: int) -> Timecode:
        """The timecode that many frames later; midnight follows 23:59:59."""
        return Timecode(self.frame + frames, self.rate, self.drop)

    def __str__(self) -> str:
        nominal = round(self.rate)
        label = self.frame
        if self.drop:
            left_out = _left_out(nominal)
            ten_minutes, rest = divmod(self.frame, _ten_minutes(nominal))
            label += 9 * left_out * ten_minutes
            if rest >= nominal * 60:
                label += left_out * (1 + (rest - nominal * 60) // (nominal * 60 - left_out))
        seconds, frames = divmod(label, nominal)
        sign = ";" if self.drop else ":"
        digits = 3 if nominal > 100 else 2
        hours, minutes = seconds // 3600, seconds // 60 % 60
        return f"{hours:02d}:{minutes:02d}:{seconds % 60:02d}{sign}{frames:0{digits}d}"


def _left_out(nominal: int) -> int:
    """Labels left out at the start of each minute but every tenth."""
    return nominal // 15


def _ten_minutes(nominal: int) -> int:
    return nominal * 600 - 9 * _left_out(nominal)
