"""The mixer: a strip for the original, each chosen singer and the rest, and the sum."""

from __future__ import annotations

import math

from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from app.edits import LaneMix
from app.gui.controller import Controller
from app.gui.lane_mixer import SUM, Levels
from app.gui.level_meter import LevelMeter, decibel_text
from app.gui.mix_control import MixControl
from app.gui.mixer_strip import MixerStrip, rest_colour
from app.gui.theme import panel_singer_colour
from app.mix import ORIGINAL
from app.shape import REST


class MixerPanel(QFrame):
    """How loud every lane is heard; shows what the edits say."""

    def __init__(
        self, controller: Controller, control: MixControl, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("mixer_panel")
        self._controller = controller
        self._control = control
        self.strips: dict[str, MixerStrip] = {}
        """The lanes on show, from top to bottom."""
        self._hint = QLabel(self)
        self._hint.setObjectName("mixer_hint")
        self._hint.setProperty("faint", True)
        self._hint.setWordWrap(True)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        self._sum_note = QLabel(self)
        self._sum_note.setProperty("heading", True)
        self.sum = LevelMeter(scale=True, parent=self)
        self.sum.setObjectName("sum_meter")
        self.sum.setAccessibleName(self.tr("Meter of all that is heard"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 10, 14, 12)
        layout.setSpacing(4)
        layout.addWidget(self._hint)
        layout.addWidget(self._sum_note)
        layout.addWidget(self.sum)
        layout.addSpacing(4)
        layout.addLayout(self._rows)
        layout.addStretch(1)
        controller.edits_changed.connect(lambda _old, _new, _act: self._show())
        for changed in (
            controller.clip_changed,
            controller.scene_changed,
            controller.selection_changed,
            controller.voices_changed,
            controller.isolated_changed,
        ):
            changed.connect(self._show)
        controller.player.metered.connect(self._on_metered)
        self._show()

    def refresh_theme(self) -> None:
        """Show everything in the present colours."""
        self._show()

    def _show(self) -> None:
        session = self._controller.session
        lanes = [ORIGINAL, *session.selected, REST] if session.clip is not None else []
        if not session.selected:
            lanes = lanes[:1]
        if list(self.strips) != lanes:
            self._build(lanes)
        for lane, strip in self.strips.items():
            mix = session.edits.mix.get(lane, LaneMix())
            if lane == REST:
                mix = LaneMix(session.edits.shape.rest_gain_db, mix.mute, mix.solo)
            strip.set_mix(mix)
            card = session.scene.singer(lane)
            colour = panel_singer_colour(card.colour) if card is not None else rest_colour()
            strip.set_title(self._control.lane_title(lane), colour)
            waiting = card is not None and lane not in session.voices
            strip.set_waiting(self.tr("not isolated yet") if waiting else "")
        self._hint.setText(self._advice())
        self._hint.setVisible(bool(self._hint.text()))
        for widget in (self.sum, self._sum_note):
            widget.setVisible(bool(lanes))
        self._show_sum()

    def _advice(self) -> str:
        session = self._controller.session
        if session.clip is None:
            return self.tr("The mixer of the clip appears here.")
        if not session.selected:
            return self.tr("Choose a singer to get a strip for the voice and one for the rest.")
        if session.heard_voices() and not self._controller.isolated:
            return self.tr("The original is heard; choose Hear isolated for this mix.")
        return ""

    def _build(self, lanes: list[str]) -> None:
        for strip in self.strips.values():
            self._rows.removeWidget(strip)
            strip.hide()
            strip.deleteLater()
        self.strips = {}
        for lane in lanes:
            strip = MixerStrip(lane, -math.inf if lane == REST else 0.0, self)
            strip.gain_moved.connect(self._control.set_gain)
            strip.mute_asked.connect(self._control.set_mute)
            strip.solo_asked.connect(self._control.set_solo)
            self._rows.addWidget(strip)
            self.strips[lane] = strip

    def _on_metered(self, levels: Levels) -> None:
        for lane, strip in self.strips.items():
            strip.take_peaks(levels.get(lane, (0.0, 0.0)))
        self.sum.take(levels.get(SUM, (0.0, 0.0)))
        self._show_sum()

    def _show_sum(self) -> None:
        reading = decibel_text(self.sum.highest)
        over = "  " + self.tr("over full scale") if self.sum.highest > 0 else ""
        text = self.tr("Heard: highest {level} dB").format(level=reading) + over
        if text != self._sum_note.text():
            self._sum_note.setText(text)
            self.sum.setAccessibleDescription(text)
