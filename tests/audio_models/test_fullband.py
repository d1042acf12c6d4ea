"""Resampling in whole seconds, channels the model hears, and the gain above its band."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from audio_models.base import BINS, SAMPLE_RATE
from audio_models.fullband import CARRY_BAND_HZ, carry_gain, lfe_channel, resample


@pytest.mark.parametrize("rate", [8000, 22050, 44100, 48000, 96000, 44056])
def test_resampled_sine_keeps_its_phase(rate: int) -> None:
    seconds, hertz = 3, 997.0
    tone = np.sin(2 * np.pi * hertz * np.arange(seconds * rate) / rate).astype(np.float32)
    low = resample(tone[None], rate, SAMPLE_RATE)
    assert low.shape == (1, seconds * SAMPLE_RATE)
    truth = np.sin(2 * np.pi * hertz * np.arange(seconds * SAMPLE_RATE) / SAMPLE_RATE)
    middle = slice(SAMPLE_RATE, 2 * SAMPLE_RATE)
    assert np.abs(low[0] - truth)[middle].max() < 1e-5
    back = resample(low, SAMPLE_RATE, rate)
    assert np.abs(back[0] - tone)[rate : 2 * rate].max() < 1e-5


def test_low_frequency_effects_channel() -> None:
    assert lfe_channel("5.1(side)", 6) == 3
    assert lfe_channel("7.1", 8) == 3
    assert lfe_channel("2.1", 3) == 2
    assert lfe_channel("stereo", 2) is None
    assert lfe_channel(None, 6) == 3
    assert lfe_channel("hexagonal", 6) is None


def test_gain_above_the_band_weighs_by_power() -> None:
    """Loud sibilants the mask keeps and quiet noise it drops: the gain follows the loud part."""
    frames = 40
    hertz = torch.arange(BINS) * SAMPLE_RATE / 1022
    middle = sum(CARRY_BAND_HZ) / 2
    mono = torch.where(hertz > middle, 1.0, 0.1)[:, None].expand(BINS, frames).to(torch.complex64)
    keeps_high = (hertz > middle).float()[:, None].expand(BINS, frames)
    masks = torch.stack([keeps_high, 1 - keeps_high, torch.ones(BINS, frames)])
    gains = carry_gain(masks, mono)
    assert gains[0] == pytest.approx(0.99, abs=0.005)
    assert gains[1] == pytest.approx(0.01, abs=0.005)
    assert gains[2] == pytest.approx(1.0)
    turned = carry_gain(masks * torch.exp(torch.tensor(1.0471976j)), mono)
    assert turned[2] == pytest.approx(0.5, abs=1e-4)
    assert carry_gain(-masks, mono).max() == 0.0
    silent = carry_gain(masks, torch.zeros(BINS, frames, dtype=torch.complex64))
    assert silent[2] == pytest.approx(1.0)
