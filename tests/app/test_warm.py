"""Torch is imported beside the search for faces, and not before it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent

NEEDS = """
import sys
from app.chosen_model import needs_of
from app.isolation import IsolateOptions
assert needs_of(IsolateOptions()) == "landmarks"
assert needs_of(IsolateOptions(device="cpu")) == "landmarks"
assert "torch" not in sys.modules
"""
WARM = """
import sys
from app.warm import warm_up
thread = warm_up()
assert thread.daemon
thread.join()
for name in ("torch", "audio_models.solovox", "scipy.signal", "app.export.loudness"):
    assert name in sys.modules, name
"""
MISSING = """
import sys
sys.modules["soxr"] = None  # importing it fails now
from app.warm import warm_up
warm_up().join()
print("went on")
"""


@pytest.mark.parametrize("code", [NEEDS, WARM], ids=["needs", "warm"])
def test_in_a_process_of_its_own(code: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr


def test_what_cannot_be_imported_is_left_to_who_needs_it() -> None:
    done = subprocess.run(
        [sys.executable, "-c", MISSING], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert done.stdout == "went on\n", done.stderr
    assert "Traceback" not in done.stderr
