"""Networks to compare with, random weights: how long others of their size take on this machine.

Where the packages ``openunmix`` and ``demucs`` are installed (the ``peers`` extra), their networks
are timed: Open-Unmix (Stoeter et al., JOSS 4(41), 2019) and Hybrid Transformer Demucs (Rouard et
al. 2023). Otherwise look-alikes of the published shapes and sizes stand in: the three-layer BLSTM
of 512 units with 8.9 million parameters, and a convolutional U-Net with BLSTM (Defossez et al.
2019) with the 83.6 million parameters of Hybrid Demucs.
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


Run = Callable[[nn.Module, Tensor, Callable[[], None]], None]


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

    FFT, HOP, BAND, HIDDEN = 4096, 1024, 1487, 512

    def __init__(self) -> None:
        super().__init__()
        bins = self.FFT // 2 + 1
        self.into = nn.Sequential(
            nn.Linear(2 * self.BAND, self.HIDDEN, bias=False), nn.BatchNorm1d(self.HIDDEN)
        )
        self.recurrent = nn.LSTM(self.HIDDEN, self.HIDDEN // 2, 3, bidirectional=True)
        self.out = nn.Sequential(
            nn.Linear(2 * self.HIDDEN, self.HIDDEN, bias=False),
            nn.BatchNorm1d(self.HIDDEN),
            nn.ReLU(),
            nn.Linear(self.HIDDEN, 2 * bins, bias=False),
            nn.BatchNorm1d(2 * bins),
            nn.ReLU(),
        )

    def forward(self, sound: Tensor) -> Tensor:
        """(2, N) -> (2, N)."""
        window = torch.hann_window(self.FFT)
        spectrum = torch.stft(sound, self.FFT, self.HOP, window=window, return_complex=True)
        frames = spectrum.abs().permute(2, 0, 1)
        x = torch.tanh(self.into(frames[..., : self.BAND].flatten(1)))
        y, _ = self.recurrent(x[:, None])
        mask = self.out(torch.cat([x, y[:, 0]], dim=1)).unflatten(1, (2, -1)).permute(1, 2, 0)
        return torch.istft(
            spectrum * mask, self.FFT, self.HOP, window=window, length=sound.shape[-1]
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
        for name, published, look_alike, run_alike in (
            ("Open-Unmix, one voice", _open_unmix(), OpenUnmixLike, _whole),
            ("Demucs, four stems", _demucs(), DemucsLike, _in_segments),
        ):
            network, run = published or (look_alike(), run_alike)
            network.eval()
            run(network, sound[:, : 2 * SAMPLE_RATE], check)  # first calls set up their kernels
            begun, cpu_begun = time.monotonic(), time.process_time()
            run(network, sound, check)
            taken, cpu = time.monotonic() - begun, time.process_time() - cpu_begun
            size = sum(parameter.numel() for parameter in network.parameters())
            kind = "package" if published else "look-alike"
            times.append(PeerTime(f"{name} ({kind})", size, taken / seconds, cpu / seconds))
    return times


def _open_unmix() -> tuple[nn.Module, Run] | None:
    """The package's network; None when it cannot be imported."""
    built_for = torch.version.cuda
    try:
        # torchaudio, which the package imports, refuses a torch built for another CUDA although
        # only its Python code is used here.
        torch.version.cuda = None
        from openunmix.model import OpenUnmix
    except (ImportError, OSError, RuntimeError):
        return None
    finally:
        torch.version.cuda = built_for
    bins = OpenUnmixLike.FFT // 2 + 1
    network = OpenUnmix(nb_bins=bins, nb_channels=2, hidden_size=512, max_bin=OpenUnmixLike.BAND)
    return network, _on_magnitudes


def _demucs() -> tuple[nn.Module, Run] | None:
    """The package's network; None when it cannot be imported."""
    try:
        from demucs.htdemucs import HTDemucs
    except (ImportError, OSError, RuntimeError):
        return None
    return HTDemucs(["drums", "bass", "other", "vocals"]), _in_batches_of_one


def _on_magnitudes(network: nn.Module, sound: Tensor, check: Callable[[], None]) -> None:
    """As the package runs it on one target: magnitudes in, phase of the mixture back."""
    window = torch.hann_window(OpenUnmixLike.FFT)
    fft, hop = OpenUnmixLike.FFT, OpenUnmixLike.HOP
    spectrum = torch.stft(sound, fft, hop, window=window, return_complex=True)
    magnitude = network(spectrum.abs()[None])[0]
    check()
    torch.istft(
        torch.polar(magnitude, spectrum.angle()), fft, hop, window=window, length=sound.shape[-1]
    )


def _whole(network: nn.Module, sound: Tensor, check: Callable[[], None]) -> None:
    network(sound)
    check()


def _in_segments(network: nn.Module, sound: Tensor, check: Callable[[], None]) -> None:
    """Overlapping segments, as such networks are run on long sound."""
    _each_segment(network, sound, _SEGMENT_S, check)


def _in_batches_of_one(network: nn.Module, sound: Tensor, check: Callable[[], None]) -> None:
    """The same with a leading axis and the segments that the package was made for."""
    seconds = float(getattr(network, "segment"))  # noqa: B009 - the package has no types
    _each_segment(lambda part: network(part[None]), sound, seconds, check)


def _each_segment(
    network: Callable[[Tensor], Tensor], sound: Tensor, seconds: float, check: Callable[[], None]
) -> None:
    length = int(seconds * SAMPLE_RATE)
    for start in range(0, sound.shape[-1], round(length * (1 - _OVERLAP))):
        part = sound[:, start : start + length]
        network(torch.nn.functional.pad(part, (0, length - part.shape[-1])))
        check()
