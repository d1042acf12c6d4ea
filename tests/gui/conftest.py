"""A real window on the off-screen platform, with the real engine process behind it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from editor import Editor
from pytestqt.qtbot import QtBot

from app.gui.main_window import MainWindow
from app.paths import RESOURCES, models_dir

SEPARATOR = RESOURCES / "weights" / "solovox-separator.safetensors"
LIPS = RESOURCES / "weights" / "solovox-lips.safetensors"


@pytest.fixture
def editor(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Editor]:
    """A shown window on a machine without a sound device: the silent clock keeps time."""
    monkeypatch.setattr("app.gui.audio_output._supported_format", lambda _device, _rate: None)
    window = MainWindow()
    window.show()
    yield Editor(window, qtbot)
    window.close()
    window.deleteLater()


@pytest.fixture
def some_model() -> None:
    """A default model that runs: the real one, else an untrained one in the user's folder.

    For tests of what the window does with voices, whatever they sound like.
    """
    if SEPARATOR.exists():
        return
    import torch

    from audio_models.separator import Separator, save_separator

    torch.manual_seed(0)
    save_separator(Separator(), models_dir() / SEPARATOR.name)
    shutil.copy(LIPS, models_dir() / LIPS.name)


@pytest.fixture
def real_model() -> None:
    """The trained default model; tests of what voices sound like are skipped without it."""
    if not SEPARATOR.exists():
        pytest.skip("the weights of the default model are not in place")
