"""Starting the window: quick, with all actions in place, and a sentence where it can't be."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from app.gui import faults
from app.gui.actions import ACTIONS
from app.gui.main_window import MainWindow
from app.paths import data_dir

ROOT = Path(__file__).resolve().parents[2]

_SHOW = """
import sys
from PySide6.QtWidgets import QApplication
from app.gui.main_window import MainWindow
application = QApplication([])
window = MainWindow()
window.show()
application.processEvents()
heavy = {"torch", "cv2", "mediapipe", "av", "scipy", "pyqtgraph", "PySide6.QtMultimedia"}
print(sorted(heavy & set(sys.modules)))
window.close()
"""


def test_nothing_heavy_is_imported_before_the_window_shows() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _SHOW], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


_IMPORTS = """
import linecache
from app.gui.lean_qt import skip_source_search
skip_source_search()
import app.gui.main_window
import app.media.video
print(sorted(name for name in linecache.cache if "app" in name))
"""


def test_importing_qt_reads_no_sources() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _IMPORTS], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_what_reads_clips_is_there_before_a_clip_is_opened() -> None:
    script = "import sys, app.gui; app.gui.get_ready(None); print('av' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "True"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems have a screen")
def test_without_a_screen_there_is_one_sentence() -> None:
    gone = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    environment = {name: value for name, value in os.environ.items() if name not in gone}
    done = subprocess.run(
        [sys.executable, "main.py"], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 3
    assert "no screen" in done.stderr
    assert "Traceback" not in done.stderr


def test_every_action_of_the_table_is_in_a_menu_and_has_its_own_keys(window: MainWindow) -> None:
    in_menus: set[QAction] = set()
    for menu in window.menuBar().findChildren(QMenu):
        in_menus.update(menu.actions())
    for spec in ACTIONS:
        action = window.named_actions[spec.id]
        assert action in in_menus
        assert action.objectName() == f"action_{spec.id}"
        assert [key.toString() for key in action.shortcuts()] == list(spec.shortcuts)
        assert "%1" not in action.text()
    keys = Counter(key for spec in ACTIONS for key in spec.shortcuts)
    assert max(keys.values()) == 1


def test_an_exception_that_nothing_catches_is_logged_and_told(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    monkeypatch.setattr(faults, "_listeners", [])
    monkeypatch.setattr(faults, "_files", [])
    monkeypatch.setattr(faults, "_told", Counter())
    saved: list[str] = []
    monkeypatch.setattr(faults, "_rescuers", [lambda: saved.append("work")])
    logger = logging.getLogger("solovox")
    monkeypatch.setattr(logger, "handlers", [])
    path = faults.open_log("window")
    told: list[str] = []
    faults.catch_faults(told.append)

    def fail() -> None:
        raise ZeroDivisionError("seven by none")

    for _ in range(3):
        thread = threading.Thread(target=fail)
        thread.start()
        thread.join()
    assert path.parent.parent == data_dir()
    assert "seven by none" in path.read_text()
    assert path.read_text().count("Traceback") == 1
    assert path.read_text().count("the same again") == 2
    assert len(told) == 1, "once is enough"
    assert saved == ["work"]
    assert "ZeroDivisionError" in told[0]
    assert str(path) in told[0]
    assert "Traceback" not in told[0]
