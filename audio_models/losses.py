"""Training losses on spectra."""

from __future__ import annotations

import torch
from torch import Tensor

from audio_models.base import HOP, N_FFT
from audio_models.separator_base import Separator

SOFT_THRESHOLD = 1e-3
"""Errors this far below the mixture's energy no longer count (-30 dB)."""
SILENT_THRESHOLD = 3e-2
"""The same for a target that is silent; lower, it would drown what the other voice teaches and
drive both voices into one output."""
SILENT_WEIGHT = 0.25


def soft_snr_db(error: Tensor, target: Tensor, mixture: Tensor) -> Tensor:
    """Error-to-target energy in dB, softened so that silent targets are legal.

    Thresholded SNR of Wisdom et al. 2020 ("Unsupervised sound separation using mixture invariant
    training", section 3), with the target's energy softened alike: 0 dB for a silent estimate of a
    silent target. All arguments are energies of one shape.
    """
    silent = target < SOFT_THRESHOLD * mixture
    floor = torch.where(silent, SILENT_THRESHOLD, SOFT_THRESHOLD) * mixture + 1e-8
    weight = torch.where(silent, SILENT_WEIGHT, 1.0)
    return weight * 10.0 * torch.log10((error + floor) / (target + floor))


def permutation_loss(
    masks: Tensor, voices: Tensor, mixture: Tensor, rest_weight: float = 0.5
) -> tuple[Tensor, Tensor]:
    """Loss of two masked voices under the better order, and of the rest that they leave.

    With real masks every error energy is a quadratic form of the masks, so that only |X|^2 and
    Re(X* S) are needed and no complex product is ever differentiated.

    Args:
        masks: (B, T, 2, F) real masks of the voices.
        voices: (B, 2, T, F) complex spectra of the true voices.
        mixture: (B, T, F) complex spectrum.
        rest_weight: weight of the rest against a voice.

    Returns:
        Loss of each example (B,) in dB and whether the order was exchanged (B,) bool.
    """
    spectrum = torch.view_as_real(mixture)
    truth = torch.view_as_real(voices)
    power = spectrum.square().sum(-1)
    mix_energy = power.sum((1, 2))
    truth_energy = truth.square().sum((2, 3, 4))
    likeness = (truth * spectrum[:, None]).sum(-1)
    first, second = masks[:, :, 0], masks[:, :, 1]
    pair = [first * power, second * power]
    own = [(pair[0] * first).sum((1, 2)), (pair[1] * second).sum((1, 2))]
    shared = (pair[0] * second).sum((1, 2))
    cross = [[(m * likeness[:, j]).sum((1, 2)) for j in range(2)] for m in (first, second)]

    def voice_loss(i: int, j: int) -> Tensor:
        error = (own[i] - 2.0 * cross[i][j] + truth_energy[:, j]).clamp_min(0.0)
        return soft_snr_db(error, truth_energy[:, j], mix_energy)

    straight = voice_loss(0, 0) + voice_loss(1, 1)
    crossed = voice_loss(0, 1) + voice_loss(1, 0)
    both = truth[:, 0] + truth[:, 1]
    both_error = own[0] + own[1] + 2.0 * (shared - sum(cross[0]) - sum(cross[1]))
    both_error = (both_error + both.square().sum((1, 2, 3))).clamp_min(0.0)
    rest = soft_snr_db(both_error, (spectrum - both).square().sum((1, 2, 3)), mix_energy)
    loss = (torch.minimum(straight, crossed) + rest_weight * rest) / (2.0 + rest_weight)
    return loss, crossed < straight


def spectrum_of(samples: Tensor) -> Tensor:
    """(..., N) -> (..., 512, T) on the grid of the separator."""
    window = torch.hann_window(N_FFT, device=samples.device)
    flat = samples.reshape(-1, samples.shape[-1])
    s = torch.stft(flat, N_FFT, HOP, window=window, center=True, return_complex=True)
    return s.reshape(*samples.shape[:-1], *s.shape[-2:])


def batch_loss(model: Separator, batch: dict[str, Tensor], device: torch.device) -> Tensor:
    """Mean permutation-free loss of a batch in dB."""
    mixture = batch["mixture"].to(device, non_blocking=True)
    voices = batch["voices"].to(device, non_blocking=True)
    spectra = spectrum_of(torch.cat([mixture[:, None], voices], 1))
    spectra = spectra.transpose(2, 3)
    mix = spectra[:, 0].contiguous()
    with torch.autocast(device.type, torch.bfloat16):
        masks = model.frame_masks(mix)
    loss, _ = permutation_loss(masks[:, :, :2], spectra[:, 1:], mix)
    return loss.mean()
