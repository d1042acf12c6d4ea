"""The file dialogs: which file to open, which folder to save in."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFileDialog, QWidget

VIDEO_SUFFIXES = (
    ".mp4", ".mov", ".mkv", ".m4v", ".webm", ".avi", ".mts", ".m2ts", ".ts", ".mxf", ".mpg", ".3gp",
)  # fmt: skip


def ask_clip(parent: QWidget) -> Path | None:
    """Ask for a clip; None when the user thinks better of it."""
    patterns = " ".join(f"*{suffix}" for suffix in VIDEO_SUFFIXES)
    kinds = f"{_tr('Videos')} ({patterns});;{_tr('All files')} (*)"
    name, _ = QFileDialog.getOpenFileName(parent, _tr("Open a video"), "", kinds)
    return Path(name) if name else None


def ask_folder(parent: QWidget, proposal: Path) -> Path | None:
    """Ask for the folder that takes exported files."""
    name = QFileDialog.getExistingDirectory(parent, _tr("Folder for exported files"), str(proposal))
    return Path(name) if name else None


def _tr(text: str) -> str:
    return QCoreApplication.translate("Dialogs", text)
