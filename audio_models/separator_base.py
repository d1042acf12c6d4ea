"""What all blind separators have in common: masks of two voices and the rest, without faces."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from audio_models.base import HOP, N_FFT

if TYPE_CHECKING:
    from audio_models.separator import SeparatorConfig

SOURCES = 3
"""Voice, voice, rest."""
_COMPRESSION = 0.3


class Separator(nn.Module):
    """Masks of two voices and the rest; which voice comes first is not defined."""

    config: SeparatorConfig

    def forward(self, spectrum: Tensor) -> Tensor:
        """(B, 512, T) complex64 mixture spectrum -> (B, 3, 512, T) float32 masks in 0..1.

        The masks of voice, voice and rest sum to one in every bin; any T, any level.
        """
        return self.frame_masks(spectrum.transpose(1, 2)).permute(0, 2, 3, 1)

    def frame_masks(self, spectrum: Tensor) -> Tensor:
        """(B, T, 512) complex64 -> (B, T, 3, 512) float32: `forward` in the network's layout."""
        raise NotImplementedError

    def learner(self) -> Separator:
        """The network that is taught a clip's own voices in its place."""
        return self

    def taught(self, learner: Separator) -> Separator:
        """This separator with a `learner` that was taught in the place of its own."""
        return learner

    def hidden_matrices(self) -> Sequence[nn.Parameter]:
        """Two-dimensional weights between hidden layers, for optimisers that treat them apart."""
        return ()


class NoSeparator(Separator):
    """Tells nothing apart: a third of every bin each, for networks that are on their own."""

    def frame_masks(self, spectrum: Tensor) -> Tensor:
        """See `Separator.frame_masks`."""
        thirds = spectrum.real.new_full((), 1.0 / SOURCES)
        return thirds.expand(*spectrum.shape[:2], SOURCES, spectrum.shape[2])


def loudness(spectrum: Tensor) -> Tensor:
    """Magnitude of (B, T, 512) relative to the chunk's RMS, at power 0.3."""
    magnitude = spectrum.abs()
    level = magnitude.square().mean((1, 2), keepdim=True).sqrt().clamp_min(1e-8)
    return (magnitude / level + 1e-6) ** _COMPRESSION


def phase_steps(spectrum: Tensor) -> Tensor:
    """How phases go on from frame to frame and from bin to bin.

    In time, less what a partial in the middle of its bin turns by: what is left tells a partial's
    frequency far finer than bins are apart, and so which of two voices near in pitch it is of.
    Over bins, less what a sound in the middle of its frame turns by: what is left tells when in
    the frame it came. (The two on which the reassignment method of Auger & Flandrin 1995 rests.)

    Args:
        spectrum: (B, T, 512) complex64.

    Returns:
        (B, T, 512, 4) float32: cosine and sine of the step in time, of the step over bins; zeros
        beside silence and at the edges.
    """
    unit = spectrum / spectrum.abs().clamp_min(1e-12)
    bins = torch.arange(spectrum.shape[2], device=spectrum.device)
    usual = torch.exp(-2j * torch.pi * HOP / N_FFT * bins)
    in_time = torch.view_as_real(unit[:, 1:] * unit[:, :-1].conj() * usual)
    over_bins = torch.view_as_real(-unit[..., :-1] * unit[..., 1:].conj())
    in_time, over_bins = F.pad(in_time, (0, 0, 0, 0, 1, 0)), F.pad(over_bins, (0, 0, 0, 1))
    return torch.cat([in_time, over_bins], -1)
