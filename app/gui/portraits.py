"""Round pictures of singers with a ring in their colour."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon, QImage, QPainter, QPainterPath, QPen, QPixmap

from app.gui.scene import SingerCard
from app.gui.theme import panel_singer_colour


def portrait_icon(singer: SingerCard, side: int) -> QIcon:
    """Picture of a singer for a place of ``side`` pixels, sharp on dense screens too."""
    rgb = np.ascontiguousarray(singer.thumbnail)
    height, width, _ = rgb.shape
    image = QImage(rgb.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888)
    size = 2 * side
    pixmap = QPixmap(size, size)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHints(
        QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
    )
    circle = QPainterPath()
    circle.addEllipse(4, 4, size - 8, size - 8)
    painter.setClipPath(circle)
    painter.drawImage(pixmap.rect(), image)
    painter.setClipping(False)
    painter.setPen(QPen(panel_singer_colour(singer.colour), 6))
    painter.drawEllipse(4, 4, size - 8, size - 8)
    painter.end()
    icon = QIcon()
    # The same picture while selected: Qt would tint it otherwise.
    icon.addPixmap(pixmap, QIcon.Mode.Normal)
    icon.addPixmap(pixmap, QIcon.Mode.Selected)
    return icon
