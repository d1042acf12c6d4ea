"""The file dialogs: which file to open, which folder to save in."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from app.project.document import SUFFIX
from app.project.queue import VIDEO_SUFFIXES


def ask_clips(parent: QWidget) -> list[Path]:
    """Ask for clips or a project; empty when the user thinks better of it."""
    patterns = " ".join(f"*{suffix}" for suffix in VIDEO_SUFFIXES)
    videos = f"{_tr('Videos')} ({patterns})"
    kinds = f"{_tr('Videos and projects')} ({patterns} *{SUFFIX});;{videos};;{_tr('All files')} (*)"
    names, _ = QFileDialog.getOpenFileNames(parent, _tr("Open videos or a project"), "", kinds)
    return [Path(name) for name in names]


def ask_project_file(parent: QWidget, proposal: Path) -> Path | None:
    """Ask for the file of a project; the dialog itself asks before a file is replaced."""
    dialog = QFileDialog(parent, _tr("Save project"), str(proposal.parent))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilter(f"{_tr('Solovox projects')} (*{SUFFIX})")
    dialog.setDefaultSuffix(SUFFIX.removeprefix("."))  # before it asks, so it asks about this name
    dialog.selectFile(proposal.name)
    return Path(dialog.selectedFiles()[0]) if dialog.exec() else None


def ask_moved_clip(parent: QWidget, name: str, project: Path | None) -> Path | None:
    """Ask where a clip lies now."""
    title = _tr("Where is {name}?").format(name=name)
    folder = str(project.parent) if project is not None else ""
    found, _ = QFileDialog.getOpenFileName(parent, title, folder)
    return Path(found) if found else None


def may_replace_project(parent: QWidget, path: Path) -> bool:
    """Ask whether to replace a project file that somebody else has written since."""
    text = _tr(
        "{name} was changed by another window or program since it was opened here. Replace it?"
    ).format(name=path.name)
    buttons = QMessageBox.StandardButton
    answer = QMessageBox.question(
        parent, _tr("Save project"), text, buttons.Yes | buttons.Cancel, buttons.Cancel
    )
    return answer == buttons.Yes


def ask_folder(parent: QWidget, proposal: Path) -> Path | None:
    """Ask for the folder that takes exported files."""
    name = QFileDialog.getExistingDirectory(parent, _tr("Folder for exported files"), str(proposal))
    return Path(name) if name else None


def _tr(text: str) -> str:
    return QCoreApplication.translate("Dialogs", text)
