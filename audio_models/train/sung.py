"""The sung part of a training pack: every speaker turned into a singer once, kept in the cache."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from audio_models.train.material import (
    SAMPLE_RATE,
    Pack,
    Run,
    kept_runs,
    seed_of,
    to_int16,
)
from audio_models.train.singing import sing

SUNG = "sung"
_NAME = "sung-1"
_SPEAKING = frozenset({"readers", "learners"})
_PASSAGE = 8 * SAMPLE_RATE
_PASSAGES = 2
"""Of so many samples, and so many of them for each person."""


def with_singing(
    pack: Pack,
    cache: Path | None = None,
    report: Callable[[str], None] = print,
    check: Callable[[], None] = lambda: None,
) -> Pack:
    """The pack with its `sung` voices, which are made on first use (minutes).

    Held-out people don't sing: the validation mixtures stay what they were.

    Args:
        pack: what `open_pack` gave.
        cache: folder of the packs; default in the user's cache.
        report: takes lines of progress.
        check: called for every person, may raise to stop.
    """
    samples, runs = kept_runs(pack, cache, _NAME, lambda: _songs(pack, report, check))
    return replace(pack, sung=samples, sung_runs=runs)


def _songs(
    pack: Pack, report: Callable[[str], None], check: Callable[[], None]
) -> Iterator[tuple[str, str, str, bool, list[NDArray[np.int16]]]]:
    report("Turning speech into singing (once)")
    speakers = [r for r in pack.voice_runs if r.group in _SPEAKING and not r.held_out]
    for count, run in enumerate(speakers):
        check()
        songs = list(_sung_by(run, pack))
        if songs:
            yield run.name, SUNG, run.person, False, songs
        if count % 100 == 99:
            report(f"{count + 1} of {len(speakers)} people have sung")


def _sung_by(run: Run, pack: Pack) -> Iterator[NDArray[np.int16]]:
    rng = np.random.default_rng(seed_of(run.name))
    starts = range(run.start, run.start + run.length, _PASSAGE)
    for start in rng.permutation(np.asarray(starts))[:_PASSAGES]:
        end = min(int(start) + _PASSAGE, run.start + run.length)
        song = sing(pack.voices[start:end].astype(np.float32) / 32768.0, SAMPLE_RATE, rng)
        if song is not None:
            yield to_int16(song)
