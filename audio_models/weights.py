"""Weights of the program's own parts: safetensors with their configuration, nothing unpickled."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from audio_models.errors import ModelError

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def save_part(
    model: nn.Module,
    config: DataclassInstance,
    path: Path,
    kind: str,
    facts: dict[str, str],
    half: bool = True,
) -> None:
    """Write a part's weights, half precision unless told, atomically.

    ``kind`` names the format; ``facts`` are kept beside the configuration.
    """
    from safetensors.torch import save_file

    precision = torch.float16 if half else torch.float32
    tensors = {}
    for name, value in model.state_dict().items():
        kept = precision if value.is_floating_point() else None  # counters may be large
        tensors[name] = value.detach().to("cpu", kept).contiguous()
    partial = path.with_name(path.name + ".part")
    metadata = {"format": kind, "config": json.dumps(asdict(config)), **facts}
    save_file(tensors, str(partial), metadata=metadata)
    partial.chmod(0o644)
    partial.replace(path)


def part_facts(path: Path) -> dict[str, str]:
    """What `save_part` was told, beside ``format`` and ``config``."""
    from safetensors import safe_open

    with safe_open(str(path), framework="pt") as handle:
        return dict(handle.metadata() or {})


def read_part(path: Path, kind: str, named: str) -> tuple[dict[str, Any], dict[str, Tensor]]:
    """The configuration and the tensors in full precision.

    Raises:
        ModelError: the file is missing or holds something else than ``kind``, ``named`` for people.
    """
    _, fields, tensors = read_part_of(path, (kind,), named)
    return fields, tensors


def read_part_of(
    path: Path, kinds: Collection[str], named: str
) -> tuple[str, dict[str, Any], dict[str, Tensor]]:
    """`read_part` where there are several kinds; which one it was comes first.

    Raises:
        ModelError: the file is missing or holds none of them.
    """
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(str(path), framework="pt") as handle:
            facts = dict(handle.metadata() or {})
            tensors = {name: handle.get_tensor(name).float() for name in handle.keys()}  # noqa: SIM118
    except (OSError, SafetensorError) as error:
        raise ModelError(
            f"The weights {path} cannot be read; install the program again."
        ) from error
    kind = facts.get("format", "")
    if kind not in kinds:
        raise ModelError(f"{path} holds no {named} of this program; install the program again.")
    fields = json.loads(facts["config"])
    return kind, {k: tuple(v) if isinstance(v, list) else v for k, v in fields.items()}, tensors


def filled(model: nn.Module, tensors: dict[str, Tensor], path: Path) -> None:
    """Put tensors into a model, in evaluation mode from then on.

    Raises:
        ModelError: they don't fit it.
    """
    try:
        model.load_state_dict(tensors)
    except RuntimeError as error:
        raise ModelError(f"{path} does not fit its own description; install it again.") from error
    model.eval()
