"""What is asked of the system happens: libraries are mapped, memory goes back."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent

PRELOAD = """
import sys, threading, time
from app.native import preload_torch
gaps = []
def tick():
    while True:
        time.sleep(0.001)
        gaps.append(time.monotonic())
threading.Thread(target=tick, daemon=True).start()
time.sleep(0.05)
before = len(gaps)
begun = time.monotonic()
preload_torch()
taken = time.monotonic() - begun
assert "torch" not in sys.modules
assert "libtorch_cpu" in open("/proc/self/maps").read()
assert len(gaps) - before > taken / 0.02, "another thread could not run"
import torch
assert float(torch.ones(3).sum()) == 3
"""
GIVE_BACK = """
import numpy as np
from app.native import give_back_memory
def resident():
    return int(open("/proc/self/statm").read().split()[1]) * 4096
pieces = [np.ones(8000) for _ in range(4000)]
held = resident()
kept = pieces[::100]
del pieces
give_back_memory()
assert held - resident() > 200e6, held - resident()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux about itself")
@pytest.mark.parametrize("code", [PRELOAD, GIVE_BACK])
def test_in_a_process_of_its_own(code: str) -> None:
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
