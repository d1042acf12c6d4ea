"""Measures one network in a process of its own, so that its memory is its own.

Run as ``python -m app.bench.network_child MODEL THREADS``: prints one JSON object.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

_SOURCE_CHANNELS = 2
_LEAST_RUNS_S = 2.0


def measure(model_id: str, threads: int) -> dict[str, float | int | str]:
    """Size, work and speed of a network with new weights on stereo sound.

    ``macs_per_s`` are multiply-adds for one second of stereo sound, ``real_time_factor`` the
    seconds that one takes, ``processor_factor`` those of all cores, which other work on the
    machine does not stretch; a mono network runs once for each channel.
    """
    import torch
    from torch.utils.flop_counter import FlopCounterMode

    from audio_models.device import choose_device
    from audio_models.networks import CONFIGS, build_network
    from audio_models.sound_network import parameter_count

    device = choose_device("cpu")
    torch.set_num_threads(threads)
    network = build_network(CONFIGS[model_id]).eval()
    network = network.to(memory_format=torch.channels_last)
    window = network.window
    groups = _SOURCE_CHANNELS // network.channels
    mixture = 0.1 * torch.randn(groups, network.channels, window.input)
    seconds = window.step / network.sample_rate
    with torch.inference_mode():
        with FlopCounterMode(display=False) as counter:
            network(mixture[:1])
        before = _resident()
        plain = _fastest(network, mixture, bf16=False)
        gained = _fastest(network, mixture, bf16=True) if device.bf16 else plain
    return {
        "parameters": parameter_count(network),
        "macs_per_s": counter.get_total_flops() / 2 * groups / seconds,
        "real_time_factor": min(plain[0], gained[0]) / seconds,
        "processor_factor": min(plain[1], gained[1]) / seconds,
        "bf16": str(gained[1] < plain[1]),
        "window_s": seconds,
        "resident_bytes": before,
        "peak_bytes": _peak(),
        "sample_rate": network.sample_rate,
    }


def _fastest(network: object, mixture: object, bf16: bool) -> tuple[float, float]:
    """Seconds that pass and seconds of all cores, each of the fastest of at least two runs."""
    import torch

    assert isinstance(network, torch.nn.Module)
    times: list[float] = []
    cores: list[float] = []
    with torch.autocast("cpu", torch.bfloat16, enabled=bf16):
        while len(times) < 2 or (sum(times) < _LEAST_RUNS_S and len(times) < 9):
            begun, cpu_begun = time.perf_counter(), time.process_time()
            network(mixture)
            times.append(time.perf_counter() - begun)
            cores.append(time.process_time() - cpu_begun)
    return min(times), min(cores)


def _resident() -> int:
    return _status("VmRSS")


def _peak() -> int:
    return _status("VmHWM")


def _status(name: str) -> int:
    """Bytes of a line of Linux's ``/proc/self/status``; 0 on other systems."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith(name)), 0)


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], int(sys.argv[2]))))
