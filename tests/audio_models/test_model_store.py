"""Import of checkpoints and the store of weights: wrong files get one sentence."""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch import Tensor
from ynet_recipe import give_weights, landmarks, sound

import audio_models
from audio_models import store
from audio_models.device import choose_device
from audio_models.errors import ModelError
from audio_models.networks import CONFIGS, build_network, save_network
from audio_models.ynet import YNet

State = dict[str, Tensor]


@pytest.fixture(scope="module")
def graph_state() -> State:
    """The landmark form as published: with buffers that have no part in separation."""
    state = dict(give_weights(YNet("graph")).state_dict())
    state["sp2mel.fb"] = torch.zeros(0)
    state["mel2sp.fb"] = torch.zeros(512, 80)
    state["wav2sp_train.window"] = torch.zeros(1022)
    return state


@pytest.fixture(scope="module")
def graph_file(graph_state: State, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("checkpoints") / "y_net_gr7.pth"
    torch.save(graph_state, path)
    return path


def test_loads_the_published_layout(graph_file: Path) -> None:
    model = audio_models.load_official_ynet(graph_file)
    assert model.visual == "graph"
    assert not model.training
    truth = give_weights(YNet("graph"))
    assert isinstance(truth, YNet)
    with torch.inference_mode():
        expected = truth.separate_chunk(sound("mix"), landmarks())
        assert torch.equal(model.separate_chunk(sound("mix"), landmarks()), expected)


def test_loads_the_video_form(tmp_path: Path) -> None:
    state = dict(give_weights(YNet("video")).state_dict())
    state["motion_net.fc.weight"] = torch.zeros(400, 512)
    state["motion_net.layer4.0.conv1.0.weight"] = torch.zeros(512, 256, 1, 3, 3)
    state["sp2mel.fb"] = torch.zeros(201, 80)
    path = tmp_path / "anything.pth"
    torch.save(state, path)
    model = audio_models.load_official_ynet(path)
    assert model.visual == "video"
    for key, value in model.state_dict().items():
        assert torch.equal(value, state[key]), key


class Code:
    """What a malicious checkpoint holds."""

    def __reduce__(self) -> tuple:
        return os.mkdir, ("the-code-ran",)


def _without(state: State) -> State:
    return {k: v for k, v in state.items() if k != "decoder.3.layer.0.weight"}


def _misshapen(state: State) -> State:
    return {**state, "final_conv.weight": torch.zeros(2, 64, 1, 1)}


def _other_graph(state: State) -> State:
    return {**state, "graph_net.A": state["graph_net.A"].transpose(1, 2) + 0.1}


def _not_finite(state: State) -> State:
    return {**state, "final_conv.bias": torch.tensor([0.0, float("nan")])}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (_without, "lacks 1 tensors of Y-Net, among them decoder.3.layer.0.weight"),
        (_misshapen, r"final_conv.weight has shape \(2, 64, 1, 1\)"),
        (_other_graph, "another landmark graph"),
        (_not_finite, "not numbers"),
        (lambda state: {**state, "extra.weight": torch.zeros(1)}, "holds extra.weight"),
        (lambda state: {"model": state}, "neither a landmark nor a mouth network"),
        (lambda state: list(state.values())[:2], "not a whole PyTorch checkpoint"),
        (lambda state: {**state, "final_conv.bias": Code()}, "pickled program code"),
    ],
)
def test_wrong_checkpoints_are_refused(
    graph_state: State,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[State], object],
    sentence: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "y_net_g7.pth"
    torch.save(change(graph_state), path)
    with pytest.raises(ModelError, match=sentence) as caught:
        audio_models.load_official_ynet(path)
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "the-code-ran").exists()


