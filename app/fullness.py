"""Less bleed or a fuller voice, from the clip's sound and the computed voice alone.

A voice that a mask took out of a sound carries the mask with it: |V| / |X| in each bin of a
short-time spectrum. Raising that ratio to a power makes the mask stricter (what is hardly voice
goes) or more generous (what was cut from the voice comes back), without any model.

Frames lie on one grid that starts at sample 0 of the sound, so a stretch comes out the same
whatever other stretches are computed, bit by bit.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Sound = NDArray[np.float32]

NEUTRAL = 0.5
"""The fullness that leaves a voice as it is."""
_FRAME_S = 0.043
_STRICTEST = 2.0
"""Power of the ratio that multiplies the voice at fullness 0: a bin that is a tenth voice falls by
another 40 dB, one that is all voice stays."""
_FULLEST = -0.6
"""The same at fullness 1."""
_LOWEST_LIFTED = 0.1
"""Below this ratio a bin isn't lifted further: at most 12 dB, so silence stays far below."""
_TINY = 1e-12


def frame_size(rate: int) -> int:
    """Samples of one spectrum: the power of two next to 43 ms, 2048 at 48 kHz."""
    return int(2 ** round(np.log2(_FRAME_S * rate)))


def reach(rate: int) -> int:
    """Samples before and after a stretch that its result depends on."""
    return frame_size(rate) * 5 // 4


def set_fullness(
    original: Sound, voice: Sound, at: int, start: int, stop: int, fullness: float, rate: int
) -> Sound:
    """Give samples ``start`` to ``stop`` of the voice with another fullness; (C, stop - start).

    Args:
        original: (C, M) the clip's sound from sample ``at`` on; with ``voice`` it must hold
            `reach` samples on both sides of the stretch, zeros where there is no voice.
        voice: (C, M) the computed voice over the same samples.
        fullness: 0 = least bleed, `NEUTRAL` = the voice itself, exactly, 1 = fullest.
        rate: samples per second, Hz.
    """
    if fullness == NEUTRAL:
        return voice[:, start - at : stop - at]
    size = frame_size(rate)
    hop = size // 4
    first, last = (start - size) // hop + 1, (stop - 1) // hop
    window = _window(size)
    spectrum = _spectra(voice, at, first - 1, last + 1, window)
    ratio = _power(spectrum) / (_power(_spectra(original, at, first - 1, last + 1, window)) + _TINY)
    factor = _factor(np.minimum(ratio, 1.0), fullness)
    frames = np.fft.irfft(spectrum[:, 1:-1] * factor, size, axis=-1) * (window / 2)
    out = np.zeros((voice.shape[0], (last - first) * hop + size))
    for number in range(last - first + 1):
        out[:, number * hop : number * hop + size] += frames[:, number]
    skip = start - first * hop
    return out[:, skip : skip + stop - start].astype(np.float32)


def _spectra(
    sound: Sound, at: int, first: int, last: int, window: NDArray[np.float64]
) -> NDArray[np.complex128]:
    """(C, F, bins) spectra of the frames ``first`` to ``last`` of the grid."""
    size = len(window)
    hop = size // 4
    begin = first * hop - at
    part = sound[:, begin : begin + (last - first) * hop + size]
    frames = np.lib.stride_tricks.sliding_window_view(part, size, axis=1)[:, ::hop]
    return np.fft.rfft(frames * window, axis=-1)


def _power(spectrum: NDArray[np.complex128]) -> NDArray[np.float64]:
    """(F - 2, bins) power over all channels, summed over three frames and three bins.

    One value for all channels keeps their balance; neighbours keep single bins from chirping.
    """
    power = (spectrum.real**2 + spectrum.imag**2).sum(axis=0)
    power = power[:-2] + power[1:-1] + power[2:]
    padded = np.pad(power, ((0, 0), (1, 1)), mode="edge")
    return np.asarray(padded[:, :-2] + padded[:, 1:-1] + padded[:, 2:])


def _factor(ratio: NDArray[np.float64], fullness: float) -> NDArray[np.float64]:
    """What each bin of the voice is multiplied with; ``ratio`` is |V|² / |X|²."""
    if fullness < NEUTRAL:
        return np.asarray(ratio ** (_STRICTEST * (NEUTRAL - fullness)))
    lifted = np.maximum(ratio, _LOWEST_LIFTED**2)
    return np.asarray(lifted ** (_FULLEST * (fullness - NEUTRAL)))


@lru_cache(maxsize=4)
def _window(size: int) -> NDArray[np.float64]:
    """Root of a periodic Hann window; its squares add up to 2 at a quarter's hop."""
    return np.sqrt(0.5 - 0.5 * np.cos(2 * np.pi * np.arange(size) / size))
