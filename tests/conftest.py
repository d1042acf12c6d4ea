"""Shared fixtures: no test touches the user's folders, a screen or the network."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from app.demo import DemoClip

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
# face-alignment compiles its small helpers on first use, which takes longer than its network.
os.environ.setdefault("NUMBA_DISABLE_JIT", "1")

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(autouse=True)
def _own_folders(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give every test its own cache, model and configuration folders."""
    home = tmp_path_factory.mktemp("home")
    for name in ("SOLOVOX_CACHE_DIR", "SOLOVOX_DATA_DIR", "SOLOVOX_CONFIG_DIR"):
        monkeypatch.setenv(name, str(home / name.lower()))


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    """Folder with real clips beside the project; tests that want it are skipped without it."""
    folder = ROOT.parent / "shared"
    if not (folder / "clips").is_dir():
        pytest.skip("no folder of real clips beside the project")
    return folder


@pytest.fixture(scope="session")
def demo_clip(tmp_path_factory: pytest.TempPathFactory) -> DemoClip:
    """Four seconds of the duet, 480 x 270 at 25 fps, 48 kHz stereo PCM in Matroska."""
    from app.demo import render_demo

    folder = tmp_path_factory.mktemp("demo")
    return render_demo(folder, seconds=4.0, size=(480, 270), container="mkv", name="duet")
