"""The model that was asked for: what it needs, and the model itself with its device."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from app.errors import BadInputError
from app.isolation import OWN_PARTS, IsolateOptions, Parts

if TYPE_CHECKING:
    from audio_models.device import Device
    from audio_models.registry import LoadedModel


def needs_of(options: IsolateOptions) -> str:
    """What the chosen model needs: ``landmarks``, ``mouth`` or ``nothing``.

    Cheap, to be asked before faces are looked for: torch is imported only to see whether a named
    graphics card is there. Raises `BadInputError` when there is no such model or device, or its
    weights are missing.
    """
    from app.native import preload_torch
    from app.paths import models_dir
    from audio_models.errors import ModelError
    from audio_models.store import find_weights

    try:
        if options.device not in ("auto", "cpu"):
            preload_torch()
            from audio_models.device import choose_device

            choose_device(options.device)
        spec, _weights = find_weights(options.model, models_dir())
    except ModelError as error:
        raise BadInputError(str(error)) from error
    return spec.needs


def load_chosen(options: IsolateOptions) -> tuple[LoadedModel, str]:
    """The model and a text that names the device it runs on."""
    from app.native import preload_torch
    from app.paths import models_dir

    preload_torch()
    from audio_models.device import choose_device
    from audio_models.errors import ModelError
    from audio_models.store import load_model

    try:
        device = choose_device(options.device)
        model = load_model(options.model, models_dir(), device)
        if options.parts != OWN_PARTS:
            model = _with_parts(model, options.parts, device)
        return model, device.description
    except ModelError as error:
        raise BadInputError(str(error)) from error


def _with_parts(model: LoadedModel, parts: Parts, device: Device) -> LoadedModel:
    """The default model with parts to try; raises `ModelError` when a file holds none."""
    from audio_models.errors import ModelError
    from audio_models.fused import load_fused
    from audio_models.separator_base import NoSeparator
    from audio_models.solovox import SolovoxStarter, read_separator

    starter = model.starter
    if not isinstance(starter, SolovoxStarter):
        raise ModelError(f"The model {model.spec.id} has no parts to exchange.")
    wanted, origin = parts.separator, "train default"
    try:
        if parts.no_separator:
            starter = replace(starter, separator=NoSeparator())
        elif wanted is not None:
            separator = read_separator(wanted, device.torch_device, device.channels_last)
            starter = replace(starter, separator=separator)
        if parts.no_fused:
            starter = replace(starter, fused=None)
        elif parts.fused is not None:
            wanted, origin = parts.fused, "train fused"
            starter = replace(starter, fused=load_fused(wanted, device.torch_device))
    except ModelError as error:
        raise ModelError(
            f"{wanted} holds no such part; give weights that {origin} wrote."
        ) from error
    return replace(model, starter=starter, on_cpu=None)
