"""What the mixer and the shape panel do: every move is an edit, and is heard at once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

from PySide6.QtCore import QObject, Signal

from app.edits import Edits, LaneMix
from app.gui.controller import Controller
from app.gui.face_curves import face_curves
from app.gui.scene import Scene
from app.mix import ORIGINAL, heard, with_lane
from app.shape import REST, Shaping, shaping_of


class MixControl(QObject):
    """Verbs of mixing and shaping; keeps the player at what the edits say."""

    models_known = Signal(object)
    """Tuple of `ModelChoice`."""

    def __init__(self, controller: Controller) -> None:
        super().__init__(controller)
        self._controller = controller
        self._decisions: tuple[object, ...] = ()
        self._scene: Scene | None = None
        controller.edits_changed.connect(lambda _old, _new, _act: self._show())
        controller.scene_changed.connect(self._show)
        controller.clip_changed.connect(self._on_clip_changed)
        controller.isolated_changed.connect(lambda _isolated: self._show())

    def lane_title(self, lane: str) -> str:
        """What a lane is called."""
        if lane == ORIGINAL:
            return self.tr("Original")
        if lane == REST:
            return self.tr("Rest")
        card = self._controller.session.scene.singer(lane)
        return card.name if card is not None else lane

    def set_gain(self, lane: str, decibels: float) -> None:
        """Set the level of a lane; that of the rest is how much of it lies under the voice."""
        act = self.tr("Level of {lane}").format(lane=self.lane_title(lane))
        if lane == REST:
            self._shape(act, rest_gain_db=decibels)
        else:
            self._lane(act, lane, gain_db=decibels)

    def set_mute(self, lane: str, mute: bool) -> None:
        """Silence a lane."""
        self._lane(self.tr("Mute {lane}").format(lane=self.lane_title(lane)), lane, mute=mute)

    def set_solo(self, lane: str, solo: bool) -> None:
        """Hear a lane alone, or together with others that are; shows the mix if need be."""
        self._lane(self.tr("Solo {lane}").format(lane=self.lane_title(lane)), lane, solo=solo)
        if solo and lane != ORIGINAL and self._controller.session.heard_voices():
            self._controller.set_isolated(True)

    def set_fullness(self, fullness: float) -> None:
        """Set less bleed (0) or a fuller voice (1)."""
        self._shape(self.tr("Bleed and fullness"), fullness=fullness)

    def set_gate(self, gate: bool) -> None:
        """Silence a voice while its singer's lips are still."""
        self._shape(self.tr("Silence still lips"), gate=gate)

    def set_fade(self, milliseconds: int) -> None:
        """Set the fades at the ends of the range."""
        self._shape(self.tr("Fades"), fade_ms=milliseconds)

    def set_off_screen(self, kind: Literal["model", "silence"]) -> None:
        """Say what is heard of a singer who isn't in the picture."""
        self._edit(self.tr("Singer out of the picture"), off_screen=kind)

    def set_model(self, model: str) -> None:
        """Compute voices with this model from now on."""
        session = self._controller.session
        self._controller.edit(
            self.tr("Choose model"),
            lambda: session.use_recipe(replace(session.edits, model=model)),
        )
        self._controller.voices_moved()

    def ask_models(self) -> None:
        """Ask which models there are."""
        self._controller.run_aside("model_choices", on_done=self.models_known.emit)

    def reset_shape(self) -> None:
        """Take all shaping back, in one step."""
        first = Edits()
        self._edit(self.tr("Reset shape"), shape=first.shape, off_screen=first.off_screen)

    def shaping(self) -> Shaping | None:
        """How voices are shaped now, for an export; None without a clip."""
        session = self._controller.session
        if session.clip is None:
            return None
        audio = session.clip.audio
        faces = face_curves(session.scene, audio)
        return shaping_of(session.edits, audio.sample_rate, audio.samples, faces)

    def _lane(self, act: str, lane: str, **changes: Any) -> None:
        edits = self._controller.session.edits
        mix = replace(edits.mix.get(lane, LaneMix()), **changes)
        self._replace(act, with_lane(edits, lane, mix))

    def _shape(self, act: str, **changes: Any) -> None:
        self._edit(act, shape=replace(self._controller.session.edits.shape, **changes))

    def _edit(self, act: str, **changes: Any) -> None:
        self._replace(act, replace(self._controller.session.edits, **changes))

    def _replace(self, act: str, edits: Edits) -> None:
        self._controller.edit(act, lambda: setattr(self._controller.session, "edits", edits))

    def _on_clip_changed(self) -> None:
        self._decisions = ()
        self._show()

    def _show(self) -> None:
        """Let the player sound as the edits say; a new shape is made only where it differs."""
        session, player = self._controller.session, self._controller.player
        edits = session.edits
        player.set_heard(heard(edits, self._controller.isolated))
        rest_off = edits.mix.get(REST, LaneMix()).mute
        decisions = (edits.shape, edits.off_screen, edits.range, rest_off)
        if decisions == self._decisions and session.scene is self._scene:
            return
        shaping = self.shaping()
        if shaping is not None:
            self._decisions, self._scene = decisions, session.scene
            player.set_shaping(shaping)
