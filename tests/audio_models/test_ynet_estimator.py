"""Y-Net from an imported file through the driver: the voice of the authors' recipe comes out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from driver_parts import ArraySource, face
from ynet_recipe import give_weights, landmarks, relative_error, sound

from audio_models import store
from audio_models.base import SAMPLE_RATE, FaceInput
from audio_models.device import Device, choose_device
from audio_models.driver import SeparateOptions, separate
from audio_models.errors import ModelError
from audio_models.registry import LoadedModel
from audio_models.ynet import CHUNK_SAMPLES, YNet
from audio_models.ynet_loss import level_pair


@pytest.fixture(scope="module")
def network() -> YNet:
    ynet = give_weights(YNet("graph"))
    assert isinstance(ynet, YNet)
    return ynet


@pytest.fixture(scope="module")
def loaded(network: YNet, tmp_path_factory: pytest.TempPathFactory) -> LoadedModel:
    folder = tmp_path_factory.mktemp("models")
    torch.save(network.state_dict(), folder / "y_net_g7.pth")
    store.add_model(folder / "y_net_g7.pth", folder)
    return store.load_model("ynet-g", folder, choose_device("cpu"))


def person() -> FaceInput:
    frames = 100
    return FaceInput(
        landmarks=landmarks()[0].permute(1, 2, 0).numpy(),
        valid=np.ones(frames, np.bool_),
        motion=np.ones(frames, np.float32),
    )


def isolate(loaded: LoadedModel, mixture: np.ndarray, faces: list, **options: object) -> np.ndarray:
    source = ArraySource(mixture, SAMPLE_RATE)
    choice = SeparateOptions(**options)
    blocks = separate(loaded, source, faces, [0], 0, source.samples, choice)
    return np.concatenate([block.voices for block in blocks], -1)[0]


def test_driver_gives_what_the_model_gives(loaded: LoadedModel, network: YNet) -> None:
    """One chunk, brought to peak 1, whole-pixel landmarks: `separate_chunk` is the truth."""
    mixture = sound("mix")
    # Quiet ends: the driver continues with the stream where a lone chunk reflects itself.
    mixture[:, :4096] = 0.0
    mixture[:, -4096:] = 0.0
    peak = mixture.abs().max()
    truth = network.separate_chunk(mixture / peak, landmarks().trunc()) * peak
    voice = isolate(loaded, mixture.numpy(), [person()], precision="fp32")
    assert voice.shape == (1, CHUNK_SAMPLES)
    # Above the model's band a gain takes over; compare below it, away from the ends.
    low = [torch.fft.rfft(torch.as_tensor(x)[0, 2048:-2048])[:25000] for x in (voice, truth)]
    assert relative_error(torch.view_as_real(low[0]), torch.view_as_real(low[1])) <= 1e-3


def test_bf16_stays_close(loaded: LoadedModel) -> None:
    mixture = sound("mix").numpy()
    exact = isolate(loaded, mixture, [person()], precision="fp32")
    rough = isolate(loaded, mixture, [person()], precision="bf16")
    error = float(np.sum((exact - rough) ** 2) / np.sum(exact**2))
    assert 0.0 < error < 10 ** (-25 / 10)


def test_silence_stays_silence(loaded: LoadedModel) -> None:
    silent = np.zeros((2, 6 * SAMPLE_RATE), np.float32)
    assert not isolate(loaded, silent, [face(6.0)]).any()
    unseen = isolate(loaded, silent, [face(6.0, valid=False)])
    assert not unseen.any()


def test_level_of_the_clip_does_not_matter(loaded: LoadedModel) -> None:
    mixture = sound("mix").numpy()
    loud = isolate(loaded, mixture, [person()], precision="fp32")
    quiet = isolate(loaded, mixture * 0.01, [person()], precision="fp32")
    assert np.abs(quiet * 100 - loud).max() < 2e-3 * np.abs(loud).max()


def test_second_face_does_not_change_the_first(loaded: LoadedModel) -> None:
    mixture = sound("mix").numpy()
    other = face(4.0)
    alone = isolate(loaded, mixture, [person()], joint=False, precision="fp32")
    beside = isolate(loaded, mixture, [person(), other], joint=False, precision="fp32")
    joint = isolate(loaded, mixture, [person(), other], precision="fp32")
    assert np.array_equal(alone, beside)
    assert np.abs(joint - alone).max() > 1e-3


def test_mouth_model_runs_and_needs_mouths(tmp_path: Path) -> None:
    torch.save(give_weights(YNet("video")).state_dict(), tmp_path / "y_net_m7.pth")
    store.add_model(tmp_path / "y_net_m7.pth", tmp_path)
    device = Device(torch.device("cpu"), "CPU", bf16=False, channels_last=True)
    model = store.load_model("ynet-m", tmp_path, device)
    mixture = sound("mix").numpy()
    with pytest.raises(ModelError, match="mouth video"):
        isolate(model, mixture, [person()])
    random = np.random.default_rng(0)
    images = random.integers(0, 255, (100, 128, 96, 3), np.uint8)
    seen = FaceInput(person().landmarks, person().valid, person().motion, images)
    voice = isolate(model, mixture, [seen])
    assert voice.shape == (1, CHUNK_SAMPLES)
    assert np.isfinite(voice).all()
    assert np.abs(voice).max() > 1e-3


def test_training_levels() -> None:
    target, other = level_pair(sound("target"), sound("other") * 7.0)
    assert max(float(target.abs().max()), float(other.abs().max())) == pytest.approx(1.0)
    assert float(target.std()) == pytest.approx(float(other.std()), rel=1e-3)
    louder, _ = level_pair(sound("target"), sound("other"), loudness=1.25)
    assert float(louder.std() / target.std()) > 1.0
