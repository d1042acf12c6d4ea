"""Where a model runs, chosen once: CUDA, then Apple's MPS, then the CPU."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass

import torch

from audio_models.errors import ModelError

NAMES = ("auto", "cuda", "mps", "cpu")


@dataclass(frozen=True)
class Device:
    """A torch device with what the driver must know about it."""

    torch_device: torch.device
    description: str
    """Text for the user, such as "CPU, 2 threads, bf16"."""
    bf16: bool
    """True where bfloat16 convolutions are really faster."""
    channels_last: bool


def choose_device(name: str = "auto") -> Device:
    """Pick the fastest device, or the one named in `NAMES`.

    Raises:
        ModelError: the named device doesn't exist on this machine.
    """
    if name not in NAMES:
        raise ModelError(f"There is no device called {name}; choose one of {', '.join(NAMES)}.")
    if name in ("auto", "cuda") and torch.cuda.is_available():
        return _cuda()
    if name in ("auto", "mps") and torch.backends.mps.is_available():
        return Device(torch.device("mps"), "Apple GPU (MPS)", bf16=False, channels_last=False)
    if name not in ("auto", "cpu"):
        raise ModelError(f"This machine has no usable {name} device; choose auto or cpu instead.")
    return _cpu()


def device_or_best(name: str) -> Device:
    """The named device, or the fastest there is when it has gone since it was chosen."""
    try:
        return choose_device(name)
    except ModelError:
        return choose_device()


def _cuda() -> Device:
    bf16 = torch.cuda.get_device_capability()[0] >= 8
    text = f"{torch.cuda.get_device_name()} (CUDA{', bf16' if bf16 else ''})"
    return Device(torch.device("cuda"), text, bf16=bf16, channels_last=True)


def _cpu() -> Device:
    threads = _usable_cores()
    if torch.get_num_threads() > threads:
        torch.set_num_threads(threads)
    bf16 = _fast_bf16()
    count = torch.get_num_threads()
    parts = ["CPU", "1 thread" if count == 1 else f"{count} threads", *(["bf16"] if bf16 else [])]
    return Device(torch.device("cpu"), ", ".join(parts), bf16=bf16, channels_last=True)


def _usable_cores() -> int:
    """Cores this process may use: a container or taskset may leave fewer than the machine has."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _fast_bf16() -> bool:
    """True on x86 with AVX512-BF16 or AMX; elsewhere the CPU emulates bfloat16 and loses."""
    if platform.machine().lower() not in ("x86_64", "amd64"):
        return False
    cpu = torch.cpu
    probes = ("_is_avx512_bf16_supported", "_is_amx_tile_supported")
    return any(getattr(cpu, probe)() for probe in probes if hasattr(cpu, probe))


def is_out_of_memory(error: RuntimeError) -> bool:
    """True for the errors by which CUDA, MPS and the CPU allocator say that memory ran out."""
    text = str(error).lower()
    return (
        isinstance(error, torch.OutOfMemoryError)
        or "out of memory" in text
        or "can't allocate memory" in text
        or "not enough memory" in text
    )


def is_device_lost(error: Exception) -> bool:
    """True for the errors by which a graphics card says that it stopped working."""
    text = str(error).lower()
    signs = ("cuda error", "cublas", "cudnn", "hip error", "mps backend", "device-side", "nvml")
    return (
        isinstance(error, RuntimeError)
        and not is_out_of_memory(error)
        and any(sign in text for sign in signs)
    )


def release_memory(device: torch.device) -> None:
    """Give cached blocks back after a failed allocation, before a smaller one is tried."""
    if device.type == "cuda":
        torch.cuda.empty_cache()
    elif device.type == "mps":
        torch.mps.empty_cache()
