"""Parts of Wave-U-Net: convolutions on the wave form, and upsampling that inserts midpoints.

Tensors are (batch, channels, samples).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from audio_models.sound_network import centre

SLOPE = 0.2


class Convolution(nn.Module):
    """Convolution and leaky ReLU; with context only where the kernel fits, else zeros around."""

    def __init__(self, channels: int, width: int, kernel: int, context: bool) -> None:
        super().__init__()
        padding = 0 if context else kernel // 2
        self.conv = nn.Conv1d(channels, width, kernel, padding=padding)

    def forward(self, x: Tensor) -> Tensor:
        """(B, channels, N) -> (B, width, N or N - kernel + 1)."""
        return F.leaky_relu(self.conv(x), SLOPE)


class Upsampling(nn.Module):
    """Doubles the rate: a new sample between each two.

    With context n samples become 2 n - 1; without, the last one is repeated to make it 2 n. The
    new samples are means, or, learnt, weighted means with one weight per channel.
    """

    def __init__(self, channels: int, context: bool, learnt: bool) -> None:
        super().__init__()
        self.context = context
        self.weight = nn.Parameter(torch.zeros(channels, 1)) if learnt else None

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, n) -> (B, C, 2 n - 1 or 2 n)."""
        before, after = x[..., :-1], x[..., 1:]
        share = 0.5 if self.weight is None else torch.sigmoid(self.weight).to(x.dtype)
        between = share * before + (1.0 - share) * after
        if not self.context:
            between = torch.cat([between, x[..., -1:]], -1)
            return torch.stack([x, between], -1).flatten(-2)
        pairs = torch.stack([before, between], -1).flatten(-2)
        return torch.cat([pairs, x[..., -1:]], -1)


def join(x: Tensor, skip: Tensor) -> Tensor:
    """Channels of both, the skip cut to the length of ``x`` from its middle."""
    return torch.cat([x, centre(skip, x.shape[-1])], 1)
