"""The transform all models share: 1022-point STFT, hop 256, periodic Hann, no scaling.

Source: the front end of Y-Net (Montesinos et al., BMVC 2021): 512 bins, 64 frames per second at
16384 Hz, frame i centred on sample 256 i.
"""

from __future__ import annotations

from functools import lru_cache

import torch
from torch import Tensor

from audio_models.base import HOP, N_FFT

HALF = N_FFT // 2
"""Samples a frame reaches to the left of its centre (and, less one, to the right)."""


@lru_cache(maxsize=8)
def _window(device: torch.device, dtype: torch.dtype) -> Tensor:
    return torch.hann_window(N_FFT, device=device, dtype=dtype)


def window(like: Tensor) -> Tensor:
    """The analysis window on the device and in the precision of a real tensor."""
    return _window(like.device, like.dtype)


def stft(sound: Tensor) -> Tensor:
    """(..., N) real -> (..., 512, 1 + N // 256) complex, centred with reflected edges."""
    flat = sound.reshape(-1, sound.shape[-1])
    spectrum = torch.stft(
        flat, N_FFT, HOP, window=window(sound), center=True, pad_mode="reflect", return_complex=True
    )
    return spectrum.reshape(*sound.shape[:-1], *spectrum.shape[1:])


def istft(spectrum: Tensor, samples: int) -> Tensor:
    """(..., 512, T) complex -> (..., samples) real; the inverse of `stft`."""
    flat = spectrum.reshape(-1, *spectrum.shape[-2:])
    sound = torch.istft(flat, N_FFT, HOP, window=window(flat.real), center=True, length=samples)
    return sound.reshape(*spectrum.shape[:-2], samples)


def stft_inside(sound: Tensor) -> Tensor:
    """(..., N) -> (..., 512, T): only whole frames, the first centred on sample `HALF`."""
    flat = sound.reshape(-1, sound.shape[-1])
    spectrum = torch.stft(flat, N_FFT, HOP, window=window(sound), center=False, return_complex=True)
    return spectrum.reshape(*sound.shape[:-1], *spectrum.shape[1:])
