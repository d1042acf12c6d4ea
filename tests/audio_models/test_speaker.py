"""The speaker embedding: stretches by weight, files, and a short training that learns."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from audio_models.errors import ModelError
from audio_models.speaker import (
    SpeakerConfig,
    SpeakerEmbedding,
    audible,
    load_speaker,
    save_speaker,
)
from audio_models.train.speaker import contrast

SMALL = SpeakerConfig(bands=16, width=16, size=8)


def _power(frames: int = 96) -> torch.Tensor:
    return torch.rand(2, 512, frames, generator=torch.Generator().manual_seed(1))


def test_a_stretch_is_what_its_weight_says() -> None:
    torch.manual_seed(0)
    model = SpeakerEmbedding(SMALL).eval()
    weight = torch.zeros(2, 3, 96)
    weight[:, 0, :48], weight[:, 1, 48:], weight[:, 2] = 1.0, 1.0, 1.0
    with torch.no_grad():
        power = _power()
        power[..., 0] *= 10.0  # the loudest moment, which is the reference, stays what it is
        embedded = model(power, weight)
        assert embedded.shape == (2, 3, 8)
        assert torch.allclose(embedded.norm(dim=-1), torch.ones(2, 3), atol=1e-5)
        assert torch.allclose(embedded, model(10 * power, 3 * weight), atol=1e-5), "any level"
        power[..., 60:] = _power()[..., :36]
        other = model(power, weight)
    assert torch.allclose(other[:, 0], embedded[:, 0], atol=1e-4)
    assert not torch.allclose(other[:, 1], embedded[:, 1], atol=1e-3)


def test_nothing_and_silence_give_finite_embeddings() -> None:
    model = SpeakerEmbedding(SMALL).eval()
    assert torch.isfinite(model(torch.zeros(1, 512, 40), torch.zeros(1, 1, 40))).all()
    energy = torch.tensor([[1.0, 1e-3, 1e-6, 0.0]])
    counts = audible(energy, energy.amax())
    assert counts[0, 0] == 1
    assert 0.1 < counts[0, 1] < 0.2
    assert counts[0, 2:].max() == 0
    assert audible(torch.zeros(1, 4), torch.zeros(())).max() == 0


def test_files(tmp_path: Path) -> None:
    model = SpeakerEmbedding(SMALL)
    path = tmp_path / "speaker.safetensors"
    save_speaker(model, path, step="7")
    again = load_speaker(path)
    assert again.config == SMALL
    weight = torch.ones(2, 1, 96)
    with torch.no_grad():
        assert torch.allclose(again(_power(), weight), model(_power(), weight), atol=1e-2)
    with pytest.raises(ModelError, match="cannot be read"):
        load_speaker(tmp_path / "none.safetensors")
    from audio_models.lips import LipConfig, LipRegressor, save_lips

    save_lips(LipRegressor(LipConfig(bands=16, width=8, components=2)), path)
    with pytest.raises(ModelError, match="no speaker model"):
        load_speaker(path)


def test_the_loss_pulls_a_voice_together_and_voices_apart() -> None:
    apart = torch.eye(4)[:, None].repeat(1, 3, 1)
    alike = torch.ones(4, 3, 4) / 2
    sharpness = torch.tensor(10.0)
    assert float(contrast(apart, sharpness)) < 0.01
    assert float(contrast(alike, sharpness)) == pytest.approx(torch.log(torch.tensor(4.0)).item())
