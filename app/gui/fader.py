"""A level in dB as a slider with a field for the exact value."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QDoubleSpinBox, QHBoxLayout, QSlider, QWidget

LOWEST_DB, HIGHEST_DB = -60.0, 12.0
_STEPS = 1000
_PLACES = (1, 150, 400, 650, 800, 1000)
_LEVELS = (LOWEST_DB, -40.0, -20.0, -6.0, 0.0, HIGHEST_DB)
"""Levels at places of the slider: most room where levels are set, as on a mixing desk."""
_OFF = LOWEST_DB - 0.5


def level_at(place: int) -> float:
    """Level at a place of the slider, dB; at the very left it is off."""
    return -math.inf if place <= 0 else round(float(np.interp(place, _PLACES, _LEVELS)), 1)


def place_of(decibels: float) -> int:
    """Place of a level on the slider."""
    return 0 if decibels < LOWEST_DB else round(float(np.interp(decibels, _LEVELS, _PLACES)))


class Fader(QWidget):
    """Shows and sets a level; `moved` is only sent for what the user does."""

    moved = Signal(float)
    """dB; minus infinity = off."""

    def __init__(self, name: str, rest_db: float = 0.0, parent: QWidget | None = None) -> None:
        """``name`` is read out; a double click goes to ``rest_db``."""
        super().__init__(parent)
        self._rest_db = rest_db
        self.slider = QSlider(Qt.Orientation.Horizontal, self)
        self.slider.setRange(0, _STEPS)
        self.slider.setSingleStep(10)
        self.slider.setPageStep(50)
        # A drag by the mouse leaves the arrow keys to the playhead.
        self.slider.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.slider.installEventFilter(self)
        self.field = QDoubleSpinBox(self)
        self.field.setRange(_OFF, HIGHEST_DB)
        self.field.setDecimals(1)
        self.field.setSingleStep(0.5)
        self.field.setSuffix(self.tr(" dB"))
        self.field.setSpecialValueText(self.tr("off"))
        self.field.setButtonSymbols(QDoubleSpinBox.ButtonSymbols.NoButtons)
        self.field.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.field.setKeyboardTracking(False)
        self.field.setFixedWidth(70)
        self.set_name(name)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self.slider, 1)
        row.addWidget(self.field)
        self.set_level(0.0)
        self.slider.valueChanged.connect(lambda place: self._on_moved(level_at(place)))
        self.field.valueChanged.connect(self._on_typed)

    def set_name(self, name: str) -> None:
        """Take another name to be read out."""
        self.slider.setAccessibleName(name)
        self.field.setAccessibleName(name)
        self.slider.setToolTip(self.tr("{name}; double-click to reset").format(name=name))

    def set_level(self, decibels: float) -> None:
        """Show a level."""
        for widget in (self.slider, self.field):
            widget.blockSignals(True)
        if level_at(self.slider.value()) != decibels:
            self.slider.setValue(place_of(decibels))
        self.field.setValue(max(_OFF, decibels))
        for widget in (self.slider, self.field):
            widget.blockSignals(False)
        self.slider.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.slider and event.type() == QEvent.Type.MouseButtonDblClick:
            self._on_moved(self._rest_db)
            return True
        return False

    def _on_typed(self, decibels: float) -> None:
        self._on_moved(-math.inf if decibels < LOWEST_DB else decibels)

    def _on_moved(self, decibels: float) -> None:
        self.set_level(decibels)
        self.moved.emit(decibels)
