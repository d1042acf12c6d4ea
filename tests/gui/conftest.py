"""A real window on the off-screen platform, with the real engine process behind it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from editor import Editor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.clip import Clip
from app.demo import DemoClip
from app.edits import ExportSettings
from app.gui.main_window import MainWindow
from app.paths import RESOURCES, models_dir
from app.scan import scan_clip
from audio_models.registry import find_model
from vision.store import ScanCache

SEPARATOR = RESOURCES / "weights" / "solovox-separator.safetensors"
COMPANIONS = tuple(name for name, _sha256 in find_model("solovox").companions)


@pytest.fixture(scope="session")
def engine_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the window and its engine keep what they make for themselves."""
    return tmp_path_factory.mktemp("engine")


@pytest.fixture(scope="session")
def window(qapp: QApplication, engine_folder: Path) -> Iterator[MainWindow]:
    """One window for all tests: its engine imports torch once and keeps the faces it found.

    The machine has no sound device, so the silent clock keeps time. The engine's folders are
    its own; where the trained weights aren't in place it finds untrained ones in its user folder,
    which do for everything but the sound of the voices.
    """
    with pytest.MonkeyPatch.context() as patch:
        for name in ("SOLOVOX_CACHE_DIR", "SOLOVOX_DATA_DIR", "SOLOVOX_CONFIG_DIR"):
            patch.setenv(name, str(engine_folder / name.lower()))
        if not SEPARATOR.exists():
            _put_untrained_weights(models_dir())
        patch.setattr("app.gui.audio_output._supported_format", lambda _device, _rate: None)
        window = MainWindow()
        window.show()
        window.controller.start(None)
        yield window
        window.close()
        window.deleteLater()


@pytest.fixture
def editor(window: MainWindow, qtbot: QtBot, engine_folder: Path) -> Iterator[Editor]:
    """Somebody at the window; afterwards nothing runs and nothing is switched on.

    Voices that earlier tests computed are forgotten: they would be there before they are asked for.
    """
    shutil.rmtree(engine_folder / "solovox_cache_dir" / "results", ignore_errors=True)
    editor = Editor(window, qtbot)
    window.activateWindow()
    editor.until(window.isActiveWindow)
    yield editor
    if editor.control.busy:
        editor.control.cancel()
        editor.until(lambda: not editor.control.busy)
    editor.player.pause()
    window.banner.hide()
    window.named_actions["compare"].setChecked(False)
    editor.session.edits = replace(editor.session.edits, export=ExportSettings())


@pytest.fixture
def half_found(demo_clip: DemoClip, engine_folder: Path, tmp_path: Path) -> Path:
    """The demo clip as one whose right face the finder has missed."""
    path = tmp_path / "half.mkv"
    path.write_bytes(demo_clip.path.read_bytes() + b"\0")  # another fingerprint
    clip = Clip.open(path)
    scan = scan_clip(clip)
    left = min(scan.tracks, key=lambda track: float(track.boxes[0, 0]))
    cache = ScanCache(engine_folder / "solovox_cache_dir" / "faces")
    cache.put(f"{clip.fingerprint}-mediapipe", replace(scan, tracks=(left,)))
    return path


@pytest.fixture
def worker(
    editor: Editor, engine_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Editor]:
    """Somebody with an empty queue, before and after; its engine has the window's folders."""
    for name in ("SOLOVOX_CACHE_DIR", "SOLOVOX_DATA_DIR", "SOLOVOX_CONFIG_DIR"):
        monkeypatch.setenv(name, str(engine_folder / name.lower()))
    yield editor
    queue = editor.window.queue
    queue.stop_queue()
    if queue.queue.running is not None:
        queue.cancel(queue.queue.running.id)
        editor.until(lambda: queue.queue.running is None)
    for item in queue.queue.items:
        queue.remove(item.id)
    queue.show_queue(False)


@pytest.fixture
def real_model() -> None:
    """The trained default model; tests of what voices sound like are skipped without it."""
    if not SEPARATOR.exists():
        pytest.skip("the weights of the default model are not in place")


def _put_untrained_weights(folder: Path) -> None:
    import torch

    from audio_models.separator import save_separator
    from audio_models.separator_stack import StackSeparator

    torch.manual_seed(0)
    save_separator(StackSeparator(), folder / SEPARATOR.name)
    for name in COMPANIONS:
        shutil.copy(SEPARATOR.with_name(name), folder / name)
