"""Weights, sound and pictures for Y-Net that any machine can make again.

Every tensor comes from a generator seeded with the CRC-32 of its own state-dict key, so that two
implementations with the same keys have the same weights. The distributions are those under which
the reference numbers of the authors' code were recorded.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Callable

import torch
from torch import Tensor, nn

from audio_models.base import FACE_FPS, SAMPLE_RATE
from audio_models.video_net import MEAN, STD
from audio_models.ynet import CHUNK_FACE_FRAMES, CHUNK_SAMPLES

Draw = Callable[..., Tensor]

TONES = {
    "target": ((0.040, 220.0, 0.3), (0.020, 441.7, 1.1), (0.010, 1310.0, 0.0)),
    "other": ((0.030, 329.6, 0.7), (0.025, 98.0, 2.0), (0.008, 3200.5, 0.4)),
}
"""(amplitude, frequency in Hz, phase) of the partials of two sources."""


def _draw(distribution: Draw, name: str, *shape: int) -> Tensor:
    generator = torch.Generator().manual_seed(zlib.crc32(name.encode()))
    return distribution(shape, generator=generator)


def _value(key: str, shape: tuple[int, ...]) -> Tensor:
    normal = _draw(torch.randn, key, *shape)
    kind = key.rpartition(".")[2]
    if key.startswith("graph_net.data_bn.running"):
        if kind == "running_mean":
            return 50.0 + 10.0 * normal
        return 100.0 + 10.0 * _draw(torch.rand, key, *shape)
    if kind == "running_var":
        return 1.0 + 0.1 * _draw(torch.rand, key, *shape)
    if kind == "running_mean":
        return 0.1 * normal
    if kind == "bias":
        return 0.05 * normal
    if kind == "edge_importance" or len(shape) == 1:
        return 1.0 + 0.1 * normal
    spread = (2.0 if len(shape) > 2 else 1.0) / math.prod(shape[1:])
    return math.sqrt(spread) * normal


def give_weights(model: nn.Module) -> nn.Module:
    """Replace all weights of a model with Y-Net's key names; evaluation mode."""
    state = model.state_dict()
    for key, tensor in state.items():
        if key != "graph_net.A" and not key.endswith("num_batches_tracked"):
            tensor.copy_(_value(key, tuple(tensor.shape)))
    return model.eval()


def sound(name: str, n: int = 1) -> Tensor:
    """(1, 65535 n) of source "target" or "other", or of their "mix"."""
    if name == "mix":
        return sound("target", n) + sound("other", n)
    samples = CHUNK_SAMPLES * n
    time = torch.arange(samples, dtype=torch.float64) / SAMPLE_RATE
    total = 0.01 * _draw(torch.randn, f"audio.{name}.{n}", samples).double()
    for amplitude, hertz, phase in TONES[name]:
        swell = 0.6 + 0.4 * torch.sin(math.pi * time + phase)
        total += amplitude * swell * torch.sin(2 * math.pi * hertz * time + phase)
    return total.float()[None]


def landmarks(n: int = 1) -> Tensor:
    """(1, 2, 100 n, 68) points that swing around their places, in pixels."""
    extent = torch.tensor([[80.0], [110.0]], dtype=torch.float64)
    place = 8.0 + extent * _draw(torch.rand, "landmarks.base", 2, 68).double()
    phase = 2 * math.pi * _draw(torch.rand, "landmarks.phase", 2, 68).double()
    hertz = 0.5 + 4.0 * _draw(torch.rand, "landmarks.rate", 2, 68).double()
    time = torch.arange(CHUNK_FACE_FRAMES * n, dtype=torch.float64)[:, None] / FACE_FPS
    swing = torch.sin(2 * math.pi * hertz[:, None] * time + phase[:, None])
    return (place[:, None] + 4.0 * swing).float()[None]


def video(n: int = 1, size: int = 96) -> Tensor:
    """(1, 3, 100 n, size, size) normalised noise."""
    noise = _draw(torch.rand, f"video.{n}.{size}", 3, CHUNK_FACE_FRAMES * n, size, size)
    mean, std = (torch.tensor(values).view(3, 1, 1, 1) for values in (MEAN, STD))
    return ((noise - mean) / std)[None]


def relative_error(result: Tensor, truth: Tensor) -> float:
    """Largest absolute difference over the largest absolute true value."""
    assert result.shape == truth.shape
    difference = (result.double() - truth.double()).abs().max()
    return float(difference / truth.double().abs().max())
