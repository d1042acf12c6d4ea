"""Blind separator: two voices and the rest from a mixture's spectrum, without faces.

A stack of dilated convolutions over time with all 512 bins as channels, in the manner of
Conv-TasNet (Luo & Mesgarani 2019) but on compressed STFT magnitudes, ending in a softmax over the
three sources.
Convolutions are written as 1 x 3 kernels over channels-last pictures of height one, the form that
runs fastest on processors; nothing in it needs a graphics card.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from audio_models.base import BINS
from audio_models.weights import filled, read_part, save_part

SOURCES = 3
"""Voice, voice, rest."""
_COMPRESSION = 0.3
_FORMAT = "solovox-separator-1"


@dataclass(frozen=True)
class SeparatorConfig:
    """Shape of a `Separator`; the default sees about two seconds to either side."""

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


class Separator(nn.Module):
    """Masks of two voices and the rest; which voice comes first is not defined."""

    def __init__(self, config: SeparatorConfig | None = None) -> None:
        super().__init__()
        self.config = config or SeparatorConfig()
        width, dilations = self.config.width, self.config.dilations
        self.embed_norm = nn.LayerNorm(BINS)
        self.embed = nn.Linear(BINS, width)
        self.layers = nn.ModuleList(
            _Layer(width, dilations[i % len(dilations)]) for i in range(self.config.layers)
        )
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, SOURCES * BINS)

    def forward(self, spectrum: Tensor) -> Tensor:
        """(B, 512, T) complex64 mixture spectrum -> (B, 3, 512, T) float32 masks in 0..1.

        The masks of voice, voice and rest sum to one in every bin; any T, any level.
        """
        return self.frame_masks(spectrum.transpose(1, 2)).permute(0, 2, 3, 1)

    def frame_masks(self, spectrum: Tensor) -> Tensor:
        """(B, T, 512) complex64 -> (B, T, 3, 512) float32: `forward` in the network's layout."""
        x = self.embed(self.embed_norm(_loudness(spectrum)))
        for layer in self.layers:
            x = layer(x)
        out = self.head(self.norm(x)).float()
        return torch.softmax(out.unflatten(2, (SOURCES, BINS)), 2)


def _loudness(spectrum: Tensor) -> Tensor:
    """Magnitude of (B, T, 512) relative to the chunk's RMS, at power 0.3."""
    magnitude = spectrum.abs()
    level = magnitude.square().mean((1, 2), keepdim=True).sqrt().clamp_min(1e-8)
    return (magnitude / level + 1e-6) ** _COMPRESSION


def save_separator(model: Separator, path: Path, half: bool = True, **facts: str) -> None:
    """Write weights (half precision unless told) and configuration as safetensors, atomically."""
    save_part(model, model.config, path, _FORMAT, facts, half)


def load_separator(path: Path, device: torch.device | str = "cpu") -> Separator:
    """Read a file of `save_separator`; the model is in evaluation mode, float32.

    Raises:
        ModelError: the file is missing or is not a separator of this program.
    """
    fields, tensors = read_part(path, _FORMAT, "separator")
    model = Separator(SeparatorConfig(**fields))
    filled(model, tensors, path)
    return model.to(device)
