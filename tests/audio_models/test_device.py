"""The choice of the device and how it says that its memory is full."""

from __future__ import annotations

import pytest
import torch

from audio_models.device import choose_device, is_out_of_memory
from audio_models.errors import ModelError


def test_cpu_is_described_for_the_user() -> None:
    device = choose_device("cpu")
    assert device.torch_device.type == "cpu"
    threads = torch.get_num_threads()
    assert device.description.startswith(f"CPU, {threads} thread")
    assert device.description.endswith("bf16") == device.bf16


def test_auto_prefers_a_gpu() -> None:
    expected = "cpu"
    if torch.backends.mps.is_available():
        expected = "mps"
    if torch.cuda.is_available():
        expected = "cuda"
    assert choose_device("auto").torch_device.type == expected


@pytest.mark.skipif(torch.cuda.is_available(), reason="the machine has CUDA")
def test_a_device_that_is_not_there() -> None:
    with pytest.raises(ModelError, match="no usable cuda device"):
        choose_device("cuda")


def test_full_memory_is_recognised() -> None:
    with pytest.raises(RuntimeError) as caught:
        torch.empty(1 << 46, dtype=torch.float32)
    assert is_out_of_memory(caught.value)
    with pytest.raises(RuntimeError) as caught:
        torch.ones(2, 3) @ torch.ones(2, 3)
    assert not is_out_of_memory(caught.value)
