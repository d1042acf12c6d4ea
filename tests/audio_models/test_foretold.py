"""Masks follow the loudness that mouths let expect, gently and without losing anything."""

from __future__ import annotations

import torch

from audio_models.foretold import ORDINARY_LEVEL, weigh_by_level
from audio_models.lips import band_levels, band_to_bins, mel_bands

FRAMES, STEPS, BANDS = 64, 25, 6

NOTHING = torch.zeros(512, FRAMES)


def _levels(*values: float) -> torch.Tensor:
    return torch.tensor(values)[:, None, None].expand(-1, BANDS, STEPS).clone()


def _trusted(faces: int) -> torch.Tensor:
    return torch.ones(faces, STEPS, dtype=torch.bool)


def test_bins_take_the_value_of_their_band() -> None:
    spread = band_to_bins(BANDS)
    assert torch.allclose(spread.sum(1), torch.ones(512))
    centres = (mel_bands(BANDS) * torch.arange(512)).sum(1)
    for band, centre in enumerate(centres.round().long().tolist()):
        assert int(spread[centre].argmax()) == band


def test_the_open_mouth_gets_more_than_the_shut_one() -> None:
    masks = torch.full((2, 512, FRAMES), 0.5)
    result = weigh_by_level(masks, NOTHING, _levels(0.0, -3.0), _trusted(2))
    assert torch.allclose(result.sum(0), torch.ones(512, FRAMES))
    expected = 1.0 / (1.0 + 10.0 ** (-0.15 * 3.0))
    assert torch.allclose(result[0], torch.tensor(expected), atol=1e-4)


def test_an_unseen_voice_takes_over_while_the_mouth_is_shut() -> None:
    masks = torch.full((1, 512, FRAMES), 0.6)
    unseen = 1.0 - masks[0]
    shut = weigh_by_level(masks, unseen, _levels(-4.0), _trusted(1))
    ordinary = weigh_by_level(masks, unseen, _levels(ORDINARY_LEVEL), _trusted(1))
    assert torch.allclose(ordinary, masks, atol=1e-5)
    assert 0.2 < float(shut.mean()) < 0.4
    for size in (1.0, 0.5):
        alone = torch.full((1, 512, FRAMES), size)
        kept = weigh_by_level(alone, NOTHING, _levels(-4.0), _trusted(1))
        assert torch.allclose(kept, alone, atol=1e-5), "without competition nothing changes"


def test_faces_that_are_not_seen_change_nothing() -> None:
    masks = torch.rand(2, 512, FRAMES) / 2
    nobody = torch.zeros(2, STEPS, dtype=torch.bool)
    same = weigh_by_level(masks, 1.0 - masks.sum(0), _levels(0.0, -4.0), nobody)
    assert torch.allclose(same, masks, atol=1e-5)
    complex_masks = masks.to(torch.complex64) * 1j
    turned = weigh_by_level(complex_masks, NOTHING, _levels(0.0, -4.0), _trusted(2))
    real = weigh_by_level(masks, NOTHING, _levels(0.0, -4.0), _trusted(2))
    assert torch.allclose(turned.imag, real, atol=1e-5)


def test_band_levels_are_relative_and_bounded() -> None:
    power = torch.rand(512, 128) + 0.5
    power[:, 64:] *= 1e-9
    levels = band_levels(power, BANDS, 50)
    assert levels.shape == (BANDS, 50)
    assert float(levels[:, :20].mean()) > -0.2
    assert float(levels[:, 30:].mean()) < -3.9
    assert torch.allclose(levels, band_levels(1e4 * power, BANDS, 50), atol=1e-3)
