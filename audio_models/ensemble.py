"""A separator that listens several times: to the sound as it is, and played slower and faster.

Its errors differ from pass to pass, as every pass hears another pitch and another pace; the mean of
the masks is better than each (test-time augmentation). Played slower by `q`, what was at frequency
f and time t comes at f / q and t * q, so masks go back by interpolation.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from audio_models.base import HOP, N_FFT
from audio_models.separator import SOURCES, Separator

SPEEDS = (0.94, 1.06)
"""Lengths of the further passes, as parts of the sound's own length."""
_VOICES = 2


class SpeedEnsemble:
    """Calls a `Separator` for every speed and gives the mean of its masks."""

    def __init__(self, separator: Separator, speeds: tuple[float, ...] = SPEEDS) -> None:
        self.separator, self.speeds = separator, speeds

    def __call__(self, spectrum: Tensor) -> Tensor:
        """(B, 512, T) complex64 -> (B, 3, 512, T) masks, as `Separator` gives them."""
        first: Tensor = self.separator(spectrum)
        frames = spectrum.shape[-1]
        if frames < 2:
            return first
        with torch.autocast(spectrum.device.type, enabled=False):
            window = torch.hann_window(N_FFT, device=spectrum.device)
            sound = torch.istft(spectrum, N_FFT, HOP, window=window)
            energy = spectrum.abs().square()
        total = first.float()
        for speed in self.speeds:
            with torch.autocast(spectrum.device.type, enabled=False):
                changed = torch.stft(
                    _resampled(sound, speed), N_FFT, HOP, window=window, return_complex=True
                )
            masks = _back(self.separator(changed).float(), speed, frames)
            total = total + _in_order_of(first, masks, energy)
        return (total / (1 + len(self.speeds))).to(first.dtype)


def _resampled(sound: Tensor, length: float) -> Tensor:
    """(B, N) -> (B, about N * length), band-limited by way of its Fourier series."""
    samples = sound.shape[-1]
    # Both ends are mirrored, as the series takes them for neighbours.
    pad = min(HOP, samples - 1)
    padded = F.pad(sound, (pad, pad), mode="reflect")
    size = round(padded.shape[-1] * length)
    changed = torch.fft.irfft(torch.fft.rfft(padded), n=size) * (size / padded.shape[-1])
    start = round(pad * length)
    return changed[..., start : start + round(samples * length)]


def _back(masks: Tensor, length: float, frames: int) -> Tensor:
    """(B, 3, 512, T') masks of the changed sound -> (B, 3, 512, ``frames``) of the sound itself."""
    return _rows(_rows(masks, 1 / length, masks.shape[-2]).mT, length, frames).mT


def _rows(values: Tensor, step: float, count: int) -> Tensor:
    """(..., N, M) -> (..., ``count``, M): rows at ``step`` times 0, 1, 2 ..., interpolated."""
    last = values.shape[-2] - 1
    position = (torch.arange(count, device=values.device) * step).clamp(max=last)
    below = position.floor().long().clamp(max=max(0, last - 1))
    part = (position - below)[:, None]
    above = (below + 1).clamp(max=last)
    return values[..., below, :] * (1 - part) + values[..., above, :] * part


def _in_order_of(first: Tensor, masks: Tensor, energy: Tensor) -> Tensor:
    """The masks with the two voices of every sound in the order in which ``first`` has them."""
    voices = masks[:, :_VOICES]
    straight = (first[:, :_VOICES].float() * voices).sum(1)
    crossed = (first[:, :_VOICES].float() * voices.flip(1)).sum(1)
    exchanged = ((straight - crossed) * energy).sum((1, 2)) < 0
    order = torch.arange(SOURCES, device=masks.device)
    swapped = torch.tensor([1, 0, 2], device=masks.device)
    chosen = torch.where(exchanged[:, None], swapped, order)
    return torch.take_along_dim(masks, chosen[:, :, None, None], 1)
