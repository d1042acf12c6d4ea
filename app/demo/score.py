"""The sung lines of the demo: a small composer that gives each singer syllables on notes.

Times are seconds from the start of the clip.  The lines share one chord progression, so that they
sound together, but differ in register, rhythm, vowels and in where they pause.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

BEAT = 0.56
"""Seconds per beat (about 107 beats a minute)."""
BAR_BEATS = 4
# Roots and chord tones of I vi IV V in C major, as pitch classes.
CHORDS: tuple[tuple[int, ...], ...] = ((0, 4, 7), (9, 0, 4), (5, 9, 0), (7, 11, 2))
SCALE = (0, 2, 4, 5, 7, 9, 11)

# Lengths of the notes of one phrase in beats; a phrase is followed by its pause.
_PHRASES: tuple[tuple[tuple[tuple[float, ...], float], ...], ...] = (
    (((0.5, 0.5, 1.0, 0.5, 0.5, 1.5), 1.0), ((1.0, 0.5, 0.5, 1.0, 2.0), 1.5)),
    (((0.75, 0.25, 0.5, 0.5, 0.5, 0.5, 1.0), 1.25), ((0.5, 0.5, 0.5, 1.5), 0.75)),
)
_FIRST_BEAT = (0.5, 1.75)
_VOWELS = (("a", "o", "i", "a", "e", "o"), ("o", "a", "u", "e", "a", "i"))
_ONSETS = (
    ("m", "l", "b", "s", "m", "t", "p", "n"),
    ("b", "d", "m", "f", "w", "p", "n", "sh"),
)


@dataclass(frozen=True)
class Syllable:
    """One sung syllable: an opening consonant, then a vowel held on a note."""

    start: float
    """Seconds at which the consonant begins."""
    stop: float
    """Seconds at which the vowel ends."""
    pitch: int
    """MIDI note number."""
    onset: str
    vowel: str
    ends_phrase: bool


def chord_at(time: float) -> tuple[int, ...]:
    """Pitch classes of the chord that sounds at a time in seconds."""
    return CHORDS[int(time / (BEAT * BAR_BEATS)) % len(CHORDS)]


def compose(
    voice: int, seconds: float, low: int, high: int, rng: np.random.Generator
) -> tuple[Syllable, ...]:
    """Write the line of one singer.

    ``voice`` picks rhythm and text (even and odd voices differ), ``low`` and ``high`` are the MIDI
    limits of the register.  A phrase that would not end before ``seconds`` is cut after its last
    whole note, so that every line ends with closed lips.
    """
    kind = voice % 2
    phrases = _PHRASES[kind]
    beat = _FIRST_BEAT[kind]
    pitch = (low + high) // 2
    line: list[Syllable] = []
    phrase = 0
    while beat * BEAT < seconds:
        lengths, pause = phrases[phrase % len(phrases)]
        notes: list[Syllable] = []
        for length in lengths:
            start, stop = beat * BEAT, (beat + length) * BEAT
            if stop > seconds - 0.25:
                break
            pitch = _next_pitch(pitch, start, low, high, rng)
            count = len(line) + len(notes)
            onset = _ONSETS[kind][int(rng.integers(len(_ONSETS[kind])))]
            vowel = _VOWELS[kind][(count + int(rng.integers(2))) % len(_VOWELS[kind])]
            notes.append(Syllable(start, stop, pitch, onset, vowel, False))
            beat += length
        if notes:
            last = notes.pop()
            notes.append(Syllable(last.start, last.stop, last.pitch, last.onset, last.vowel, True))
        line.extend(notes)
        if len(notes) < len(lengths):
            break
        beat += pause
        phrase += 1
    return tuple(line)


def _next_pitch(pitch: int, time: float, low: int, high: int, rng: np.random.Generator) -> int:
    """Step to a near note: a chord tone on the beat, any tone of the scale between beats."""
    on_beat = abs(time / BEAT - round(time / BEAT)) < 0.01
    classes = chord_at(time + 0.01) if on_beat else SCALE
    near = [p for p in range(low, high + 1) if p % 12 in classes and 0 < abs(p - pitch) <= 5]
    if not near:
        near = [p for p in range(low, high + 1) if p % 12 in classes]
    weights = np.array([1.0 / (1 + abs(p - pitch)) for p in near])
    return int(rng.choice(near, p=weights / weights.sum()))
