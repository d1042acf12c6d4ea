"""Ideal masks: what masking could reach if the sources were known.

Defined as in the oracles of SiSEC 2018 (Stoeter, Liutkus, Ito): spectra of 2048 points, half
overlapping, exponent 1.
"""

from __future__ import annotations

from torch import Tensor

from audio_models.transform import Transform

TRANSFORM = Transform(2048, 1024)
_TINY = 1e-10


def ideal_ratio(voice: Tensor, rest: Tensor) -> Tensor:
    """(C, N) estimate of the voice by |voice| / (|voice| + |rest|) on the mixture."""
    spectra = [TRANSFORM.forward(sound) for sound in (voice, rest)]
    mask = spectra[0].abs() / (spectra[0].abs() + spectra[1].abs() + _TINY)
    return TRANSFORM.inverse(mask * (spectra[0] + spectra[1]), voice.shape[-1])


def ideal_binary(voice: Tensor, rest: Tensor) -> Tensor:
    """(C, N) estimate of the voice by the bins in which it is at least half of the mixture."""
    spectra = [TRANSFORM.forward(sound) for sound in (voice, rest)]
    mixture = spectra[0] + spectra[1]
    mask = (spectra[0].abs() >= 0.5 * mixture.abs()) & (spectra[0].abs() > _TINY)
    return TRANSFORM.inverse(mask * mixture, voice.shape[-1])


def spectrogram_l1(truth: Tensor, estimate: Tensor) -> float:
    """Mean over all bins of the absolute difference of magnitudes, full scale sine = 1."""
    scale = 4.0 / TRANSFORM.n_fft
    difference = TRANSFORM.forward(truth).abs() - TRANSFORM.forward(estimate).abs()
    return float(difference.abs().mean()) * scale
