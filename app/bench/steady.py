"""Measures whether a person's output stays that person's over a minute of two talking at once.

Two clips of one face each stand side by side and are repeated, each after its own length, so that
other words meet every time. A second counts as exchanged when the two outputs would fit the two
voices better in the other order.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.bench.joins import FPS, HEIGHT, RATE, Pair, read_people, score_pairs
from app.demo.write import write_clip
from app.isolation import IsolateOptions
from app.jobs import CancelToken, OnProgress
from app.singers import choose
from app.whole_job import find_faces, isolate_voices

LENGTH_S = 60
_AUDIBLE = 0.1
"""A voice counts in a second in which its RMS is at least this part of its own mean."""


@dataclass(frozen=True)
class SteadyScore:
    """One pair."""

    names: tuple[str, str]
    improvement: float
    """Mean SI-SDR improvement of both voices over the whole minute, dB."""
    seconds: int
    """Seconds scored: both voices audible."""
    exchanged: int
    """Of these, how many fit better crosswise."""
    changes: int
    """How often the better order changed."""


def bench_steady(
    folder: Path,
    *,
    model: str = "solovox",
    on_progress: OnProgress | None = None,
    token: CancelToken | None = None,
) -> list[SteadyScore]:
    """Score neighbouring pairs of the clips of a folder that are long enough.

    Raises `BadInputError` when there are not two of them.
    """
    token = token or CancelToken()
    pairs = itertools.pairwise(read_people(folder))
    score = partial(_score, model=model, token=token)
    return score_pairs(pairs, "A minute of two voices", score, on_progress, token)


def lines(scores: Sequence[SteadyScore]) -> list[str]:
    """The table as text."""
    rows = [f"{'people':34} {'SI-SDR':>8} {'seconds':>8} {'crossed':>8} {'changes':>8}"]
    rows += [
        f"{' + '.join(s.names):34} {s.improvement:8.2f} {s.seconds:8d} {s.exchanged:8d} "
        f"{s.changes:8d}"
        for s in scores
    ]
    return rows


def exchanged(voices: NDArray[np.float32], outputs: NDArray[np.float32], rate: int) -> list[bool]:
    """For each second in which both voices are audible: do the outputs fit better crosswise?

    Args:
        voices, outputs: (2, N) mono, output k is to be voice k.
        rate: of both, Hz.
    """
    level = np.sqrt((voices**2).mean(1))
    result = []
    for first in range(0, voices.shape[1] - rate + 1, rate):
        spoken, heard = (x[:, first : first + rate] for x in (voices, outputs))
        if (np.sqrt((spoken**2).mean(1)) >= _AUDIBLE * level).all():
            straight, crossed = ((heard - spoken[order]) ** 2 for order in ([0, 1], [1, 0]))
            result.append(bool(crossed.sum() < straight.sum()))
    return result


def _score(pair: Pair, path: Path, model: str, token: CancelToken) -> SteadyScore:
    from audio_models.metrics import si_sdr

    samples = LENGTH_S * RATE
    voices = np.stack([np.resize(person.sound, samples) for person in pair])
    mixture = voices.sum(0)
    sound = np.clip(np.round(mixture * 32767), -32768, 32767).astype(np.int16)
    width = sum(person.pictures.shape[2] for person in pair)
    write_clip(path, _pictures(pair), (width, HEIGHT), Fraction(FPS), np.stack([sound] * 2), RATE)
    result = isolate_voices(
        path,
        find_faces(path, token=token),
        lambda singers: choose(singers, "left") + choose(singers, "right"),
        IsolateOptions(model=model),
        token=token,
    )
    outputs = np.stack([voice.mean(axis=0)[:samples] for voice in result.sounds])
    crossed = exchanged(voices, outputs, RATE)
    gains = [
        si_sdr(voice[None], output[None]) - si_sdr(voice[None], mixture[None])
        for voice, output in zip(voices, outputs, strict=True)
    ]
    return SteadyScore(
        (pair[0].name, pair[1].name),
        float(np.mean(gains)),
        len(crossed),
        sum(crossed),
        sum(a != b for a, b in itertools.pairwise(crossed)),
    )


def _pictures(pair: Pair) -> Iterator[NDArray[np.uint8]]:
    one, two = (person.pictures for person in pair)
    for frame in range(LENGTH_S * FPS):
        yield np.concatenate([one[frame % len(one)], two[frame % len(two)]], axis=1)
