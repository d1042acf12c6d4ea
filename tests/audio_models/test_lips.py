"""The sound-to-mouth regressor: its input, its components, its training, its file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from mouthing import landmarks, opening_track, voice

from audio_models.base import N_FFT, SAMPLE_RATE
from audio_models.errors import ModelError
from audio_models.lips import (
    LipConfig,
    LipRegressor,
    at_rate,
    high_pass,
    load_lips,
    log_mel,
    mel_bands,
    save_lips,
)
from audio_models.stft import stft
from audio_models.train.lips import (
    TalkingClip,
    fit_components,
    load_clips,
    measure,
    save_clips,
    train_lips,
)


def test_mel_bands_cover_every_band_and_peak_where_a_tone_lies() -> None:
    bands = mel_bands(48)
    assert torch.allclose(bands.sum(1), torch.ones(48))
    centres = (bands * torch.arange(512)).sum(1) * SAMPLE_RATE / N_FFT
    assert (centres.diff() > 0).all()
    for hz in (300.0, 1000.0, 4000.0):
        tone = torch.sin(2 * torch.pi * hz * torch.arange(SAMPLE_RATE) / SAMPLE_RATE)
        level = bands @ stft(tone).abs().square().mean(-1)
        assert abs(float(centres[level.argmax()]) - hz) < max(20.0, 0.08 * hz)


def test_log_mel_ignores_level_and_colour() -> None:
    power = torch.rand(512, 200) + 0.01
    gain = torch.linspace(0.5, 2.0, 48)[:, None]
    plain = log_mel(power, 48)
    assert torch.allclose(log_mel(1e-4 * power, 48), plain, atol=1e-3)
    coloured = torch.log(gain * (mel_bands(48) @ power))
    coloured = coloured - coloured.mean(-1, keepdim=True)
    assert np.corrcoef(coloured.flatten(), plain.flatten())[0, 1] > 0.999
    assert torch.isfinite(log_mel(torch.zeros(512, 50), 48)).all()


def test_at_rate_reads_between_samples_and_holds_the_ends() -> None:
    line = torch.arange(10.0)[None]
    assert torch.allclose(at_rate(line, 64.0, 100.0, 4)[0], torch.tensor([0.0, 0.64, 1.28, 1.92]))
    assert float(at_rate(line, 64.0, 25.0, 20)[0, -1]) == 9.0


def test_high_pass_takes_drift_off_and_keeps_syllables() -> None:
    time = torch.arange(200) / 25.0
    syllables = torch.sin(2 * torch.pi * 4.0 * time)
    kept = high_pass(syllables + 5.0 * time)[20:-20]
    assert torch.allclose(kept, high_pass(syllables)[20:-20], atol=1e-3)
    assert 0.8 < float(kept.norm() / syllables[20:-20].norm()) < 1.2


def test_components_recover_the_opening_whatever_the_face() -> None:
    tracks = [opening_track(seed, 4.0) for seed in range(4)]
    faces = [landmarks(track) + np.float32(offset) for offset, track in enumerate(tracks)]
    mean, basis = fit_components(faces, 2)
    model = LipRegressor(LipConfig(components=2))
    model.mean.copy_(mean)
    model.basis.copy_(basis)
    heard = model.mouth_from_face(torch.from_numpy(landmarks(tracks[0]) - 3.0))
    assert heard.shape == (2, 100)
    assert np.corrcoef(heard[0], tracks[0])[0, 1] > 0.999


def test_frames_without_a_face_take_the_nearest_shape() -> None:
    model = LipRegressor(LipConfig(components=1))
    model.basis.fill_(1.0)
    points = torch.from_numpy(landmarks(opening_track(1, 1.0)))
    valid = torch.zeros(25, dtype=torch.bool)
    valid[[5, 15]] = True
    track = model.mouth_from_face(points, valid)[0]
    whole = model.mouth_from_face(points)[0]
    torch.testing.assert_close(track[:10], whole[5].expand(10))
    torch.testing.assert_close(track[11:], whole[15].expand(14))
    nobody = model.mouth_from_face(points, torch.zeros(25, dtype=torch.bool))
    assert torch.equal(nobody, torch.zeros(1, 25))


def _clips(count: int) -> list[TalkingClip]:
    clips = []
    for seed in range(count):
        track = opening_track(seed, 3.0)
        noise = 0.002 * np.random.default_rng(seed).standard_normal(3 * SAMPLE_RATE)
        sound = voice(track, 150.0, 4000.0, seed) + noise.astype(np.float32)
        clips.append(TalkingClip(landmarks(track), sound))
    return clips


def test_training_learns_the_mouth_from_sound_and_the_file_keeps_it(tmp_path: Path) -> None:
    save_clips(_clips(36), tmp_path / "clips.npz")
    clips = load_clips(tmp_path / "clips.npz")
    assert len(clips) == 36
    assert clips[3].landmarks.shape == (75, 68, 2)
    config = LipConfig(bands=16, width=32, components=2, dilations=(1, 2), level_bands=2)
    model, figures = train_lips(clips, config=config, steps=70, seed=1, report=lambda _: None)
    assert figures.components[0] > 0.8
    assert figures.high_passed[0] > 0.8
    assert figures.loudness > 0.4
    assert float(model.reliability.sum()) == pytest.approx(1.0)
    assert float(model.reliability[0]) > 0.8
    save_lips(model, tmp_path / "lips.safetensors")
    again = load_lips(tmp_path / "lips.safetensors")
    assert again.config == config
    raw, _ = measure(again, clips[:2])
    assert float(raw[0]) == pytest.approx(float(measure(model, clips[:2])[0][0]), abs=0.01)


def test_unusable_files_are_refused_with_a_sentence(tmp_path: Path) -> None:
    from safetensors.torch import save_file

    with pytest.raises(ModelError, match="cannot be read"):
        load_lips(tmp_path / "missing.safetensors")
    other = tmp_path / "other.safetensors"
    save_file({"x": torch.zeros(1)}, str(other))
    with pytest.raises(ModelError, match="no lip model"):
        load_lips(other)
    with pytest.raises(ModelError, match="train landmarks"):
        load_clips(other)
    with pytest.raises(ModelError, match="too few"):
        train_lips(_clips(5))
