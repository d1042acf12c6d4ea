"""What an action is, and the menus they are in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:

    def QT_TRANSLATE_NOOP(context: str, text: str) -> str:
        """Typed as what it does; PySide6 declares `object`."""
else:
    from PySide6.QtCore import QT_TRANSLATE_NOOP

CONTEXT = "Actions"
"""Of the translations."""


@dataclass(frozen=True)
class ActionSpec:
    """One thing the user can do."""

    id: str
    text: str
    tip: str
    shortcuts: tuple[str, ...]
    slot: str
    """Method of the object that carries the action out."""
    menu: str
    icon: str | None = None
    checkable: bool = False
    primary: bool = False
    """What the window is for: its button stands out."""
    arguments: tuple[int, ...] = ()
    """Passed to the slot."""


FILE = QT_TRANSLATE_NOOP("Actions", "&File")
EDIT = QT_TRANSLATE_NOOP("Actions", "&Edit")
SINGER = QT_TRANSLATE_NOOP("Actions", "&Singer")
PLAYBACK = QT_TRANSLATE_NOOP("Actions", "&Playback")
RANGE = QT_TRANSLATE_NOOP("Actions", "&Range")
VIEW = QT_TRANSLATE_NOOP("Actions", "&View")
HELP = QT_TRANSLATE_NOOP("Actions", "&Help")
MENUS = (FILE, EDIT, SINGER, PLAYBACK, RANGE, VIEW, HELP)
