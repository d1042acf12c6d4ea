"""The file dialogs: which file to open, where to save."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFileDialog, QWidget

VIDEO_SUFFIXES = (
    ".mp4", ".mov", ".mkv", ".m4v", ".webm", ".avi", ".mts", ".m2ts", ".ts", ".mxf", ".mpg", ".3gp",
)  # fmt: skip
_FORMATS = (
    ("wav24", "WAV, 24 bit (*.wav)"),
    ("wav16", "WAV, 16 bit (*.wav)"),
    ("wav32f", "WAV, 32 bit float (*.wav)"),
    ("flac", "FLAC, 24 bit (*.flac)"),
)


@dataclass(frozen=True)
class Target:
    """Where an export goes."""

    path: Path
    format: str
    overwrite: bool
    """True when the user confirmed to replace the file."""


def ask_clip(parent: QWidget) -> Path | None:
    """Ask for a clip; None when the user thinks better of it."""
    patterns = " ".join(f"*{suffix}" for suffix in VIDEO_SUFFIXES)
    kinds = f"{_tr('Videos')} ({patterns});;{_tr('All files')} (*)"
    name, _ = QFileDialog.getOpenFileName(parent, _tr("Open a video"), "", kinds)
    return Path(name) if name else None


def ask_sound_file(parent: QWidget, proposal: Path) -> Target | None:
    """Ask for one sound file; the dialog itself asks before a file is replaced."""
    kinds = ";;".join(text for _, text in _FORMATS)
    name, kind = QFileDialog.getSaveFileName(parent, _tr("Export sound"), str(proposal), kinds)
    if not name:
        return None
    sound_format = next(key for key, text in _FORMATS if text == (kind or _FORMATS[0][1]))
    path = Path(name)
    suffix = ".flac" if sound_format == "flac" else ".wav"
    if path.suffix.lower() != suffix:
        # The dialog asked about the name without the suffix, so this one was not agreed to.
        path = path.with_name(path.name + suffix)
        return Target(path, sound_format, overwrite=False)
    return Target(path, sound_format, overwrite=path.exists())


def ask_video_file(parent: QWidget, proposal: Path) -> Target | None:
    """Ask for one video file."""
    kinds = f"{_tr('Video')} (*{proposal.suffix});;Matroska (*.mkv);;QuickTime (*.mov)"
    name, _ = QFileDialog.getSaveFileName(parent, _tr("Export video"), str(proposal), kinds)
    if not name:
        return None
    path = Path(name)
    if not path.suffix:
        return Target(path.with_suffix(proposal.suffix), "", overwrite=False)
    return Target(path, "", overwrite=path.exists())


def ask_folder(parent: QWidget, proposal: Path) -> Path | None:
    """Ask for the folder that takes several files."""
    name = QFileDialog.getExistingDirectory(
        parent, _tr("Export one file for each singer"), str(proposal)
    )
    return Path(name) if name else None


def _tr(text: str) -> str:
    return QCoreApplication.translate("Dialogs", text)
