"""Drawing the spectrogram of the original from tiles that come as they are needed."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from app.gui.tile_store import TileStore
from app.gui.viewport import Viewport
from app.spectrogram import COLUMNS, ROWS, hop_of, level_for

_KEPT = 400
"""Tiles held in memory, 32 KiB each."""


class SpectrogramPainter:
    """Keeps tiles as pictures with a colour table, which Qt draws without conversion."""

    def __init__(self, fetch: Callable[[tuple[int, int]], None]) -> None:
        """``fetch`` asks for the tile (level, number)."""
        self._fetch = fetch
        self._store: TileStore[tuple[int, int], QImage] = TileStore(fetch, _KEPT)

    def reset(self) -> None:
        """Begin with another clip."""
        version = self._store.version
        self._store = TileStore(self._fetch, _KEPT)
        self._store.version = version + 1

    @property
    def version(self) -> int:
        """Grows with every tile that comes."""
        return self._store.version

    def put(self, key: tuple[int, int], tile: NDArray[np.uint8]) -> None:
        """Take a tile (ROWS, COLUMNS)."""
        image = QImage(tile.tobytes(), COLUMNS, ROWS, COLUMNS, QImage.Format.Format_Indexed8)
        image.setColorTable(_TABLE)
        self._store.put(key, image.copy())

    def failed(self, key: tuple[int, int]) -> None:
        """Note that a tile can't be had."""
        self._store.failed(key)

    def forget_wanted(self) -> None:
        """What was asked for before is out of sight."""
        self._store.forget_wanted()

    def paint(self, painter: QPainter, place: QRectF, view: Viewport) -> None:
        """Draw what is there; coarser tiles stand in for finer ones still to come."""
        painter.save()
        painter.setClipRect(place)
        painter.fillRect(place, QColor.fromRgba(_TABLE[0]))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        level = level_for(view.span / max(1.0, place.width()))
        for coarser in (level + 1, level):
            self._paint_level(painter, place, view, coarser)
        painter.restore()

    def _paint_level(self, painter: QPainter, place: QRectF, view: Viewport, level: int) -> None:
        size = COLUMNS * hop_of(level)
        for number in range(max(0, view.start) // size, max(0, view.stop - 1) // size + 1):
            image = self._store.get((level, number))
            if image is None:
                continue
            left = place.left() + view.x_of(number * size, place.width())
            right = place.left() + view.x_of((number + 1) * size, place.width())
            painter.drawImage(QRectF(left, place.top(), right - left, place.height()), image)


def _colours() -> list[int]:
    """From black over blue and orange to near white; brightness rises all the way."""
    stops = np.array(
        [[9, 10, 14], [24, 34, 84], [92, 44, 128], [206, 86, 74], [248, 178, 84], [255, 246, 220]]
    )
    at = np.linspace(0, len(stops) - 1, 256)
    low = np.minimum(at.astype(int), len(stops) - 2)
    part = (at - low)[:, None]
    mixed = (1 - part) * stops[low] + part * stops[low + 1]
    return [int(0xFF000000 | int(r) << 16 | int(g) << 8 | int(b)) for r, g, b in mixed]


_TABLE = _colours()
