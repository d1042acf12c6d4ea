"""A blind separator that works on bands of the spectrum, with one set of weights for all of them.

Voices look alike wherever their harmonics lie. So the bins are gathered into bands, narrow ones
below and wide ones above (Luo & Yu 2023, "Music source separation with band-split RNN"), and all
that follows is 3 x 3 convolutions over bands and time that know no band from another; now and then
a narrow passage over all bands at once tells them of each other. With half of the weights of a
stack that has one for every pair of bins, it learns more from a recording and less by heart.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from audio_models.base import BINS
from audio_models.separator_base import SOURCES, Separator, loudness, phase_steps

_EDGES = (*range(0, 129, 16), *range(160, 321, 32), 384, 448, BINS)
"""First bins of the bands: 16 wide to 2 kHz, 32 to 5, 64 to 8."""
_REACH = 8
"""Bins beyond its edges that a band looks at."""
_STEP = 2
"""Frames that are taken together, which halves the work."""


@dataclass(frozen=True)
class BandConfig:
    """Shape of a `BandSeparator`; the default sees about one and a half seconds to either side."""

    width: int = 112
    layers: int = 8
    dilations: tuple[int, ...] = (1, 2, 5, 12)
    """Time dilation of successive layers in steps of two frames, repeated."""
    across_every: int = 2
    """Layers between two passages over all bands."""
    waist: int = 192
    """Width of such a passage."""
    phases: bool = False
    """Whether it also sees how phases go on (`phase_steps`); separators kept earlier don't."""


class _Norm(nn.LayerNorm):
    """Layer normalisation that stays in the type it is given: half of the traffic in bfloat16."""

    def forward(self, x: Tensor) -> Tensor:
        with torch.autocast(x.device.type, enabled=False):
            weight, bias = self.weight.to(x.dtype), self.bias.to(x.dtype)
            return F.layer_norm(x, x.shape[-1:], weight, bias, self.eps)


class _Layer(nn.Module):
    """Residual layer: normalise, rectify, convolve over neighbouring bands and dilated time."""

    def __init__(self, width: int, dilation: int) -> None:
        super().__init__()
        self.width, self.dilation = width, dilation
        self.norm = _Norm(width)
        # As a matrix, which the optimiser Muon takes; by tap, then by channel.
        self.weight = nn.Parameter(torch.randn(width, 9 * width) * 0.5 * (9 * width) ** -0.5)
        self.bias = nn.Parameter(torch.zeros(width))

    def forward(self, x: Tensor) -> Tensor:
        """(B, T, bands, width), unchanged in shape."""
        y = F.relu(self.norm(x)).permute(0, 3, 1, 2)
        weight = self.weight.view(self.width, 3, 3, self.width).permute(0, 3, 1, 2)
        around = (self.dilation, 1)
        y = F.conv2d(y, weight, self.bias, padding=around, dilation=around)
        return x + y.permute(0, 2, 3, 1)


class _Across(nn.Module):
    """Residual passage over all bands of a frame."""

    def __init__(self, width: int, bands: int, waist: int) -> None:
        super().__init__()
        self.norm = _Norm(width)
        self.down = nn.Linear(width * bands, waist)
        self.up = nn.Linear(waist, width * bands)
        nn.init.zeros_(self.up.bias)

    def forward(self, x: Tensor) -> Tensor:
        """(B, T, bands, width), unchanged in shape."""
        y = self.up(F.relu(self.down(self.norm(x).flatten(2))))
        return x + y.view_as(x)


class BandSeparator(Separator):
    """Bands in, masks of the same bands out."""

    def __init__(self, config: BandConfig | None = None) -> None:
        super().__init__()
        self.config = c = config or BandConfig()
        self.every = c.across_every
        widths = [high - low for low, high in itertools.pairwise(_EDGES)]
        self.embed_norm = nn.LayerNorm(BINS)
        self.embed = nn.ModuleList(nn.Linear(_STEP * (w + 2 * _REACH), c.width) for w in widths)
        self.phases = nn.ModuleList(
            nn.Linear(4 * _STEP * (w + 2 * _REACH), c.width, bias=False) for w in widths if c.phases
        )
        self.layers = nn.ModuleList(
            _Layer(c.width, c.dilations[i % len(c.dilations)]) for i in range(c.layers)
        )
        self.across = nn.ModuleList(
            _Across(c.width, len(widths), c.waist) for _ in range(c.layers // c.across_every)
        )
        self.norm = _Norm(c.width)
        self.head = nn.ModuleList(nn.Linear(c.width, _STEP * SOURCES * w) for w in widths)

    def hidden_matrices(self) -> Sequence[nn.Parameter]:
        """See `Separator.hidden_matrices`."""
        hidden = itertools.chain(self.layers.parameters(), self.across.parameters())
        return [p for p in hidden if p.ndim == 2]

    def frame_masks(self, spectrum: Tensor) -> Tensor:
        """See `Separator.frame_masks`."""
        frames = spectrum.shape[1]
        loud = loudness(spectrum)
        x = _embedded(self.embed_norm(loud)[..., None], self.embed)
        if self.phases:
            x = x + _embedded(loud[..., None] * phase_steps(spectrum), self.phases)
        for number, layer in enumerate(self.layers, 1):
            x = layer(x)
            if number % self.every == 0:
                x = self.across[number // self.every - 1](x)
        x = F.relu(self.norm(x))
        parts = [
            head(x[:, :, band]).unflatten(-1, (_STEP, SOURCES, -1))
            for band, head in enumerate(self.head)
        ]
        out = torch.cat(parts, -1).float().flatten(1, 2)[:, :frames]
        return torch.softmax(out, 2)


def _embedded(seen: Tensor, embed: nn.ModuleList) -> Tensor:
    """(B, T, 512, K) of K numbers a bin -> (B, T / 2, bands, width), each band by its matrix."""
    seen = F.pad(seen, (0, 0, _REACH, _REACH, 0, -seen.shape[1] % _STEP)).unflatten(1, (-1, _STEP))
    bands = itertools.pairwise(_EDGES)
    parts = [
        matrix(seen[:, :, :, low : high + 2 * _REACH].flatten(2))
        for matrix, (low, high) in zip(embed, bands, strict=True)
    ]
    return torch.stack(parts, 2)
