"""What a face says about how loud its voice is, as a gentle correction of masks.

A separator without faces does not know when a mouth is shut. Loudness expected from the mouth is a
prior on each person's share of a bin: masks are weighted by a small power of it and divided again,
so that all voices together stay what they were. Unseen voices count as neither loud nor quiet, and
accompaniment takes no part: that is better told from voices by ear.
"""

from __future__ import annotations

import torch
from torch import Tensor

from audio_models.base import FACE_FPS, HOP, SAMPLE_RATE
from audio_models.lips import at_rate, band_to_bins

POWER = 0.15
"""Power of the expected energy. At 0.15 pairs of people unseen in training gain 0.6 to 1.3 dB over
voices that leak into each other by -8 dB or more; at 0.5 it turns into a loss for some."""
ORDINARY_LEVEL = -0.5
"""Level, log10 of power against loud moments, at which a mask is left as it is."""


def weigh_by_level(masks: Tensor, unseen: Tensor, levels: Tensor, trusted: Tensor) -> Tensor:
    """Move every person's mask towards what the mouth lets expect.

    Args:
        masks: (F, 512, T) masks of all people, real or complex.
        unseen: (512, T) mask of the voices that are nobody's in the picture. A share that is only
            in doubt is not among them.
        levels: (F, B, K) expected band levels at 25 Hz, log10 of power.
        trusted: (F, K) bool: the face is visible and moves; elsewhere nothing changes.
    """
    bands, frames = levels.shape[1], masks.shape[-1]
    change = (levels - ORDINARY_LEVEL) * trusted[:, None]
    change = at_rate(change, FACE_FPS, SAMPLE_RATE / HOP, frames).to(masks.device)
    gain = torch.pow(10.0, POWER * (band_to_bins(bands).to(change) @ change))
    size, unseen = masks.abs(), unseen.abs()
    before = size.sum(0) + unseen
    after = (gain * size).sum(0) + unseen
    return masks * (gain * before.clamp_min(1e-6) / after.clamp_min(1e-6))
