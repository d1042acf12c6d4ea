"""Measures what learning a clip's own voices gives, on joins of clips of one speaking face each.

A join shows two people side by side: first one speaks and the other's picture stands still, then
the other way round, then both speak at once. Only the last part is scored; the parts alone are
what can be learnt from. What is heard alone never occurs in the scored part.
"""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from app.demo.write import write_clip
from app.errors import BadInputError
from app.isolation import IsolateOptions
from app.jobs import CancelToken, OnProgress, ProgressClock
from app.singers import choose
from app.whole_job import find_faces, isolate_voices

FPS = 25
RATE = 48000
HEIGHT = 480
ALONE_SHARE = Fraction(3, 5)
SHORTEST_S = 4.5
"""Shorter clips leave too little to learn from."""
_STILL_MARGIN_S = 0.5


@dataclass(frozen=True)
class Person:
    """One clip in memory."""

    name: str
    pictures: NDArray[np.uint8]
    """(T, HEIGHT, W, 3) RGB at 25 fps."""
    sound: NDArray[np.float32]
    """(N,) at 48 kHz, RMS 0.1."""


Pair: TypeAlias = tuple[Person, Person]
T = TypeVar("T")


@dataclass(frozen=True)
class JoinScore:
    """One join: mean over its two people of SI-SDR improvements in dB."""

    names: tuple[str, str]
    general: float
    learnt: float
    still_db: float
    """Level of a person's output against the input while only the other one speaks."""


def bench_joins(
    folder: Path,
    *,
    on_progress: OnProgress | None = None,
    token: CancelToken | None = None,
) -> list[JoinScore]:
    """Score every pair of the clips of a folder that are long enough.

    Raises `BadInputError` when there are not two of them.
    """
    token = token or CancelToken()
    pairs = itertools.combinations(read_people(folder), 2)
    return score_pairs(pairs, "Joins", partial(_score, token=token), on_progress, token)


def read_people(folder: Path) -> list[Person]:
    """The people of a folder's clips that are long enough.

    Raises `BadInputError` when there are not two of them.
    """
    people = [person for path in sorted(folder.glob("*.mkv")) if (person := read_person(path))]
    if len(people) < 2:
        raise BadInputError(
            f"{folder} holds no two clips (.mkv) of {SHORTEST_S} s or more; give the folder of "
            "clips with one speaking face each."
        )
    return people


def score_pairs(
    pairs: Iterable[Pair],
    stage: str,
    score: Callable[[Pair, Path], T],
    on_progress: OnProgress | None,
    token: CancelToken,
) -> list[T]:
    """Score pairs of people one after the other; ``score`` may write a clip to its path."""
    every = list(pairs)
    clock = ProgressClock(stage, len(every), on_progress)
    scores = []
    with tempfile.TemporaryDirectory() as temporary:
        for number, pair in enumerate(every):
            token.check()
            scores.append(score(pair, Path(temporary) / f"pair{number}.mkv"))
            clock.update(number + 1)
    return scores


def lines(scores: Sequence[JoinScore]) -> list[str]:
    """The table as text."""
    rows = [f"{'people':34} {'general':>8} {'learnt':>8} {'still':>8}"]
    rows += [
        f"{' + '.join(s.names):34} {s.general:8.2f} {s.learnt:8.2f} {s.still_db:8.1f}"
        for s in scores
    ]
    means = [
        np.mean([getattr(s, key) for s in scores]) for key in ("general", "learnt", "still_db")
    ]
    rows.append(f"{'mean':34} {means[0]:8.2f} {means[1]:8.2f} {means[2]:8.1f}")
    return rows


