"""Shaping of finished voices: what is heard in the window and what is exported come from here.

Nothing is computed again: fullness, gate, the room under the voice and the fades act on the clip's
sound and the stored voices. Any stretch can be asked for and comes out the same whatever else was
asked for; at the settings a clip begins with, the stored voices come out bit by bit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from app.edits import Edits, Shape
from app.face_curve import FaceCurve, at_samples, pass_curve
from app.fullness import NEUTRAL, reach, set_fullness

Sound = NDArray[np.float32]

REST = "rest"
"""Name of the lane that holds what no chosen voice holds."""
_GRID = np.float32(2.0**-23)
"""Step of 24-bit sound. Voices lie on it, so stems add up to the original exactly."""
_BLOCK = 1 << 16


class Source(Protocol):
    """Sound by sample index, zeros outside of it."""

    def read(self, start: int, stop: int) -> Sound:
        """Give samples start..stop as (C, stop - start)."""
        ...


class StoredVoice(Source, Protocol):
    """A computed voice."""

    start: int
    stop: int
    """Samples start..stop of the clip's sound are computed."""


@dataclass(frozen=True, eq=False)
class Shaping:
    """How all voices of a clip are shaped, ready to be applied; can be sent to another process."""

    rate: int
    fullness: float = NEUTRAL
    room: float = 0.0
    """Factor of the rest under each voice."""
    passing: Mapping[str, NDArray[np.float32]] = field(default_factory=dict)
    """Singer id -> what of the voice is let through, 25 values a second; absent = all."""
    fades: tuple[int, int] | None = None
    """The range at whose ends sound fades; None where it is the whole clip."""
    fade: int = 0
    """Samples of a fade."""

    @property
    def reach(self) -> int:
        """Samples around a stretch that its result depends on."""
        return 0 if self.fullness == NEUTRAL else reach(self.rate)


@dataclass(frozen=True)
class Stems:
    """A stretch of the finished result; blocks follow each other without a gap."""

    start: int
    voices: dict[str, Sound]
    """Singer id -> (C, N): shaped voice, the room under it, faded."""
    rest: Sound
    """(C, N): the original minus all shaped voices, faded."""


def shaping_of(
    edits: Edits, rate: int, samples: int, faces: Mapping[str, FaceCurve] | None = None
) -> Shaping:
    """Make the shaping that the editor decided on for a clip of ``samples`` samples."""
    shape = edits.shape
    passing = {}
    for singer, face in (faces or {}).items():
        curve = pass_curve(face, shape.gate, edits.off_screen)
        if curve is not None:
            passing[singer] = curve
    whole = edits.range == (0, samples)
    room = 0.0 if edits.mix.get(REST) is not None and edits.mix[REST].mute else room_gain(shape)
    fade = round(shape.fade_ms * rate / 1000)
    ends = None if whole or fade == 0 else edits.range
    return Shaping(rate, shape.fullness, room, passing, ends, fade)


def room_gain(shape: Shape) -> float:
    """Factor of the rest under the voice."""
    return gain(shape.rest_gain_db)


def gain(decibels: float) -> float:
    """Factor of a level in dB; minus infinity is silence."""
    return float(10 ** (decibels / 20))


def shape_voice(
    original: Sound,
    voice: Sound,
    at: int,
    start: int,
    stop: int,
    shaping: Shaping,
    singer: str,
    extent: tuple[int, int],
) -> Sound:
    """Give samples ``start`` to ``stop`` of one voice, shaped but without room and fades.

    Args:
        original: (C, M) the clip's sound from sample ``at`` on, `Shaping.reach` samples further
            than the stretch on both sides.
        voice: (C, M) the stored voice over the same samples.
        extent: first sample and end of what was computed of this voice.
    """
    curve = shaping.passing.get(singer)
    if shaping.fullness == NEUTRAL and curve is None:
        return voice[:, start - at : stop - at]
    heard = _within(original, at, extent) if shaping.fullness != NEUTRAL else original
    shaped = set_fullness(heard, voice, at, start, stop, shaping.fullness, shaping.rate)
    if curve is not None:
        shaped = shaped * at_samples(curve, start, stop, shaping.rate)
    return np.round(shaped / _GRID) * _GRID


def fade_curve(start: int, stop: int, shaping: Shaping) -> NDArray[np.float32] | None:
    """(N,) factor of the fades over the samples ``start`` to ``stop``; None where it is 1.

    Straight in the sound's level, silent at the very ends of the range, and mirrored outside of
    it, so that playing across an end doesn't click.
    """
    if shaping.fades is None:
        return None
    first, last = shaping.fades
    margin = shaping.fade
    if all(stop <= end - margin or start >= end + margin for end in (first, last)):
        return None
    place = np.arange(start, stop) + 0.5
    distance = np.minimum(np.abs(place - first), np.abs(place - last))
    return np.minimum(distance / margin, 1.0).astype(np.float32)


def stems(
    original: Source,
    voices: Mapping[str, StoredVoice],
    shaping: Shaping,
    start: int,
    stop: int,
    check: Callable[[], None] = lambda: None,
) -> Iterator[Stems]:
    """Give the finished stems over ``start`` to ``stop``, block by block, in bounded memory.

    ``check`` is called before every block and raises to cancel.
    """
    for first in range(start, stop, _BLOCK):
        check()
        last = min(first + _BLOCK, stop)
        low, high = first - shaping.reach, last + shaping.reach
        sound = original.read(low, high)
        shaped = {
            singer: shape_voice(
                sound,
                voice.read(low, high),
                low,
                first,
                last,
                shaping,
                singer,
                (voice.start, voice.stop),
            )
            for singer, voice in voices.items()
        }
        rest = sound[:, first - low : last - low] - sum_of(shaped, sound.shape[0], last - first)
        fade = fade_curve(first, last, shaping)
        finished = {
            singer: _faded(voice + shaping.room * rest if shaping.room else voice, fade)
            for singer, voice in shaped.items()
        }
        yield Stems(first, finished, _faded(rest, fade))


def sum_of(voices: Mapping[str, Sound], channels: int, samples: int) -> Sound:
    """(channels, samples) sum of the voices."""
    total = np.zeros((channels, samples), np.float32)
    for voice in voices.values():
        total += voice
    return total


def _faded(sound: Sound, fade: NDArray[np.float32] | None) -> Sound:
    return sound if fade is None else sound * fade


def _within(sound: Sound, at: int, extent: tuple[int, int]) -> Sound:
    """Silence outside the extent, as the voice has it there."""
    first, last = extent[0] - at, extent[1] - at
    if first <= 0 and last >= sound.shape[1]:
        return sound
    out = np.zeros_like(sound)
    part = slice(max(0, first), max(0, last))
    out[:, part] = sound[:, part]
    return out
