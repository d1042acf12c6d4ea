"""How close a separated voice is to the true one, in dB.

SI-SDR as in Le Roux et al., "SDR - half-baked or well done?" (ICASSP 2019); SDR, SIR and SAR as in
BSS Eval, Vincent et al., IEEE TASLP 14(4), 2006, with a distortion filter of 512 taps.
All functions take float arrays of one channel (N,) or several (C, N); several are averaged first,
as listeners of a mono fold-down would hear them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

_TINY = 1e-12
FILTER_TAPS = 512
WORST_DB = -100.0
"""Given to a silent estimate of a voice that is there; no measure goes lower."""
SILENCE_DB = -116.0
"""Sound of this level or less is silence to the measures; see `level_db`."""


@dataclass(frozen=True)
class Scores:
    """One estimate against the truth, in dB; higher is better."""

    si_sdr: float
    sdr: float
    sir: float
    sar: float

    def minus(self, other: Scores) -> Scores:
        """The improvement over another estimate."""
        return Scores(
            self.si_sdr - other.si_sdr,
            self.sdr - other.sdr,
            self.sir - other.sir,
            self.sar - other.sar,
        )


def si_sdr(reference: ArrayLike, estimate: ArrayLike) -> float:
    """Scale-invariant signal-to-distortion ratio of means-free signals of equal length.

    Raises `ValueError` when the lengths differ or the reference is silent: there is no voice to
    compare with, use `level_db` then.
    """
    r, e = _pair(reference, estimate)
    r = r - r.mean()
    e = e - e.mean()
    power = float(r @ r)
    if power <= _TINY * len(r):
        raise ValueError("the reference is silent")
    if float(e @ e) <= _TINY * len(e):
        return WORST_DB
    target = (float(e @ r) / power) * r
    error = e - target
    ratio = float(target @ target) / max(float(error @ error), _TINY)
    return max(WORST_DB, float(10 * np.log10(max(ratio, _TINY))))


def bss_eval(target: ArrayLike, others: ArrayLike, estimate: ArrayLike) -> tuple[float, ...]:
    """SDR, SIR and SAR of an estimate of ``target`` in the mixture ``target + others``.

    Two true sources are known to the measure: the target and everything else. Raises
    `ValueError` when lengths differ or a source is silent.
    """
    import fast_bss_eval

    t, e = _pair(target, estimate)
    o, _ = _pair(others, estimate)
    if min(float(t @ t), float(o @ o)) <= _TINY * len(t):
        raise ValueError("a source is silent")
    if float(e @ e) <= _TINY * len(e):
        return WORST_DB, WORST_DB, WORST_DB
    # The measure wants as many estimates as sources; only the first one's figures are used.
    sdr, sir, sar = fast_bss_eval.bss_eval_sources(
        np.stack([t, o]),
        np.stack([e, e]),
        filter_length=FILTER_TAPS,
        compute_permutation=False,
        clamp_db=-WORST_DB,
        load_diag=1e-9,
    )
    return float(sdr[0]), float(sir[0]), float(sar[0])


def score(target: ArrayLike, others: ArrayLike, estimate: ArrayLike) -> Scores:
    """All four measures of one estimate."""
    sdr, sir, sar = bss_eval(target, others, estimate)
    return Scores(si_sdr(target, estimate), sdr, sir, sar)


def level_db(sound: ArrayLike) -> float:
    """Mean power in dB of full scale; silence gives -120."""
    mono = _mono(sound)
    return float(10 * np.log10(np.mean(mono**2) + _TINY))


def _mono(sound: ArrayLike) -> NDArray[np.float64]:
    array = np.asarray(sound, dtype=np.float64)
    if array.ndim not in (1, 2):
        raise ValueError(f"sound has one or two axes, not {array.ndim}")
    return array if array.ndim == 1 else array.mean(axis=0)


def _pair(
    reference: ArrayLike, estimate: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    r, e = _mono(reference), _mono(estimate)
    if len(r) != len(e):
        raise ValueError(f"lengths differ: {len(r)} and {len(e)} samples")
    return r, e
