"""Intermediate blocks of the ISMIR 2020 U-Nets: transformations of time and frequency.

Choi, Kim, Chung, Lee, Jung, "Investigating U-Nets with various intermediate blocks for
spectrogram-based singing voice separation", ISMIR 2020. Tensors are (batch, channels, time,
frequency). What acts on each frame by itself is written with kernels of height one.
"""

from __future__ import annotations

import itertools

import torch
from torch import Tensor, nn

LAYERS = 5
GROWTH = 24
BOTTLENECK = 16
"""Factor by which a fully connected block narrows the frequency axis."""
NARROWEST = 16


def narrow(bins: int, factor: int = BOTTLENECK) -> int:
    """Units of the narrow layer for so many bins."""
    return max(bins // factor, NARROWEST)


class DenseConvolutions(nn.Module):
    """Five convolutions, each fed with the input and all earlier outputs; gives the last output.

    With a kernel of (3, 3) this is TFC, with (1, 3), every frame by itself, TDC.
    """

    def __init__(self, channels: int, growth: int, kernel: tuple[int, int], layers: int) -> None:
        super().__init__()
        padding = (kernel[0] // 2, kernel[1] // 2)
        self.layers = nn.ModuleList(
            nn.Sequential(
                nn.Conv2d(channels + index * growth, growth, kernel, padding=padding),
                nn.BatchNorm2d(growth),
                nn.ReLU(),
            )
            for index in range(layers)
        )

    def forward(self, x: Tensor) -> Tensor:
        """(B, channels, T, F) -> (B, growth, T, F)."""
        y = x
        for number, layer in enumerate(self.layers):
            if number:
                x = torch.cat([y, x], 1)
            y = layer(x)
        return y


class FullyConnected(nn.Module):
    """TDF: dense layers along frequency, shared by all channels and frames.

    ``units`` None means one layer from F to F without narrowing.
    """

    def __init__(
        self, channels: int, bins_in: int, bins_out: int, units: int | None, bias: bool
    ) -> None:
        super().__init__()
        widths = [bins_in, bins_out] if units is None else [bins_in, units, bins_out]
        parts: list[nn.Module] = []
        for before, after in itertools.pairwise(widths):
            parts += [nn.Linear(before, after, bias), nn.BatchNorm2d(channels), nn.ReLU()]
        self.layers = nn.Sequential(*parts)

    def forward(self, x: Tensor) -> Tensor:
        """(B, channels, T, bins_in) -> (B, channels, T, bins_out)."""
        return self.layers(x)


class TDF(nn.Module):
    """Fully connected along frequency; a 1 x 1 convolution changes the channels where needed."""

    def __init__(self, channels: int, width: int, bins: int, factor: int | None, bias: bool):
        super().__init__()
        units = None if factor is None else narrow(bins, factor)
        self.dense = FullyConnected(channels, bins, bins, units, bias)
        self.mix = nn.Conv2d(channels, width, 1) if channels != width else nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        """(B, channels, T, F) -> (B, width, T, F)."""
        return self.mix(self.dense(x))


class TFCTDF(nn.Module):
    """Convolutions over time and frequency, and beside them a TDF of their output."""

    def __init__(
        self, channels: int, width: int, bins: int, factor: int | None, bias: bool, layers: int
    ) -> None:
        super().__init__()
        self.convolutions = DenseConvolutions(channels, width, (3, 3), layers)
        self.dense = TDF(width, width, bins, factor, bias)

    def forward(self, x: Tensor) -> Tensor:
        """(B, channels, T, F) -> (B, width, T, F)."""
        y = self.convolutions(x)
        return y + self.dense(y)


class TDCRNN(nn.Module):
    """Frame-wise convolutions, then for every channel a recurrent network over time."""

    def __init__(self, channels: int, width: int, bins: int, bias: bool, layers: int) -> None:
        super().__init__()
        self.convolutions = DenseConvolutions(channels, width, (1, 3), layers)
        self.norm = nn.BatchNorm2d(width)
        units = narrow(bins)
        self.recurrent = nn.GRU(bins, units, batch_first=True, bidirectional=True)
        self.dense = FullyConnected(width, 2 * units, bins, units, bias)

    def forward(self, x: Tensor) -> Tensor:
        """(B, channels, T, F) -> (B, width, T, F)."""
        y = self.norm(self.convolutions(x))
        with torch.autocast(y.device.type, enabled=False):
            passed, _ = self.recurrent(y.float().flatten(0, 1))
        return y + self.dense(passed.unflatten(0, y.shape[:2]))
