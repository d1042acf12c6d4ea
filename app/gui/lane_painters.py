"""Drawing one row of the timeline: an outline or the strips of a singer."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication, QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPen, QPolygonF

from app.edits import Anchor
from app.gui.action_spec import QT_TRANSLATE_NOOP
from app.gui.lane_rows import AGREE_HEIGHT, FACE_HEIGHT, GAP, LIPS_HEIGHT, StripRow, WaveRow
from app.gui.scene import LIP_RATE, FacePath
from app.gui.sound_outline import SoundOutline
from app.gui.theme import current_tone
from app.gui.viewport import Viewport
from app.picture_faults import HARDLY

AGREES = 0.3
"""Score of a second from which lips and voice agree; below `HARDLY` they don't."""
_WORDS = {
    "only": QT_TRANSLATE_NOOP("Lanes", "only this singer"),
    "voice": QT_TRANSLATE_NOOP("Lanes", "this voice"),
    "not": QT_TRANSLATE_NOOP("Lanes", "not this voice"),
}
_DOTS = 5.0
"""Pixels per sample from which single samples are drawn as dots."""
_LINE = 2.0
"""Pixels per sample from which the samples are joined by lines."""


def paint_wave(
    painter: QPainter, place: QRectF, row: WaveRow, view: Viewport, ratio: float
) -> None:
    """Draw the outline of a sound, isolated over original where there are two."""
    painter.setPen(QColor(current_tone().line))
    middle = place.center().y()
    left = max(place.left(), place.left() + view.x_of(row.start, place.width()))
    right = min(place.right(), place.left() + view.x_of(row.stop, place.width()))
    if right > left:
        painter.drawLine(QLineF(left, middle, right, middle))
    if row.behind is not None:
        faint = QColor(current_tone().wave)
        faint.setAlphaF(0.38)
        _paint_outline(painter, place, row.behind, 0, faint, view, ratio)
    _paint_outline(painter, place, row.outline, row.start, row.colour, view, ratio)


def _paint_outline(
    painter: QPainter,
    place: QRectF,
    outline: SoundOutline,
    start: int,
    colour: QColor,
    view: Viewport,
    ratio: float,
) -> None:
    per_sample = place.width() / view.span
    low, high = view.start - start, view.stop - start
    if per_sample >= _LINE:
        a, b = max(0, low - 1), min(outline.ready, high + 2)
        samples = outline.samples_between(a, b) if b > a else None
        if samples is not None:
            _paint_samples(painter, place, samples, a + start, colour, view)
            return
    columns = max(1, round(place.width() * ratio))
    extremes = outline.columns(low, high, columns)
    known = min(columns, max(0, int((outline.ready - low) / view.span * columns)))
    first = max(0, int(-low / view.span * columns))
    if known > first:
        image = _envelope(extremes[:, first:known], place.height(), colour, ratio)
        target = QRectF(
            place.left() + first / ratio, place.top(), (known - first) / ratio, place.height()
        )
        painter.drawImage(target, image)


def _paint_samples(
    painter: QPainter,
    place: QRectF,
    samples: NDArray[np.float32],
    first: int,
    colour: QColor,
    view: Viewport,
) -> None:
    """Draw single samples: lines from one to the next, and dots when there is room."""
    half = place.height() / 2
    xs = place.left() + (first + np.arange(samples.shape[1]) - view.start) / view.span * (
        place.width()
    )
    values = np.clip(samples.mean(axis=0), -1, 1)
    points = [
        QPointF(float(x), place.center().y() - float(value) * half)
        for x, value in zip(xs, values, strict=True)
    ]
    painter.save()
    painter.setClipRect(place)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colour, 1.4))
    painter.drawPolyline(QPolygonF(points))
    if place.width() / view.span >= _DOTS:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        for point in points:
            painter.drawEllipse(point, 2.2, 2.2)
    painter.restore()


def _envelope(extremes: NDArray[np.float32], height: float, colour: QColor, ratio: float) -> QImage:
    """Picture of an envelope at the screen's own resolution; numpy fills it at once."""
    rows = max(1, round(height * ratio / 2))
    level = np.linspace(1, -1, 2 * rows, dtype=np.float32)[:, None]
    thin = np.float32(0.75 / rows)  # silence is a thin line
    low, high = np.clip(extremes, -1, 1)
    inside = (level <= high + thin) & (level >= low - thin)
    # Premultiplied: a faint colour is drawn without conversion.
    part = colour.alphaF()
    red, green, blue = (round(value * part) for value in _rgb(colour))
    ink = np.uint32(colour.alpha() << 24 | red << 16 | green << 8 | blue)
    pixels = np.where(inside, ink, np.uint32(0))
    width = pixels.shape[1]
    kind = QImage.Format.Format_ARGB32_Premultiplied
    return QImage(pixels.tobytes(), width, 2 * rows, 4 * width, kind).copy()


def _rgb(colour: QColor) -> tuple[int, int, int]:
    return colour.red(), colour.green(), colour.blue()


