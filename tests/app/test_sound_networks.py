"""Networks that only hear, through the command line: any sound file, no face asked for."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch

from app.cli import main
from app.paths import models_dir
from audio_models.jansson import JanssonConfig, JanssonUNet
from audio_models.networks import save_network
from audio_models.tf_unet import TFUNet, TFUNetConfig

SMALL = JanssonConfig(depth=2, first_channels=4, n_fft=256, hop=192, patch_frames=32)
STEREO = TFUNetConfig(
    blocks=3, time_levels=(0,), n_fft=256, hop=128, width=4, layers=1, discarded=256
)


@pytest.fixture
def _weights() -> None:
    torch.manual_seed(1)
    save_network(JanssonUNet(SMALL), models_dir() / "unet-jansson.safetensors", "unet-jansson")
    save_network(TFUNet(STEREO), models_dir() / "tfc-tdf-unet.safetensors", "tfc-tdf-unet")


def _song(path: Path, rate: int, channels: int, seconds: float) -> np.ndarray:
    rng = np.random.default_rng(3)
    sound = 0.1 * rng.standard_normal((int(rate * seconds), channels))
    soundfile.write(path, sound, rate, subtype="PCM_24")
    return soundfile.read(path, always_2d=True)[0]


@pytest.mark.usefixtures("_weights")
@pytest.mark.parametrize(
    ("model", "rate", "channels"),
    [("unet-jansson", 48000, 2), ("tfc-tdf-unet", 44100, 1), ("tfc-tdf-unet", 22050, 2)],
)
def test_voice_and_rest_of_a_sound_file(
    model: str, rate: int, channels: int, tmp_path: Path
) -> None:
    song = tmp_path / "song.wav"
    sound = _song(song, rate, channels, 2.345)
    arguments = ["separate", str(song), "--model", model, "--rest", "--folder", str(tmp_path / "o")]
    assert main([*arguments, "--format", "wav24"]) == 0
    voice, voice_rate = soundfile.read(tmp_path / "o" / "song_voice_isolated.wav", always_2d=True)
    rest, _ = soundfile.read(tmp_path / "o" / "song_rest.wav", always_2d=True)
    assert voice_rate == rate
    assert voice.shape == sound.shape
    assert np.abs(voice).max() > 0
    assert np.array_equal(voice + rest, sound)


@pytest.mark.usefixtures("_weights")
def test_a_range_and_a_flac_of_it(tmp_path: Path) -> None:
    song = tmp_path / "song.flac"
    soundfile.write(song, 0.1 * np.random.default_rng(1).standard_normal(3 * 16000), 16000)
    arguments = ["separate", str(song), "--model", "unet-jansson", "--in", "1", "--out", "2.5"]
    assert main([*arguments, "--format", "flac", "--output", str(tmp_path / "v.flac")]) == 0
    assert soundfile.info(tmp_path / "v.flac").frames == 24000


def test_without_weights_it_says_how_to_make_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    song = tmp_path / "song.wav"
    _song(song, 8000, 1, 1.0)
    assert main(["separate", str(song), "--model", "wave-unet-m4"]) == 2
    assert "train wave-unet-m4 --data" in capsys.readouterr().err


@pytest.mark.usefixtures("_weights")
def test_a_video_is_not_wanted_of_a_sound_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    song = tmp_path / "song.wav"
    _song(song, 8000, 1, 1.0)
    assert main(["separate", str(song), "--model", "unet-jansson", "--video"]) != 0
    assert "picture" in capsys.readouterr().err
