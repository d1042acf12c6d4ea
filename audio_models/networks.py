"""Every network that only hears: configuration by id, weights with their configuration on disk."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from enum import Enum
from pathlib import Path
from typing import Any

import torch

from audio_models.cnn_mask import CNNMask, CNNMaskConfig, Form
from audio_models.errors import ModelError
from audio_models.jansson import JanssonConfig, JanssonUNet
from audio_models.sound_network import MUSIC, STEMS, SoundNetwork
from audio_models.tf_unet import Block, TFUNet, TFUNetConfig
from audio_models.wave_unet import WaveUNet, WaveUNetConfig

NetworkConfig = JanssonConfig | TFUNetConfig | WaveUNetConfig | CNNMaskConfig
_FORMAT = "solovox-network-1"
_TASK = (MUSIC, "vocals")

CONFIGS: dict[str, NetworkConfig] = {
    "unet-jansson": JanssonConfig(),
    "unet-jansson-5": JanssonConfig(depth=5),
    "unet-jansson-4": JanssonConfig(depth=4),
    "unet-jansson-3": JanssonConfig(depth=3),
    "tdf-unet": TFUNetConfig(Block.TDF, time_levels=()),
    "tdc-unet": TFUNetConfig(Block.TDC, time_levels=()),
    "tfc-unet": TFUNetConfig(Block.TFC),
    "tfc-tdf-unet": TFUNetConfig(Block.TFC_TDF),
    "tfc-tdf-unet-7": TFUNetConfig(Block.TFC_TDF, 7, (0, 1, 2)),
    "tfc-tdf-unet-large": TFUNetConfig(Block.TFC_TDF, 9, (0, 1, 2, 3), n_fft=4096),
    "tdc-rnn-unet": TFUNetConfig(Block.TDC_RNN, time_levels=()),
    "wave-unet-m1": WaveUNetConfig(difference=False, context=False, channels=1),
    "wave-unet-m2": WaveUNetConfig(context=False, channels=1),
    "wave-unet-m3": WaveUNetConfig(channels=1),
    "wave-unet-m4": WaveUNetConfig(),
    "wave-unet-m5": WaveUNetConfig(learnt_upsampling=True),
    "wave-unet-m6": WaveUNetConfig(sources=STEMS),
    "wave-unet-m7": WaveUNetConfig(channels=1, width=34, sample_rate=8192, wanted=98560),
    "wave-unet-m5-highsr": WaveUNetConfig(learnt_upsampling=True, sample_rate=44100),
    "cnn-mask": CNNMaskConfig(),
    "cnn-mask-resnet18": CNNMaskConfig(form=Form.RESNET18),
}
"""The networks as published; a training may change single fields."""


def build_network(config: NetworkConfig) -> SoundNetwork:
    """A network with new weights."""
    if isinstance(config, JanssonConfig):
        return JanssonUNet(config)
    if isinstance(config, TFUNetConfig):
        return TFUNet(config)
    if isinstance(config, WaveUNetConfig):
        return WaveUNet(config)
    return CNNMask(config)


def changed(config: NetworkConfig, changes: Mapping[str, Any]) -> NetworkConfig:
    """The configuration with fields taken from JSON values.

    Raises:
        ModelError: a field is unknown or its value cannot be used.
    """
    known = {f.name: getattr(config, f.name) for f in fields(config)}
    for name, value in changes.items():
        if name not in known:
            raise ModelError(
                f"'{name}' is no setting of this network; the settings are {', '.join(known)}."
            )
        known[name] = _like(known[name], value, name)
    return type(config)(**known)


def _like(old: Any, value: Any, name: str) -> Any:
    """A JSON value as the type of the value it replaces."""
    try:
        if isinstance(old, Enum):
            return type(old)(value)
        if isinstance(old, tuple):
            return tuple(value)
        if value is None or old is None:
            return value
        if isinstance(old, bool) != isinstance(value, bool):
            raise ValueError
        return type(old)(value)
    except (TypeError, ValueError) as error:
        raise ModelError(f"'{value}' is no value for the setting {name}.") from error


def save_network(
    network: SoundNetwork, path: Path, model_id: str, facts: Mapping[str, str] | None = None
) -> None:
    """Write weights and configuration as safetensors, atomically.

    Matrices are kept in half precision; norms and biases, whose range is larger, in full.
    """
    from safetensors.torch import save_file

    tensors = {}
    for key, value in network.state_dict().items():
        half = value.is_floating_point() and value.ndim > 1
        value = value.detach().to("cpu", torch.float16 if half else None)
        tensors[key] = value.contiguous()
    metadata = {
        "format": _FORMAT,
        "model": model_id,
        "config": json.dumps(asdict(network.config)),
        **(facts or {}),
    }
    partial = path.with_name(path.name + ".part")
    save_file(tensors, str(partial), metadata=metadata)
    partial.chmod(0o644)
    partial.replace(path)


def read_weights(path: Path) -> tuple[dict[str, str], dict[str, torch.Tensor]]:
    """What `save_network` wrote: the facts and the tensors in full precision.

    Raises:
        ModelError: the file is missing or holds something else.
    """
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(str(path), framework="pt") as handle:
            facts = dict(handle.metadata() or {})
            tensors = {name: handle.get_tensor(name) for name in handle.keys()}  # noqa: SIM118
    except (OSError, SafetensorError) as error:
        raise ModelError(f"The weights {path} cannot be read; train the model again.") from error
    if facts.get("format") != _FORMAT or facts.get("model") not in CONFIGS:
        raise ModelError(f"{path} holds no network of this program; train the model again.")
    return facts, {
        name: value.float() if value.is_floating_point() else value
        for name, value in tensors.items()
    }


def load_network(
    path: Path, device: torch.device | str = "cpu", channels_last: bool = False
) -> SoundNetwork:
    """Read a file of `save_network`; the network is in evaluation mode.

    Raises:
        ModelError: the file is missing, is no such file, or does not fit its own description.
    """
    facts, tensors = read_weights(path)
    network = build_network(changed(CONFIGS[facts["model"]], json.loads(facts["config"])))
    try:
        network.load_state_dict(tensors)
    except RuntimeError as error:
        raise ModelError(
            f"{path} does not fit its own description; train the model again."
        ) from error
    if channels_last:
        network = network.to(memory_format=torch.channels_last)
    return network.eval().requires_grad_(False).to(device)
