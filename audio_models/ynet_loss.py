"""How Y-Net is trained: artificial mixtures and a weighted loss between bounded complex masks."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from audio_models.stft import stft

BOUND = 10.0
_EPSILON = torch.finfo(torch.float32).eps


def level_pair(target: Tensor, other: Tensor, loudness: float = 1.0) -> tuple[Tensor, Tensor]:
    """Bring two sources (..., N) to one level: equal RMS, the larger peak at 1.

    ``loudness`` scales the target against the other source.
    """

    def unit(sound: Tensor) -> Tensor:
        sound = sound / sound.abs().amax(-1, keepdim=True).clamp_min(_EPSILON)
        return sound / sound.square().mean(-1, keepdim=True).sqrt().clamp_min(_EPSILON)

    target, other = unit(target) * loudness, unit(other)
    peak = torch.maximum(target.abs().amax(-1, keepdim=True), other.abs().amax(-1, keepdim=True))
    return target / peak, other / peak


def mixture_spectrum(sources: Sequence[Tensor]) -> Tensor:
    """(..., 512, T) complex spectrum of the sum of (..., N) sources, divided by their number."""
    return stft(torch.stack(list(sources)).sum(0) / len(sources))


def bound(mask: Tensor) -> Tensor:
    """10 tanh on real and imaginary part, which are along an axis of their own."""
    return BOUND * torch.tanh(mask)


def true_mask(target: Tensor, mixture: Tensor, sources: int) -> Tensor:
    """(..., 2, 256, T) mask that turns the sum of all sources into the target.

    Args:
        target: (..., N) samples.
        mixture: (..., 512, T) from `mixture_spectrum`.
        sources: number of sources in the mixture.
    """
    ratio = stft(target)[..., ::2, :] / (mixture[..., ::2, :] + _EPSILON) / sources
    return torch.view_as_real(ratio).movedim(-1, -3)


def separation_loss(logits: Tensor, target_mask: Tensor, mixture: Tensor) -> Tensor:
    """Mean of weight * (f(logits) - f(true mask))^2 with f = `bound`; loud bins weigh more.

    Args:
        logits: (B, 2, 256, T) of the network.
        target_mask: (B, 2, 256, T) from `true_mask`.
        mixture: (B, 512, T) from `mixture_spectrum`.
    """
    weight = torch.log1p(mixture[..., ::2, :].abs()).clamp(1e-3, 10.0).unsqueeze(-3)
    return (weight * (bound(logits) - bound(target_mask)).square()).mean()
