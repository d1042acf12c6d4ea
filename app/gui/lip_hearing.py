"""Has the engine listen, while nobody waits for it, whether lips and sound agree."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject, QTimer, Signal

from app.gui.controller import Controller
from app.gui.face_curves import face_curves
from app.gui.workers import JobHandlers
from app.lips_and_sound import where_to_listen

_SETTLE_MS = 1500
"""Faces come first, then what the editor does at once; this is for the pause after it."""


class LipHearing(QObject):
    """Listens to a few stretches of the clip once its people are known, or known anew."""

    heard = Signal()

    def __init__(self, controller: Controller) -> None:
        super().__init__(controller)
        self._controller = controller
        self._people: tuple[object, ...] = ()
        """Whom `_agreement` is about, or will be."""
        self._agreement: Mapping[str, Mapping[int, float]] = {}
        self._job: int | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SETTLE_MS)
        self._timer.timeout.connect(self._ask)
        controller.clip_changed.connect(self._forget)
        controller.scene_changed.connect(self._on_scene_changed)
        controller.length.settled.connect(lambda _old, _new: self._timer.start())
        controller.job_started.connect(lambda _title: self._give_way())
        controller.job_ended.connect(self._timer.start)

    def agreement(self, singer: str) -> Mapping[int, float]:
        """Second of the sound -> how well this singer's moving lips fit it, as far as heard."""
        return self._agreement.get(singer, {})

    def _on_scene_changed(self) -> None:
        if self._known_people() != self._people:
            self._forget()
            self._timer.start()

    def _known_people(self) -> tuple[object, ...]:
        return tuple((card.id, card.tracks) for card in self._controller.session.scene.singers)

    def _forget(self) -> None:
        self._give_way()
        self._people, self._agreement = (), {}

    def _give_way(self) -> None:
        """Leave the processor to the work that the editor waits for."""
        if self._job is not None:
            self._controller.jobs.abandon(self._job)
            self._job, self._people = None, ()

    def _ask(self) -> None:
        session = self._controller.session
        clip, people = session.clip, self._known_people()
        if clip is None or not clip.exact or not session.scene.complete or self._controller.busy:
            return
        if self._job is not None or people == self._people:
            return
        seconds = -(-clip.audio.samples // clip.audio.sample_rate)
        stretches = where_to_listen(face_curves(session.scene, clip.audio), seconds)
        self._people = people
        if stretches:
            self._job = self._controller.jobs.run(
                "hear_lips",
                clip.path,
                session.edits.people,
                stretches,
                handlers=JobHandlers(self._on_heard, self._on_failed),
            )

    def _on_heard(self, agreement: dict[str, dict[int, float]]) -> None:
        self._job, self._agreement = None, agreement
        self.heard.emit()

    def _on_failed(self, _sentence: str) -> None:
        # Nobody asked for it; what is wrong is told when the voice is asked for.
        self._job = None
