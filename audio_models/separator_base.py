"""What all blind separators have in common: masks of two voices and the rest, without faces."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from torch import Tensor, nn

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
