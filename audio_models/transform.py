"""The short-time Fourier transform of networks that bring their own size: Hann window, any hop."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class Transform:
    """STFT with a periodic Hann window and no scaling.

    The inverse divides by the overlapped squared windows. That matters for hops that do not add up
    to a constant: at 1024 points and hop 768 the squared windows sum to between 0.043 and 1, and a
    plain overlap-add would let the level swing at every frame.
    """

    n_fft: int
    hop: int

    @property
    def bins(self) -> int:
        """Bins of a frame, 0 Hz and half the sampling rate included."""
        return self.n_fft // 2 + 1

    @property
    def half(self) -> int:
        """Samples that a frame reaches to either side of its centre."""
        return self.n_fft // 2

    def forward(self, sound: Tensor, centred: bool = True) -> Tensor:
        """(..., N) -> (..., bins, T) complex.

        Centred, frame k lies around sample ``hop k`` with reflected ends; else only whole frames
        are taken, the first around sample ``half``.
        """
        flat = sound.float().reshape(-1, sound.shape[-1])
        spectrum = torch.stft(
            flat,
            self.n_fft,
            self.hop,
            window=self._window(flat),
            center=centred,
            return_complex=True,
        )
        return spectrum.reshape(*sound.shape[:-1], *spectrum.shape[1:])

    def inverse(self, spectrum: Tensor, samples: int) -> Tensor:
        """(..., bins, T) -> (..., samples): the sound from the centre of the first frame on."""
        flat = spectrum.reshape(-1, *spectrum.shape[-2:])
        sound = torch.istft(
            flat, self.n_fft, self.hop, window=self._window(flat.real), center=True, length=samples
        )
        return sound.reshape(*spectrum.shape[:-2], samples)

    def _window(self, like: Tensor) -> Tensor:
        return torch.hann_window(self.n_fft, device=like.device, dtype=like.dtype)
