"""Where the ruler has ticks and what stands at them; no Qt."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from app.errors import BadInputError
from app.gui.timecode import clock_text
from app.gui.viewport import Viewport
from app.timecode import Timecode, standard_rate

_CLOCK_STEPS = tuple(
    Fraction(text)
    for text in (
        *("1/100000", "1/50000", "1/20000", "1/10000", "1/5000", "1/2000", "1/1000", "1/500"),
        *("1/200", "1/100", "1/50", "1/20", "1/10", "1/5", "1/2", "1", "2", "5", "10", "15", "30"),
        *("60", "120", "300", "600", "1800", "3600", "7200"),
    )
)
_FRAME_SECONDS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200)


@dataclass(frozen=True)
class ClipTime:
    """How the instants of a clip are called; samples count from the first sample of the sound."""

    rate: int
    """Samples per second."""
    origin: Fraction = Fraction(0)
    """Media time of sample 0, seconds."""
    zero: Fraction = Fraction(0)
    """Media time of clip time 0."""
    picture: Fraction = Fraction(0)
    """Media time of the first picture, which the timecode names."""
    timecode: Timecode | None = None

    def text(self, sample: int) -> str:
        """Source timecode of the picture at a sample, or clip time where there is none."""
        if self.timecode is not None:
            return str(self.timecode.plus(self._frame(sample)))
        return clock_text(self.seconds(sample))

    def seconds(self, sample: int) -> Fraction:
        """Clip time of a sample."""
        return self.origin - self.zero + Fraction(sample, self.rate)

    def _frame(self, sample: int) -> int:
        assert self.timecode is not None
        time = self.origin + Fraction(sample, self.rate) - self.picture
        return int(time * self.timecode.rate // 1)

    def sample_of_frame(self, frame: int) -> int:
        """First sample that is not before a frame, counted from the first picture."""
        assert self.timecode is not None
        time = self.picture + frame / self.timecode.rate - self.origin
        return -int(-time * self.rate // 1)

    def ticks(self, view: Viewport, width: float, least: float) -> Iterator[tuple[int, str]]:
        """Samples with a label, at least ``least`` pixels apart in lanes of ``width`` pixels."""
        shortest = Fraction(view.span, self.rate) * Fraction(least / max(1.0, width))
        if self.timecode is not None and shortest >= Fraction(1, 2) / self.timecode.rate:
            yield from self._frame_ticks(view, shortest)
        else:
            yield from self._clock_ticks(view, shortest)

    def _frame_ticks(self, view: Viewport, shortest: Fraction) -> Iterator[tuple[int, str]]:
        assert self.timecode is not None
        nominal = round(self.timecode.rate)
        steps = [n for n in (1, 2, 5, 10) if n < nominal]
        steps += [seconds * nominal for seconds in _FRAME_SECONDS]
        wanted = shortest * self.timecode.rate
        step = next((step for step in steps if step >= wanted), steps[-1])
        # Ticks stand at round labels, and drop-frame leaves labels out, not frames.
        label = _label(self.timecode.plus(self._frame(view.start)))
        label += -label % step
        while True:
            named = _named(label, self.timecode)
            frame = (named.frame - self.timecode.frame) % self.timecode.day
            sample = self.sample_of_frame(frame)
            if sample > view.stop or frame > self._frame(view.stop) + 1:
                return
            if sample >= view.start:
                yield sample, str(named)
            label += step

    def _clock_ticks(self, view: Viewport, shortest: Fraction) -> Iterator[tuple[int, str]]:
        step = next((step for step in _CLOCK_STEPS if step >= shortest), _CLOCK_STEPS[-1])
        begin = self.seconds(view.start)
        number = -int(-begin / step // 1)
        while True:
            time = number * step
            sample = round((time - self.origin + self.zero) * self.rate)
            if sample > view.stop:
                return
            if sample >= view.start:
                yield sample, _clock_label(time, step)
            number += 1


def clip_time(
    rate: int,
    origin: Fraction,
    zero: Fraction,
    picture: Fraction,
    timecode: str | None,
    frame_rate: Fraction,
) -> ClipTime:
    """Names of a clip's instants; a timecode that can't be read is left out."""
    code = None
    if timecode is not None:
        try:
            code = Timecode.parse(timecode, standard_rate(frame_rate))
        except BadInputError:
            code = None
    return ClipTime(rate, origin, zero, picture, code)


def _label(code: Timecode) -> int:
    """Number of a label, counting those that drop-frame leaves out."""
    hours, minutes, seconds, frames = (int(part) for part in re.split("[:;]", str(code)))
    return ((hours * 60 + minutes) * 60 + seconds) * round(code.rate) + frames


def _named(label: int, like: Timecode) -> Timecode:
    """The timecode with a label, or with the next one where it is left out."""
    nominal = round(like.rate)
    label %= 86400 * nominal
    seconds, frames = divmod(label, nominal)
    text = f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    mark = ";" if like.drop else ":"
    try:
        return Timecode.parse(f"{text}{mark}{frames:02d}", like.rate)
    except BadInputError:
        return _named(label + 1, like)


def _clock_label(time: Fraction, step: Fraction) -> str:
    text = clock_text(time)
    if step >= 1:
        return text[:-4]
    if step >= Fraction(1, 10):
        return text[:-2]
    if step >= Fraction(1, 1000):
        return text
    micro = round(abs(time) * 1_000_000) % 1000
    return clock_text(Fraction(abs(time) * 1000 // 1, 1000)) + f"{micro:03d}"[:2]