def read_person(path: Path) -> Person | None:
    """A clip's pictures and sound; None when it is too short."""
    import av
    import soxr

    from app.clip import Clip
    from app.media.audio import AudioReader

    audio = Clip.open(path).require_audio()
    if audio.samples < SHORTEST_S * audio.sample_rate:
        return None
    with AudioReader(path, audio) as reader:
        mono = reader.read(0, audio.samples).mean(axis=0)
    sound = soxr.resample(mono, audio.sample_rate, RATE)
    sound = sound * (0.1 / max(1e-6, float(np.sqrt(np.mean(sound**2)))))
    pictures = []
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            width = frame.width * HEIGHT // frame.height // 2 * 2
            pictures.append(frame.to_ndarray(format="rgb24", width=width, height=HEIGHT))
    count = min(len(pictures), len(sound) * FPS // RATE)
    return Person(
        path.stem,
        np.stack(pictures[:count]),
        np.asarray(sound[: count * RATE // FPS], np.float32),
    )


def _score(pair: Pair, path: Path, token: CancelToken) -> JoinScore:
    from audio_models.metrics import si_sdr

    alone = [int(len(person.pictures) * ALONE_SHARE) for person in pair]
    both = min(len(p.pictures) - n for p, n in zip(pair, alone, strict=True))
    voices = _voices(pair, alone, both)
    mixture = voices.sum(0)
    write_join(path, pair, alone, both, mixture)
    faces = find_faces(path, token=token)

    def pick(singers: Sequence) -> list:
        return choose(singers, "left") + choose(singers, "right")

    scored = slice(sum(alone) * RATE // FPS, None)
    margin = int(_STILL_MARGIN_S * RATE)
    first_ends, second_ends = alone[0] * RATE // FPS, sum(alone) * RATE // FPS
    means, still = [], 0.0
    for learn in (False, True):
        result = isolate_voices(path, faces, pick, IsolateOptions(learn=learn), token=token)
        sounds = [sound.mean(axis=0) for sound in result.sounds]
        gains = [
            si_sdr(voice[None, scored], sound[None, scored])
            - si_sdr(voice[None, scored], mixture[None, scored])
            for voice, sound in zip(voices, sounds, strict=True)
        ]
        means.append(float(np.mean(gains)))
        silent = ((1, margin, first_ends - margin), (0, first_ends + margin, second_ends - margin))
        still = float(np.mean([_db(sounds[k][a:b]) - _db(mixture[a:b]) for k, a, b in silent]))
    return JoinScore((pair[0].name, pair[1].name), means[0], means[1], still)


def _voices(pair: Pair, alone: list[int], both: int) -> NDArray[np.float32]:
    """(2, N) what each person says in the join."""
    ends = [n * RATE // FPS for n in alone]
    last = both * RATE // FPS
    voices = np.zeros((2, sum(ends) + last), np.float32)
    voices[0, : ends[0]] = pair[0].sound[: ends[0]]
    voices[1, ends[0] : sum(ends)] = pair[1].sound[: ends[1]]
    for number, person in enumerate(pair):
        voices[number, sum(ends) :] = person.sound[ends[number] : ends[number] + last]
    return voices


def write_join(
    path: Path,
    pair: Pair,
    alone: list[int],
    both: int,
    mixture: NDArray[np.float32],
) -> None:
    """Write the join as a clip."""
    width = sum(person.pictures.shape[2] for person in pair)
    sound = np.clip(np.round(mixture * 32767), -32768, 32767).astype(np.int16)
    pictures = _pictures(pair, alone, both)
    write_clip(path, pictures, (width, HEIGHT), Fraction(FPS), np.stack([sound, sound]), RATE)


def _pictures(pair: Pair, alone: list[int], both: int) -> Iterator[NDArray[np.uint8]]:
    first, second = (person.pictures for person in pair)
    times = [(k, 0) for k in range(alone[0])]
    times += [(alone[0], k) for k in range(alone[1])]
    times += [(alone[0] + k, alone[1] + k) for k in range(both)]
    for left, right in times:
        yield np.concatenate([first[left], second[right]], axis=1)


def _db(sound: NDArray[np.float32]) -> float:
    return float(10 * np.log10(np.mean(sound**2) + 1e-12))
