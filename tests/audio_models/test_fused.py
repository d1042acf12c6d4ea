"""The third part: it starts as no change, listens to the mouth, and learns from random mixtures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from duets import BandSeparator, Duet
from mouthing import BandSpeaker, LoudnessLips

from audio_models.errors import ModelError
from audio_models.fused import (
    FusedConfig,
    FusedYNet,
    jointly,
    load_fused,
    mouth_track,
    save_fused,
)
from audio_models.lips import LipConfig, LipRegressor
from audio_models.separator_stack import StackConfig, StackSeparator
from audio_models.solovox import SolovoxEstimator
from audio_models.train import fused as training
from audio_models.train.fused import FusedBatches, disturbed, mask_loss, train_fused
from audio_models.train.material import SAMPLE_RATE, Pack, Run
from audio_models.train.mixer import Mixer

SMALL = FusedConfig(widths=(4, 8, 8), components=4, visual_width=8, dilations=(1,), trust=1.0)


@pytest.fixture(scope="module")
def pack() -> Pack:
    """Eight readers with buzzing voices, one of them held out, and two pieces each."""
    seconds = 3
    time = np.arange(seconds * SAMPLE_RATE) / SAMPLE_RATE

    def buzz(pitch: float) -> np.ndarray:
        tone = sum(np.sin(2 * np.pi * pitch * k * time) / k for k in range(1, 9))
        sounding = np.sin(2 * np.pi * (1.0 + pitch / 200.0) * time) > -0.5
        return np.asarray(6000 * tone * sounding, np.int16)

    length = len(time)
    voices = [buzz(90 + 17 * k) for k in range(8)]
    music = [buzz(400 + 90 * k) for k in range(4)]
    people = [Run(f"r{k}", "readers", k * length, length, k > 5, f"r{k}") for k in range(8)]
    pieces = [Run(f"m{k}", "music", k * length, length, k > 2, f"m{k}") for k in range(4)]
    whole = [np.concatenate(sounds) for sounds in (voices, music)]
    return Pack(whole[0], whole[1], tuple(people), tuple(pieces), "test")


def estimator(fused: FusedYNet | None = None) -> SolovoxEstimator:
    parts = BandSeparator(), LoudnessLips(), BandSpeaker()
    return SolovoxEstimator(*parts, 2, fused=fused)  # type: ignore[arg-type]


def example(people: int = 2, frames: int = 70) -> tuple[torch.Tensor, ...]:
    """Spectrum, masks, rest and mouths of a length that no halving divides."""
    torch.manual_seed(1)
    spectrum = torch.randn(people, 512, frames, dtype=torch.complex64)
    own = 0.1 + 0.4 * torch.rand(people, 512, frames)
    return spectrum, own, 0.3 * torch.rand(people, 512, frames), torch.randn(people, 4, 28)


def test_an_untrained_network_changes_nothing() -> None:
    spectrum, own, rest, mouth = example()
    with torch.no_grad():
        masks = FusedYNet(SMALL).eval()(spectrum, own, rest, mouth)
    assert masks.shape == own.shape
    assert torch.allclose(masks, own, atol=2e-3)


def test_the_mouth_moves_the_mask_where_it_moves() -> None:
    spectrum, own, rest, mouth = example(frames=256)
    mouth = torch.zeros(2, 4, 100)
    torch.manual_seed(2)
    network = FusedYNet(SMALL).eval()
    torch.nn.init.normal_(network.last.weight, std=0.1)
    moved = mouth.clone()
    moved[:, :, 70:75] = 1.0
    with torch.no_grad():
        change = (network(spectrum, own, rest, moved) - network(spectrum, own, rest, mouth)).abs()
    # Frame 70 of 25 a second lies at 2.8 s, frame 179 of 64 a second.
    assert float(change[..., 179:192].mean()) > 10 * float(change[..., :60].mean())


def test_every_weight_has_a_gradient() -> None:
    network = FusedYNet(SMALL)
    torch.nn.init.normal_(network.last.weight, std=0.1)
    network(*example()).sum().backward()
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in network.parameters())


def test_tracks_and_joint_masks() -> None:
    track = mouth_track(5.0 + 3.0 * torch.randn(2, 4, 100))
    assert torch.allclose(track.square().mean((1, 2)), torch.ones(2), atol=1e-5)
    assert float(track.median(-1).values.abs().max()) < 0.01
    masks = torch.tensor([0.8, 0.7])[:, None, None].expand(2, 512, 3)
    assert torch.allclose(jointly(masks).sum(0), torch.ones(512, 3))
    assert torch.equal(jointly(0.5 * masks), 0.5 * masks)


def test_behind_the_other_parts_an_untrained_one_keeps_their_masks() -> None:
    network = FusedYNet(FusedConfig(widths=(4, 8, 8), components=1, visual_width=8)).eval()
    duet, plain, fused = Duet(), estimator(), estimator(network)
    for chunk in duet.chunks(duet.faces):
        with torch.no_grad():
            before, after = plain.masks(chunk), fused.masks(chunk)
        assert torch.allclose(before, after, atol=3e-3)
    assert fused.agreement == plain.agreement


def test_weights_survive_a_file(tmp_path: Path) -> None:
    network = FusedYNet(SMALL)
    torch.nn.init.normal_(network.last.weight, std=0.1)
    path = tmp_path / "fused.safetensors"
    save_fused(network, path, step="3")
    with torch.no_grad():
        before, after = network.eval()(*example()), load_fused(path)(*example())
    assert torch.allclose(before, after, atol=5e-3)
    with pytest.raises(ModelError):
        load_fused(Path(__file__))


def parts() -> tuple[StackSeparator, LipRegressor]:
    torch.manual_seed(4)
    lips = LipRegressor(LipConfig(components=4, width=8, level_width=8)).eval()
    return StackSeparator(StackConfig(width=16, layers=1)).eval(), lips


def test_people_of_a_batch_are_those_of_its_mixtures(pack: Pack) -> None:
    separator, lips = parts()
    batches = FusedBatches(Mixer(pack, False, 16384), separator, lips, seed=3, batch=2)
    seen = set()
    for _ in range(12):
        batch = batches.next()
        seen.add(batch.faces)
        assert len(batch.own) == 2 * batch.faces == len(batch.mouth)
        assert float((batch.own + batch.rest).max()) <= 1.0 + 1e-5
        assert (batch.voice.abs().amax((1, 2)) > 0).all(), "whoever is seen has a voice"
        if batch.faces == 2:
            assert torch.equal(batch.spectrum[0], batch.spectrum[1])
            assert not torch.equal(batch.voice[0], batch.voice[1])
            assert float(batch.own.unflatten(0, (2, 2)).sum(1).max()) <= 1.0 + 1e-5
    assert seen == {1, 2}


def test_a_stretch_of_some_examples_is_exchanged() -> None:
    voices = torch.zeros(60, 2, 512, 192)
    voices[:, 0] = 1.0
    moved = training._exchanged(voices, np.random.default_rng(1))
    assert torch.equal(moved.sum(1), torch.ones(60, 512, 192))
    away = moved[:, 0, 0] == 0.0
    assert 10 < int(away.any(1).sum()) < 32
    assert int(away.sum(1).max()) <= 100
    for row in away[away.any(1)]:
        assert int(row.int().diff().abs().sum()) <= 2, "one stretch, not several"


def test_disturbed_mouths_still_follow_the_voice() -> None:
    rng = np.random.default_rng(5)
    time = np.arange(200) / 25.0
    mouth = np.stack([np.sin(2 * np.pi * (2 + k) * time) for k in range(4)]).astype(np.float32)
    likeness = []
    for _ in range(60):
        other = disturbed(mouth, rng)
        assert other.shape == mouth.shape
        shifted = [np.corrcoef(np.roll(mouth[0], late), other[0])[0, 1] for late in (-1, 0, 1, 2)]
        likeness.append(max(shifted))
    assert 0.3 < np.mean(likeness) < 0.9


def test_training_lowers_the_loss_and_leaves_weights(
    pack: Pack,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(training, "FRAMES", 48)
    monkeypatch.setattr(training, "_VALIDATION_BATCHES", 3)
    monkeypatch.setattr(training, "_WARM_UP", 1)
    monkeypatch.setattr(training, "_EMA", 0.8)
    separator, lips = parts()
    out = tmp_path / "fused.safetensors"
    figures = train_fused(
        pack, separator, lips, out, "80steps", config=SMALL, batch=2, report=lambda _: None
    )
    assert figures.steps == 80
    assert figures.after < figures.before - 0.05
    assert load_fused(out).config == SMALL
    with pytest.raises(ModelError):
        train_fused(pack, separator, lips, out, "soon", report=lambda _: None)


def test_the_loss_is_that_of_the_voice(pack: Pack) -> None:
    separator, lips = parts()
    batch = FusedBatches(Mixer(pack, False, 16384), separator, lips, seed=3, batch=2).next()
    ideal = (batch.voice / (batch.spectrum + 1e-9)).real.clamp(0, 1)
    assert float(mask_loss(ideal, batch)) < float(mask_loss(batch.own, batch))
