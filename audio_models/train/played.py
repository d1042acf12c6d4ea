"""The played part of a training pack: scores turned into accompaniment once, kept in the cache."""

from __future__ import annotations

import json
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from audio_models.train import augment
from audio_models.train.material import (
    SAMPLE_RATE,
    Pack,
    kept_runs,
    seed_of,
    to_int16,
)
from audio_models.train.synth import render

PLAYED = "played"
_NAME = "played-1"
_SECONDS = 75.0
"""Most of one score; versions of a loop repeat themselves after that."""
_NOT_MIDI = (OSError, ValueError, EOFError, KeyError, IndexError)


def with_played_scores(
    pack: Pack,
    folder: Path,
    cache: Path | None = None,
    report: Callable[[str], None] = print,
    check: Callable[[], None] = lambda: None,
) -> Pack:
    """The pack with the scores of its folder, which are played on first use (minutes).

    None of them is held out: the validation mixtures stay what they were.

    Args:
        pack: what `open_pack` gave for ``folder``.
        cache: folder of the packs; default in the user's cache.
        report: takes lines of progress.
        check: called for every score, may raise to stop.
    """
    samples, runs = kept_runs(pack, cache, _NAME, lambda: _pieces(folder, report, check))
    return replace(pack, played=samples, played_runs=runs)


def _pieces(
    folder: Path, report: Callable[[str], None], check: Callable[[], None]
) -> Iterator[tuple[str, str, str, bool, list[NDArray[np.int16]]]]:
    report("Playing the scores (once)")
    for count, (name, score) in enumerate(_scores(folder)):
        check()
        rng = np.random.default_rng(seed_of(name))
        try:
            sound = render(score, _SECONDS, rng)
        except _NOT_MIDI:
            report(f"{name} is left out: it is no MIDI file that can be read")
            continue
        if len(sound) > 2 * SAMPLE_RATE:
            if rng.random() < 0.7:
                sound = augment.filtered(sound, rng, 3.0, limit=False, reverberant=True)
            yield name, PLAYED, name, False, [to_int16(sound)]
        if count % 20 == 19:
            report(f"{count + 1} scores have been played")


def _scores(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of every score that the manifest lists."""
    items = json.loads((folder / "manifest.json").read_text())["items"]
    listed = [item for item in items if item["kind"] == "midi"]
    for file in dict.fromkeys(str(item["file"]) for item in listed):
        members = {str(item["member"]) for item in listed if item["file"] == file}
        with tarfile.open(folder / file) as archive:
            for member in archive:
                handle = archive.extractfile(member) if member.name in members else None
                if handle is not None:
                    yield member.name, handle.read()
