"""Draws training mixtures from a pack: who speaks or sings, what is changed, what is added."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from audio_models.train import augment
from audio_models.train.augment import Signal
from audio_models.train.coding import CODECS, KILOBITS, coded
from audio_models.train.material import SAMPLE_RATE, Pack, Run

KINDS = ("two voices", "two voices + music", "voice + music", "voice", "music")
KIND_SHARES = (0.50, 0.27, 0.15, 0.03, 0.05)
GROUP_SHARES = {
    "singing": 0.14,
    "sung": 0.20,
    "grid": 0.05,
    "commands": 0.08,
    "readers": 0.25,
    "learners": 0.28,
}
HELD_OUT_SHARES = {"singing": 0.24, "grid": 0.06, "readers": 0.28, "learners": 0.32}
"""The validation mixtures are those of the first curves, so that all curves can be compared."""
SINGING_GROUPS = ("singing", "sung")
_ACTIVE_DB = 40.0
_VOICE_RANGE_DB = 6.0
_MUSIC_RANGE_DB = 8.0
_VOCAL_TRACTS = (0.84, 1.19)
PLAYED_SHARE = 0.2
"""Of all accompaniment, where there are played scores."""
_DOUBLED_SHARE = 0.12
"""Of what is sung."""
_CODED_SHARE = 0.06
_SPLICED_SHARE = 0.4
"""Of the voices: put together anew from pieces, so that no sentence can be known by heart."""
_PIECE_S = (0.2, 0.9)
_FADE = 256
_REVERSED_SHARE = 0.1
_ALIKE_SHARE = 0.5
"""Of the pairs of voices, where pitches are known: the second one is drawn until it is near the
first."""
_ALIKE_OCTAVES = 0.25
_ALIKE_TRIES = 16


@dataclass(frozen=True)
class Example:
    """One mixture with its two voices (a silent one is all zeros), float32 at 16384 Hz."""

    mixture: Signal
    voices: NDArray[np.float32]
    kind: str


@dataclass(frozen=True)
class Drawn:
    """A voice that was drawn for a mixture."""

    run: Run
    speed: float
    pitch: float
    """Median, in Hz, at that speed; 0 when it is not known."""


def _near(pitch: float, other: float) -> bool:
    return pitch > 0 and other > 0 and abs(math.log2(pitch / other)) < _ALIKE_OCTAVES


def active_rms(samples: Signal) -> float:
    """RMS of the 20 ms frames within 40 dB of the loudest one; 0 for silence."""
    hop = 328
    frames = len(samples) // hop
    energy = (samples[: frames * hop].reshape(frames, hop) ** 2).mean(axis=1)
    loudest = float(energy.max(initial=0.0))
    if loudest < 1e-10:
        return 0.0
    return float(np.sqrt(energy[energy > loudest * 10 ** (-_ACTIVE_DB / 10)].mean()))


class Mixer:
    """Random mixtures of one side (training or held-out) of a pack."""

    def __init__(
        self,
        pack: Pack,
        held_out: bool,
        samples: int,
        strength: float = 1.0,
        shares: tuple[float, ...] = KIND_SHARES,
        left_out: tuple[str, ...] = (),
    ) -> None:
        """`strength` scales how often sounds are changed; 0 leaves them as recorded.

        `left_out` are groups of `GROUP_SHARES` whose voices are not used.
        """
        self.pack, self.samples, self.strength = pack, samples, strength
        self.held_out = held_out
        self.shares = np.asarray(shares) / sum(shares)
        voices = pack.voice_runs + pack.sung_runs
        self.groups: list[tuple[list[Run], NDArray[np.float64]]] = []
        shares_of_groups = []
        for group, share in (HELD_OUT_SHARES if held_out else GROUP_SHARES).items():
            runs = [r for r in voices if r.group == group and r.held_out == held_out]
            if runs and group not in left_out:
                weights = np.sqrt([float(run.length) for run in runs])
                self.groups.append((runs, weights / weights.sum()))
                shares_of_groups.append(share)
        self.group_shares = np.asarray(shares_of_groups) / sum(shares_of_groups)
        self.music = [r for r in pack.music_runs if r.held_out == held_out]
        lengths = np.sqrt([float(run.length) for run in self.music])
        self.music_weights = lengths / lengths.sum()
        self.played = () if held_out else pack.played_runs
        self._own: defaultdict[str, list[Run]] = defaultdict(list)
        for runs, _ in self.groups:
            for run in runs:
                self._own[f"{run.group}/{run.person}"].append(run)

    def example(self, rng: np.random.Generator) -> Example:
        """One mixture."""
        kind = KINDS[rng.choice(len(KINDS), p=self.shares)]
        return self.example_of(kind, rng)

    def example_of(self, kind: str, rng: np.random.Generator) -> Example:
        """One mixture of a given kind of `KINDS`."""
        voices = np.zeros((2, self.samples), np.float32)
        rest = np.zeros(self.samples, np.float32)
        if kind != "music":
            voices[0], first = self.voice(rng)
        if kind.startswith("two voices"):
            known = bool(self.pack.pitches) and not self.held_out
            alike = known and rng.random() < _ALIKE_SHARE
            voices[1], _ = self.voice(rng, first, alike)
            voices[1] *= 10 ** (rng.uniform(-_VOICE_RANGE_DB, _VOICE_RANGE_DB) / 20)
        if "music" in kind:
            rest = self.accompaniment(rng)
            rest = rest * 10 ** (rng.uniform(-_MUSIC_RANGE_DB, _MUSIC_RANGE_DB) / 20)
        if rng.random() < (0.5 if kind == "voice" else 0.15):
            level = 10 ** (rng.uniform(-50, -20) / 20)
            rest = rest + self._noise(rng) * level
        mixture = voices.sum(0) + rest
        gain = rng.uniform(0.3, 0.9) / (np.abs(mixture).max() + 1e-6)
        if rng.random() < 0.5:
            voices = voices[::-1].copy()
        if not self.held_out and rng.random() < _CODED_SHARE * self.strength:
            codec = CODECS[rng.integers(len(CODECS))]
            mixture = coded(mixture * np.float32(gain), codec, int(rng.integers(*KILOBITS)))
            mixture = mixture / np.float32(gain)
        return Example(mixture * np.float32(gain), voices * np.float32(gain), kind)

    def _noise(self, rng: np.random.Generator) -> Signal:
        noise = rng.standard_normal(self.samples, np.float32)
        return augment.filtered(noise, rng, 8.0, limit=False, reverberant=False)

    def _slice(
        self, data: NDArray[np.int16], run: Run, speed: float, rng: np.random.Generator
    ) -> Signal:
        """`samples` random samples of a run at a speed; short runs are set into silence."""
        need = int(self.samples * speed)
        if run.length > need:
            start = run.start + int(rng.integers(run.length - need))
            part = data[start : start + need].astype(np.float32) / 32768.0
        else:
            part = np.zeros(need, np.float32)
            offset = int(rng.integers(need - run.length + 1))
            part[offset : offset + run.length] = data[run.start : run.start + run.length]
            part /= 32768.0
        return augment.change_speed(part, self.samples) if need != self.samples else part

    def _speed(self, rng: np.random.Generator) -> float:
        if rng.random() < 0.75 * self.strength:
            return float(np.exp(rng.uniform(np.log(0.8), np.log(1.25))))
        return 1.0

    def _spliced(
        self, data: NDArray[np.int16], run: Run, speed: float, rng: np.random.Generator
    ) -> Signal:
        """`samples` samples of random pieces of one person, faded into each other, at one speed."""
        runs = self._own[f"{run.group}/{run.person}"]
        need = int(self.samples * speed)
        out = np.zeros(need + _FADE, np.float32)
        fade = np.linspace(0.0, 1.0, _FADE, dtype=np.float32)
        at = 0
        while at < need:
            source = runs[rng.integers(len(runs))]
            length = min(int(rng.uniform(*_PIECE_S) * SAMPLE_RATE), need - at) + _FADE
            length = min(length, source.length)
            if length > 2 * _FADE:
                start = source.start + int(rng.integers(source.length - length + 1))
                piece = data[start : start + length].astype(np.float32) / 32768.0
                piece[:_FADE] *= fade
                piece[-_FADE:] *= fade[::-1]
                out[at : at + length] += piece
            at += max(_FADE, length - _FADE)
        return augment.change_speed(out[:need], self.samples)

    def _draw(self, rng: np.random.Generator, other: Drawn | None, alike: bool) -> Drawn:
        """A voice of another person than `other`, near it in pitch if `alike` and if one is found
        soon."""
        for left in range(_ALIKE_TRIES if alike else 1, 0, -1):
            while True:
                runs, weights = self.groups[rng.choice(len(self.groups), p=self.group_shares)]
                run = runs[rng.choice(len(runs), p=weights)]
                if other is None or run.person != other.run.person:
                    break
            speed = self._speed(rng)
            drawn = Drawn(run, speed, self.pack.pitches.get(run.key, 0.0) * speed)
            if left == 1 or other is None or _near(drawn.pitch, other.pitch):
                break
        return drawn

    def voice(
        self, rng: np.random.Generator, other: Drawn | None = None, alike: bool = False
    ) -> tuple[Signal, Drawn]:
        """A voice at active level 1 (see `_draw`) and what it is."""
        drawn = self._draw(rng, other, alike)
        run, speed = drawn.run, drawn.speed
        sung = run.group == "sung"
        data = self.pack.sung if sung else self.pack.voices
        if not self.held_out and rng.random() < _SPLICED_SHARE * self.strength:
            samples = self._spliced(data, run, speed, rng)
        else:
            samples = self._slice(data, run, speed, rng)
        if not self.held_out and rng.random() < _REVERSED_SHARE * self.strength:
            samples = samples[::-1].copy()
        if not self.held_out and rng.random() < 0.5 * self.strength:
            samples = augment.change_formants(samples, float(rng.uniform(*_VOCAL_TRACTS)))
        if run.group == "singing" and rng.random() < 0.5 * self.strength:
            samples = augment.vibrato(samples, rng)
        sings = not self.held_out and run.group in SINGING_GROUPS
        if sings and rng.random() < _DOUBLED_SHARE * self.strength:
            samples = augment.doubled(samples, rng)
        tone = 6.0 if rng.random() < 0.6 * self.strength else 0.0
        limit = rng.random() < 0.15 * self.strength
        reverberant = rng.random() < 0.4 * self.strength
        if tone or limit or reverberant:
            samples = augment.filtered(samples, rng, tone, limit, reverberant)
        sign = 1.0 if rng.random() < 0.5 else -1.0
        level = active_rms(samples)
        return samples * np.float32(sign / level if level > 1e-5 else 0.0), drawn

    def accompaniment(self, rng: np.random.Generator) -> Signal:
        """Accompaniment at active level 1: one piece, or two on top of each other."""
        total = np.zeros(self.samples, np.float32)
        for _ in range(2 if rng.random() < 0.25 * self.strength else 1):
            if self.played and rng.random() < PLAYED_SHARE * self.strength:
                run = self.played[rng.integers(len(self.played))]
                samples = self._slice(self.pack.played, run, self._speed(rng), rng)
            else:
                run = self.music[rng.choice(len(self.music), p=self.music_weights)]
                samples = self._slice(self.pack.music, run, self._speed(rng), rng)
            if rng.random() < 0.5 * self.strength:
                limit = rng.random() < 0.2
                samples = augment.filtered(samples, rng, 6.0, limit, reverberant=False)
            level = active_rms(samples)
            if level > 1e-5:
                total += samples * np.float32(rng.uniform(0.5, 1.0) / level)
        level = active_rms(total)
        return total / np.float32(level) if level > 1e-5 else total
