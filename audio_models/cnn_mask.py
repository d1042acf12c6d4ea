"""Experimental: the mask of one frame from the patch of frames around it, by a small CNN.

After the public description of A. Koretzky, "Audio AI: isolating vocals from stereo music using
convolutional neural networks" (2019). Its author names US patents 10014002 B2 and 9842609 B2; see
the model card.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from audio_models.sound_network import VOICE, SoundNetwork, Window
from audio_models.transform import Transform

PATCH = 25
"""Frames that the mask of the middle one is told from."""
SIDE = PATCH // 2
RUN_SECONDS = 4
_RANGE_DB = 80.0
_PATCHES_AT_ONCE = 64


class Form(str, Enum):
    """The network behind the mask."""

    PLAIN = "plain"
    RESNET18 = "resnet18"


class Features(str, Enum):
    """What the network sees of a spectrum."""

    MAGNITUDE = "magnitude"
    PERCEPTUAL = "perceptual"
    """A-weighted level, 80 dB mapped to 0..1 and cubed."""


@dataclass(frozen=True)
class CNNMaskConfig:
    """Shape of a `CNNMask`."""

    form: Form = Form.PLAIN
    features: Features = Features.MAGNITUDE
    hard: bool = False
    """Masks of 0 and 1, cut at ``threshold``."""
    threshold: float = 0.5
    floor: float = 0.0
    """Soft masks below this become 0: a noise gate."""
    n_fft: int = 1024
    hop: int = 256
    sample_rate: int = 22050
    width: int = 32
    dropout: float = 0.3
    patch_frames: int = 64
    """Frames in the middle of a training example that are learnt from."""


class PlainCNN(nn.Module):
    """Four 3 x 3 convolutions with pooling after each two, then two dense layers.

    Nothing is padded in time, and the patch of 25 frames ends in a single column. So sliding it by
    one frame equals one pass over all frames with pooling by steps of one and, behind it,
    convolutions of dilation 3.
    """

    def __init__(self, bins: int, width: int, dropout: float) -> None:
        super().__init__()
        near, far = {"padding": (1, 0)}, {"padding": (1, 0), "dilation": (1, 3)}
        self.features = nn.Sequential(
            nn.Conv2d(1, width, 3, **near),  # type: ignore[arg-type]
            nn.ReLU(),
            nn.Conv2d(width, width, 3, **near),  # type: ignore[arg-type]
            nn.ReLU(),
            nn.MaxPool2d(3, stride=(3, 1)),
            nn.Conv2d(width, 2 * width, 3, **far),  # type: ignore[arg-type]
            nn.ReLU(),
            nn.Conv2d(2 * width, 2 * width, 3, **far),  # type: ignore[arg-type]
            nn.ReLU(),
            nn.MaxPool2d(3, stride=(3, 1), dilation=(1, 3)),
        )
        self.dropout = nn.Dropout(dropout)
        self.dense = nn.Linear(2 * width * (bins // 9), 128)
        self.out = nn.Linear(128, bins)

    def forward(self, x: Tensor) -> Tensor:
        """(B, bins, T + 24) -> (B, bins, T) logits."""
        y = self.features(x[:, None]).permute(0, 3, 1, 2).flatten(2)
        y = torch.relu(self.dense(self.dropout(y)))
        return self.out(self.dropout(y)).transpose(1, 2)


class ResNetCNN(nn.Module):
    """torchvision's ResNet-18 with one input channel, patch by patch."""

    def __init__(self, bins: int) -> None:
        super().__init__()
        from torchvision.models import resnet18

        self.network = resnet18(weights=None, num_classes=bins)
        self.network.conv1 = nn.Conv2d(1, 64, 7, stride=2, padding=3, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """(B, bins, T + 24) -> (B, bins, T) logits."""
        patches = x.unfold(2, PATCH, 1).transpose(1, 2)
        flat = patches.flatten(0, 1).unsqueeze(1)
        logits = torch.cat([self.network(part) for part in flat.split(_PATCHES_AT_ONCE)])
        return logits.unflatten(0, patches.shape[:2]).transpose(1, 2)


class CNNMask(SoundNetwork):
    """A mask for the voice, frame by frame; the phase is the mixture's."""

    channels = 1
    sources = (VOICE,)

    def __init__(self, config: CNNMaskConfig | None = None) -> None:
        super().__init__()
        c = config or CNNMaskConfig()
        self.config = c
        self.sample_rate = c.sample_rate
        self.transform = Transform(c.n_fft, c.hop)
        # The patch, and the frames that reach into the first of its frames that counts.
        side = SIDE * c.hop + 2 * c.n_fft // 2
        learnt = c.patch_frames * c.hop
        self.patch = Window(learnt + 2 * side, learnt)
        running = RUN_SECONDS * c.sample_rate // c.hop * c.hop
        self.window = Window(running + 2 * side, running)
        bins = self.transform.bins
        self.network: nn.Module = (
            PlainCNN(bins, c.width, c.dropout) if c.form is Form.PLAIN else ResNetCNN(bins)
        )

    @property
    def magnitude_only(self) -> bool:
        return True

    def seen(self, magnitude: Tensor) -> Tensor:
        """(B, bins, T) magnitudes as the network sees them."""
        if self.config.features is Features.MAGNITUDE:
            return magnitude
        full_scale = self.config.n_fft / 4
        level = 20.0 * torch.log10((magnitude / full_scale).clamp_min(1e-8))
        weighted = level + a_weighting_db(magnitude.shape[1], self.sample_rate).to(level)[:, None]
        return (1.0 + weighted / _RANGE_DB).clamp(0.0, 1.0) ** 3

    def logits(self, magnitude: Tensor) -> Tensor:
        """(B, bins, T) -> (B, bins, T); silence lies around the sound."""
        return self.network(F.pad(self.seen(magnitude), (SIDE, SIDE))).float()

    def masks(self, magnitude: Tensor) -> Tensor:
        """(B, bins, T) masks, hard or soft as configured."""
        soft = torch.sigmoid(self.logits(magnitude))
        if self.config.hard:
            return (soft >= self.config.threshold).float()
        return torch.where(soft < self.config.floor, 0.0, soft)

    def apply_masks(self, masks: Tensor, spectrum: Tensor, samples: int) -> Tensor:
        """(B, bins, T) masks on the spectrum -> (B, 1, 1, samples)."""
        sound = self.transform.inverse(self.refined(masks * spectrum), samples)
        return sound[:, None, None]

    def forward(self, mixture: Tensor) -> Tensor:
        """(B, 1, N) -> (B, 1, 1, N)."""
        spectrum = self.transform.forward(mixture[:, 0])
        return self.apply_masks(self.masks(spectrum.abs()), spectrum, mixture.shape[-1])

    def training_loss(self, mixture: Tensor, sources: Tensor) -> Tensor:
        """Binary cross-entropy against 1 where the voice is louder than all else."""
        voice = self.transform.forward(sources[:, 0, 0])
        whole = self.transform.forward(mixture[:, 0])
        label = (voice.abs() > (whole - voice).abs()).float()
        logits = self.network(self.seen(whole.abs())).float()
        return F.binary_cross_entropy_with_logits(logits, label[..., SIDE:-SIDE])


def a_weighting_db(bins: int, rate: int) -> Tensor:
    """(bins,) A-weighting of IEC 61672-1 for bins from 0 Hz to half the rate, never below -80."""
    f2 = torch.linspace(0.0, rate / 2, bins, dtype=torch.float64).square()
    top = 12194.0**2 * f2.square()
    bottom = (f2 + 20.6**2) * (f2 + 12194.0**2)
    bottom = bottom * ((f2 + 107.7**2) * (f2 + 737.9**2)).sqrt()
    gain = 20.0 * torch.log10((top / bottom).clamp_min(1e-12)) + 2.0
    return gain.clamp_min(-_RANGE_DB).float()
