"""A singing portrait: the astronaut photograph of scikit-image with a mouth that moves.

The photograph shows NASA astronaut Eileen Collins and is in the public domain (NASA, 1999).  It is
warped column by column: the skin above the upper lip, the lips, the chin and the neck are each
stretched or pressed between a few heights that follow the lip opening, so that the jaw drops and
the lips meet; between the lips a dark mouth with the photograph's own teeth is drawn.
Heights and widths below are pixels of the 512 x 512 photograph, measured on it by eye and with a
face mesh.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]
Image = NDArray[np.uint8]

FACE_BOX = (176.0, 70.0, 98.0, 108.0)
"""x, y, width, height of the face (brow to chin, ear to ear) in the photograph."""
_CROP = (96, 0, 256, 288)
"""The part of the photograph that is used: head, collar and some background."""
_CENTRE = 223.8
_TILT = 0.05
"""Slope of the mouth: the head leans a little."""
_CORNER = 140.6
"""Height of the mouth corners at the centre column."""
_HALF = 20.2
"""Half the width between the inner mouth corners of the smiling photograph."""
_NOSE, _CHIN, _NECK = 131.0, 177.5, 204.0
_REACH = 47.0
"""Distance from the centre at which the dropping jaw stands still."""
_CHEEK = 37.0
"""Distance at which the cheeks stand still: within the outline of the jaw."""
_WINDOW = (174, 126, 100, 80)
"""The part that the mouth moves: x, y, width, height."""
_MAX_OPENING = 17.0
_LIFT = 2.6
"""Part of the opening by which the upper lip rises."""
_DROP = 11.0
"""How far the chin drops."""
_EYES = ((204.6, 11.0, 99.2, 104.4), (246.8, 11.0, 100.6, 106.0))
"""Centre x, half width, height of the upper and of the lower lid of each eye."""


@dataclass(frozen=True)
class Look:
    """How one singer differs from the photograph."""

    mirrored: bool = False
    width: float = 1.0
    """Stretch of the picture across: a broader face."""
    dark_hair: bool = False
    suit_hue: int = 0
    """Turn of the suit's hue, OpenCV units of two degrees."""
    backdrop: tuple[float, float, float] = (1.0, 1.0, 1.0)
    skin: tuple[float, float, float] = (1.0, 1.0, 1.0)


LOOKS = (
    Look(backdrop=(0.80, 0.86, 1.0)),
    Look(mirrored=True, width=1.07, dark_hair=True, suit_hue=105, backdrop=(1.0, 0.88, 0.74),
         skin=(0.90, 0.84, 0.80)),
)  # fmt: skip


class Portrait:
    """One animated face at a fixed scale."""

    def __init__(self, look: Look, scale: float) -> None:
        """Prepare the photograph at ``scale`` output pixels for each of its own."""
        from skimage.data import astronaut

        self.scale = scale
        self.look = look
        x, y, width, height = _CROP
        photo = _recoloured(astronaut(), look)[y : y + height, x : x + width]
        size = (round(width * scale), round(height * scale))
        self.image = np.asarray(cv2.resize(photo, size, interpolation=cv2.INTER_CUBIC), np.uint8)
        self.size = size
        self._mouth = _Mouth(self.image, scale)

    def face_box(self) -> tuple[float, float, float, float]:
        """x, y, width, height of the face in the image that `frame` gives."""
        x, y, width, height = (value * self.scale for value in FACE_BOX)
        x -= _CROP[0] * self.scale
        y -= _CROP[1] * self.scale
        if self.look.mirrored:
            x = self.size[0] - x - width
        return (x, y, width, height)

    def frame(self, opening: float, spread: float, blink: float = 0.0) -> Image:
        """Draw the face: RGB (H, W, 3); arguments as in `SungVoice`, blink 1 = eyes closed."""
        image = self.image.copy()
        self._mouth.draw(image, opening, spread)
        if blink > 0.02:
            for eye in _EYES:
                _close_lid(image, eye, blink, self.scale)
        return np.ascontiguousarray(image[:, ::-1]) if self.look.mirrored else image


@dataclass(frozen=True)
class _Lips:
    """Heights of the inner lips in the photograph, each (1, columns)."""

    upper_from: FloatArray
    lower_from: FloatArray
    upper_to: FloatArray
    lower_to: FloatArray
    seam: FloatArray
    """Where the lips meet when they are closed."""
    bow: FloatArray
    """1 at the middle of the mouth, 0 at its corners and beyond."""


