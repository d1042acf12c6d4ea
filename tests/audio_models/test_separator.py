"""The blind separator: masks, invariances, files, and what its loss counts."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pytest
import torch

from audio_models.base import HOP, N_FFT, SAMPLE_RATE
from audio_models.errors import ModelError
from audio_models.losses import SILENT_WEIGHT, permutation_loss, soft_snr_db
from audio_models.separator import (
    SeparatorConfig,
    kind_of,
    load_separator,
    make_separator,
    of_kind,
    save_separator,
)
from audio_models.separator_bands import BandConfig, BandSeparator
from audio_models.separator_base import Separator, phase_steps
from audio_models.separator_stack import StackConfig
from audio_models.stft import stft

SMALL = (
    StackConfig(width=24, layers=2, dilations=(1, 2)),
    BandConfig(width=16, layers=2, dilations=(1, 2), waist=8),
    BandConfig(width=16, layers=2, dilations=(1, 2), waist=8, phases=True),
)
_NAMES = ("stack", "bands", "bands with phases")


@pytest.fixture(params=SMALL, ids=_NAMES)
def model(request: pytest.FixtureRequest) -> Separator:
    torch.manual_seed(3)
    return make_separator(request.param).eval()


def noise(frames: int, seed: int = 0) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(2, 512, frames, dtype=torch.complex64, generator=generator)


def frames_of(spectrum: torch.Tensor) -> torch.Tensor:
    return spectrum.transpose(1, 2).contiguous()


@pytest.mark.parametrize("frames", [1, 2, 7, 64])
def test_masks_have_the_spectrums_shape_and_sum_to_one(model: Separator, frames: int) -> None:
    with torch.inference_mode():
        masks = model(noise(frames))
    assert masks.shape == (2, 3, 512, frames)
    assert masks.dtype == torch.float32
    assert torch.allclose(masks.sum(1), torch.ones(2, 512, frames))
    assert float(masks.min()) >= 0.0


def test_level_of_the_mixture_does_not_matter(model: Separator) -> None:
    with torch.inference_mode():
        loud, quiet = model(noise(20)), model(noise(20) * 1e-3)
    assert torch.allclose(loud, quiet, atol=1e-3)


def test_silence_gives_finite_masks(model: Separator) -> None:
    with torch.inference_mode():
        masks = model(torch.zeros(1, 512, 9, dtype=torch.complex64))
    assert bool(torch.isfinite(masks).all())


def test_examples_of_a_batch_are_independent(model: Separator) -> None:
    spectrum = noise(12)
    with torch.inference_mode():
        together, alone = model(spectrum), model(spectrum[1:])
    assert torch.allclose(together[1:], alone, atol=1e-4)


def test_a_time_shift_of_the_mixture_shifts_the_masks(model: Separator) -> None:
    # Away from the edges; both hold the same frames, as the level is that of the whole chunk.
    # By an even number: bands are looked at in steps of two frames.
    spectrum = noise(60)
    with torch.inference_mode():
        here, later = model(spectrum), model(spectrum.roll(6, -1))
    assert torch.allclose(here[..., 16:40], later[..., 22:46], atol=1e-4)


def test_every_parameter_learns(model: Separator) -> None:
    mixture, voices = (
        frames_of(noise(16)),
        torch.stack([frames_of(noise(16, i)) for i in (1, 2)], 1),
    )
    permutation_loss(model.frame_masks(mixture)[:, :, :2], voices, mixture)[0].mean().backward()
    silent = [n for n, p in model.named_parameters() if p.grad is None or not p.grad.any()]
    assert silent == []


def test_a_saved_separator_comes_back(model: Separator, tmp_path: Path) -> None:
    path = tmp_path / "weights.safetensors"
    save_separator(model, path)
    again = load_separator(path)
    assert again.config == model.config
    assert type(again) is type(model)
    assert not again.training
    with torch.inference_mode():
        assert torch.allclose(model(noise(10)), again(noise(10)), atol=5e-3)


@pytest.mark.parametrize("config", SMALL, ids=_NAMES)
def test_a_shape_comes_back_by_the_name_of_its_kind(config: SeparatorConfig) -> None:
    kept = json.loads(json.dumps(asdict(config)))
    assert of_kind(kind_of(config), kept) == config


def test_bands_share_what_they_know() -> None:
    """A pattern one band higher gives masks one band higher, where no band stands for itself."""
    torch.manual_seed(5)
    model = make_separator(SMALL[1]).eval()
    assert isinstance(model, BandSeparator)
    x = torch.randn(1, 6, 17, 16)
    with torch.inference_mode():
        here, higher = x, x.roll(1, 2)
        for layer in model.layers:
            here, higher = layer(here), layer(higher)
    assert torch.allclose(here[:, :, 3:12], higher[:, :, 4:13], atol=1e-5)


def test_the_step_in_time_tells_a_partials_frequency_within_its_bin() -> None:
    bin_hz = SAMPLE_RATE / N_FFT
    n = torch.arange(SAMPLE_RATE, dtype=torch.float64)
    tone = torch.sin(2 * torch.pi * 20.3 * bin_hz / SAMPLE_RATE * n).float()
    steps = phase_steps(frames_of(stft(tone)[None]))[0, 20:40, 19:22]
    found = torch.atan2(steps[..., 1], steps[..., 0]) * N_FFT / (2 * torch.pi * HOP)
    assert torch.allclose(found, torch.tensor([1.3, 0.3, -0.7]).expand_as(found), atol=0.02)


@pytest.mark.parametrize("late", [-150, 0, 90])
def test_the_step_over_bins_tells_when_in_its_frame_a_click_came(late: int) -> None:
    click = torch.zeros(SAMPLE_RATE)
    click[32 * HOP + late] = 1.0
    steps = phase_steps(frames_of(stft(click)[None]))[0, 32, 5:500]
    found = torch.atan2(steps[..., 3], steps[..., 2]) * N_FFT / (2 * torch.pi)
    assert torch.allclose(found, torch.full_like(found, late), atol=0.5)


def test_phases_beside_silence_and_at_the_edges_are_nothing() -> None:
    spectrum = noise(6)
    spectrum[:, 40:50, 3] = 0.0
    steps = phase_steps(frames_of(spectrum))
    assert float(steps[:, 0, :, :2].abs().max()) == 0.0
    assert float(steps[:, :, -1, 2:].abs().max()) == 0.0
    assert float(steps[:, 3, 40:50].abs().max()) == 0.0
    assert float(steps[:, 4, 40:50, :2].abs().max()) == 0.0


def test_a_wrong_file_is_refused_with_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be read"):
        load_separator(tmp_path / "missing.safetensors")
    path = tmp_path / "junk.safetensors"
    path.write_bytes(b"no tensors here")
    with pytest.raises(ModelError, match="cannot be read"):
        load_separator(path)


def masked_loss(masks: torch.Tensor, voices: torch.Tensor, mixture: torch.Tensor) -> torch.Tensor:
    """The definition, with the complex estimates written out."""

    def energy(x: torch.Tensor) -> torch.Tensor:
        return x.abs().square().sum((-1, -2))

    estimates = masks.transpose(1, 2) * mixture[:, None]
    mix = energy(mixture)
    orders = []
    for order in ((0, 1), (1, 0)):
        errors = [energy(estimates[:, i] - voices[:, j]) for i, j in enumerate(order)]
        truths = [energy(voices[:, j]) for j in order]
        orders.append(sum(soft_snr_db(e, t, mix) for e, t in zip(errors, truths, strict=True)))
    rest = mixture - voices.sum(1)
    left = soft_snr_db(energy(mixture - estimates.sum(1) - rest), energy(rest), mix)
    return (torch.minimum(*orders) + 0.5 * left) / 2.5


def test_loss_equals_its_definition() -> None:
    voices = torch.stack([frames_of(noise(8, 1)), frames_of(noise(8, 2))], 1)
    voices[1, 1] = 0
    mixture = voices.sum(1) + 0.3 * frames_of(noise(8, 3))
    masks = torch.rand(2, 8, 2, 512, generator=torch.Generator().manual_seed(4))
    loss, _ = permutation_loss(masks, voices, mixture)
    assert torch.allclose(loss, masked_loss(masks, voices, mixture), atol=1e-3)


def test_loss_takes_the_better_order() -> None:
    voices = torch.stack([frames_of(noise(8, 1)), frames_of(noise(8, 2))], 1)
    low = torch.arange(512) < 256
    voices[:, 0, :, ~low] = 0
    voices[:, 1, :, low] = 0
    mixture = voices.sum(1)
    masks = torch.stack([low, ~low]).float().expand(2, 8, 2, 512)
    straight, exchanged = permutation_loss(masks, voices, mixture)
    crossed, exchanged_back = permutation_loss(masks.flip(2), voices, mixture)
    assert torch.allclose(straight, crossed)
    assert not exchanged.any()
    assert exchanged_back.all()
    # Both voices are perfect and hold half of the energy: each lies 10 log10(0.001 / 0.501) below
    # its target; the empty rest counts 0.
    assert float(straight[0]) == pytest.approx(2 * -27.0 / 2.5, abs=0.2)
    assert bool((permutation_loss(masks * 0 + 0.5, voices, mixture)[0] > straight + 15).all())


def test_a_silent_target_asks_for_silence() -> None:
    voice = frames_of(noise(8, 1))
    voices = torch.stack([voice, torch.zeros_like(voice)], 1)
    masks = torch.zeros(2, 8, 2, 512)
    masks[:, :, 0] = 1.0
    good, _ = permutation_loss(masks, voices, voice)
    masks[:, :, 1] = 0.5
    bad, _ = permutation_loss(masks, voices, voice)
    assert bool(torch.isfinite(good).all())
    assert bool((bad - good > SILENT_WEIGHT * 2).all())
