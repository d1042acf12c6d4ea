"""Who speaks: a small embedding of voices that is alike for one person and unlike for two.

A network over mel bands is averaged over the moments in which a voice sounds, as in x-vectors
(Snyder et al. 2018), but trained to compare (`audio_models.train.speaker`) and small enough to look
at every half second of a clip.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from audio_models.errors import ModelError
from audio_models.lips import mel_bands

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
    from safetensors.torch import save_file

    tensors = {k: v.detach().cpu().half().contiguous() for k, v in model.state_dict().items()}
    metadata = {"format": _FORMAT, "config": json.dumps(asdict(model.config)), **facts}
    partial = path.with_name(path.name + ".part")
    save_file(tensors, str(partial), metadata=metadata)
    partial.chmod(0o644)
    partial.replace(path)


def load_speaker(path: Path) -> SpeakerEmbedding:
    """Read a file of `save_speaker`; evaluation mode, float32, on the CPU.

    Raises:
        ModelError: the file is missing or holds something else.
    """
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(str(path), framework="pt") as handle:
            metadata = handle.metadata() or {}
            tensors = {name: handle.get_tensor(name).float() for name in handle.keys()}  # noqa: SIM118
    except (OSError, SafetensorError) as error:
        raise ModelError(
            f"The speaker model {path.name} cannot be read; install the program again."
        ) from error
    if metadata.get("format") != _FORMAT:
        raise ModelError(f"{path.name} is no speaker model of this program.")
    fields = json.loads(metadata["config"])
    fields["dilations"] = tuple(fields["dilations"])
    model = SpeakerEmbedding(SpeakerConfig(**fields))
    try:
        model.load_state_dict(tensors)
    except RuntimeError as error:
        raise ModelError(f"{path.name} does not fit its description; install it again.") from error
    return model.eval().requires_grad_(False)
