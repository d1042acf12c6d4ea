"""Accompaniment from scores: a small synthesiser for the sixteen families of General MIDI.

Training needs music whose every note is known to hold no voice, not instruments that deceive: each
family is a handful of numbers (harmonics, their decay, envelope, ensemble), varied from piece to
piece, so that a network meets many timbres.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from audio_models.train.material import SAMPLE_RATE

Signal = NDArray[np.float32]
DRUM_CHANNEL = 9
_HIGHEST_HZ = 7600.0
"""Harmonics above are left out: they would fold back below half the rate."""
_LONGEST_S = 12.0
_BEND_SEMITONES = 2.0


@dataclass(frozen=True)
class Note:
    """One key that is pressed."""

    start: float
    stop: float
    """Seconds."""
    key: float
    """MIDI number, 69 = 440 Hz; with the bend at its start."""
    level: float
    """0 to 1, from velocity, volume and expression."""
    program: int
    """0 to 127, General MIDI."""
    drum: bool


@dataclass(frozen=True)
class Timbre:
    """How a family of instruments sounds."""

    harmonics: int
    tilt: float
    """Harmonic k has the amplitude k ** -tilt."""
    attack: float
    decay: float
    """Seconds until a held note has lost 60 dB; 0 = it is sustained."""
    release: float
    even: float = 1.0
    """Amplitude of the even harmonics."""
    brightness: float = 0.0
    """How much faster harmonic k decays than the first: rate * (1 + brightness * (k - 1))."""
    copies: int = 1
    detune: float = 0.0
    """Cents between the copies of an ensemble."""
    vibrato: float = 0.0
    """Cents."""
    breath: float = 0.0
    """Noise against the tone."""
    stretch: float = 0.0
    """Inharmonicity of stiff strings and bars: f_k = k f (1 + stretch k^2) ** 0.5."""


FAMILIES = (
    Timbre(14, 1.3, 0.004, 3.0, 0.15, brightness=0.25, stretch=4e-4),  # pianos
    Timbre(5, 1.0, 0.002, 1.8, 0.4, brightness=0.8, stretch=0.08),  # bells, bars
    Timbre(9, 0.9, 0.01, 0.0, 0.05),  # organs
    Timbre(16, 1.1, 0.003, 2.2, 0.1, brightness=0.35),  # guitars
    Timbre(12, 1.4, 0.005, 3.0, 0.08, brightness=0.3),  # basses
    Timbre(18, 1.1, 0.12, 0.0, 0.2, copies=3, detune=9, vibrato=10),  # strings
    Timbre(18, 1.2, 0.15, 0.0, 0.3, copies=4, detune=12, vibrato=8),  # ensembles
    Timbre(16, 0.9, 0.05, 0.0, 0.08, vibrato=6, brightness=0.02),  # brass
    Timbre(12, 1.0, 0.04, 0.0, 0.08, even=0.25, vibrato=8, breath=0.02),  # reeds
    Timbre(5, 1.6, 0.06, 0.0, 0.1, vibrato=12, breath=0.06),  # pipes
    Timbre(20, 1.0, 0.01, 0.0, 0.06, copies=2, detune=7),  # leads
    Timbre(14, 1.4, 0.4, 0.0, 0.6, copies=3, detune=14),  # pads
    Timbre(10, 1.1, 0.2, 4.0, 0.5, copies=2, detune=20),  # effects
    Timbre(16, 1.0, 0.003, 1.2, 0.1, brightness=0.5),  # plucked from everywhere
    Timbre(4, 0.8, 0.002, 0.8, 0.2, brightness=1.0, stretch=0.15),  # percussive
    Timbre(2, 1.0, 0.02, 0.6, 0.2, breath=1.0),  # sound effects
)
"""By program // 8, in the order of General MIDI level 1."""