class _Mouth:
    """The warp of the mouth window, with everything that doesn't depend on the frame prepared."""

    def __init__(self, image: Image, scale: float) -> None:
        self._scale = scale
        left, top, width, height = _WINDOW
        self._left = round((left - _CROP[0]) * scale)
        self._top = round((top - _CROP[1]) * scale)
        columns = np.arange(round(width * scale), dtype=np.float32)
        rows = np.arange(round(height * scale), dtype=np.float32)
        self._source = image
        self._rows, self._columns = len(rows), len(columns)
        # Photograph coordinates of each output pixel centre.
        self._x = ((columns + self._left + 0.5) / scale - 0.5 + _CROP[0])[None, :]
        self._y = ((rows + self._top + 0.5) / scale - 0.5 + _CROP[1])[:, None]
        self._from_centre = self._x - _CENTRE
        self._lean = _TILT * self._from_centre
        self._reach = np.cos(np.clip(self._from_centre / _REACH, -1, 1) * np.pi / 2) ** 2
        # The cheeks follow the corners most at the height of the mouth.
        self._near = np.exp(-(((self._y - 147.0) / 12.0) ** 2))
        self._near = self._near * np.clip((self._y - top - 1.0) / 10.0, 0.0, 1.0)

    def draw(self, image: Image, opening: float, spread: float) -> None:
        """Replace the mouth window of ``image`` by the warped one."""
        opening = float(np.clip(opening, 0.0, 1.0))
        half = _HALF * (0.84 + (0.12 if spread > 0 else 0.22) * spread - 0.05 * opening)
        lips = self._lips(opening, half)
        map_x = self._map_x(half)
        picture = self._sample(map_x, self._map_y(lips, opening))
        y, gap = self._y, lips.lower_to - lips.upper_to
        if opening > 0.01:
            inside = np.minimum(y - lips.upper_to, lips.lower_to - y) * self._scale
            alpha = np.where(gap > 0.35, np.clip(inside + 0.5, 0.0, 1.0), 0.0)[..., None]
            cavity = self._cavity(map_x, lips, opening, spread)
            picture = picture * (1.0 - alpha) + cavity * alpha
        line = 0.45 * (1.0 - opening) * np.exp(-(((y - lips.seam) / 0.7) ** 2)) * lips.bow
        picture = picture * (1.0 - line)[..., None]
        window = np.clip(picture, 0, 255).astype(np.uint8)
        image[self._top : self._top + self._rows, self._left : self._left + self._columns] = window

    def _lips(self, opening: float, half: float) -> _Lips:
        """Where the inner lips are in the photograph and where they go, for each column."""
        arch = np.clip(1.0 - (self._from_centre / half) ** 2, 0.0, 1.0)
        bow = np.sqrt(arch)
        corner = _CORNER + self._lean
        # In the photograph the corners are drawn up; a singing mouth has them lower.
        seam = corner + 3.4 * self._reach + 1.2 * arch
        return _Lips(
            upper_from=corner + 2.5 * arch,
            lower_from=corner + 10.6 * arch**0.8,
            upper_to=seam - _LIFT * opening * bow,
            lower_to=seam + (_MAX_OPENING - _LIFT) * opening * bow**1.15,
            seam=seam,
            bow=bow,
        )

    def _map_y(self, lips: _Lips, opening: float) -> FloatArray:
        """Height in the photograph of every pixel: stretched between nose, lips, chin and neck."""
        y = self._y
        nose = _NOSE + self._lean
        chin_to = _CHIN + _DROP * opening * self._reach
        above = (lips.upper_from - nose) / (lips.upper_to - nose)
        below = (_CHIN - lips.lower_from) / (chin_to - lips.lower_to)
        neck = (_NECK - _CHIN) / (_NECK - chin_to)
        height = np.where(y < nose, y, nose + (y - nose) * above)
        middle = (lips.upper_to + lips.lower_to) / 2
        height = np.where(y > middle, lips.lower_from + (y - lips.lower_to) * below, height)
        height = np.where(y > chin_to, _CHIN + (y - chin_to) * neck, height)
        return np.where(y > _NECK, y, height)

    def _map_x(self, half: float) -> FloatArray:
        """Column in the photograph of every pixel: the mouth gets narrower or wider."""
        beyond = (np.abs(self._from_centre) - half) / (_CHEEK - half)
        fade = np.cos(np.clip(beyond, 0.0, 1.0) * np.pi / 2) ** 2
        return self._x + self._from_centre * (_HALF / half - 1.0) * fade * self._near

    def _sample(self, map_x: FloatArray, map_y: FloatArray) -> FloatArray:
        shape = (self._rows, self._columns)
        columns = np.broadcast_to((map_x + 0.5 - _CROP[0]) * self._scale - 0.5, shape)
        rows = np.broadcast_to((map_y + 0.5 - _CROP[1]) * self._scale - 0.5, shape)
        picture = cv2.remap(
            self._source,
            np.ascontiguousarray(columns, dtype=np.float32),
            np.ascontiguousarray(rows, dtype=np.float32),
            cv2.INTER_LINEAR,
        )
        return np.asarray(picture, dtype=np.float32)

    def _cavity(
        self,
        map_x: FloatArray,
        lips: _Lips,
        opening: float,
        spread: float,
    ) -> FloatArray:
        """The inside of the mouth: teeth of the photograph under the upper lip, tongue below."""
        depth = self._y - lips.upper_to
        gap = np.maximum(lips.lower_to - lips.upper_to, 0.5)
        teeth = self._sample(map_x, lips.upper_from + 1.6 + np.clip(depth, 0.0, 6.0))
        length = 3.6 + 2.0 * max(spread, -0.6)
        visible = np.clip((length - depth) / 1.2, 0.0, 1.0) * (0.85 + 0.1 * min(spread, 0.0))
        floor = np.clip((depth / gap - 0.62) / 0.3, 0.0, 1.0) * min(1.0, 1.3 * opening)
        dark = np.array([46.0, 14.0, 14.0], dtype=np.float32)
        tongue = np.array([150.0, 72.0, 70.0], dtype=np.float32)
        place = np.clip(1.0 - (self._from_centre / (0.75 * _HALF)) ** 2, 0.0, 1.0)
        inner = dark + (tongue - dark) * (0.75 * floor * place)[..., None]
        shade = np.clip(depth / 1.2, 0.5, 1.0) * np.clip(1.15 - 0.5 * (1 - place), 0.4, 1.0)
        return inner + (teeth * shade[..., None] - inner) * visible[..., None]


