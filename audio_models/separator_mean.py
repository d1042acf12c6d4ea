"""Several separators that answer as one: what they agree on is more often right."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from audio_models.base import HOP, SAMPLE_RATE
from audio_models.separator_base import Separator

_TAUGHT_SHARE = 0.7
"""Of a member that was taught a clip's voices. On six joins of one person alone, another alone and
both at once, 0.6 and 0.8 gave the same, 0.2 dB more than the taught one by itself."""
_WINDOW = SAMPLE_RATE // HOP // 2 * 2 + 1
"""Frames, about a second, over which masks are compared to see which voice is which."""


class SeparatorMean(Separator):
    """Mean of the masks of separators of different kinds, whose mistakes differ.

    The first one says which voice is which; the others follow its order, frame by frame.
    """

    def __init__(self, members: Sequence[Separator], weights: Sequence[float]) -> None:
        """`weights` of the members in the mean; they add up to 1."""
        super().__init__()
        self.members = tuple(members)
        self.networks = nn.ModuleList(members)
        self.weights = tuple(weights)

    def frame_masks(self, spectrum: Tensor) -> Tensor:
        """See `Separator.frame_masks`."""
        first, *others = (m.frame_masks(spectrum) for m in self.members)
        power = spectrum.abs().square()[:, :, None]
        total = self.weights[0] * first
        for weight, masks in zip(self.weights[1:], others, strict=True):
            total = total + weight * _in_order_of(first, masks, power)
        return total

    def learner(self) -> Separator:
        """See `Separator.learner`."""
        return self.members[0]

    def taught(self, learner: Separator) -> Separator:
        """See `Separator.taught`; the others still take part, they know no voices but err less."""
        _first, *others = self.weights
        scale = (1.0 - _TAUGHT_SHARE) / sum(others)
        weights = (_TAUGHT_SHARE, *(scale * weight for weight in others))
        return SeparatorMean((learner, *self.members[1:]), weights)


def _in_order_of(reference: Tensor, masks: Tensor, power: Tensor) -> Tensor:
    """(B, T, 3, 512) masks with their voices exchanged wherever that fits the reference better.

    Nearness counts by the energy of the mixture, (B, T, 1, 512), over `_WINDOW` frames.
    """
    exchanged = masks[:, :, [1, 0, 2]]
    gain = ((exchanged - masks) * reference * power)[:, :, :2].sum((2, 3))
    window = gain.new_ones(1, 1, _WINDOW)
    gain = F.conv1d(gain[:, None], window, padding=_WINDOW // 2)[:, 0]
    return torch.where((gain > 0.0)[:, :, None, None], exchanged, masks)