def paint_strips(painter: QPainter, place: QRectF, row: StripRow, view: Viewport) -> None:
    """Draw where the face is, what the lips do, and how well lips and voice agree."""
    painter.save()
    painter.setClipRect(place)
    top = place.top() + GAP
    face = QRectF(place.left(), top, place.width(), FACE_HEIGHT)
    lips = QRectF(place.left(), face.bottom() + GAP, place.width(), LIPS_HEIGHT)
    for path in row.paths:
        if len(path.times):
            _paint_presence(painter, face, row, path, view)
            _paint_lips(painter, lips, row, path, view)
    for word in row.words:
        _paint_word(painter, lips, word, row, view)
    if row.known:
        agree = QRectF(place.left(), lips.bottom() + GAP, place.width(), AGREE_HEIGHT)
        _paint_agreement(painter, agree, row, view)
    painter.restore()


def _paint_word(
    painter: QPainter, place: QRectF, word: Anchor, row: StripRow, view: Viewport
) -> None:
    """A bracket over what the editor said something about, with the word in it."""
    left = place.left() + view.x_of(word.start, place.width())
    right = place.left() + view.x_of(word.stop, place.width())
    colour = QColor(current_tone().text)
    painter.setPen(QPen(colour, 1.5))
    box = QRectF(left, place.top() - 1, max(2.0, right - left), place.height() + 2)
    painter.drawLine(box.topLeft(), box.bottomLeft())
    painter.drawLine(box.topRight(), box.bottomRight())
    painter.drawLine(box.topLeft(), box.topRight())
    text = QCoreApplication.translate("Lanes", _WORDS[word.kind])
    inner = box.adjusted(4, 0, -2, 0)
    text = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(inner.width()))
    painter.drawText(inner, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)


def _paint_presence(
    painter: QPainter, place: QRectF, row: StripRow, path: FacePath, view: Viewport
) -> None:
    """A bar where the face is; hatched where the finder bridged a gap."""
    changes = np.flatnonzero(np.diff(path.seen.astype(np.int8))) + 1
    borders = [0, *changes.tolist(), len(path.seen)]
    for a, b in pairwise(borders):
        left = view.x_of(row.sample_of(float(path.times[a])), place.width())
        end = float(path.times[min(b, len(path.times) - 1)])
        right = view.x_of(row.sample_of(end), place.width())
        if right < 0 or left > place.width():
            continue
        left, right = max(0.0, left), min(place.width(), max(right, left + 1))
        bar = QRectF(place.left() + left, place.top(), right - left, place.height())
        if path.seen[a]:
            painter.fillRect(bar, row.colour)
        else:
            painter.fillRect(bar, QBrush(row.colour, Qt.BrushStyle.BDiagPattern))


def _paint_lips(
    painter: QPainter, place: QRectF, row: StripRow, path: FacePath, view: Viewport
) -> None:
    """How far the mouth is open, as a filled curve."""
    lips = path.lips
    if lips is None or not len(lips.opening):
        return
    times = lips.start + np.arange(len(lips.opening)) / LIP_RATE
    xs = view.x_of_all(row.origin, row.rate, times, place.width())
    inside = np.flatnonzero((xs > -2) & (xs < place.width() + 2))
    if not len(inside):
        return
    a, b = max(0, inside[0] - 1), min(len(xs), inside[-1] + 2)
    columns = np.clip(xs[a:b], 0, place.width()).astype(np.intp)
    heights = np.clip(lips.opening[a:b] / 0.45, 0.04, 1.0)
    starts = np.flatnonzero(np.diff(columns, prepend=-1))
    if len(starts) < len(columns):  # several values to a pixel: the widest opening counts
        xs_shown = columns[starts].astype(np.float64)
        heights = np.maximum.reduceat(heights, starts)
    else:
        xs_shown = np.clip(xs[a:b], 0, place.width())
    points = [
        QPointF(place.left() + float(x), place.bottom() - float(h) * place.height())
        for x, h in zip(xs_shown, heights, strict=True)
    ]
    ground = [QPointF(points[-1].x(), place.bottom()), QPointF(points[0].x(), place.bottom())]
    fill = QColor(row.colour)
    fill.setAlphaF(0.55)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(fill)
    painter.drawPolygon(QPolygonF(points + ground))


def _paint_agreement(painter: QPainter, place: QRectF, row: StripRow, view: Viewport) -> None:
    """One field per second: full where lips and voice agree, dotted where hardly, crossed where
    not."""
    tone = current_tone()
    for second, score in row.agreement.items():
        left = view.x_of(second * row.rate, place.width())
        right = view.x_of((second + 1) * row.rate, place.width())
        if right < 0 or left > place.width():
            continue
        left, right = max(0.0, left), min(place.width(), right)
        field = QRectF(
            place.left() + left, place.top(), max(1.0, right - left - 0.5), place.height()
        )
        if score >= AGREES:
            painter.fillRect(field, QColor(tone.good))
        elif score >= HARDLY:
            painter.fillRect(field, QBrush(QColor(tone.warn), Qt.BrushStyle.Dense4Pattern))
        else:
            painter.fillRect(field, QBrush(QColor(tone.bad), Qt.BrushStyle.DiagCrossPattern))
            painter.setPen(QColor(tone.bad))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(field.adjusted(0.5, 0.5, -0.5, -0.5))
