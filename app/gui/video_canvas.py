"""The picture with a box on every face; faces are chosen by mouse or keyboard."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QBrush,
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QFont,
    QFontMetricsF,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.gui.box_draft import BoxDraft
from app.gui.face_handles import FaceHandles, SpokenFace
from app.gui.letterbox import Box, Letterbox, hit_test, letterbox
from app.gui.scene import FaceBox, Scene, SingerCard
from app.gui.theme import current_tone, singer_colour

_GROUND = QColor("#0c0d0f")
_DRAWING_KEYS = (
    *(Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down),
    *(Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape),
)


class VideoCanvas(QWidget):
    """Shows one picture, letterboxed, and the faces in it."""

    chosen = Signal(str, bool)
    """Singer id, and True when it is added to those chosen before."""
    activated = Signal()
    """A click on the empty canvas."""
    menu_asked = Signal(str, QPoint)
    """Right click on a singer; the place is global."""
    face_drawn = Signal(tuple)
    """x, y, width, height in fractions of the picture."""
    drawing_left = Signal()
    """Esc, or a box too small to mean anything."""
    resized = Signal(int, int)
    """Room for the picture in pixels of the screen."""

    _draft: BoxDraft | None = None
    """The box being drawn; Qt sends events before the constructor has come that far."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("video_canvas")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(320, 180)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Picture"))
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._image: QImage | None = None
        self._scene = Scene()
        self._faces: dict[str, FaceBox] = {}
        self._selected: tuple[str, ...] = ()
        self._focused: str | None = None
        self._by_keyboard = False
        self._hovered: str | None = None
        self._heard = ""
        self._handles = FaceHandles(self)
        self._handles.pressed.connect(lambda singer: self.chosen.emit(singer, False))
        self._invitation = self.tr("Drop a video of people singing here, or click to open one")

    def show_picture(self, image: QImage | None, time: float) -> None:
        """Show a frame and the faces at its media time; None empties the canvas."""
        before = self._faces.keys()
        self._image = image
        self._faces = self._scene.faces_at(time) if image is not None else {}
        if self._faces.keys() != before or QAccessible.isActive():
            self._describe()
        self.update()

    def set_scene(self, scene: Scene, time: float) -> None:
        """Take the people found so far; ``time`` is that of the picture shown."""
        self._scene = scene
        self._faces = scene.faces_at(time) if self._image is not None else {}
        self._describe()
        self.update()

    def set_selected(self, selected: tuple[str, ...]) -> None:
        """Mark these singers as chosen."""
        self._selected = selected
        self._describe()
        self.update()

    def set_heard(self, text: str) -> None:
        """Write what is heard into the corner; "" for nothing."""
        if text != self._heard:
            self._heard = text
            self.update()

    def set_drawing(self, drawing: bool) -> None:
        """Let the next drag draw a box around a face, or go back to choosing."""
        self._draft = BoxDraft() if drawing and self._image is not None else None
        self._hovered = None
        self.setCursor(
            Qt.CursorShape.CrossCursor if self._draft is not None else Qt.CursorShape.ArrowCursor
        )
        if self._draft is not None:
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        self._describe()
        self.update()

    def face_rect(self, singer: str) -> QRectF | None:
        """Where the box of a singer is on the canvas now; None when not in the picture."""
        face = self._faces.get(singer)
        return QRectF(*self._placement().to_canvas(face.box)) if face is not None else None

    def resizeEvent(self, event: QResizeEvent) -> None:
        ratio = self.devicePixelRatioF()
        self.resized.emit(int(self.width() * ratio), int(self.height() * ratio))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if self._image is None:
            self.activated.emit()
            return
        if self._draft is not None:
            self._draft.press(self._placement(), event.position())
            self.update()
            return
        singer = self._singer_under(event.position())
        self._by_keyboard = False
        if singer is not None:
            self._focused = singer
            adding = event.modifiers() & (
                Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier
            )
            self.chosen.emit(singer, bool(adding))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._draft is not None:
            self._draft.move(self._placement(), event.position())
            self.update()
            return
        self._set_hovered(self._singer_under(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._draft is not None and event.button() == Qt.MouseButton.LeftButton:
            self._finish_draft(self._draft.release())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        singer = self._singer_under(QPointF(event.pos()))
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            singer = self._focused
        if singer is not None and self._draft is None:
            self.menu_asked.emit(singer, event.globalPos())

    def leaveEvent(self, event: QEvent) -> None:
        self._set_hovered(None)

    def event(self, event: QEvent) -> bool:
        """While a box is drawn its keys are no shortcuts."""
        if (
            self._draft is not None
            and event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() in _DRAWING_KEYS
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._draft is not None:
            if event.key() == Qt.Key.Key_Escape:
                self.drawing_left.emit()
            elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._finish_draft(self._draft.release())
            elif self._draft.key(event):
                self.update()
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self._image is None:
                self.activated.emit()
            elif self._focused is not None:
                adding = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
                self.chosen.emit(self._focused, bool(adding))
            return
        super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes from face to face, and from the last face to the next control."""
        order = [singer.id for singer in self._scene.singers]
        if order and self._image is not None:
            place = order.index(self._focused) if self._focused in order else None
            if place is None:
                following = 0 if forward else len(order) - 1
            else:
                following = place + (1 if forward else -1)
            if 0 <= following < len(order):
                self._focused = order[following]
                self._by_keyboard = True
                self._describe()
                self.update()
                return True
        self._focused = None
        return super().focusNextPrevChild(forward)

    def focusInEvent(self, event: QFocusEvent) -> None:
        if event.reason() == Qt.FocusReason.TabFocusReason and self._scene.singers:
            self._focused = self._scene.singers[0].id
        elif event.reason() == Qt.FocusReason.BacktabFocusReason and self._scene.singers:
            self._focused = self._scene.singers[-1].id
        self._by_keyboard = event.reason() != Qt.FocusReason.MouseFocusReason
        self._describe()
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), _GROUND)
        if self._image is None:
            self._paint_invitation(painter)
        else:
            self._paint_picture(painter, self._image)
        painter.end()

    def _paint_picture(self, painter: QPainter, image: QImage) -> None:
        place = self._placement()
        self._paint_pixels(painter, place, image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        # Small faces last: they may stand in front of large ones, and the click is theirs.
        shown = [singer for singer in self._scene.singers if singer.id in self._faces]
        shown.sort(key=lambda singer: -self._faces[singer.id].area)
        for singer in shown:
            face = self._faces[singer.id]
            self._paint_face(painter, QRectF(*place.to_canvas(face.box)), singer, face.seen)
        if self._draft is not None:
            self._draft.paint(painter, place)
            self._paint_label(
                painter,
                QPointF(place.left + 12, place.top + 12),
                self.tr("Draw a box around the whole face · Esc leaves"),
                QColor("white"),
                QColor(0, 0, 0, 215),
            )
        elif self._heard:
            corner = QPointF(place.left + 12, place.top + 12)
            self._paint_label(painter, corner, self._heard, QColor("white"), QColor(0, 0, 0, 215))

    def _paint_pixels(self, painter: QPainter, place: Letterbox, image: QImage) -> None:
        """Draw the picture: pixel by pixel where it was made for this place, else scaled."""
        ratio = self.devicePixelRatioF()
        left, top = round(place.left * ratio), round(place.top * ratio)
        width, height = place.width * ratio, place.height * ratio
        painter.save()
        painter.scale(1 / ratio, 1 / ratio)
        if abs(width - image.width()) < 1 and abs(height - image.height()) < 1:
            painter.drawImage(left, top, image)
        else:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(QRectF(left, top, width, height), image)
        painter.restore()

    def _paint_face(self, painter: QPainter, box: QRectF, card: SingerCard, seen: bool) -> None:
        singer, name = card.id, card.name
        selected = singer in self._selected
        colour = singer_colour(card.colour)
        width = 4.0 if selected else 2.0
        style = Qt.PenStyle.SolidLine if selected else Qt.PenStyle.DashLine
        if not seen:  # the finder bridged a gap here: the place is a guess
            colour.setAlphaF(0.7)
            painter.fillRect(box, QBrush(colour, Qt.BrushStyle.BDiagPattern))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(0, 0, 0, 150), width + 2))
        painter.drawRoundedRect(box, 5, 5)
        painter.setPen(QPen(colour, width, style))
        painter.drawRoundedRect(box, 5, 5)
        if singer == self._focused and self._by_keyboard and self.hasFocus():
            painter.setPen(QPen(QColor(255, 255, 255), 2, Qt.PenStyle.DotLine))
            painter.drawRoundedRect(box.adjusted(-6, -6, 6, 6), 8, 8)
        elif singer == self._hovered and not selected:
            painter.fillRect(box, QColor(255, 255, 255, 38))
        text = f"✓ {name}" if selected else name
        ground = QColor(colour) if selected else QColor(0, 0, 0, 215)
        ink = QColor("#101113") if selected else colour
        self._paint_label(painter, box.bottomLeft() + QPointF(0, 5), text, ink, ground)

    def _paint_label(
        self, painter: QPainter, corner: QPointF, text: str, ink: QColor, ground: QColor
    ) -> None:
        font = QFont(self.font())
        font.setPointSizeF(max(9.0, font.pointSizeF()))
        font.setBold(True)
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        size = metrics.boundingRect(text).width() + 16, metrics.height() + 6
        rect = QRectF(corner.x(), corner.y(), *size)
        rect.moveRight(min(rect.right(), self.width() - 4))
        rect.moveBottom(min(rect.bottom(), self.height() - 4))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(rect, 4, 4)
        painter.setPen(ink)
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_invitation(self, painter: QPainter) -> None:
        tone = current_tone()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = QRectF(self.rect()).adjusted(28, 28, -28, -28)
        focused = self.hasFocus()
        colour = QColor(tone.accent if focused else "#4a4f57")
        painter.setPen(QPen(colour, 2, Qt.PenStyle.DashLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(frame, 12, 12)
        font = QFont(self.font())
        font.setPointSizeF(font.pointSizeF() + 4)
        painter.setFont(font)
        painter.setPen(QColor("#c6cad1"))
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(frame.adjusted(20, 0, -20, 0), int(flags), self._invitation)

    def _placement(self) -> Letterbox:
        image = self._image
        picture = (image.width(), image.height()) if image is not None else (0, 0)
        return letterbox(picture, (self.width(), self.height()))

    def _singer_under(self, point: QPointF) -> str | None:
        inside = self._placement().to_picture(point.x(), point.y())
        boxes: dict[str, Box] = {singer: face.box for singer, face in self._faces.items()}
        return hit_test(boxes, *inside) if inside is not None else None

    def _finish_draft(self, box: Box | None) -> None:
        if box is None:
            self.drawing_left.emit()
        else:
            self.face_drawn.emit(box)

    def _set_hovered(self, singer: str | None) -> None:
        if singer != self._hovered:
            self._hovered = singer
            shape = Qt.CursorShape.PointingHandCursor if singer else Qt.CursorShape.ArrowCursor
            self.setCursor(shape)
            self.update()

    def _describe(self) -> None:
        """Tell assistive technology what the canvas shows."""
        if self._draft is not None:
            self.setAccessibleDescription(
                self.tr(
                    "Draw a box around a face: arrows move it, Shift and arrows size it, Enter "
                    "takes it, Escape leaves."
                )
            )
            return
        told = [self._spoken(singer) for singer in self._scene.singers]
        self._handles.show(told)
        parts = [
            f"{face.name}, {self.tr('focused')}" if face.focused else face.name for face in told
        ]
        self.setAccessibleDescription("; ".join(parts) or self.tr("No faces found yet"))

    def _spoken(self, singer: SingerCard) -> SpokenFace:
        selected = singer.id in self._selected
        name = f"{singer.name}, {self.tr('selected')}" if selected else singer.name
        return SpokenFace(
            singer.id, name, selected, singer.id == self._focused, self.face_rect(singer.id)
        )
