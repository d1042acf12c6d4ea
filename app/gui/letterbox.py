"""Where the picture lies in the canvas, and which face lies under the mouse; pure functions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Box = tuple[float, float, float, float]
"""x, y, width, height; in fractions of the picture (0 to 1) or in canvas pixels."""


@dataclass(frozen=True)
class Letterbox:
    """Placement of a picture in a canvas, in canvas pixels."""

    left: float
    top: float
    width: float
    height: float

    def to_canvas(self, box: Box) -> Box:
        """Map a box in fractions of the picture to canvas pixels."""
        x, y, width, height = box
        return (
            self.left + x * self.width,
            self.top + y * self.height,
            width * self.width,
            height * self.height,
        )

    def to_picture(self, x: float, y: float) -> tuple[float, float] | None:
        """Map a canvas point to fractions of the picture; None on the bars around it."""
        if self.width <= 0 or self.height <= 0:
            return None
        u, v = (x - self.left) / self.width, (y - self.top) / self.height
        return (u, v) if 0 <= u <= 1 and 0 <= v <= 1 else None

    def clamped(self, x: float, y: float) -> tuple[float, float]:
        """Map a canvas point to fractions of the picture, bars to the picture's nearest edge."""
        u = (x - self.left) / self.width if self.width > 0 else 0.0
        v = (y - self.top) / self.height if self.height > 0 else 0.0
        return min(1.0, max(0.0, u)), min(1.0, max(0.0, v))


def letterbox(picture: tuple[int, int], canvas: tuple[int, int]) -> Letterbox:
    """Fit a picture (width, height) into a canvas, centred, without changing its shape."""
    if min(*picture, *canvas) <= 0:
        return Letterbox(0, 0, 0, 0)
    scale = min(canvas[0] / picture[0], canvas[1] / picture[1])
    width, height = picture[0] * scale, picture[1] * scale
    return Letterbox((canvas[0] - width) / 2, (canvas[1] - height) / 2, width, height)


def hit_test(boxes: Mapping[str, Box], x: float, y: float) -> str | None:
    """Return the key of the smallest box that holds the point; None outside all boxes."""
    under = [
        (box[2] * box[3], key)
        for key, box in boxes.items()
        if box[0] <= x <= box[0] + box[2] and box[1] <= y <= box[1] + box[3]
    ]
    return min(under)[1] if under else None
