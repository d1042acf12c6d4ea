"""Keeps canvas and singers panel in step with the people, and hands on what is done there."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from PySide6.QtCore import QObject, QPoint
from PySide6.QtGui import QAction

from app.face_curve import CURVE_FPS
from app.gui.face_curves import face_curves
from app.gui.lip_hearing import LipHearing
from app.gui.people_control import PeopleControl
from app.gui.people_scene import suggestions
from app.gui.session import Session
from app.gui.singer_warnings import hardly_agree, singer_warnings
from app.gui.singers_panel import SingersPanel
from app.gui.timeline_control import TimelineControl
from app.gui.video_canvas import VideoCanvas
from app.lips_and_sound import lips_without_sound


class PeopleView(QObject):
    """Everything about people that the window shows."""

    def __init__(
        self,
        people: PeopleControl,
        canvas: VideoCanvas,
        panel: SingersPanel,
        lanes: TimelineControl,
        draw_action: QAction,
    ) -> None:
        super().__init__(panel)
        control = people.control
        self._control = control
        self._canvas = canvas
        self._panel = panel
        self._lanes = lanes
        self.hearing = LipHearing(control)
        self.hearing.heard.connect(self._show_warnings)
        self._unheard: tuple[object, set[str], object, object] = (None, set(), None, None)
        lanes.rows_changed.connect(lambda _rows, _rate: self._show_warnings())
        control.clip_changed.connect(self.show_people)
        control.scene_changed.connect(self.show_people)
        control.range_changed.connect(self._show_warnings)
        control.voices_changed.connect(self._show_warnings)
        canvas.chosen.connect(control.select)
        canvas.menu_asked.connect(self._on_menu_asked)
        canvas.face_drawn.connect(people.add_face)
        canvas.drawing_left.connect(lambda: people.set_drawing(False))
        panel.chosen.connect(control.choose)
        panel.renamed.connect(control.rename)
        panel.restored.connect(people.restore)
        panel.stop_asked.connect(people.stop_following)
        panel.same_person.confirmed.connect(lambda a, b: people.merge((a, b)))
        panel.same_person.denied.connect(people.keep_apart)
        people.rename_asked.connect(panel.edit_name)
        people.following_changed.connect(panel.show_following)
        people.drawing_changed.connect(canvas.set_drawing)
        people.drawing_changed.connect(draw_action.setChecked)

    def show_people(self) -> None:
        """Show the people as they are now."""
        session = self._control.session
        self._panel.set_scene(session.scene, session.selected, _span(session, whole=True))
        pairs = suggestions(session.scene, session.edits.people)
        self._panel.same_person.ask(pairs if session.scene.complete else [])
        self._show_warnings()

    def _show_warnings(self) -> None:
        session = self._control.session
        start, stop = _span(session, whole=False)
        doubtful = {card.id for card in session.scene.singers if hardly_agree(self._fit(card.id))}
        doubtful |= self._without_sound()
        self._panel.set_warnings(
            {
                card.id: singer_warnings(session.scene, card.id, start, stop, doubtful)
                for card in session.scene.singers
            }
        )

    def _fit(self, singer: str) -> Mapping[int, float]:
        """How well lips and sound agree: by the computed voice, else as far as listened to."""
        session = self._control.session
        voice = session.voices.get(singer)
        if voice is not None:
            return voice.agreement
        if session.clip is None:
            return {}
        rate = session.clip.audio.sample_rate
        first, last = session.range[0] // rate, -(-session.range[1] // rate)
        heard = self.hearing.agreement(singer)
        return {second: score for second, score in heard.items() if first <= second < last}

    def _without_sound(self) -> set[str]:
        """Singers whose lips move in the range where nothing sounds; kept, as it is asked often."""
        session, outline = self._control.session, self._lanes.outline
        if session.clip is None or not session.scene.complete or outline.ready < session.range[1]:
            return set()
        scene = session.scene
        basis = (id(scene), id(outline), outline.version, session.range)
        if self._unheard[0] != basis:
            audio = session.clip.audio
            first, last = (sample * CURVE_FPS // audio.sample_rate for sample in session.range)
            start, stop = (frame * audio.sample_rate // CURVE_FPS for frame in (first, last))
            level = np.abs(outline.columns(start, stop, last - first)).max(axis=0)
            found = {
                key
                for key, face in face_curves(scene, audio).items()
                if lips_without_sound(face.part(first, last), level)
            }
            self._unheard = (basis, found, scene, outline)  # kept, so that no id is used again
        return self._unheard[1]

    def _on_menu_asked(self, singer: str, place: QPoint) -> None:
        if singer not in self._control.session.selected:
            self._control.select(singer)
        self._panel.menu().popup(place)


def _span(session: Session, whole: bool) -> tuple[float, float]:
    """Media time of the clip's two ends, or of In and Out, in seconds."""
    clip = session.clip
    if clip is None:
        return 0.0, 0.0
    ends = (clip.first, clip.last) if whole else session.range
    start = float(clip.audio.start)
    return start + ends[0] / clip.audio.sample_rate, start + ends[1] / clip.audio.sample_rate
