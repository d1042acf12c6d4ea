"""The mouth-video form of Y-Net against a second, plain way to compute the same definition.

No reference numbers of the authors' code exist for it, so every operation is written out here
from its definition: bins of the pooling in a loop, upsampling as matrices, batch norm by hand.
"""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F
from ynet_recipe import give_weights, relative_error, sound, video

from audio_models.errors import ModelError
from audio_models.video_net import mouth_input
from audio_models.ynet import YNet

State = dict[str, Tensor]


@pytest.fixture(scope="module")
def model() -> YNet:
    network = give_weights(YNet("video"))
    assert isinstance(network, YNet)
    return network


def norm(x: Tensor, state: State, name: str) -> Tensor:
    shape = (1, -1, *[1] * (x.dim() - 2))
    mean, var, weight, bias = (
        state[f"{name}.{part}"].view(shape)
        for part in ("running_mean", "running_var", "weight", "bias")
    )
    return (x - mean) / (var + 1e-5).sqrt() * weight + bias


def clip(x: Tensor) -> Tensor:
    return torch.where(x > 0, x, torch.zeros_like(x))


def motion_features(x: Tensor, state: State, steps: int) -> Tensor:
    """(1, 3, T, H, W) -> (1, steps, 256)."""

    def conv(y: Tensor, name: str, stride: int) -> Tensor:
        weight = state[f"motion_net.{name}.weight"]
        padding = [size // 2 for size in weight.shape[2:]]
        return F.conv3d(y, weight, None, (1, stride, stride), padding)

    def bn(y: Tensor, name: str) -> Tensor:
        return norm(y, state, f"motion_net.{name}")

    x = clip(bn(conv(x, "stem.0", 2), "stem.1"))
    for layer in (1, 2, 3):
        for block in (0, 1):
            name = f"layer{layer}.{block}"
            stride = 2 if layer > 1 and block == 0 else 1
            y = clip(bn(conv(x, f"{name}.conv1.0", stride), f"{name}.conv1.1"))
            y = bn(conv(y, f"{name}.conv2.0", 1), f"{name}.conv2.1")
            if stride == 2:
                x = bn(conv(x, f"{name}.downsample.0", 2), f"{name}.downsample.1")
            x = clip(x + y)
    x = x.mean(-1).mean(-1)
    frames = x.shape[2]
    bins = [
        x[:, :, k * frames // steps : math.ceil((k + 1) * frames / steps)].mean(2)
        for k in range(steps)
    ]
    return torch.stack(bins, 1)


def stretch(size: int, factor: int) -> Tensor:
    """(factor * size, size) linear interpolation with the end points on each other."""
    matrix = torch.zeros(factor * size, size)
    for row in range(factor * size):
        place = row * (size - 1) / (factor * size - 1)
        left = min(int(place), size - 2)
        matrix[row, left] = 1 - (place - left)
        matrix[row, left + 1] = place - left
    return matrix


def logits(spectrum: Tensor, visual: Tensor, state: State) -> Tensor:
    """(1, 512, T) complex and (1, T / 16, 256) -> (1, 2, 256, T)."""
    even = spectrum[:, 0::2]
    x = torch.stack([even.real, even.imag], 1)
    skips = []
    for index in range(6):
        name = f"encoder.{index}.layer"
        y = norm(F.conv2d(x, state[f"{name}.0.weight"], padding=2), state, f"{name}.1")
        skips.append(torch.where(y > 0, y, 0.1 * y))
        rows = torch.maximum(skips[-1][:, :, 0::2], skips[-1][:, :, 1::2])
        x = torch.maximum(rows[..., 0::2], rows[..., 1::2]) if index < 4 else rows
    gain, shift = (
        visual @ state[f"fusion_layer.{part}.weight"].T + state[f"fusion_layer.{part}.bias"]
        for part in ("scaling", "bias")
    )
    x = torch.stack(
        [x[:, :, row] * gain.transpose(1, 2) + shift.transpose(1, 2) for row in range(4)], 2
    )
    for index in range(7):
        name = f"decoder.{index}.layer"
        if index:
            x = torch.cat([x, skips[6 - index]], 1)
        x = clip(norm(F.conv2d(x, state[f"{name}.0.weight"], padding=1), state, f"{name}.1"))
        if index < 6:
            x = stretch(x.shape[2], 2) @ x
        if 2 <= index < 6:
            x = x @ stretch(x.shape[3], 2).T
    weight, bias = state["final_conv.weight"][:, :, 0, 0], state["final_conv.bias"]
    return torch.einsum("oc,bcft->boft", weight, x) + bias.view(1, 2, 1, 1)


def spectrum_of(audio: Tensor) -> Tensor:
    """Centred transform by explicit frames and a window from its formula."""
    padded = F.pad(audio[None], (511, 511), mode="reflect")[0]
    frames = padded.unfold(-1, 1022, 256)
    window = 0.5 - 0.5 * torch.cos(2 * math.pi * torch.arange(1022, dtype=torch.float64) / 1022)
    return torch.fft.rfft(frames * window.float()).transpose(1, 2)


def voice_of(spectrum: Tensor, length: int) -> Tensor:
    """Overlap-add with the window, divided by the sum of its squares."""
    window = 0.5 - 0.5 * torch.cos(2 * math.pi * torch.arange(1022, dtype=torch.float64) / 1022)
    frames = torch.fft.irfft(spectrum[0].transpose(0, 1).to(torch.complex128), 1022) * window
    total = torch.zeros(256 * len(frames) + 1022, dtype=torch.float64)
    weight = torch.zeros_like(total)
    for index, frame in enumerate(frames):
        total[256 * index : 256 * index + 1022] += frame
        weight[256 * index : 256 * index + 1022] += window**2
    return (total[511 : 511 + length] / weight[511 : 511 + length]).float()


@torch.inference_mode()
def test_whole_model_against_the_definition(model: YNet) -> None:
    state = dict(model.state_dict())
    audio, mouth = sound("mix"), video()
    features = motion_features(mouth, state, 16)
    spectrum = spectrum_of(audio)
    answer = logits(spectrum / 2, features, state)
    mask = torch.complex(answer[:, 0], answer[:, 1])
    mask = torch.stack([mask, mask], 2).flatten(1, 2)
    truth = voice_of(2 * mask * spectrum / 2, audio.shape[1])
    seen: list[Tensor] = []
    parts = (model.motion_net, model.final_conv)
    hooks = [part.register_forward_hook(lambda _m, _i, out: seen.append(out)) for part in parts]
    voice = model.separate_chunk(audio, mouth)[0]
    for hook in hooks:
        hook.remove()
    assert relative_error(seen[0], features) <= 1e-4
    assert relative_error(seen[1], answer) <= 1e-4
    assert relative_error(voice, truth) <= 1e-4


@torch.inference_mode()
def test_longer_chunks_share_the_weights(model: YNet) -> None:
    small = video(2, 32)
    features = model.motion_net(small, 32)
    assert relative_error(features, motion_features(small, dict(model.state_dict()), 32)) <= 1e-4


def test_keys_and_sizes_of_the_published_layout(model: YNet) -> None:
    state = model.state_dict()
    counted = {
        "encoder": 4355584,
        "decoder": 3743744,
        "final_conv": 66,
        "motion_net.stem": 28352,
        "motion_net.layer1": 442880,
        "motion_net.layer2": 525568,
        "motion_net.layer3": 2099712,
        "fusion_layer": 131584,
    }
    names = {name for name, _ in model.named_parameters()}
    for part, size in counted.items():
        keys = [key for key in state if key.startswith(part + ".")]
        assert sum(state[key].numel() for key in keys if key in names) == size, part
    assert sum(p.numel() for p in model.parameters()) == 11327490
    assert sum(p.numel() for p in YNet("graph").parameters()) == 9654994


def test_wrong_shapes_are_refused(model: YNet) -> None:
    with pytest.raises(ModelError, match="65535 n"):
        model.separate_chunk(torch.zeros(1, 65536), torch.zeros(1, 3, 100, 96, 96))
    with pytest.raises(ModelError, match=r"\(1, 3, 100, 96, 96\)"):
        model.separate_chunk(torch.zeros(1, 65535), torch.zeros(1, 3, 99, 96, 96))


def test_cancel_between_blocks(model: YNet) -> None:
    def stop() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        model.motion_net(torch.zeros(1, 3, 16, 32, 32), 4, stop)


def test_mouth_input_crops_normalises_then_enlarges() -> None:
    faces = torch.zeros(2, 128, 96, 3, dtype=torch.uint8)
    faces[:, 60:100, 20:80, 0] = 255
    faces[1, 60, 20] = torch.tensor([10, 20, 30], dtype=torch.uint8)
    mouth = mouth_input(faces)
    assert mouth.shape == (1, 3, 2, 96, 96)
    red, green = (1 - 0.43216) / 0.22803, -0.394666 / 0.22145
    assert torch.allclose(mouth[0, 0, 0], torch.tensor(red), atol=1e-5)
    assert torch.allclose(mouth[0, 1, 0], torch.tensor(green), atol=1e-5)
    # Corners of the crop are corners of the result.
    corner = [(10 / 255 - 0.43216) / 0.22803, (20 / 255 - 0.394666) / 0.22145]
    assert mouth[0, :2, 1, 0, 0].tolist() == pytest.approx(corner, abs=1e-5)
