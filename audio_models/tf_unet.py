"""U-Nets with intermediate blocks for stereo spectra at 44.1 kHz (Choi et al., ISMIR 2020).

The network answers with the spectrum of the voice, or with a mask for the mixture's, on complex
spectra whose real and imaginary parts are channels or on magnitudes.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from audio_models.sound_network import SoundNetwork, Window
from audio_models.tf_blocks import GROWTH, LAYERS, TDCRNN, TDF, TFCTDF, DenseConvolutions
from audio_models.transform import Transform


class Block(str, Enum):
    """The intermediate block, the same at every level."""

    TDF = "tdf"
    TDC = "tdc"
    TFC = "tfc"
    TFC_TDF = "tfc-tdf"
    TDC_RNN = "tdc-rnn"


class Activation(str, Enum):
    """What the last layer ends in."""

    IDENTITY = "identity"
    SIGMOID = "sigmoid"
    RELU = "relu"
    TANH = "tanh"


_ACTIVATIONS = {
    Activation.IDENTITY: nn.Identity,
    Activation.SIGMOID: nn.Sigmoid,
    Activation.RELU: nn.ReLU,
    Activation.TANH: nn.Tanh,
}


@dataclass(frozen=True)
class TFUNetConfig:
    """Shape of a `TFUNet`; the default is the 17-block network of the study's tables."""

    block: Block = Block.TFC_TDF
    blocks: int = 17
    time_levels: tuple[int, ...] = (0, 2, 4, 6)
    """Encoder levels that also halve the time axis; none in networks of frame-wise blocks."""
    n_fft: int = 2048
    hop: int = 1024
    channels: int = 2
    sample_rate: int = 44100
    width: int = GROWTH
    layers: int = LAYERS
    bottleneck: int | None = 16
    """Narrowing of the fully connected layers; None for one layer without narrowing."""
    linear_bias: bool = True
    complex_as_channels: bool = True
    """Else the network sees magnitudes and the voice gets the mixture's phase."""
    masking: bool = False
    """The answer is a mask for the mixture instead of the voice's spectrum."""
    activation: Activation = Activation.IDENTITY
    patch_frames: int = 128
    discarded: int = 5000
    """Least samples at either end of a window whose estimate is thrown away."""


