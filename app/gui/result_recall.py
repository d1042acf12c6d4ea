"""Brings back voices that were computed before, whenever it becomes clear which ones fit."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from app.gui.controller import Controller
from app.gui.engine_voices import Computed, RecalledVoice
from app.gui.workers import JobHandlers

_SETTLE_MS = 80
"""A dragged end of the range asks once, when it rests."""


class ResultRecall(QObject):
    """Asks the cache for the voices of all singers over the present range."""

    def __init__(self, controller: Controller) -> None:
        super().__init__(controller)
        self._controller = controller
        self._asked: tuple[object, ...] = ()
        self._job: int | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SETTLE_MS)
        self._timer.timeout.connect(self._ask)
        controller.clip_changed.connect(self._forget)
        controller.scene_changed.connect(self._timer.start)
        controller.range_changed.connect(self._timer.start)
        controller.edits_changed.connect(lambda _old, _new, _act: self._timer.start())

    def _forget(self) -> None:
        self._asked = ()
        if self._job is not None:
            self._controller.jobs.abandon(self._job)
            self._job = None

    def _ask(self) -> None:
        session = self._controller.session
        if session.clip is None or not session.scene.complete:
            return
        wanted: list[tuple[str, Computed]] = session.unheard()
        question = (session.clip.path, tuple(wanted), session.stretch)
        if not wanted or question == self._asked:
            return
        if self._job is not None:
            self._timer.start()  # one question after the other
            return
        self._asked = question
        self._job = self._controller.jobs.run(
            "recall_voices",
            session.clip.path,
            wanted,
            *session.stretch,
            session.folder,
            handlers=JobHandlers(self._on_found, self._on_failed, on_cancelled=self._on_ended),
        )

    def _on_found(self, found: list[RecalledVoice]) -> None:
        self._job = None
        session = self._controller.session
        if [voice for voice in found if session.add_recalled(voice)]:
            self._controller.voices_moved()

    def _on_failed(self, sentence: str) -> None:
        self._job = None
        self._controller.problem.emit(sentence)

    def _on_ended(self) -> None:
        self._job = None