def test_other_files_are_refused(graph_file: Path, tmp_path: Path) -> None:
    whole = graph_file.read_bytes()
    contents = {"text": b"hello world", "empty": b"", "half": whole[: len(whole) // 2]}
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    with zipfile.ZipFile(tmp_path / "zip", "w") as archive:
        archive.writestr("a.txt", "a")
    for name in (*contents, "zip"):
        with pytest.raises(ModelError, match="not a whole PyTorch checkpoint"):
            audio_models.load_official_ynet(tmp_path / name)
    with pytest.raises(ModelError, match="no file"):
        audio_models.load_official_ynet(tmp_path / "missing.pth")


def _state(model_id: str, folder: Path) -> str:
    return {s.spec.id: s.state for s in store.models_status(folder)}[model_id]


def test_add_verify_load_remove(graph_file: Path, tmp_path: Path) -> None:
    folder = tmp_path / "models"
    assert _state("ynet-gr", folder) == "missing"
    with pytest.raises(ModelError, match=r"models add y_net_gr7\.pth"):
        store.load_model("ynet-gr", folder, choose_device("cpu"))
    status = store.add_model(graph_file, folder)
    assert (status.spec.id, status.state, status.own) == ("ynet-gr", "ready", False)
    assert _state("ynet-gr", folder) == "ready"
    assert store.verify("ynet-gr", folder).state == "ready"
    model = store.load_model("ynet-gr", folder, choose_device("cpu"))
    assert model.spec.needs == "landmarks"
    assert sorted(p.name for p in folder.iterdir()) == ["ynet-gr.json", "ynet-gr.safetensors"]
    with pytest.raises(ModelError, match="already"):
        store.add_model(graph_file, folder)

    assert status.path is not None
    content = bytearray(status.path.read_bytes())
    content[-1] ^= 1
    status.path.write_bytes(content)
    assert store.verify("ynet-gr", folder).state == "damaged"
    store.remove("ynet-gr", folder)
    assert list(folder.iterdir()) == []
    with pytest.raises(ModelError, match="nothing to remove"):
        store.remove("ynet-gr", folder)


def test_add_asks_which_variant(graph_file: Path, tmp_path: Path) -> None:
    unclear = tmp_path / "checkpoint_best.pth"
    unclear.write_bytes(graph_file.read_bytes())
    with pytest.raises(ModelError, match="ynet-g or ynet-gr"):
        store.add_model(unclear, tmp_path)
    with pytest.raises(ModelError, match="which ynet-m is not"):
        store.add_model(unclear, tmp_path, "ynet-m")
    assert store.add_model(unclear, tmp_path, "ynet-g").spec.id == "ynet-g"
    swapped = tmp_path / "y_net_mr7.pth"
    swapped.write_bytes(graph_file.read_bytes())
    with pytest.raises(ModelError, match="which ynet-mr is not"):
        store.add_model(swapped, tmp_path)


def test_failed_import_leaves_nothing(
    graph_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object, **_kwargs: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(ModelError, match="No space left"):
        store.add_model(graph_file, tmp_path)
    assert _state("ynet-gr", tmp_path) == "missing"
    assert not list(tmp_path.iterdir())


def test_models_folder_that_cannot_be(graph_file: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ModelError, match="cannot be written"):
        store.add_model(graph_file, tmp_path / "file")


def test_own_weights_are_those_on_record(tmp_path: Path) -> None:
    own = [status for status in store.models_status(tmp_path) if status.own]
    assert [status.spec.id for status in own] == ["solovox"]
    digests = {path.name: _digest(path) for path in store.OWN_FOLDER.glob("*.safetensors")}
    hint = f"new weights? record them in audio_models/registry.py: {digests}"
    assert store.verify("solovox", tmp_path).state == "ready", hint
    with pytest.raises(ModelError, match="belongs to the program"):
        store.remove("solovox", tmp_path)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_unknown_id(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="the models are solovox, ynet-g"):
        store.load_model("demucs", tmp_path, choose_device("cpu"))
    with pytest.raises(ModelError, match="choose one of"):
        choose_device("tpu")


def test_trained_weights_are_kept_but_never_over_published_ones(
    graph_file: Path, tmp_path: Path
) -> None:
    made = tmp_path / "best.safetensors"
    made.write_bytes(b"first")
    folder = tmp_path / "models"
    assert store.keep_trained(made, "unet-jansson", folder).state == "ready"
    made.write_bytes(b"second")
    store.keep_trained(made, "unet-jansson", folder)
    assert (folder / "unet-jansson.safetensors").read_bytes() == b"second"
    assert store.verify("unet-jansson", folder).state == "ready"
    published = store.add_model(graph_file, folder)
    with pytest.raises(ModelError, match="stay"):
        store.keep_trained(made, published.spec.id, folder)
    assert published.path is not None
    assert published.path.stat().st_size > 100


def test_weights_trained_elsewhere_are_added_by_what_they_say(tmp_path: Path) -> None:
    network = build_network(CONFIGS["unet-jansson-3"])
    made = tmp_path / "best.safetensors"
    save_network(network, made, "unet-jansson-3")
    folder = tmp_path / "models"
    with pytest.raises(ModelError, match="holds unet-jansson-3, not unet-jansson"):
        store.add_model(made, folder, "unet-jansson")
    status = store.add_model(made, folder)
    assert (status.spec.id, status.state) == ("unet-jansson-3", "ready")
    assert (folder / "unet-jansson-3.safetensors").read_bytes() == made.read_bytes()
    with pytest.raises(ModelError, match="there already"):
        store.add_model(made, folder)
    store.keep_trained(made, "unet-jansson-3", folder)  # training it again may replace it
