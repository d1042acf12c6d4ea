"""The third part of the default model's design: a small Y-Net that sees what the others found.

A U-Net over the mixture and the estimates of one person's voice, of other voices and of the rest,
steered by FiLM on that person's mouth (Montesinos et al., BMVC 2021, in the small: strided
convolutions, FiLM at 16 Hz, mouth components in place of landmarks, as raw and as drift-free
tracks). It only changes the mask it is given, and starts as no change at all, so that the choice of
the other parts can be moved by what is seen and heard, not lost.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from audio_models.base import BINS, FACE_FPS
from audio_models.film import FiLM
from audio_models.lips import at_rate, high_pass
from audio_models.weights import filled, read_part, save_part

FILM_RATE = 16
"""Steps per second at which sound and mouth meet: the sound's, after two halvings."""
_FILM_LEVEL = 2
_SOUNDS = 4
"""Mixture, own voice, other voices, rest."""
_COMPRESSION = 0.3
_LEAST = 1e-3
FUSED_FILE = "solovox-fused.safetensors"
_FORMAT = "solovox-fused-1"


@dataclass(frozen=True)
class FusedConfig:
    """Shape of a `FusedYNet`."""

    widths: tuple[int, ...] = (16, 32, 64, 96)
    components: int = 8
    """Of the mouth, as the lip model gives them."""
    visual_width: int = 64
    dilations: tuple[int, ...] = (1, 2, 4)
    trust: float = 0.4
    """Share of its change that is made when it is used; in training it is all. Mouths heard from
    voices follow them better than real ones do: from 0.5 on, pairs of real people lose."""


class FusedYNet(nn.Module):
    """One person's mask again, from the sound, all estimates and the mouth."""

    place: Tensor

    def __init__(self, config: FusedConfig | None = None) -> None:
        super().__init__()
        self.config = c = config or FusedConfig()
        self.register_buffer("place", torch.linspace(-1.0, 1.0, BINS)[:, None], persistent=False)
        channels = (_SOUNDS + 1, *c.widths)
        self.down = nn.ModuleList(
            nn.Sequential(
                nn.Conv2d(a, b, 5, 2, 2, bias=False), nn.BatchNorm2d(b), nn.LeakyReLU(0.1)
            )
            for a, b in itertools.pairwise(channels)
        )
        up, joined = [], c.widths[-1]
        for width in reversed(c.widths[:-1]):
            up.append(
                nn.Sequential(
                    nn.ConvTranspose2d(joined, width, 5, 2, 2, 1, bias=False),
                    nn.BatchNorm2d(width),
                    nn.ReLU(),
                )
            )
            joined = 2 * width
        self.up = nn.ModuleList(up)
        self.last = nn.ConvTranspose2d(joined, 1, 5, 2, 2, 1)
        nn.init.zeros_(self.last.weight)
        nn.init.zeros_(self.last.bias)  # type: ignore[arg-type]
        self.look = nn.Conv1d(2 * c.components, c.visual_width, 5, padding=2)
        self.watch = nn.ModuleList(
            nn.Conv1d(c.visual_width, c.visual_width, 3, padding=d, dilation=d) for d in c.dilations
        )
        self.see = nn.Linear(c.visual_width, c.widths[_FILM_LEVEL - 1])
        self.fusion = FiLM(c.widths[_FILM_LEVEL - 1])
        nn.init.ones_(self.fusion.scaling.bias)

    def forward(self, spectrum: Tensor, own: Tensor, rest: Tensor, mouth: Tensor) -> Tensor:
        """Better masks.

        Args:
            spectrum: (B, 512, T) complex mixture.
            own: (B, 512, T) masks of the persons' voices so far, 0 to 1.
            rest: (B, 512, T) masks of what is no voice.
            mouth: (B, components, K) mouth tracks at 25 Hz of `mouth_track`; zeros: not seen.

        Returns:
            (B, 512, T) masks, 0 to 1.
        """
        frames = spectrum.shape[-1]
        x = self._sounds(spectrum, own, rest)
        x = F.pad(x, (0, -frames % (1 << len(self.down))))
        steps = x.shape[-1] >> _FILM_LEVEL
        visual = self._visual(mouth, steps)
        skips: list[Tensor] = []
        for level, layer in enumerate(self.down, 1):
            x = layer(x)
            if level == _FILM_LEVEL:
                x = self.fusion(x, visual)
            skips.append(x)
        x = skips.pop()
        for layer in self.up:
            x = torch.cat([layer(x), skips.pop()], 1)
        change = self.last(x)[:, 0, :, :frames].float()
        if not self.training:
            change = self.config.trust * change
        return torch.sigmoid(torch.logit(own.clamp(_LEAST, 1.0 - _LEAST)) + change)

    def _sounds(self, spectrum: Tensor, own: Tensor, rest: Tensor) -> Tensor:
        magnitude = spectrum.abs()
        level = magnitude.square().mean((1, 2), keepdim=True).sqrt().clamp_min(1e-8)
        loud = (magnitude / level + 1e-6) ** _COMPRESSION
        others = 1.0 - own - rest
        shares = [m.clamp(_LEAST, 1.0) ** _COMPRESSION for m in (own, others, rest)]
        place = self.place.expand_as(loud)
        x = torch.stack([loud, *(loud * share for share in shares), place], 1)
        return x.contiguous(memory_format=torch.channels_last)

    def _visual(self, mouth: Tensor, steps: int) -> Tensor:
        """(B, components, K) at 25 Hz -> (B, steps, width) at `FILM_RATE`."""
        y = F.relu(self.look(torch.cat([mouth, high_pass(mouth)], 1)))
        for layer in self.watch:
            y = y + F.relu(layer(y))
        y = at_rate(y, FACE_FPS, FILM_RATE, steps)
        result: Tensor = self.see(y.transpose(1, 2))
        return result


