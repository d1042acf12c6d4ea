"""The landmark form of Y-Net against numbers of the authors' own code."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor
from ynet_recipe import give_weights, landmarks, relative_error, sound

from audio_models import ynet_loss
from audio_models.graph_net import adjacency
from audio_models.stft import istft, stft
from audio_models.ynet import Visual, YNet, mask_of

GOLDEN = Path(__file__).parents[3] / "shared" / "reference" / "golden" / "ynet_graph.npz"
TOLERANCE = 1e-4

# A few numbers of the same run, so that any machine can check: recorded once the whole file held.
LOGITS_AT = ((0, 3, 7), (0, 100, 50), (1, 40, 200), (1, 255, 255), (0, 17, 128))
FEATURES_AT = ((0, 0), (3, 100), (9, 255), (15, 17))
VOICE_AT = (1000, 20001, 33333, 60007)
REGRESSION = {
    "logits": (-0.142579, 1.8884, 1.00644, 0.152642, 0.765142),
    "features": (7.67088, 1.3461, 6.36698, 1.88318),
    "voice": (-0.0580539, 0.0372682, -0.111865, -0.00286403),
}
LEVELS = {"logits": 8.44097, "features": 30.1104, "voice": 0.484265}


@pytest.fixture(scope="module")
def model() -> YNet:
    network = give_weights(YNet("graph"))
    assert isinstance(network, YNet)
    return network


@pytest.fixture(scope="module")
def golden() -> dict[str, Tensor]:
    if not GOLDEN.is_file():
        pytest.skip("no reference numbers beside the project")
    with np.load(GOLDEN) as file:
        return {
            key: str(file[key]) if key == "meta" else torch.from_numpy(np.asarray(file[key]))
            for key in file.files
        }


def test_adjacency_counts() -> None:
    parts = adjacency()
    assert [int((part > 0).sum()) for part in parts] == [68, 116, 2]
    assert torch.allclose(parts.sum((0, 1)), torch.ones(68))


@torch.inference_mode()
def test_regression_numbers(model: YNet) -> None:
    audio, marks = sound("mix"), landmarks()
    results = {
        "logits": (model(stft(audio) / 2, marks)[0], LOGITS_AT),
        "features": (model.graph_net(marks, 16)[0], FEATURES_AT),
        "voice": (model.separate_chunk(audio, marks)[0], VOICE_AT),
    }
    for name, (result, places) in results.items():
        level = float(result.abs().max())
        assert level == pytest.approx(LEVELS[name], rel=TOLERANCE)
        for place, value in zip(places, REGRESSION[name], strict=True):
            assert float(result[place]) == pytest.approx(value, abs=TOLERANCE * level), name


@pytest.mark.parametrize("visual", ["graph", "video"])
def test_keys_and_shapes_of_the_published_checkpoints(visual: Visual) -> None:
    manifest = GOLDEN.parents[1] / "ynet_checkpoint_manifest.json"
    if not manifest.is_file():
        pytest.skip("no list of the published tensors beside the project")
    tensors = json.loads(manifest.read_text())["models"][visual]["tensors"]
    with torch.device("meta"):
        ours = {key: list(value.shape) for key, value in YNet(visual).state_dict().items()}
    used = {t["key"]: t["shape"] for t in tensors if t["role"] == "used" or t["key"] in ours}
    assert ours == used


def test_recipe_gives_the_recorded_weights(model: YNet, golden: dict) -> None:
    recorded = json.loads(golden["meta"])["fingerprint"]
    for key, tensor in model.state_dict().items():
        total, first = recorded[key]
        values = tensor.double().flatten()
        assert float(values.sum()) == pytest.approx(total, rel=1e-5, abs=1e-3), key
        assert float(values[0]) == pytest.approx(first, rel=1e-5, abs=1e-5), key


@pytest.mark.parametrize("n", [1, 2, 3])
@torch.inference_mode()
def test_whole_chunks(model: YNet, golden: dict, n: int) -> None:
    audio, marks = sound("mix", n), landmarks(n)
    features = model.graph_net(marks, 16 * n)[0]
    logits = model(stft(audio) / 2, marks)[0]
    voice = model.separate_chunk(audio, marks)[0]
    assert relative_error(features, golden[f"n{n}/visual_features"]) <= TOLERANCE
    if n == 1:
        assert relative_error(logits, golden["n1/logits_mask"]) <= TOLERANCE
    else:
        assert relative_error(logits[:, ::4, ::4], golden[f"n{n}/logits_mask_stride4"]) <= TOLERANCE
    if n == 3:
        assert relative_error(voice[::8], golden["n3/estimated_wav_stride8"]) <= TOLERANCE
    else:
        assert relative_error(voice, golden[f"n{n}/estimated_wav"]) <= TOLERANCE


@torch.inference_mode()
def test_spectra(model: YNet, golden: dict) -> None:
    halved = stft(sound("mix")) / 2
    mask = mask_of(model(halved, landmarks()))
    voice = mask * 2 * halved

    def strided(spectrum: Tensor) -> Tensor:
        return torch.view_as_real(spectrum[0, ::8, ::8])

    assert relative_error(strided(halved), golden["n1/mix_sp_stride8"]) <= TOLERANCE
    assert relative_error(strided(voice), golden["n1/estimated_sp_stride8"]) <= TOLERANCE
    recorded = golden["n1/inference_mask_stride8"]
    assert relative_error(torch.view_as_real(2 * mask[0, ::16, ::8]), recorded) <= TOLERANCE
    back = istft(halved, sound("mix").shape[1])[0]
    assert relative_error(back[::16], golden["n1/raw_mix_wav_stride16"]) <= TOLERANCE


@torch.inference_mode()
def test_every_activation(model: YNet, golden: dict) -> None:
    seen: dict[str, Tensor] = {}

    def keep(name: str) -> Callable[..., None]:
        def hook(_module: object, _inputs: object, output: Tensor | tuple[Tensor, Tensor]) -> None:
            if isinstance(output, tuple):
                seen[f"{name}.down"], seen[f"{name}.skip"] = output
            else:
                seen[name] = output

        return hook

    parts = [
        *((f"encoder{i}", block) for i, block in enumerate(model.encoder)),
        *((f"decoder{i}", block) for i, block in enumerate(model.decoder)),
        *((f"graph{i}", block) for i, block in enumerate(model.graph_net.st_gcn_networks)),
        ("film", model.fusion_layer),
    ]
    hooks = [block.register_forward_hook(keep(name)) for name, block in parts]
    model(stft(sound("mix")) / 2, landmarks())
    for hook in hooks:
        hook.remove()
    seen["graph_net"] = seen["graph7"]
    recorded = {k.removeprefix("n1/act/"): v for k, v in golden.items() if k.startswith("n1/act/")}
    assert recorded.keys() <= seen.keys()
    for name, truth in recorded.items():
        steps = [8, *(max(1, size // 8) for size in seen[name].shape[2:])]
        part = seen[name][0][tuple(slice(None, None, step) for step in steps)]
        assert relative_error(part, truth) <= TOLERANCE, name
    assert relative_error(seen["encoder5.down"][0], golden["n1/film_in"]) <= TOLERANCE
    assert relative_error(seen["film"][0], golden["n1/film_out"]) <= TOLERANCE


@torch.inference_mode()
def test_training_mixture_and_loss(model: YNet, golden: dict) -> None:
    target, other = sound("target"), sound("other")
    mixture = ynet_loss.mixture_spectrum([target, other])
    truth = ynet_loss.true_mask(target, mixture, 2)
    logits = model(mixture, landmarks())
    loss = float(ynet_loss.separation_loss(logits, truth, mixture))
    assert loss == pytest.approx(float(golden["mixture/separation_loss"]), rel=TOLERANCE)

    def strided(mask: Tensor) -> Tensor:
        return ynet_loss.bound(mask)[0].permute(1, 2, 0)[::8, ::8]

    recorded = golden["mixture/loss_mask_stride8"]
    assert relative_error(strided(logits), recorded) <= TOLERANCE
    loud = mixture[0, ::2][::8, ::8].abs() > 1e-3
    assert torch.allclose(strided(truth)[loud], golden["mixture/gt_mask_stride8"][loud], atol=1e-3)
    voice = model.separate_chunk(target + other, landmarks())[0, ::16]
    assert relative_error(voice, golden["mixture/estimated_wav_stride16"]) <= TOLERANCE
