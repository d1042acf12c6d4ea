"""Blind separators as files: which there are, how one is made, kept and read."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeAlias

import torch

from audio_models.separator_bands import BandConfig, BandSeparator
from audio_models.separator_base import Separator
from audio_models.separator_stack import StackConfig, StackSeparator
from audio_models.weights import filled, read_part_of, save_part

SeparatorConfig: TypeAlias = StackConfig | BandConfig
_KINDS: dict[str, type[SeparatorConfig]] = {
    "solovox-separator-1": StackConfig,
    "solovox-bands-1": BandConfig,
}


def make_separator(config: SeparatorConfig) -> Separator:
    """A new separator of this shape."""
    return StackSeparator(config) if isinstance(config, StackConfig) else BandSeparator(config)


def kind_of(config: SeparatorConfig) -> str:
    """Name of the format in which separators of such a shape are kept."""
    return next(kind for kind, of in _KINDS.items() if isinstance(config, of))


def of_kind(kind: str, fields: dict[str, Any]) -> SeparatorConfig:
    """The shape that was kept under a format's name."""
    shape: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in fields.items()}
    return _KINDS[kind](**shape)


def save_separator(model: Separator, path: Path, half: bool = True, **facts: str) -> None:
    """Write weights (half precision unless told) and configuration as safetensors, atomically."""
    save_part(model, model.config, path, kind_of(model.config), facts, half)


def load_separator(path: Path, device: torch.device | str = "cpu") -> Separator:
    """Read a file of `save_separator`; the model is in evaluation mode, float32.

    Raises:
        ModelError: the file is missing or is not a separator of this program.
    """
    kind, fields, tensors = read_part_of(path, tuple(_KINDS), "separator")
    model = make_separator(of_kind(kind, fields))
    filled(model, tensors, path)
    return model.to(device)
