"""What somebody who helps needs to know about a fault; nothing of it is sent anywhere."""

from __future__ import annotations

import platform
from importlib import metadata
from pathlib import Path

from app import __version__

_LINES = 60
_PACKAGES = ("PySide6-Essentials", "torch", "mediapipe", "av", "numpy")


def fault_details(sentence: str, logs: Path) -> str:
    """The sentence, the machine and the end of every log in ``logs``; the home folder is "~"."""
    parts = [
        sentence,
        "",
        f"Solovox {__version__}, Python {platform.python_version()}, {platform.platform()}",
        ", ".join(f"{name} {_version(name)}" for name in _PACKAGES),
    ]
    for path in sorted(logs.glob("*.log")) if logs.is_dir() else []:
        try:
            lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            continue
        if lines:
            parts += ["", f"{path.name}:", *lines[-_LINES:]]
    return "\n".join(parts).replace(str(Path.home()), "~")


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "missing"
