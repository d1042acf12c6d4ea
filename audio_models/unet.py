"""The U-Net blocks of Y-Net: 5x5 encoder, 3x3 decoder with bilinear upsampling, no dropout.

Tensors are (batch, channels, frequency, time). A block pools or stretches by (2, 2), frequency and
time, or by (2, 1), frequency alone.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

Scale = tuple[int, int]


class EncoderBlock(nn.Module):
    """Convolution, batch norm, leaky ReLU (this is the skip), then max pooling."""

    def __init__(self, channels_in: int, channels_out: int, scale: Scale) -> None:
        super().__init__()
        self.layer = nn.Sequential(
            nn.Conv2d(channels_in, channels_out, 5, padding=2, bias=False),
            nn.BatchNorm2d(channels_out),
            nn.LeakyReLU(0.1),
        )
        self.scale = scale

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Give the pooled output and the skip."""
        skip = self.layer(x)
        return F.max_pool2d(skip, self.scale), skip


class DecoderBlock(nn.Module):
    """Convolution, batch norm, ReLU, then bilinear stretching by ``scale`` unless it is (1, 1)."""

    def __init__(self, channels_in: int, channels_out: int, scale: Scale) -> None:
        super().__init__()
        self.layer = nn.Sequential(
            nn.Conv2d(channels_in, channels_out, 3, padding=1, bias=False),
            nn.BatchNorm2d(channels_out),
            nn.ReLU(),
        )
        self.scale = scale

    def forward(self, x: Tensor, skip: Tensor | None) -> Tensor:
        """Decode ``x``, joined with the encoder's ``skip`` except in the bottleneck."""
        if skip is not None:
            x = torch.cat([x, skip], 1)
        y = self.layer(x)
        if self.scale == (1, 1):
            return y
        size = (y.shape[2] * self.scale[0], y.shape[3] * self.scale[1])
        return F.interpolate(y, size, mode="bilinear", align_corners=True)
