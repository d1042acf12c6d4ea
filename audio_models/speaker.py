"""Who speaks: a small embedding of voices that is alike for one person and unlike for two.

A network over mel bands is averaged over the moments in which a voice sounds, as in x-vectors
(Snyder et al. 2018), but trained to compare (`audio_models.train.speaker`) and small enough to look
at every half second of a clip.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from audio_models.lips import mel_bands
from audio_models.weights import filled, read_part, save_part

SPEAKER_FILE = "solovox-speaker.safetensors"
_FLOOR = 1e-5
"""Power of a band against the loudest moment, below which it counts as silent."""
_QUIET = 1e-4
"""Power of a moment against the loudest one, below which it says nothing about the voice."""
_LOUDNESS = 0.3
"""Power of loudness by which a moment counts."""
_FORMAT = "solovox-speaker-1"


@dataclass(frozen=True)
class SpeakerConfig:
    """Shape of a `SpeakerEmbedding`."""

    bands: int = 48
    width: int = 128
    dilations: tuple[int, ...] = (1, 2, 4)
    size: int = 64
    """Length of an embedding."""


class SpeakerEmbedding(nn.Module):
    """Embeddings of stretches of voices; their cosine tells whether it is one person."""

    def __init__(self, config: SpeakerConfig | None = None) -> None:
        super().__init__()
        self.config = config = config or SpeakerConfig()
        width = config.width
        self.hear = nn.Conv1d(config.bands, width, 5, padding=2)
        self.norms = nn.ModuleList(nn.LayerNorm(width) for _ in config.dilations)
        self.convs = nn.ModuleList(
            nn.Conv1d(width, width, 3, padding=d, dilation=d) for d in config.dilations
        )
        self.last = nn.LayerNorm(width)
        self.tell = nn.Linear(2 * width, config.size)

    def forward(self, power: Tensor, weight: Tensor) -> Tensor:
        """Embed stretches of voices.

        Args:
            power: (B, 512, T) power spectra of single voices, frames of 256 at 16384 Hz.
            weight: (B, K, T) how much each frame counts for each stretch.

        Returns:
            (B, K, size) embeddings of length one.
        """
        mel = mel_bands(self.config.bands).to(power) @ power
        loudest = mel.sum(1).amax(1).clamp_min(1e-12)
        x = self.hear(torch.log10(mel / loudest[:, None, None] + _FLOOR)).transpose(1, 2)
        for norm, conv in zip(self.norms, self.convs, strict=True):
            x = x + conv(F.relu(norm(x)).transpose(1, 2)).transpose(1, 2)
        x = self.last(x)
        share = weight / weight.sum(-1, keepdim=True).clamp_min(1e-6)
        mean = share @ x
        spread = (share @ x.square() - mean.square()).clamp_min(1e-6).sqrt()
        return F.normalize(self.tell(torch.cat([mean, spread], -1)), dim=-1)


def audible(energy: Tensor, loudest: Tensor) -> Tensor:
    """How much moments of a voice count, 0 to 1, from their energy and that of the loudest."""
    share = energy / loudest.clamp_min(1e-12)
    return share**_LOUDNESS * (share > _QUIET)


def save_speaker(model: SpeakerEmbedding, path: Path, **facts: str) -> None:
    """Write weights in half precision and the configuration as safetensors, atomically."""
    save_part(model, model.config, path, _FORMAT, facts)


def load_speaker(path: Path) -> SpeakerEmbedding:
    """Read a file of `save_speaker`; evaluation mode, float32, on the CPU.

    Raises:
        ModelError: the file is missing or holds something else.
    """
    fields, tensors = read_part(path, _FORMAT, "speaker model")
    model = SpeakerEmbedding(SpeakerConfig(**fields))
    filled(model, tensors, path)
    return model.requires_grad_(False)
