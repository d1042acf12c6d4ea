"""Networks to compare with: look-alikes of published separators, same size, random weights.

They measure how long networks of that shape and size take on this machine, not how well they
separate. Shapes follow the papers: Stoeter et al., "Open-Unmix", JOSS 4(41), 2019 (three-layer
BLSTM of 512 units, 8.9 million parameters); Defossez et al., "Music Source Separation in the
Waveform Domain", 2019 (convolutional U-Net with BLSTM), here with the 83.6 million parameters of
Hybrid Demucs.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

SAMPLE_RATE = 44100
_DEPTH = 6
_KERNEL, _STRIDE = 8, 4
_DEMUCS_CHANNELS = 36
_SEGMENT_S = 10
_OVERLAP = 0.25


@dataclass(frozen=True)
class PeerTime:
    """How long one network takes."""

    name: str
    parameters: int
    real_time_factor: float
    cpu: float
    """Processor seconds per second of sound."""


class OpenUnmixLike(nn.Module):
    """One voice from a stereo STFT of 4096 points by a recurrent network over all frames."""

    _FFT, _HOP, _BAND, _HIDDEN = 4096, 1024, 1487, 512

    def __init__(self) -> None:
        super().__init__()
        bins = self._FFT // 2 + 1
        self.into = nn.Sequential(
            nn.Linear(2 * self._BAND, self._HIDDEN, bias=False), nn.BatchNorm1d(self._HIDDEN)
        )
        self.recurrent = nn.LSTM(self._HIDDEN, self._HIDDEN // 2, 3, bidirectional=True)
        self.out = nn.Sequential(
            nn.Linear(2 * self._HIDDEN, self._HIDDEN, bias=False),
            nn.BatchNorm1d(self._HIDDEN),
            nn.ReLU(),
            nn.Linear(self._HIDDEN, 2 * bins, bias=False),
            nn.BatchNorm1d(2 * bins),
            nn.ReLU(),
        )

    def forward(self, sound: Tensor) -> Tensor:
        """(2, N) -> (2, N)."""
        window = torch.hann_window(self._FFT)
        spectrum = torch.stft(sound, self._FFT, self._HOP, window=window, return_complex=True)
        frames = spectrum.abs().permute(2, 0, 1)
        x = torch.tanh(self.into(frames[..., : self._BAND].flatten(1)))
        y, _ = self.recurrent(x[:, None])
        mask = self.out(torch.cat([x, y[:, 0]], dim=1)).unflatten(1, (2, -1)).permute(1, 2, 0)
        return torch.istft(
            spectrum * mask, self._FFT, self._HOP, window=window, length=sound.shape[-1]
        )


class DemucsLike(nn.Module):
    """Four stems from the wave form by strided convolutions, a BLSTM and their mirror image."""

    def __init__(self, channels: int = _DEMUCS_CHANNELS, stems: int = 4) -> None:
        super().__init__()
        self.encoder = nn.ModuleList()
        self.decoder = nn.ModuleList()
        before, width = 2, channels
        for level in range(_DEPTH):
            self.encoder.append(
                nn.Sequential(
                    nn.Conv1d(before, width, _KERNEL, _STRIDE),
                    nn.ReLU(),
                    nn.Conv1d(width, 2 * width, 1),
                    nn.GLU(dim=1),
                )
            )
            after = 2 * stems if level == 0 else before
            self.decoder.insert(
                0,
                nn.Sequential(
                    nn.Conv1d(width, 2 * width, 3, padding=1),
                    nn.GLU(dim=1),
                    nn.ConvTranspose1d(width, after, _KERNEL, _STRIDE),
                    nn.ReLU() if level else nn.Identity(),
                ),
            )
            before, width = width, 2 * width
        self.recurrent = nn.LSTM(before, before, 2, bidirectional=True)
        self.narrow = nn.Linear(2 * before, before)

    def forward(self, sound: Tensor) -> Tensor:
        """(2, N) -> (2 * stems, n) with n a little below N, where the strides end."""
        x = sound[None]
        skips: list[Tensor] = []
        for layer in self.encoder:
            x = layer(x)
            skips.append(x)
        y, _ = self.recurrent(x.permute(2, 0, 1))
        x = self.narrow(y).permute(1, 2, 0)
        for layer in self.decoder:
            skip = skips.pop()
            length = min(skip.shape[-1], x.shape[-1])
            x = layer(x[..., :length] + skip[..., :length])
        return x[0]


def time_peers(sound: Tensor, check: Callable[[], None]) -> list[PeerTime]:
    """Time both networks on (2, N) sound at `SAMPLE_RATE`, plain float32 on the CPU."""
    torch.manual_seed(0)
    seconds = sound.shape[-1] / SAMPLE_RATE
    times: list[PeerTime] = []
    with torch.inference_mode():
        for name, network, run in (
            ("Open-Unmix-like, one voice", OpenUnmixLike(), _whole),
            ("Demucs-like, four stems", DemucsLike(), _in_segments),
        ):
            network.eval()
            network(sound[:, : 2 * SAMPLE_RATE])  # first calls set up their kernels
            check()
            begun, cpu_begun = time.monotonic(), time.process_time()
            run(network, sound, check)
            taken, cpu = time.monotonic() - begun, time.process_time() - cpu_begun
            size = sum(parameter.numel() for parameter in network.parameters())
            times.append(PeerTime(name, size, taken / seconds, cpu / seconds))
    return times


def _whole(network: nn.Module, sound: Tensor, check: Callable[[], None]) -> None:
    network(sound)
    check()


def _in_segments(network: nn.Module, sound: Tensor, check: Callable[[], None]) -> None:
    """Overlapping segments, as such networks are run on long sound."""
    length = _SEGMENT_S * SAMPLE_RATE
    for start in range(0, sound.shape[-1], round(length * (1 - _OVERLAP))):
        part = sound[:, start : start + length]
        network(torch.nn.functional.pad(part, (0, length - part.shape[-1])))
        check()