def _close_lid(
    image: Image, eye: tuple[float, float, float, float], blink: float, s: float
) -> None:
    """Draw the upper lid of one eye down by stretching the skin between brow and lid."""
    centre, half, upper, lower = eye
    x0, x1 = centre - half - 3, centre + half + 3
    brow = upper - 6.0
    left, right = round((x0 - _CROP[0]) * s), round((x1 - _CROP[0]) * s)
    top, bottom = round((brow - _CROP[1]) * s), round((lower + 2 - _CROP[1]) * s)
    patch = image[top:bottom, left:right].copy()
    x = (np.arange(right - left) + left + 0.5) / s - 0.5 + _CROP[0]
    y = ((np.arange(bottom - top) + top + 0.5) / s - 0.5 + _CROP[1])[:, None]
    bow = np.sqrt(np.clip(1.0 - ((x - centre) / (half + 2)) ** 2, 0.0, 1.0))[None, :]
    lid_from = lower - 1.0 + (upper - lower + 1.0) * bow
    lid_to = lid_from + min(1.0, blink) * (lower - lid_from)
    map_y = np.where(y < lid_to, brow + (y - brow) * (lid_from - 1.2 - brow) / (lid_to - brow), y)
    rows = ((map_y + 0.5 - _CROP[1]) * s - 0.5 - top).astype(np.float32)
    columns = np.broadcast_to(np.arange(right - left, dtype=np.float32), rows.shape)
    image[top:bottom, left:right] = cv2.remap(
        patch, np.ascontiguousarray(columns), rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT
    )


def _recoloured(photo: Image, look: Look) -> Image:
    """Change suit, hair, skin and backdrop as the look says."""
    hsv = cv2.cvtColor(photo, cv2.COLOR_RGB2HSV)
    hue, saturation = hsv[..., 0].astype(np.int32), hsv[..., 1].astype(np.float32)
    rows, columns = np.mgrid[0 : photo.shape[0], 0 : photo.shape[1]].astype(np.float32)
    if look.suit_hue:
        suit = (rows > 196) & (saturation > 120) & (hsv[..., 2] > 70)
        suit &= (hue < 20) | (hue > 165)
        hsv[..., 0] = np.where(suit, (hue + look.suit_hue) % 180, hue).astype(np.uint8)
    picture = cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB).astype(np.float32)
    # Head and face as ellipses; the hair is what is coloured between them.
    head = _inside(rows, columns, (227, 85, 78, 74))
    face = _inside(rows, columns, (225, 136, 43, 52))
    plain = cv2.GaussianBlur(np.clip((60.0 - saturation) / 20.0, 0.0, 1.0), (0, 0), 1.5)
    backdrop = plain * (1.0 - _inside(rows, columns, (225, 128, 44, 56))) * (rows < 300)
    backdrop *= np.clip((picture.mean(axis=2) - 110.0) / 30.0, 0.0, 1.0)
    hair = head * (1.0 - face) * np.clip((saturation - 35.0) / 20.0, 0.0, 1.0)
    hair = cv2.GaussianBlur(hair * (rows < 136), (0, 0), 1.2)
    tint = 1.0 + (np.array(look.backdrop, dtype=np.float32) * 0.82 - 1.0) * backdrop[..., None]
    tint = tint * (1.0 + (np.array(look.skin, dtype=np.float32) - 1.0) * (1 - backdrop[..., None]))
    if look.dark_hair:
        tint = tint * (1.0 - 0.55 * hair[..., None])
    return np.clip(picture * tint, 0, 255).astype(np.uint8)


def _inside(
    rows: FloatArray, columns: FloatArray, ellipse: tuple[float, float, float, float]
) -> FloatArray:
    """Soft mask of an ellipse given as centre x, centre y, half width, half height."""
    x, y, across, down = ellipse
    radius = np.sqrt(((columns - x) / across) ** 2 + ((rows - y) / down) ** 2)
    return np.clip((1.05 - radius) / 0.1, 0.0, 1.0)
