"""Jobs of the engine process that look at the clip's sound for drawing it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from app.caches import hold_cache

if TYPE_CHECKING:
    from app.gui.engine import JobContext
    from app.gui.engine_jobs import Workshop

SOUND_TILE = 1 << 16
"""Samples of one tile of the closest zoom."""
_REPORT_S = 0.3
PEOPLE_FIRST_S = 1.0
"""How long other work on a clip that was just opened leaves the first faces go before."""


def waveform(context: JobContext, workshop: Workshop, path: Path) -> None:
    """Outline of the whole sound, from the cache or by reading it once.

    Reports (number of the first entry, (2, N) entries of `app.media.peaks.FINEST` samples) as it
    grows.
    """
    from app.media.audio import AudioReader
    from app.media.peaks import WaveformPeaks, waveform_peaks
    from app.paths import cache_dir

    clip = workshop.glance(path)
    folder = cache_dir() / "peaks"
    folder.mkdir(exist_ok=True)
    kept = folder / f"{clip.fingerprint}.npz"
    peaks = WaveformPeaks.load(kept)
    same = peaks is not None and peaks.samples == clip.require_audio().samples
    if peaks is not None and (same or not clip.info.exact):
        context.item((0, peaks.levels[0]))
        return
    workshop.people_told.wait(PEOPLE_FIRST_S)
    waiting: list[NDArray[np.float32]] = []
    sent, reported = 0, time.monotonic()

    def grow(part: NDArray[np.float32]) -> None:
        nonlocal sent, reported
        waiting.append(part)
        if time.monotonic() - reported >= _REPORT_S or sent == 0:
            send()

    def send() -> None:
        nonlocal sent, reported
        if waiting:
            joined = np.concatenate(waiting, axis=1)
            context.item((sent, joined))
            sent += joined.shape[1]
            waiting.clear()
            reported = time.monotonic()

    with AudioReader(path, clip.require_audio(), context.token.check) as reader:
        peaks = waveform_peaks(reader, context.token.check, grow)
    send()
    try:
        peaks.save(kept)
    except OSError:
        return  # without the cache it is read again next time
    hold_cache()


def sound_tile(
    context: JobContext, workshop: Workshop, path: Path, number: int
) -> NDArray[np.float32]:
    """(2, N) extremes over the channels of each sample of tile ``number``."""
    from app.media.audio import AudioReader

    audio = workshop.glance(path).require_audio()
    with AudioReader(path, audio, context.token.check) as reader:
        start = number * SOUND_TILE
        sound = reader.read(start, reader.end_before(start + SOUND_TILE))
    return np.stack([sound.min(axis=0), sound.max(axis=0)])


def spectrogram_tile(
    context: JobContext, workshop: Workshop, path: Path, level: int, number: int
) -> NDArray[np.uint8]:
    """One tile as `app.spectrogram.tile` makes it, from the cache if it is there."""
    from app.media.audio import AudioReader
    from app.paths import cache_dir
    from app.spectrogram import TileCache, tile

    clip = workshop.glance(path)
    cache = TileCache(cache_dir() / "spectrogram")
    key = f"{clip.fingerprint}-{level}-{number}"
    made = cache.get(key)
    if made is None:
        with AudioReader(path, clip.require_audio(), context.token.check) as reader:
            made = tile(reader, level, number, context.token.check)
        cache.put(key, made)
        hold_cache()
    return made
