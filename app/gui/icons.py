"""Line icons drawn for this program, in the text colour of the theme."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from app.gui.theme import current_tone

_SHAPES = {
    "open": '<path d="M3 7v11h18V9h-9l-2-2z"/>',
    "play": '<path d="M8 5l11 7-11 7z" fill="{c}"/>',
    "pause": '<path d="M8 5v14M16 5v14" stroke-width="3"/>',
    "previous": '<path d="M17 6l-8 6 8 6z" fill="{c}"/><path d="M6 6v12"/>',
    "next": '<path d="M7 6l8 6-8 6z" fill="{c}"/><path d="M18 6v12"/>',
    "mark_in": '<path d="M10 4H6v16h4"/><path d="M11 12h8M15 8l-4 4 4 4"/>',
    "mark_out": '<path d="M14 4h4v16h-4"/><path d="M5 12h8M9 8l4 4-4 4"/>',
    "clear_range": '<path d="M6 4H4v16h2M18 4h2v16h-2M9 9l6 6M15 9l-6 6"/>',
    "loop": '<path d="M6 17a6 6 0 0 1 0-10h11M14 4l3 3-3 3M18 7a6 6 0 0 1 0 10H7M10 20l-3-3 3-3"/>',
    "find": '<circle cx="10" cy="10" r="7"/><path d="M15 15l6 6M8 8v.1M12 8v.1M7 12c1 2 5 2 6 0"/>',
    "isolate": '<path d="M4 10v4M8 6v12M12 9v6M16 4v16M20 10v4"/>',
    "compare": '<path d="M4 9h13l-4-4M20 15H7l4 4"/>',
    "sound": '<path d="M12 4v11M7 11l5 5 5-5M5 20h14"/>',
    "add_face": '<circle cx="10" cy="9" r="4"/><path d="M3 20c1-5 13-5 14 0M19 4v6M16 7h6"/>',
    "merge": '<path d="M5 4v4c0 4 7 3 7 8v5M19 4v4c0 4-7 3-7 8"/>',
    "split": '<path d="M12 3v6c0 5-7 4-7 8v4M12 9c0 5 7 4 7 8v4"/>',
    "ignore": '<circle cx="12" cy="12" r="8"/><path d="M6.5 6.5l11 11"/>',
    "zoom_in": '<circle cx="10" cy="10" r="6"/><path d="M15 15l6 6M10 7v6M7 10h6"/>',
    "zoom_out": '<circle cx="10" cy="10" r="6"/><path d="M15 15l6 6M7 10h6"/>',
    "zoom_all": '<path d="M3 12h18M7 8l-4 4 4 4M17 8l4 4-4 4"/>',
    "spectrogram": '<path d="M4 19V9M8 19v-5M12 19V5M16 19v-8M20 19v-4M3 21h18"/>',
    "closed": '<path d="M9 6l6 6-6 6"/>',
    "closed_mirrored": '<path d="M15 6l-6 6 6 6"/>',
    "opened": '<path d="M6 9l6 6 6-6"/>',
    "video": '<path d="M4 6h11v12H4zM15 10l5-3v10l-5-3"/>',
}


def icon(name: str, primary: bool = False, alike: bool = False) -> QIcon:
    """Give the icon of a button; that of a ``primary`` one lies on the accent colour.

    That of a checked one does too, unless it looks ``alike``.
    """
    tone = current_tone()
    checked = tone.text if alike else tone.on_accent
    made = QIcon()
    for colour, mode, state in (
        (tone.on_accent if primary else tone.text, QIcon.Mode.Normal, QIcon.State.Off),
        (checked, QIcon.Mode.Normal, QIcon.State.On),
        (tone.faint, QIcon.Mode.Disabled, QIcon.State.Off),
        (tone.faint, QIcon.Mode.Disabled, QIcon.State.On),
    ):
        for size in (18, 36):
            made.addPixmap(_draw(_SHAPES[name], colour, size), mode, state)
    return made


def _draw(shape: str, colour: str, size: int) -> QPixmap:
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">'
        f'<g fill="none" stroke="{colour}" stroke-width="2" stroke-linecap="round" '
        f'stroke-linejoin="round">{shape.format(c=colour)}</g></svg>'
    )
    pixmap = QPixmap(QSize(size, size))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    QSvgRenderer(QByteArray(drawing.encode())).render(painter)
    painter.end()
    return pixmap
