"""Scores of songs: ideal masks beat the mixture, silence is handled, plots are drawn."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch

from app.cli import main
from app.evaluate_songs import SongOptions, evaluate_songs
from app.paths import models_dir
from app.song_report import PUBLISHED
from app.song_scores import near_silent, rows, score_song
from audio_models.jansson import JanssonConfig, JanssonUNet
from audio_models.networks import save_network
from audio_models.oracle import ideal_binary, ideal_ratio, spectrogram_l1

pytest.importorskip("museval")
RATE = 44100


def tones(hertz: tuple[float, ...], seconds: float, seed: int) -> np.ndarray:
    """(2, N) swelling tones."""
    time = np.arange(int(seconds * RATE)) / RATE
    rng = np.random.default_rng(seed)
    sound = sum(
        np.sin(2 * np.pi * h * time) * (1.2 + np.sin(2 * np.pi * rng.uniform(0.5, 2) * time))
        for h in hertz
    )
    noise = 0.02 * rng.standard_normal(len(time))
    return (0.05 * np.stack([sound + noise, 0.7 * sound - noise])).astype(np.float32)


@pytest.fixture(scope="module")
def songs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("songs")
    for number in range(2):
        place = folder / "test" / f"song {number}"
        place.mkdir(parents=True)
        voice = tones((440.0 + number, 1300.0), 2.2, number)
        voice[:, -RATE // 2 :] = 0
        soundfile.write(place / "vocals.wav", voice.T, RATE, subtype="FLOAT")
        for k, name in enumerate(("bass", "drums", "other")):
            music = tones((110.0 * (k + 1), 3000.0 + 700 * k), 2.2, 10 + k)
            soundfile.write(place / f"{name}.wav", music.T, RATE, subtype="FLOAT")
    return folder


@pytest.fixture
def _weights() -> None:
    torch.manual_seed(2)
    config = JanssonConfig(depth=2, first_channels=4, n_fft=256, hop=192, patch_frames=32)
    save_network(JanssonUNet(config), models_dir() / "unet-jansson.safetensors", "unet-jansson")


def test_ideal_masks_and_l1() -> None:
    voice, music = (torch.from_numpy(tones(h, 1.0, 3)) for h in ((500.0,), (2000.0,)))
    for mask in (ideal_ratio, ideal_binary):
        found = mask(voice, music)
        error = (found - voice).square().mean() / voice.square().mean()
        assert 10 * math.log10(float(error)) < -12
    assert spectrogram_l1(voice, voice) == 0.0
    loud = torch.sin(2 * torch.pi * 1000 * torch.arange(RATE) / RATE)[None]
    one = spectrogram_l1(loud, torch.zeros_like(loud))
    assert one == pytest.approx(2 / 1025, rel=0.3)  # a full-scale sine is 1 in one bin, 1/2 in two


def test_seconds_of_silence_are_counted_and_do_not_count() -> None:
    truths = {"vocals": tones((440.0,), 3.0, 1), "accompaniment": tones((180.0,), 3.0, 2)}
    truths["vocals"][:, RATE : 2 * RATE] = 0
    truths["vocals"][:, 2 * RATE :] *= 1e-4
    assert near_silent(truths["vocals"], RATE, 3).tolist() == [False, True, True]
    noise = 1e-3 * np.random.default_rng(1).standard_normal(truths["vocals"].shape)
    estimates = {name: (sound + noise).astype(np.float32) for name, sound in truths.items()}
    score = score_song("x", "s", truths, estimates, RATE)
    frames = score.targets["vocals"]
    assert math.isnan(frames.values["SDR"][1])
    assert frames.values["SDR"][2] < 0 < frames.values["SDR"][0]
    assert frames.mean("SDR") == pytest.approx(frames.values["SDR"][0])
    (row, _) = rows([score])
    assert (row.near_silent, row.without_value) == (2, 1)


@pytest.mark.usefixtures("_weights")
def test_the_command_scores_and_draws(
    songs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report, plots = tmp_path / "r.json", tmp_path / "plots"
    arguments = ["evaluate", "--dataset", "musdb", str(songs), "--model", "unet-jansson"]
    arguments += ["--report", str(report), "--plots", str(plots), "--griffin-lim", "2"]
    assert main([*arguments, "--songs", "1"]) == 0
    facts = json.loads(report.read_text())
    by_name = {(r["system"], r["target"]): r for r in facts["rows"]}
    ideal = by_name["ideal ratio mask", "vocals"]["medians"]["SDR"]
    assert ideal > by_name["mixture", "vocals"]["medians"]["SDR"] + 8
    assert ("unet-jansson, Griffin-Lim 2", "vocals") in by_name
    assert facts["published"][0]["source"]
    out = capsys.readouterr().out
    assert "ideal binary mask, vocals" in out
    assert "TFC-TDF-17" in out
    pictures = sorted(path.name for path in plots.iterdir())
    assert "scores.png" in pictures
    assert any("unet-jansson" in name for name in pictures)
    assert all((plots / name).read_bytes().startswith(b"\x89PNG") for name in pictures)


def test_wrong_requests(songs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "--dataset", "musdb", str(tmp_path), "--model", "unet-jansson"]) == 2
    assert "no weights" in capsys.readouterr().err
    assert main(["evaluate", "--dataset", "musdb", str(songs)]) == 2
    assert "follows a face" in capsys.readouterr().err
    with pytest.raises(Exception, match="no songs"):
        evaluate_songs(tmp_path, SongOptions(models=()))


def test_published_figures_name_their_source() -> None:
    assert all(source for *_, source in PUBLISHED)
    assert dict(zip([p[0] for p in PUBLISHED], [p[2] for p in PUBLISHED], strict=True))[
        "TFC-TDF-17"
    ] == (7.12, None, None)
