"""The pitch of every voice of a training pack, so that alike voices can be drawn on purpose.

Two voices of one register are what a separator fails at: on held-out pairs within a quarter of an
octave it gains a quarter of what it does on others, and of random pairs only one in four is that
close.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from audio_models.train.material import SAMPLE_RATE, Pack, pack_folder, write_json

_NAME = "pitch-1.json"
_LONGEST = 6 * SAMPLE_RATE
_FRAME_MS = 10.0
_FEWEST_FRAMES = 10


def with_pitches(
    pack: Pack,
    cache: Path | None = None,
    report: Callable[[str], None] = print,
    check: Callable[[], None] = lambda: None,
) -> Pack:
    """The pack with its `pitches`, which are measured on first use (a minute).

    Args:
        pack: with the `sung` voices that are to be drawn.
        cache: folder of the packs; default in the user's cache.
        report: takes a line when something is measured.
        check: called for every voice, may raise to stop.
    """
    path = pack_folder(pack.key, cache) / _NAME
    known: dict[str, float] = json.loads(path.read_text()) if path.is_file() else {}
    sounds = [(run, pack.voices) for run in pack.voice_runs]
    sounds += [(run, pack.sung) for run in pack.sung_runs]
    missing = [(run, data) for run, data in sounds if run.key not in known]
    if missing:
        report("Measuring the pitch of the voices (once)")
        for run, data in missing:
            check()
            middle = run.start + max(0, run.length - _LONGEST) // 2
            part = data[middle : middle + min(run.length, _LONGEST)]
            known[run.key] = round(median_pitch(part.astype(np.float32) / 32768.0), 1)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_json(path, known)
    return replace(pack, pitches=known)


def median_pitch(samples: NDArray[np.float32]) -> float:
    """Median fundamental frequency in Hz of a voice (N,) at `SAMPLE_RATE`; 0 when unvoiced.

    Found by DIO (Morise et al. 2009).
    """
    import pyworld

    pitch, _ = pyworld.dio(samples.astype(np.float64), SAMPLE_RATE, frame_period=_FRAME_MS)
    voiced = pitch[pitch > 0]
    return float(np.median(voiced)) if len(voiced) >= _FEWEST_FRAMES else 0.0
