"""A blind separator that sees all frequencies at once: dilated convolutions over time.

All 512 bins are channels, in the manner of Conv-TasNet (Luo & Mesgarani 2019) but on compressed
STFT magnitudes, ending in a softmax over the three sources.
Convolutions are written as 1 x 3 kernels over channels-last pictures of height one, the form that
runs fastest on processors; nothing in it needs a graphics card.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from audio_models.base import BINS
from audio_models.separator_base import SOURCES, Separator, loudness


@dataclass(frozen=True)
class StackConfig:
    """Shape of a `StackSeparator`; the default sees about two seconds to either side."""

    width: int = 448
    layers: int = 12
    dilations: tuple[int, ...] = (1, 2, 4, 8, 16, 32)
    """Time dilation of successive layers, repeated."""


class _Layer(nn.Module):
    """Residual layer: normalise, rectify, dilated convolution over time."""

    def __init__(self, width: int, dilation: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.conv = nn.Conv2d(
            width, width, (1, 3), padding=(0, dilation), dilation=(1, dilation)
        ).to(memory_format=torch.channels_last)

    def forward(self, x: Tensor) -> Tensor:
        """(B, T, width), unchanged in shape."""
        y = F.relu(self.norm(x)).transpose(1, 2).unsqueeze(2)
        return x + self.conv(y).squeeze(2).transpose(1, 2)


class StackSeparator(Separator):
    """One wide stack; every layer mixes all frequencies."""

    def __init__(self, config: StackConfig | None = None) -> None:
        super().__init__()
        self.config = config or StackConfig()
        width, dilations = self.config.width, self.config.dilations
        self.embed_norm = nn.LayerNorm(BINS)
        self.embed = nn.Linear(BINS, width)
        self.layers = nn.ModuleList(
            _Layer(width, dilations[i % len(dilations)]) for i in range(self.config.layers)
        )
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, SOURCES * BINS)

    def frame_masks(self, spectrum: Tensor) -> Tensor:
        """See `Separator.frame_masks`."""
        x = self.embed(self.embed_norm(loudness(spectrum)))
        for layer in self.layers:
            x = layer(x)
        out = self.head(self.norm(x)).float()
        return torch.softmax(out.unflatten(2, (SOURCES, BINS)), 2)
