"""The whole job on a rendered duet with the default model, as a user runs it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile

from app import cli
from app.demo import DemoClip, render_demo
from app.media.audio import AudioReader
from audio_models.store import OWN_FOLDER

ROOT = Path(__file__).resolve().parent.parent.parent
SECONDS = 5.0


@pytest.fixture(scope="module")
def duet(tmp_path_factory: pytest.TempPathFactory) -> DemoClip:
    folder = tmp_path_factory.mktemp("duet")
    return render_demo(folder, seconds=SECONDS, size=(640, 360), container="mkv")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def read(path: Path) -> np.ndarray:
    return soundfile.read(path, dtype="float64", always_2d=True)[0].T


def test_both_singers_and_the_rest(duet: DemoClip, here: Path, capsys) -> None:
    assert (OWN_FOLDER / "solovox-separator.safetensors").is_file(), "the default model is shipped"
    code = cli.main(["separate", str(duet.path), "--all", "--rest", "--json"])
    captured = capsys.readouterr()
    assert code == 0, captured.err
    events = [json.loads(line) for line in captured.out.splitlines()]
    stages = [event["stage"] for event in events if event["event"] == "progress"]
    assert list(dict.fromkeys(stages)) == ["Finding faces", "Separating", "Writing sound"]
    result = events[-1]
    assert [item["singer"] for item in result["outputs"]] == ["A", "B", "rest"]
    assert result["lag_frames"] == 0
    stems = [read(Path(item["path"])) for item in result["outputs"]]
    with AudioReader(duet.path) as reader:
        original = reader.read(0, reader.samples).astype(np.float64)
    assert original.shape == (2, duet.samples)
    assert np.abs(sum(stems) - original).max() <= 2.0**-23
    truths = [read(path) for path in duet.voices]
    for stem, own, other in zip(stems, truths, truths[::-1], strict=False):
        assert _likeness(stem, own) > _likeness(stem, other)
        assert _likeness(stem, own) > _likeness(original, own)


def _likeness(sound: np.ndarray, truth: np.ndarray) -> float:
    """Correlation of two sounds."""
    return float((sound * truth).sum() / np.sqrt((sound**2).sum() * (truth**2).sum()))


def test_faces_of_the_duet(duet: DemoClip, here: Path, capsys) -> None:
    assert cli.main(["faces", str(duet.path), "--json"]) == 0
    result = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert [row["id"] for row in result["singers"]] == ["A", "B"]
    for row, (x, _, width, _) in zip(result["singers"], duet.boxes, strict=True):
        centre = (x + width / 2) / duet.size[0]
        assert row["box"][0] + row["box"][2] / 2 == pytest.approx(centre, abs=0.05)
        assert row["screen_time_s"] == pytest.approx(SECONDS, abs=0.1)
    assert Path(result["sheet"]).is_file()


def test_ctrl_c_leaves_no_file(duet: DemoClip, here: Path) -> None:
    command = [sys.executable, str(ROOT / "main.py"), "separate", str(duet.path), "--all", "--json"]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ.copy()
    )
    assert process.stdout is not None
    for line in process.stdout:
        if json.loads(line)["event"] == "progress":
            break
    begun = time.monotonic()
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 130
    assert time.monotonic() - begun < 2.0, "a second, and one more for a busy machine"
    assert "Traceback" not in errors
    assert list(here.iterdir()) == []
