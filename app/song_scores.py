"""Scores of separated songs in the manner of SiSEC: per second, then per song, then over songs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.errors import NotPossibleError

Sound = NDArray[np.float32]
MEASURES = ("SDR", "SIR", "SAR", "ISR")
TARGETS = ("vocals", "accompaniment")
NEAR_SILENT_DB = -40.0
"""A second whose true source lies this far below the song's loudness of that source is near
silent: ratios of so little say nothing, and a few of them wreck a mean."""


@dataclass(frozen=True)
class FrameScores:
    """One target of one song: a value for each second, NaN where there is none."""

    values: dict[str, NDArray[np.float64]]
    """Measure -> (seconds,) dB."""
    near_silent: NDArray[np.bool_]
    si_sdr: float
    l1: float
    """Mean absolute difference of magnitudes."""

    def median(self, measure: str) -> float:
        """Over all seconds that have a value, as SiSEC takes it."""
        return _over(np.median, self.values[measure])

    def spread(self, measure: str) -> float:
        """Median absolute deviation from the median, over seconds."""
        values = self.values[measure]
        return _over(np.median, np.abs(values - self.median(measure)))

    def mean(self, measure: str) -> float:
        """Over seconds that are not near silent."""
        return _over(np.mean, self.values[measure][~self.near_silent])


@dataclass(frozen=True)
class SongScore:
    """One song as one system separates it."""

    name: str
    system: str
    targets: dict[str, FrameScores]


def score_song(
    name: str, system: str, truths: dict[str, Sound], estimates: dict[str, Sound], rate: int
) -> SongScore:
    """Score (C, N) estimates of both `TARGETS`.

    Raises `NotPossibleError` when museval is not installed.
    """
    import torch

    from audio_models.metrics import si_sdr
    from audio_models.oracle import spectrogram_l1

    try:
        import museval
    except ImportError as error:
        raise NotPossibleError(
            "Scoring songs needs museval; install it with: pip install solovox[eval]"
        ) from error
    stacked = [np.stack([s[t].T for t in TARGETS]) for s in (truths, estimates)]
    values = museval.evaluate(*stacked, win=rate, hop=rate, mode="v4", padding=True)
    by_measure = dict(zip(("SDR", "ISR", "SIR", "SAR"), values, strict=True))
    targets = {}
    for number, target in enumerate(TARGETS):
        truth, estimate = truths[target], estimates[target]
        frames = {measure: np.asarray(by_measure[measure][number]) for measure in MEASURES}
        silent = near_silent(truth, rate, len(frames["SDR"]))
        finite = {m: np.where(np.isfinite(v), v, np.nan) for m, v in frames.items()}
        try:
            whole = si_sdr(truth, estimate)
        except ValueError:  # a silent source
            whole = math.nan
        tensors = torch.from_numpy(truth), torch.from_numpy(estimate)
        targets[target] = FrameScores(finite, silent, whole, spectrogram_l1(*tensors))
    return SongScore(name, system, targets)


def near_silent(truth: Sound, rate: int, seconds: int) -> NDArray[np.bool_]:
    """(seconds,) whether each second of a source lies `NEAR_SILENT_DB` below the whole."""
    power = (truth.astype(np.float64) ** 2).mean(0)
    parts = [power[k * rate : (k + 1) * rate] for k in range(seconds)]
    levels = np.array([part.mean() if part.size else 0.0 for part in parts])
    return levels <= power.mean() * 10 ** (NEAR_SILENT_DB / 10)


@dataclass(frozen=True)
class SystemRow:
    """One system over all songs, dB; medians of songs' medians."""

    system: str
    target: str
    songs: int
    medians: dict[str, float]
    spreads: dict[str, float]
    """Median over songs of the spread over seconds."""
    means: dict[str, float]
    si_sdr: float
    l1: float
    near_silent: int
    without_value: int
    """Seconds that the measure gives no value for: a source is exactly silent."""

    def facts(self) -> dict[str, Any]:
        """For programs."""
        return {k: _plain(v) for k, v in self.__dict__.items()}


def rows(scores: Sequence[SongScore]) -> list[SystemRow]:
    """A row for each system and target, systems in the order they came in."""
    found = []
    for system in dict.fromkeys(score.system for score in scores):
        for target in TARGETS:
            parts = [s.targets[target] for s in scores if s.system == system]
            found.append(
                SystemRow(
                    system,
                    target,
                    len(parts),
                    {m: _over(np.median, [p.median(m) for p in parts]) for m in MEASURES},
                    {m: _over(np.median, [p.spread(m) for p in parts]) for m in MEASURES},
                    {m: _over(np.mean, [p.mean(m) for p in parts]) for m in MEASURES},
                    _over(np.median, [p.si_sdr for p in parts]),
                    _over(np.median, [p.l1 for p in parts]),
                    int(sum(p.near_silent.sum() for p in parts)),
                    int(sum(np.isnan(p.values["SDR"]).sum() for p in parts)),
                )
            )
    return found


def _over(function: Any, values: Any) -> float:
    """A statistic of what is finite; NaN of nothing."""
    array = np.asarray(values, np.float64)
    array = array[np.isfinite(array)]
    return float(function(array)) if array.size else math.nan


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    if isinstance(value, float):
        return None if math.isnan(value) else round(value, 6)
    return value
