"""The U-Net of Jansson et al., ISMIR 2017: a soft mask for magnitudes at 8192 Hz.

One network for each source. Details that the paper leaves open follow the replication of Stoller
et al. 2018 (there called U7).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from audio_models.sound_network import VOICE, SoundNetwork, Window
from audio_models.transform import Transform

NYQUIST_MASK = 0.5
"""Mask of the highest bin, which the network does not see."""
_DROPOUT_LAYERS = 3


class InputScale(str, Enum):
    """How magnitudes are brought to the network."""

    LOG = "log1p"
    UNIT = "unit"
    """Divided by the largest of the example, as in the paper."""


@dataclass(frozen=True)
class JanssonConfig:
    """Shape of a `JanssonUNet`; the default is the published one."""

    depth: int = 6
    """Levels, 2 to 6; the published network has 6."""
    first_channels: int = 16
    sources: tuple[str, ...] = (VOICE,)
    """Each has a network of its own."""
    input_scale: InputScale = InputScale.LOG
    dropout: float = 0.5
    n_fft: int = 1024
    hop: int = 768
    patch_frames: int = 128
    sample_rate: int = 8192


class MaskUNet(nn.Module):
    """The network of one source: strided 5 x 5 convolutions down, transposed ones up, sigmoid."""

    def __init__(self, depth: int, first_channels: int, dropout: float) -> None:
        super().__init__()
        widths = [first_channels << level for level in range(depth)]
        self.down = nn.ModuleList(
            nn.Sequential(
                nn.Conv2d(before, after, 5, stride=2, padding=2),
                nn.BatchNorm2d(after),
                nn.LeakyReLU(0.2),
            )
            for before, after in zip([1, *widths], widths, strict=False)
        )
        up: list[nn.Module] = []
        for number, width in enumerate(reversed(widths[:-1])):
            joined = 2 * width if number == 0 else 4 * width
            parts: list[nn.Module] = [
                nn.ConvTranspose2d(joined, width, 5, stride=2, padding=2, output_padding=1),
                nn.BatchNorm2d(width),
                nn.ReLU(),
            ]
            if number < _DROPOUT_LAYERS:
                parts.append(nn.Dropout(dropout))
            up.append(nn.Sequential(*parts))
        self.up = nn.ModuleList(up)
        self.last = nn.ConvTranspose2d(
            2 * first_channels, 1, 5, stride=2, padding=2, output_padding=1
        )

    def forward(self, x: Tensor) -> Tensor:
        """(B, 1, F, T) -> (B, 1, F, T) masks; F and T multiples of 2 to the depth."""
        skips: list[Tensor] = []
        for layer in self.down:
            x = layer(x)
            skips.append(x)
        x = skips.pop()
        for layer in self.up:
            x = torch.cat([layer(x), skips.pop()], 1)
        with torch.autocast(x.device.type, enabled=False):
            return torch.sigmoid(self.last(x.float()))


class JanssonUNet(SoundNetwork):
    """Masks of `MaskUNet` on the mixture's spectrum, with the mixture's phase."""

    channels = 1

    def __init__(self, config: JanssonConfig | None = None) -> None:
        super().__init__()
        c = config or JanssonConfig()
        if not 2 <= c.depth <= 6:
            raise ValueError("the depth is 2 to 6")
        self.config = c
        self.sample_rate, self.sources = c.sample_rate, c.sources
        self.transform = Transform(c.n_fft, c.hop)
        length = (c.patch_frames - 1) * c.hop + c.n_fft
        answer = length - c.n_fft
        self.patch = Window(length, answer, answer=answer)
        # The first and last frames see half a context; they only serve to fade.
        self.window = Window(length, answer, fade=8 * c.hop, answer=answer)
        self.networks = nn.ModuleList(
            MaskUNet(c.depth, c.first_channels, c.dropout) for _ in c.sources
        )

    @property
    def magnitude_only(self) -> bool:
        return True

    def masks(self, magnitude: Tensor) -> Tensor:
        """(B, bins, T) -> (B, S, bins, T); the highest bin has `NYQUIST_MASK`."""
        frames = magnitude.shape[-1]
        x = self._scaled(magnitude[:, None, :-1])
        x = F.pad(x, (0, -frames % (1 << self.config.depth)))
        masks = torch.cat([network(x) for network in self.networks], 1)[..., :frames]
        return F.pad(masks, (0, 0, 0, 1), value=NYQUIST_MASK)

    def _scaled(self, magnitude: Tensor) -> Tensor:
        if self.config.input_scale is InputScale.LOG:
            return magnitude.log1p()
        return magnitude / magnitude.amax((1, 2, 3), keepdim=True).clamp_min(1e-8)

    def apply_masks(self, masks: Tensor, spectrum: Tensor) -> Tensor:
        """(B, S, bins, T) masks on (B, bins, T) -> (B, S, 1, N) sounds."""
        samples = (spectrum.shape[-1] - 1) * self.config.hop
        return self.transform.inverse(self.refined(masks * spectrum[:, None]), samples)[:, :, None]

    def forward(self, mixture: Tensor) -> Tensor:
        """(B, 1, N) -> (B, S, 1, N - 1024); N = 768 (T - 1) + 1024."""
        spectrum = self.transform.forward(mixture[:, 0], centred=False)
        return self.apply_masks(self.masks(spectrum.abs()), spectrum)

    def training_loss(self, mixture: Tensor, sources: Tensor) -> Tensor:
        """Mean absolute error of the masked magnitude."""
        spectrum = self.transform.forward(mixture[:, 0], centred=False).abs()
        truth = self.transform.forward(sources[:, : len(self.sources), 0], centred=False).abs()
        return (self.masks(spectrum) * spectrum[:, None] - truth).abs().mean()
