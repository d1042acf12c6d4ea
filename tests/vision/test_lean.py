"""MediaPipe is imported without what it doesn't need here."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

_SCRIPT = """
import sys
from vision.lean import import_mediapipe
first = import_mediapipe()
print(hasattr(first.solutions.face_detection, "FaceDetection"), first is import_mediapipe())
print(sorted({"matplotlib", "matplotlib.pyplot", "sounddevice"} & set(sys.modules)))
import matplotlib
print(bool(matplotlib.__version__))
"""


def test_drawing_and_recording_are_left_out_and_can_be_had_afterwards() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT],
        cwd=Path(__file__).resolve().parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines() == ["True True", "[]", "True"]
