"""Reads checkpoints in the layout the authors of Y-Net publish, running nothing that is in them."""

from __future__ import annotations

import pickle
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from audio_models.errors import ModelError
from audio_models.graph_net import adjacency
from audio_models.ynet import Visual, YNet

_UNUSED_PREFIXES = ("sp2mel.", "mel2sp.", "motion_net.layer4.", "motion_net.fc.")
_UNUSED_KEYS = ("wav2sp_train.window",)
_UNUSED_SUFFIX = ".num_batches_tracked"
_GRAPH = "graph_net.A"


def load_official_ynet(path: str | Path) -> YNet:
    """Load a published checkpoint such as ``y_net_gr7.pth``.

    Buffers without a part in separation are ignored, whatever their shape: the versions of
    torchaudio disagree about them.

    Returns:
        The model in evaluation mode, float32, on the CPU; the keys tell the landmark form (g, gr)
        from the mouth-video form (m, mr).

    Raises:
        ModelError: the file is missing, is no checkpoint, holds pickled code, or its tensors do
            not fit Y-Net.
    """
    path = Path(path)
    return ynet_from_tensors(_read(path), path)


def _read(path: Path) -> Mapping[str, Any]:
    if not path.is_file():
        raise ModelError(f"There is no file {path}; give the path of a downloaded checkpoint.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            state = torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        if "global" in str(error).lower():
            raise ModelError(
                f"{path.name} holds pickled program code, which is never run; give a checkpoint "
                "that holds tensors only."
            ) from error
        raise _no_checkpoint(path) from error
    except Exception as error:  # whatever the parser meets in a file of another kind
        raise _no_checkpoint(path) from error
    if not isinstance(state, Mapping):
        raise _no_checkpoint(path)
    return state


def _no_checkpoint(path: Path) -> ModelError:
    return ModelError(
        f"{path.name} is not a whole PyTorch checkpoint; download it again or choose another file."
    )


def ynet_from_tensors(tensors: Mapping[str, Any], path: Path) -> YNet:
    """Build Y-Net around tensors with the published names; ``path`` is for messages.

    Raises:
        ModelError: tensors are missing, unknown, of a wrong shape, or not finite.
    """
    visual = _kind(tensors, path)
    with torch.device("meta"):
        model = YNet(visual)
    wanted = {k: v for k, v in model.state_dict().items() if not k.endswith(_UNUSED_SUFFIX)}
    state: dict[str, Tensor] = {}
    for key, value in tensors.items():
        if key in _UNUSED_KEYS or key.startswith(_UNUSED_PREFIXES) or key.endswith(_UNUSED_SUFFIX):
            continue
        if key not in wanted or not isinstance(value, Tensor):
            raise ModelError(
                f"{path.name} holds {key}, which Y-Net does not have; give one of the published "
                "Y-Net checkpoints."
            )
        if value.shape != wanted[key].shape:
            raise ModelError(
                f"In {path.name} the tensor {key} has shape {tuple(value.shape)} where Y-Net has "
                f"{tuple(wanted[key].shape)}; give one of the published seven-level checkpoints."
            )
        state[key] = value.float()
    if visual == "graph":
        _check_graph(state, path)
    missing = sorted(wanted.keys() - state.keys())
    if missing:
        raise ModelError(
            f"{path.name} lacks {len(missing)} tensors of Y-Net, among them {missing[0]}; download "
            "the checkpoint again."
        )
    if not all(bool(value.isfinite().all()) for value in state.values()):
        raise ModelError(f"{path.name} holds weights that are not numbers; download it again.")
    counters = {k: v for k, v in model.state_dict().items() if k.endswith(_UNUSED_SUFFIX)}
    state.update(
        {key: torch.zeros(value.shape, dtype=value.dtype) for key, value in counters.items()}
    )
    model.load_state_dict(state, assign=True)
    return model.eval().requires_grad_(False)


def _kind(tensors: Mapping[str, Any], path: Path) -> Visual:
    names = [key for key in tensors if isinstance(key, str)]
    if len(names) == len(tensors):
        if any(name.startswith("graph_net.") for name in names):
            return "graph"
        if any(name.startswith("motion_net.") for name in names):
            return "video"
    raise ModelError(
        f"{path.name} is not a Y-Net checkpoint: it has neither a landmark nor a mouth network; "
        "give one of the published files y_net_g7, gr7, m7 or mr7."
    )


def _check_graph(state: dict[str, Tensor], path: Path) -> None:
    """The graph is a constant: take ours, but refuse weights that belong to another one."""
    ours = adjacency()
    given = state.get(_GRAPH, ours)
    if not torch.allclose(given, ours, atol=1e-6):
        raise ModelError(
            f"{path.name} was trained on another landmark graph; give one of the published Y-Net "
            "checkpoints."
        )
    state[_GRAPH] = ours
