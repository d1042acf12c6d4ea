"""Weights on disk: the program's own, then the user's folder; nothing here runs a file's code."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from audio_models.errors import ModelError
from audio_models.registry import MODELS, LoadedModel, ModelSpec, find_model

if TYPE_CHECKING:
    from audio_models.device import Device

OWN_FOLDER = Path(__file__).resolve().parent.parent / "resources" / "weights"
_PUBLISHED_NAME = re.compile(r"y_?net_(gr|g|mr|m)(?![a-z])", re.IGNORECASE)
_VARIANTS = {"graph": ("ynet-g", "ynet-gr"), "video": ("ynet-m", "ynet-mr")}
_BLOCK = 1 << 20
_TRAINED = "train"
"""Source on record of weights the user made."""


@dataclass(frozen=True)
class ModelStatus:
    """One model and the state of its weights."""

    spec: ModelSpec
    state: Literal["ready", "missing", "damaged"]
    """"damaged" is only found by `verify`, which reads the files whole."""
    path: Path | None
    """The weights file, None when missing."""
    own: bool
    """True for weights that come with the program."""
    sha256: str | None
    """What the file's SHA-256 should be, where known."""


def models_status(user_dir: Path) -> list[ModelStatus]:
    """Every known model and whether its weights are there; quick, reads no weights."""
    return [_status(spec, user_dir) for spec in MODELS]


def _status(spec: ModelSpec, user_dir: Path) -> ModelStatus:
    for folder in (OWN_FOLDER, user_dir):
        path = folder / spec.weights
        if path.is_file() and all((folder / name).is_file() for name, _ in spec.companions):
            expected = spec.sha256 or _facts(path).get("sha256")
            return ModelStatus(spec, "ready", path, folder == OWN_FOLDER, expected)
    return ModelStatus(spec, "missing", None, False, spec.sha256)


def find_weights(model_id: str, user_dir: Path) -> tuple[ModelSpec, Path]:
    """A model and its weights file; quick, reads no weights.

    Raises:
        ModelError: the id is unknown, or the weights are missing.
    """
    status = _status(find_model(model_id), user_dir)
    if status.path is None:
        raise ModelError(_how_to_get(status.spec))
    return status.spec, status.path


def load_model(model_id: str, user_dir: Path, device: Device) -> LoadedModel:
    """Read a model's weights onto a device.

    Raises:
        ModelError: the id is unknown, or the weights are missing or do not fit.
    """
    spec, weights = find_weights(model_id, user_dir)
    from audio_models.sound_network import SoundNetwork

    built = spec.build(weights, device.torch_device, device.channels_last)
    if isinstance(built, SoundNetwork):
        return LoadedModel(spec, device.torch_device, device.bf16, network=built)
    loaded = LoadedModel(spec, device.torch_device, device.bf16, built)
    if device.torch_device.type == "cpu":
        return loaded
    return replace(loaded, on_cpu=lambda: _on_cpu(model_id, user_dir))


def _on_cpu(model_id: str, user_dir: Path) -> LoadedModel:
    from audio_models.device import choose_device

    return load_model(model_id, user_dir, choose_device("cpu"))


def _how_to_get(spec: ModelSpec) -> str:
    if spec.trained_here:
        return (
            f"The model {spec.id} has no weights yet; make them with: train {spec.id} --data FOLDER"
        )
    if spec.published_name is None:
        return f"The weights of {spec.id} are missing; install the program again."
    return (
        f"The model {spec.id} has no weights yet; download {spec.published_name} from its authors "
        f"and add it with: models add {spec.published_name}"
    )


