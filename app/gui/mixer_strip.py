"""One lane of the mixer: name, solo, mute, level, meter."""

from __future__ import annotations

import math

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from app.edits import LaneMix
from app.gui.fader import Fader
from app.gui.level_meter import LevelMeter, decibel_text
from app.gui.theme import current_tone


class MixerStrip(QFrame):
    """Shows a `LaneMix` and says what the user wants it to be."""

    gain_moved = Signal(str, float)
    mute_asked = Signal(str, bool)
    solo_asked = Signal(str, bool)

    def __init__(self, lane: str, rest_db: float = 0.0, parent: QWidget | None = None) -> None:
        """``rest_db`` is the level that a double click goes back to."""
        super().__init__(parent)
        self.lane = lane
        self.setObjectName(f"strip_{lane}")
        self.setProperty("strip", True)
        self._chip = QFrame(self)
        self._chip.setFixedSize(4, 16)
        self._name = QLabel(self)
        self._name.setProperty("heading", True)
        self._note = QLabel(self)
        self._note.setProperty("faint", True)
        self._note.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.solo = self._button("S")
        self.mute = self._button("M")
        self.fader = Fader("", rest_db, self)
        self.meter = LevelMeter(scale=False, parent=self)
        self._waiting = ""
        self._reading = ""
        head, controls = QHBoxLayout(), QHBoxLayout()
        for row, widgets in (
            (head, (self._chip, self._name, self._note)),
            (controls, (self.solo, self.mute, self.fader)),
        ):
            row.setSpacing(6)
            for widget in widgets:
                row.addWidget(widget)
        head.setStretchFactor(self._name, 1)
        controls.setStretchFactor(self.fader, 1)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 6, 0, 6)
        rows.setSpacing(4)
        rows.addLayout(head)
        rows.addLayout(controls)
        rows.addWidget(self.meter)
        self.fader.moved.connect(lambda level: self.gain_moved.emit(self.lane, level))
        self.mute.clicked.connect(lambda on: self.mute_asked.emit(self.lane, on))
        self.solo.clicked.connect(lambda on: self.solo_asked.emit(self.lane, on))

    def set_title(self, title: str, colour: QColor) -> None:
        """Name the lane; all its controls are read out with it."""
        self._name.setText(title)
        self._chip.setStyleSheet(f"background: {colour.name()}; border-radius: 2px;")
        self.solo.setAccessibleName(self.tr("Solo {lane}").format(lane=title))
        self.solo.setToolTip(self.tr("Hear only {lane}").format(lane=title))
        self.mute.setAccessibleName(self.tr("Mute {lane}").format(lane=title))
        self.mute.setToolTip(self.tr("Silence {lane}").format(lane=title))
        self.fader.set_name(self.tr("Level of {lane}").format(lane=title))
        self.meter.setAccessibleName(self.tr("Meter of {lane}").format(lane=title))

    def set_mix(self, mix: LaneMix) -> None:
        """Show solo, mute and level."""
        self.solo.setChecked(mix.solo)
        self.mute.setChecked(mix.mute)
        self.fader.set_level(mix.gain_db)

    def set_waiting(self, text: str) -> None:
        """Say why the lane can't be heard yet; "" when it can."""
        self._waiting = text
        self._show_note()

    def take_peaks(self, peaks: tuple[float, float]) -> None:
        """Show what was heard of the lane since the last time."""
        self.meter.take(peaks)
        reading = decibel_text(self.meter.highest)
        if reading != self._reading:
            self._reading = reading
            self.meter.setAccessibleDescription(reading)
            self._show_note()

    def _show_note(self) -> None:
        level = self.meter.highest
        if self._waiting or math.isinf(level):
            self._note.setText(self._waiting)
            return
        over = self.tr("over") + "  " if level > 0 else ""
        self._note.setText(over + self.tr("{level} dB").format(level=self._reading))

    def _button(self, text: str) -> QToolButton:
        button = QToolButton(self)
        button.setText(text)
        button.setCheckable(True)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.setFixedSize(QSize(28, 24))
        button.setProperty("lane", True)
        return button


def rest_colour() -> QColor:
    """Colour of the lanes that are no singer's."""
    return QColor(current_tone().wave)
