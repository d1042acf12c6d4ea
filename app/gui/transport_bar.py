"""Buttons and clock between picture and lanes."""

from __future__ import annotations

from fractions import Fraction

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QFont, QFontDatabase
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QWidget

from app.gui.icons import icon
from app.gui.timecode import clock_text


class TransportBar(QFrame):
    """Frame steps, play, position, range marks, what is heard."""

    def __init__(self, actions: dict[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("transport_bar")
        # Time runs to the right in every language.
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self._play = actions["play"]
        self._position = QLabel(clock_text(0), self)
        self._position.setObjectName("position_label")
        fixed = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        fixed.setPointSizeF(self.font().pointSizeF() + 3)
        fixed.setWeight(QFont.Weight.DemiBold)
        self._position.setFont(fixed)
        self._position.setAccessibleName(self.tr("Position"))
        self._speed = QLabel(self)
        self._speed.setObjectName("speed_label")
        self._speed.setAccessibleName(self.tr("Speed"))
        self._speed.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._speed.setFixedWidth(self.fontMetrics().horizontalAdvance("◀ 4×") + 8)
        self._duration = QLabel(self)
        self._duration.setProperty("faint", True)
        self._timecode = QLabel(self)
        self._timecode.setObjectName("timecode_label")
        self._timecode.setFont(fixed)
        self._timecode.setAccessibleName(self.tr("Source timecode"))
        self._timecode.setToolTip(self.tr("Source timecode of the picture"))
        self._range = QLabel(self)
        self._range.setObjectName("range_label")
        self._range.setProperty("faint", True)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 5, 12, 5)
        layout.setSpacing(4)
        for name in ("previous_frame", "play", "next_frame"):
            layout.addWidget(self._button(actions[name]))
        layout.addSpacing(6)
        layout.addWidget(self._button(actions["loop"]))
        layout.addSpacing(4)
        layout.addWidget(self._speed)
        layout.addWidget(self._position)
        layout.addSpacing(6)
        layout.addWidget(self._duration)
        layout.addSpacing(14)
        layout.addWidget(self._timecode)
        layout.addStretch(1)
        layout.addWidget(self._range)
        layout.addSpacing(6)
        for name in ("mark_in", "mark_out", "clear_range"):
            layout.addWidget(self._button(actions[name]))
        self.setFixedHeight(46)

    def set_position(self, seconds: Fraction | float) -> None:
        """Show the playhead's clip time."""
        self._position.setText(clock_text(seconds))

    def set_timecode(self, text: str) -> None:
        """Show the source timecode at the playhead; "" where the clip has none."""
        self._timecode.setText(text)

    def set_duration(self, seconds: Fraction | float | None) -> None:
        """Show the clip's length; None for no clip."""
        self._duration.setText("" if seconds is None else "/ " + clock_text(seconds))

    def set_range(self, start: Fraction | float, stop: Fraction | float, whole: bool) -> None:
        """Show In, Out and the length between."""
        if whole:
            self._range.setText(self.tr("Whole clip"))
        else:
            self._range.setText(
                self.tr("In {start}   Out {stop}   Length {length}").format(
                    start=clock_text(start), stop=clock_text(stop), length=clock_text(stop - start)
                )
            )

    def set_playing(self, playing: bool) -> None:
        """Show pause while the clip runs."""
        self._play.setIcon(icon("pause" if playing else "play"))
        self._play.setText(self.tr("Pause") if playing else self.tr("Play"))

    def set_speed(self, speed: int) -> None:
        """Show how fast and in which direction it plays, unless that is as usual."""
        way = "◀ " if speed < 0 else ""
        self._speed.setText("" if speed in (0, 1) else f"{way}{abs(speed)}×")

    def _button(self, action: QAction) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(action.objectName().replace("action_", "button_"))
        button.setProperty("flat", True)
        button.setDefaultAction(action)
        button.setIconSize(QSize(20, 20))
        button.setAccessibleName(action.text())
        return button
