"""What the command line does without a command, and what it costs to ask for help."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from app import cli

ROOT = Path(__file__).resolve().parent.parent.parent


def test_no_command_or_a_file_opens_the_window(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    import app.gui

    clip = tmp_path / "duo.mkv"
    clip.touch()
    opened: list[list[str]] = []
    monkeypatch.setattr(app.gui, "open_window", lambda argv: opened.append(argv) or 0)
    assert cli.main([]) == 0
    assert cli.main([str(clip)]) == 0
    assert opened == [[], [str(clip)]]
    assert cli.main([str(clip), "--rest"]) == 2
    assert "give a command such as separate" in capsys.readouterr().err
    assert len(opened) == 2


def test_help_names_every_command_and_loads_nothing_heavy() -> None:
    code = (
        "import sys; from app.cli import main; code = main(['--help']); "
        "heavy = {'numpy', 'torch', 'cv2', 'av', 'mediapipe', 'PySide6', 'scipy'}; "
        "assert not heavy & set(sys.modules), heavy & set(sys.modules); sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    for command in cli.COMMANDS:
        assert f"    {command.NAME} " in done.stdout
