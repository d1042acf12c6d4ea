"""Long clips: the length that the file states of itself gives way to the exact one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.gui.engine_jobs import ClipView
from app.gui.workers import JobHandlers

if TYPE_CHECKING:
    from app.gui.controller import Controller


class ExactLength(QObject):
    """Has a clip that was opened before it was read to its end read on, behind everything else."""

    settled = Signal(object, object)
    """The clip as it was stated and as it is; session and player know already."""

    def __init__(self, controller: Controller) -> None:
        super().__init__(controller)
        self._controller = controller
        self._job: int | None = None
        self._waiting: Callable[[], None] | None = None
        controller.clip_changed.connect(self._on_clip_changed)

    def known(self, act: Callable[[], None]) -> bool:
        """Whether the length is exact; if not, ``act`` is called as soon as it is."""
        clip = self._controller.session.clip
        if clip is None or clip.exact:
            return True
        self._waiting = act
        self._controller.remark.emit(
            self.tr("{name} is still being read to its end; this goes on by itself then.").format(
                name=clip.path.name
            )
        )
        return False

    def _on_clip_changed(self) -> None:
        if self._job is not None:
            self._controller.jobs.abandon(self._job)
        self._job = self._waiting = None
        clip = self._controller.session.clip
        if clip is not None and not clip.exact:
            handlers = JobHandlers(self._on_read, self._on_failed)
            self._job = self._controller.jobs.run("index_clip", clip.path, handlers=handlers)

    def _on_read(self, clip: ClipView) -> None:
        self._job = None
        session = self._controller.session
        stated = session.clip
        assert stated is not None
        session.settle(clip)
        self._controller.player.settle(clip)
        self.settled.emit(stated, clip)
        self._controller.range_changed.emit()
        act, self._waiting = self._waiting, None
        if act is not None:
            act()

    def _on_failed(self, sentence: str) -> None:
        self._job = self._waiting = None
        self._controller.problem.emit(sentence)