class TFUNet(SoundNetwork):
    """Encoder, middle and decoder of equal blocks of `TFUNetConfig.width` channels."""

    def __init__(self, config: TFUNetConfig | None = None) -> None:
        super().__init__()
        c = config or TFUNetConfig()
        if c.blocks < 3 or c.blocks % 2 == 0:
            raise ValueError("a U-Net has an odd number of blocks, at least 3")
        self.config = c
        self.transform = Transform(c.n_fft, c.hop)
        self.sample_rate, self.channels, self.sources = c.sample_rate, c.channels, ("vocals",)
        margin = -(-c.discarded // c.hop) * c.hop
        whole = (c.patch_frames - 1) * c.hop
        self.patch = Window(whole, whole)
        self.window = Window(whole, max(c.hop, whole - 2 * margin))
        depth, width = c.blocks // 2, c.width
        self.levels = depth
        planes = c.channels * (2 if c.complex_as_channels else 1)
        self.stem = nn.Sequential(
            nn.Conv2d(planes, width, (1, 2)), nn.BatchNorm2d(width), nn.ReLU()
        )
        scales = [(2 if level in c.time_levels else 1, 2) for level in range(depth)]
        self.time_factor = 2 ** sum(scale[0] == 2 for scale in scales)
        bins = [(c.n_fft // 2) >> level for level in range(depth + 1)]
        self.encoder = nn.ModuleList(_block(c, width, bins[level]) for level in range(depth))
        self.down = nn.ModuleList(
            nn.Sequential(nn.Conv2d(width, width, scale, scale), nn.BatchNorm2d(width))
            for scale in scales
        )
        self.middle = _block(c, width, bins[depth])
        self.up = nn.ModuleList(
            nn.Sequential(nn.ConvTranspose2d(width, width, scale, scale), nn.BatchNorm2d(width))
            for scale in reversed(scales)
        )
        self.decoder = nn.ModuleList(
            _block(c, 2 * width, bins[level]) for level in reversed(range(depth))
        )
        self.head = nn.Conv2d(width, planes, (1, 2), padding=(0, 1))
        self.activation = _ACTIVATIONS[c.activation]()

    @property
    def magnitude_only(self) -> bool:
        return not self.config.complex_as_channels

    def answer(self, planes: Tensor) -> Tensor:
        """(B, planes, T, bins) -> the same shape, any T."""
        frames = planes.shape[2]
        x = self.stem(F.pad(planes, (0, 0, 0, -frames % self.time_factor)))
        skips: list[Tensor] = []
        for block, down in zip(self.encoder, self.down, strict=True):
            skips.append(block(x))
            x = down(skips[-1])
        x = self.middle(x)
        for up, block in zip(self.up, self.decoder, strict=True):
            x = block(torch.cat([up(x), skips.pop()], 1))
        with torch.autocast(x.device.type, enabled=False):
            return self.activation(self.head(x.float()))[:, :, :frames]

    def planes(self, spectrum: Tensor) -> Tensor:
        """(B, C, bins, T) complex -> (B, planes, T, bins) as the network sees it."""
        if not self.config.complex_as_channels:
            return spectrum.abs().transpose(2, 3)
        return torch.view_as_real(spectrum).permute(0, 1, 4, 3, 2).flatten(1, 2)

    def apply_answer(self, answer: Tensor, spectrum: Tensor) -> Tensor:
        """The voice's spectrum (B, C, bins, T) from the network's answer and the mixture's."""
        if self.config.complex_as_channels:
            pairs = answer.unflatten(1, (-1, 2)).permute(0, 1, 4, 3, 2).contiguous()
            value = torch.view_as_complex(pairs)
            return value * spectrum if self.config.masking else value
        value = answer.transpose(2, 3)
        if self.config.masking:
            return value * spectrum
        return self.with_phase(value, spectrum)

    def estimate(self, spectrum: Tensor) -> Tensor:
        """The voice's spectrum from the mixture's, both (B, C, bins, T)."""
        return self.apply_answer(self.answer(self.planes(spectrum)), spectrum)

    def forward(self, mixture: Tensor) -> Tensor:
        """(B, C, N) -> (B, 1, C, N)."""
        spectrum = self.transform.forward(mixture)
        voice = self.estimate(spectrum)
        if not self.config.complex_as_channels:
            voice = self.refined(voice)
        return self.transform.inverse(voice, mixture.shape[-1]).unsqueeze(1)

    def training_loss(self, mixture: Tensor, sources: Tensor) -> Tensor:
        """Mean squared error of the spectrum, or of the magnitude."""
        target = self.transform.forward(sources[:, 0])
        estimate = self.estimate(self.transform.forward(mixture))
        if self.config.complex_as_channels:
            difference = torch.view_as_real(estimate) - torch.view_as_real(target)
        else:
            difference = estimate.abs() - target.abs()
        return difference.square().mean()


def _block(c: TFUNetConfig, channels: int, bins: int) -> nn.Module:
    """The block of one level; ``channels`` is twice the width in the decoder."""
    if c.block is Block.TDF:
        return TDF(channels, c.width, bins, c.bottleneck, c.linear_bias)
    if c.block is Block.TDC:
        return DenseConvolutions(channels, c.width, (1, 3), c.layers)
    if c.block is Block.TFC:
        return DenseConvolutions(channels, c.width, (3, 3), c.layers)
    if c.block is Block.TFC_TDF:
        return TFCTDF(channels, c.width, bins, c.bottleneck, c.linear_bias, c.layers)
    return TDCRNN(channels, c.width, bins, c.linear_bias, c.layers)
