"""Feature-wise linear modulation: the picture scales and shifts the sound's features."""

from __future__ import annotations

from torch import Tensor, nn


class FiLM(nn.Module):
    """audio * scaling(visual) + bias(visual), the same for every frequency row.

    Perez et al., AAAI 2018, as Y-Net uses it: no "1 +" on the scale and no activation.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.scaling = nn.Linear(channels, channels)
        self.bias = nn.Linear(channels, channels)

    def forward(self, audio: Tensor, visual: Tensor) -> Tensor:
        """Fuse (B, C, F, T) features of sound with (B, T, C) features of the picture."""
        scale = self.scaling(visual).transpose(1, 2).unsqueeze(2)
        shift = self.bias(visual).transpose(1, 2).unsqueeze(2)
        return audio * scale + shift
