"""Y-Net: one singer's voice out of a mono mixture, guided by that singer's face.

Montesinos, Kadandale, Haro, "A cappella: Audio-visual Singing Voice Separation", BMVC 2021, in the
seven-level form whose weights are published. Four variants, two architectures: mouth video (m, mr)
and landmarks (g, gr). Attribute names give the state-dict keys of the published checkpoints.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import torch
from torch import Tensor, nn

from audio_models.errors import ModelError
from audio_models.film import FiLM
from audio_models.graph_net import POINTS, GraphNet
from audio_models.stft import istft, stft
from audio_models.unet import DecoderBlock, EncoderBlock, Scale
from audio_models.video_net import MOUTH_SIZE, VideoNet

Visual = Literal["graph", "video"]
Check = Callable[[], None]

CHUNK_SAMPLES = 65535
"""Samples of the unit chunk, 4 s less one sample."""
CHUNK_FACE_FRAMES = 100
SOURCES = 2
"""A real mixture is divided by this before the network sees it, in all variants."""
TIME_FACTOR = 16
"""STFT frames per step at the bottleneck, where sound and picture meet."""
_SQUARE: Scale = (2, 2)
_TALL: Scale = (2, 1)
_ENCODER = (
    (2, 32, _SQUARE),
    (32, 64, _SQUARE),
    (64, 128, _SQUARE),
    (128, 256, _SQUARE),
    (256, 256, _TALL),
    (256, 256, _TALL),
)
_DECODER: tuple[tuple[int, int, Scale], ...] = (
    (256, 256, _TALL),
    (512, 256, _TALL),
    (512, 256, _SQUARE),
    (512, 128, _SQUARE),
    (256, 64, _SQUARE),
    (128, 32, _SQUARE),
    (64, 32, (1, 1)),
)


class YNet(nn.Module):
    """U-Net on the mixture's spectrum with a visual network joined by FiLM at the bottleneck."""

    def __init__(self, visual: Visual) -> None:
        super().__init__()
        self.visual = visual
        self.encoder = nn.ModuleList(EncoderBlock(*block) for block in _ENCODER)
        self.decoder = nn.ModuleList(DecoderBlock(*block) for block in _DECODER)
        self.final_conv = nn.Conv2d(32, 2, 1)
        if visual == "graph":
            self.graph_net = GraphNet()
        else:
            self.motion_net = VideoNet()
        self.fusion_layer = FiLM(256)

    def use_channels_last(self) -> None:
        """Store convolution weights so that CPUs and CUDA are fastest; results stay the same."""
        for name, part in self.named_children():
            if name == "motion_net":
                part.to(memory_format=torch.channels_last_3d)
            else:
                part.to(memory_format=torch.channels_last)

    def features(self, picture: Tensor, steps: int, check: Check) -> Tensor:
        """(B, steps, 256) of landmarks (B, 2, T, 68) or mouth video (B, 3, T, 96, 96).

        ``check``, here and below, is called between longer steps and raises to cancel.
        """
        if self.visual == "graph":
            return self.graph_net(picture, steps)
        return self.motion_net(picture, steps, check)

    def encode(self, spectrum: Tensor, check: Check) -> tuple[Tensor, list[Tensor]]:
        """The part that hears only: (B, 512, T) -> bottleneck (B, 256, 4, T / 16) and skips."""
        x = torch.view_as_real(spectrum[:, ::2]).permute(0, 3, 1, 2)
        skips = []
        for block in self.encoder:
            check()
            x, skip = block(x)
            skips.append(skip)
        return x, skips

    def decode(self, x: Tensor, skips: list[Tensor], visual: Tensor, check: Check) -> Tensor:
        """Logits (B, 2, 256, T) of `encode`'s output and visual features (B, T / 16, 256)."""
        x = self.fusion_layer(x, visual)
        for block, skip in zip(self.decoder, [None, *reversed(skips)], strict=True):
            check()
            x = block(x, skip)
        return self.final_conv(x)

    def forward(self, spectrum: Tensor, picture: Tensor) -> Tensor:
        """Logits of the complex mask.

        Args:
            spectrum: (B, 512, T) complex64 of the mixture already divided by `SOURCES`; T a
                multiple of `TIME_FACTOR`.
            picture: the same stretch at 25 frames per second, see `features`.

        Returns:
            (B, 2, 256, T), real and imaginary part, unbounded; one row for two frequency bins.
        """
        visual = self.features(picture, spectrum.shape[-1] // TIME_FACTOR, _go_on)
        return self.decode(*self.encode(spectrum, _go_on), visual, _go_on)

    @torch.inference_mode()
    def separate_chunk(self, audio: Tensor, visual: Tensor) -> Tensor:
        """Separate one chunk as the authors' code does.

        Args:
            audio: (B, 65535 n) float32 mixture, 16384 Hz.
            visual: (B, 2, 100 n, 68) landmarks in pixels of the 96 x 128 face image, or
                (B, 3, 100 n, 96, 96) normalised mouth video.

        Returns:
            (B, 65535 n) voice.

        Raises:
            ModelError: shapes that do not fit each other or the model.
        """
        self._check_shapes(audio, visual)
        spectrum = stft(audio)
        mask = mask_of(self.forward(spectrum / SOURCES, visual))
        return istft(mask * spectrum, audio.shape[-1])

    def _check_shapes(self, audio: Tensor, visual: Tensor) -> None:
        count = audio.shape[-1] // CHUNK_SAMPLES
        if audio.dim() != 2 or count < 1 or audio.shape[1] != count * CHUNK_SAMPLES:
            raise ModelError(
                f"The sound has shape {tuple(audio.shape)}; give (batch, 65535 n) samples."
            )
        batch, frames = audio.shape[0], CHUNK_FACE_FRAMES * count
        wanted: tuple[int, ...] = (batch, 2, frames, POINTS)
        if self.visual == "video":
            wanted = (batch, 3, frames, MOUTH_SIZE, MOUTH_SIZE)
        if tuple(visual.shape) != wanted:
            raise ModelError(
                f"The picture has shape {tuple(visual.shape)}; this sound and model want {wanted}."
            )


def _go_on() -> None:
    """The check of work that nobody cancels."""


def mask_of(logits: Tensor) -> Tensor:
    """(B, 2, 256, T) logits -> (B, 512, T) complex mask for the undivided mixture.

    The network answers for the mixture divided by `SOURCES`, and its answer is multiplied by
    `SOURCES`: both cancel, so the logits are the mask. Every bin serves for two.
    """
    logits = logits.float()
    return torch.complex(logits[:, 0], logits[:, 1]).repeat_interleave(2, 1)