def mouth_track(components: Tensor) -> Tensor:
    """(..., components, K) of the lip model around their median, with a common RMS of 1."""
    moved = components - components.median(-1, keepdim=True).values
    return moved / moved.square().mean((-2, -1), keepdim=True).sqrt().clamp_min(0.1)


def jointly(masks: Tensor) -> Tensor:
    """(..., F, 512, T) masks of people that claim no bin twice."""
    return masks / masks.sum(-3, keepdim=True).clamp_min(1.0)


@torch.no_grad()
def looked_over(
    network: FusedYNet, spectrum: Tensor, masks: Tensor, rest: Tensor, mouths: Tensor, seen: Tensor
) -> Tensor:
    """Masks of all people of a chunk, looked over by the network.

    Args:
        network: on the device of the spectrum.
        spectrum: (512, T) complex mixture.
        masks: (F, 512, T) of the other parts.
        rest: (512, T) mask of what is no voice.
        mouths: (F, components, K) of the lip model at 25 Hz.
        seen: (F,) bool: who is in the picture; the masks of others stay as they are.
    """
    if not seen.any():
        return masks
    own = masks[seen].float()
    track = mouth_track(mouths[seen]).to(own)
    found = network(spectrum.expand(len(own), -1, -1), own, rest.float().expand_as(own), track)
    better = masks.clone()
    better[seen] = jointly(found).to(masks)
    return better


def save_fused(model: FusedYNet, path: Path, **facts: str) -> None:
    """Write weights in half precision and the configuration as safetensors, atomically."""
    save_part(model, model.config, path, _FORMAT, facts)


def load_fused(path: Path, device: torch.device | str = "cpu") -> FusedYNet:
    """Read a file of `save_fused`; evaluation mode, float32.

    Raises:
        ModelError: the file is missing or holds something else.
    """
    fields, tensors = read_part(path, _FORMAT, "fused network")
    model = FusedYNet(FusedConfig(**fields))
    filled(model, tensors, path)
    return model.to(device)