def add_model(file: Path, user_dir: Path, model_id: str | None = None) -> ModelStatus:
    """Import a published Y-Net checkpoint the user has downloaded, or weights of ``train``.

    Which of the two variants of its kind a checkpoint is, its name tells (``y_net_gr7.pth``) or
    ``model_id``; weights of ``train`` know themselves.

    Raises:
        ModelError: the file is neither, its variant is not clear, or the model is there already.
    """
    from audio_models.official import load_official_ynet

    trained = _trained_elsewhere(file)
    if trained is not None:
        if model_id not in (None, trained):
            raise ModelError(f"{file.name} holds {trained}, not {model_id}; leave the id out.")
        _refuse_second(user_dir / find_model(trained).weights, trained)
        return keep_trained(file, trained, user_dir)
    network = load_official_ynet(file)
    candidates = _VARIANTS[network.visual]
    chosen = model_id or _id_from_name(file)
    if chosen is None:
        raise ModelError(
            f"{file.name} may be {candidates[0]} or {candidates[1]}; say which with --id."
        )
    if chosen not in candidates:
        raise ModelError(
            f"{file.name} holds a {network.visual} network, which {chosen} is not; choose "
            f"{candidates[0]} or {candidates[1]} with --id."
        )
    spec = find_model(chosen)
    target = user_dir / spec.weights
    _refuse_second(target, chosen)
    from safetensors import SafetensorError
    from safetensors.torch import save_file

    partial = target.with_name(target.name + ".part")
    tensors = {key: value.contiguous() for key, value in network.state_dict().items()}
    try:
        user_dir.mkdir(parents=True, exist_ok=True)
        save_file(tensors, str(partial), metadata={"source": file.name})
        facts = {"sha256": _sha256(partial), "source": file.name, "source_sha256": _sha256(file)}
        _facts_path(target).write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
        partial.replace(target)
    except (OSError, SafetensorError) as error:
        if partial.is_file():
            partial.unlink()
            _facts_path(target).unlink(missing_ok=True)
        reason = getattr(error, "strerror", None) or error
        raise ModelError(
            f"The model cannot be written to {user_dir} ({reason}); free some space or choose "
            "another folder."
        ) from error
    return _status(spec, user_dir)


def _refuse_second(target: Path, model_id: str) -> None:
    if target.exists():
        raise ModelError(f"The model {model_id} is there already; remove it first to replace it.")


def _trained_elsewhere(file: Path) -> str | None:
    """The model whose weights ``train`` wrote to a file; None where it holds something else."""
    from audio_models.networks import load_network, read_weights

    try:
        facts, _ = read_weights(file)
    except ModelError:
        return None
    load_network(file)
    return facts["model"]


def keep_trained(weights: Path, model_id: str, user_dir: Path) -> ModelStatus:
    """Put weights that ``train`` made where the model finds them, in place of earlier ones.

    Raises:
        ModelError: weights of another origin are there, or the folder cannot be written to.
    """
    spec = find_model(model_id)
    target = user_dir / spec.weights
    if target.exists() and _facts(target).get("source") != _TRAINED:
        raise ModelError(
            f"The model {model_id} has published weights, which stay; yours are in {weights}."
        )
    partial = target.with_name(target.name + ".part")
    try:
        user_dir.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(weights, partial)
        facts = {"sha256": _sha256(partial), "source": _TRAINED}
        _facts_path(target).write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
        partial.replace(target)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise ModelError(
            f"The weights cannot be copied to {user_dir} ({error.strerror}); they are in {weights}."
        ) from error
    return _status(spec, user_dir)


def _id_from_name(file: Path) -> str | None:
    match = _PUBLISHED_NAME.search(file.stem)
    return f"ynet-{match.group(1).lower()}" if match else None


def verify(model_id: str, user_dir: Path) -> ModelStatus:
    """Read a model's files whole and compare their SHA-256 with what is on record."""
    status = _status(find_model(model_id), user_dir)
    if status.path is None:
        return status
    expected = [(status.spec.weights, status.sha256), *status.spec.companions]
    if all(_sha256(status.path.with_name(name)) == digest for name, digest in expected):
        return status
    return replace(status, state="damaged")


def remove(model_id: str, user_dir: Path) -> None:
    """Delete a model the user added.

    Raises:
        ModelError: the model comes with the program or is not there.
    """
    spec = find_model(model_id)
    target = user_dir / spec.weights
    if not target.is_file():
        if _status(spec, user_dir).own:
            raise ModelError(f"The model {model_id} belongs to the program and stays.")
        raise ModelError(f"The model {model_id} has no weights here; there is nothing to remove.")
    target.unlink()
    _facts_path(target).unlink(missing_ok=True)


def _facts_path(weights: Path) -> Path:
    return weights.with_suffix(".json")


def _facts(weights: Path) -> dict[str, str]:
    """What is on record beside a weights file; nothing when the record is missing or broken."""
    try:
        facts = json.loads(_facts_path(weights).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return facts if isinstance(facts, dict) else {}


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as handle:
        while block := handle.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()
