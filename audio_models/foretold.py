"""What a face says about how loud its voice is, as a gentle correction of masks.

A separator without faces does not know when a mouth is shut. Loudness expected from the mouth is a
prior on each person's share of a bin: masks are weighted by a small power of it and divided again,
so that their sum with everything else stays what it was. Unseen voices and accompaniment count as
neither loud nor quiet.
"""

from __future__ import annotations

import torch
from torch import Tensor

from audio_models.base import FACE_FPS, HOP, SAMPLE_RATE
from audio_models.lips import at_rate, band_to_bins

POWER = 0.15
"""Power of the expected energy. Between 0.1 and 0.2 unseen people gain 0.5 to 1 dB, and faces that
are hard to read lose nothing; at 0.5 they lose."""
ORDINARY_LEVEL = -0.5
"""Level, log10 of power against loud moments, at which a mask is left as it is."""


def weigh_by_level(masks: Tensor, others: Tensor, levels: Tensor, trusted: Tensor) -> Tensor:
    """Move every person's mask towards what the mouth lets expect.

    Args:
        masks: (F, 512, T) masks of all people, real or complex.
        others: (512, T) what competes with them in each bin and is nobody visible: accompaniment
            and unseen voices. A share that is only in doubt belongs to neither.
        levels: (F, B, K) expected band levels at 25 Hz, log10 of power.
        trusted: (F, K) bool: the face is visible and moves; elsewhere nothing changes.
    """
    bands, frames = levels.shape[1], masks.shape[-1]
    change = (levels - ORDINARY_LEVEL) * trusted[:, None]
    change = at_rate(change, FACE_FPS, SAMPLE_RATE / HOP, frames).to(masks.device)
    gain = torch.pow(10.0, POWER * (band_to_bins(bands).to(change) @ change))
    size, others = masks.abs(), others.abs()
    before = size.sum(0) + others
    after = (gain * size).sum(0) + others
    return masks * (gain * before.clamp_min(1e-6) / after.clamp_min(1e-6))