def render(score: bytes, seconds: float, rng: np.random.Generator) -> Signal:
    """Play a Standard MIDI File from its first note on, for at most ``seconds``.

    Returns:
        (N,) float32 at `SAMPLE_RATE`, peak at most 1; empty when there is no note.

    Raises:
        OSError, ValueError, EOFError, KeyError: it is no MIDI file.
    """
    notes = list(notes_of(score))
    if not notes:
        return np.zeros(0, np.float32)
    begin = min(note.start for note in notes)
    end = min(seconds, max(note.stop for note in notes) - begin + 0.5)
    total = np.zeros(int(end * SAMPLE_RATE), np.float32)
    timbres = [_varied(family, rng) for family in FAMILIES]
    for note in notes:
        at = int((note.start - begin) * SAMPLE_RATE)
        if at >= len(total):
            continue
        sound = drum(note, rng) if note.drum else tone(note, timbres[note.program // 8], rng)
        part = total[at : at + len(sound)]
        part += sound[: len(part)]
    peak = float(np.abs(total).max(initial=0.0))
    return total / np.float32(max(peak, 1e-6))


def notes_of(score: bytes) -> Iterator[Note]:
    """All notes of a MIDI file, tempo changes allowed for; those never ended end with the file."""
    import mido

    time = 0.0
    program, volume, expression, bend = [0] * 16, [1.0] * 16, [1.0] * 16, [0.0] * 16
    held: dict[tuple[int, int], tuple[float, float, float]] = {}

    def ended(channel: int, key: int) -> Iterator[Note]:
        if (channel, key) in held:
            start, pitch, level = held.pop((channel, key))
            drums = channel == DRUM_CHANNEL
            yield Note(start, time, pitch, level, program[channel], drums)

    for message in mido.MidiFile(file=io.BytesIO(score), clip=True):
        time += message.time
        if message.is_meta or not hasattr(message, "channel"):
            continue
        channel = message.channel
        if message.type == "program_change":
            program[channel] = message.program
        elif message.type == "control_change" and message.control == 7:
            volume[channel] = message.value / 127
        elif message.type == "control_change" and message.control == 11:
            expression[channel] = message.value / 127
        elif message.type == "pitchwheel":
            bend[channel] = _BEND_SEMITONES * message.pitch / 8192
        elif message.type in ("note_on", "note_off"):
            yield from ended(channel, message.note)
            if message.type == "note_on" and message.velocity > 0:
                level = (message.velocity / 127) ** 1.5 * volume[channel] * expression[channel]
                pitch = message.note + (0.0 if channel == DRUM_CHANNEL else bend[channel])
                held[channel, message.note] = (time, pitch, level)
    for channel, key in list(held):
        yield from ended(channel, key)


def tone(note: Note, timbre: Timbre, rng: np.random.Generator) -> Signal:
    """One note of a pitched instrument, release included."""
    held = min(max(note.stop - note.start, 0.03), _LONGEST_S)
    time = np.arange(int((held + timbre.release) * SAMPLE_RATE), dtype=np.float32) / SAMPLE_RATE
    pitch = 440.0 * 2 ** ((note.key - 69) / 12)
    sound = np.zeros(len(time), np.float32)
    rate = 6.9 / timbre.decay if timbre.decay else 0.0
    # Low strings ring longer than high ones.
    rate *= (pitch / 220.0) ** 0.5
    for copy in range(timbre.copies):
        cents = timbre.detune * (copy - (timbre.copies - 1) / 2) + rng.normal(0, 1)
        phase = 2 * np.pi * pitch * 2 ** (cents / 1200) * time
        if timbre.vibrato:
            depth = timbre.vibrato / 1200 * np.log(2) * pitch / rng.uniform(4.5, 6.5)
            swing = np.sin(2 * np.pi * 5.5 * time + rng.uniform(0, 6.3))
            phase = phase + depth * np.minimum(time / 0.4, 1.0) * swing
        for k in range(1, timbre.harmonics + 1):
            ratio = k * (1 + timbre.stretch * (k * k - 1)) ** 0.5
            if ratio * pitch > _HIGHEST_HZ:
                break
            loud = k**-timbre.tilt * (timbre.even if k % 2 == 0 else 1.0)
            part = loud * np.sin(ratio * phase + rng.uniform(0, 6.3), dtype=np.float32)
            if rate:
                part *= np.exp(-rate * (1 + timbre.brightness * (k - 1)) * time)
            sound += part
    if timbre.breath:
        noise = rng.standard_normal(len(time), np.float32)
        sound += timbre.breath * noise * (np.exp(-rate * time) if rate else 1.0)
    return sound * _envelope(time, timbre, held) * np.float32(note.level / timbre.copies)


def drum(note: Note, rng: np.random.Generator) -> Signal:
    """One stroke: a falling tone for skins, filtered noise for metal and wires."""
    start, fall, ring, noise, noise_ring, dull = _stroke(int(note.key))
    time = np.arange(int(2.2 * max(ring, noise_ring) * SAMPLE_RATE), dtype=np.float32)
    time /= SAMPLE_RATE
    sound = np.zeros(len(time), np.float32)
    if start:
        pitch = start * (1 - fall + fall * np.exp(-time / 0.03))
        sound += np.sin(2 * np.pi * np.cumsum(pitch) / SAMPLE_RATE) * np.exp(-4 * time / ring)
    if noise:
        hiss = rng.standard_normal(len(time), np.float32)
        if dull:
            hiss[1:] += hiss[:-1]
        else:
            hiss[1:] -= hiss[:-1].copy()
        sound += noise * hiss * np.exp(-4 * time / noise_ring)
    return sound * np.float32(note.level)


def _stroke(key: int) -> tuple[float, float, float, float, float, bool]:
    """Of a General MIDI drum: pitch, its fall, ring; noise, its ring, whether it is dull."""
    if key in (35, 36):
        return 120.0, 0.6, 0.35, 0.1, 0.02, True
    if key in (37, 38, 39, 40):
        return 190.0, 0.2, 0.15, 0.6, 0.18, True
    if key in (42, 44):
        return 0.0, 0.0, 0.0, 0.4, 0.06, False
    if key in (46, 54, 69, 70):
        return 0.0, 0.0, 0.0, 0.4, 0.3, False
    if key in (49, 51, 52, 53, 55, 57, 59):
        return 0.0, 0.0, 0.0, 0.35, 1.2, False
    if 41 <= key <= 50:
        return 70.0 + 18 * (key - 41), 0.3, 0.4, 0.05, 0.05, True
    return 250.0 + 12 * (key % 24), 0.05, 0.2, 0.15, 0.05, False


def _envelope(time: Signal, timbre: Timbre, held: float) -> Signal:
    rise = np.minimum(time / max(timbre.attack, 1e-3), 1.0)
    fall = np.clip(1.0 - (time - held) / timbre.release, 0.0, 1.0)
    return np.asarray(rise * fall * fall, np.float32)


def _varied(timbre: Timbre, rng: np.random.Generator) -> Timbre:
    """Another instrument of the same family."""
    return replace(
        timbre,
        harmonics=max(1, round(timbre.harmonics * rng.uniform(0.6, 1.4))),
        tilt=timbre.tilt * rng.uniform(0.75, 1.3),
        attack=timbre.attack * rng.uniform(0.6, 1.6),
        decay=timbre.decay * rng.uniform(0.6, 1.6),
        even=timbre.even * rng.uniform(0.5, 1.0),
        detune=timbre.detune * rng.uniform(0.6, 1.6),
        vibrato=timbre.vibrato * rng.uniform(0.3, 1.5),
    )
