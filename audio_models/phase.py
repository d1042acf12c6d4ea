"""Phase for a magnitude: Griffin and Lim, IEEE TASSP 32(2), 1984, started from a given phase."""

from __future__ import annotations

import torch
from torch import Tensor

from audio_models.transform import Transform


def griffin_lim(spectrum: Tensor, transform: Transform, iterations: int) -> Tensor:
    """Keep the magnitude of (..., bins, T) and move its phase towards one that a sound can have.

    Each round goes to sound and back and takes the phase found there.
    """
    magnitude = spectrum.abs()
    samples = (spectrum.shape[-1] - 1) * transform.hop
    for _ in range(iterations):
        again = transform.forward(transform.inverse(spectrum, samples))
        spectrum = torch.polar(magnitude, again.angle())
    return spectrum
