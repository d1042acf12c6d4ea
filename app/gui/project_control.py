"""Opening, saving and keeping projects: the window's memory."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from app.edits import with_end, with_singers
from app.errors import AppError
from app.gui import dialogs
from app.gui.controller import Controller
from app.gui.engine_jobs import ClipView
from app.gui.engine_project import LoadedProject
from app.gui.history_control import HistoryControl
from app.gui.kept_work import KeptWork
from app.gui.offer_bar import OfferBar
from app.gui.project_state import ProjectState, without_people
from app.gui.workers import JobHandlers
from app.paths import config_dir
from app.project.document import SUFFIX, Document, write_project
from app.project.files import digest_of
from app.project.recent import RecentFiles
from app.project.recovery import RecoverySlot

_MINUTE_MS = 60_000


@dataclass(frozen=True)
class _Opening:
    """A project whose clip is being opened."""

    loaded: LoadedProject
    clip: Path
    slot: RecoverySlot | None
    """Where the work was kept that is restored; None for a project from its file."""


@dataclass(frozen=True)
class _Written:
    """How a save ended: written, changed by somebody else meanwhile, or a sentence."""

    state: ProjectState
    """What was saved belongs to this, also when another clip is open by now."""
    path: Path
    document: Document
    based: str = ""
    sentence: str = ""


class ProjectControl(QObject):
    """Knows which project the open clip belongs to and what of it is safe."""

    title_changed = Signal(str, bool)
    """Name for the title bar, and whether something isn't saved."""
    saved = Signal(object)
    """Path of the project file just written."""
    _written = Signal(object)

    def __init__(
        self, controller: Controller, history: HistoryControl, offers: OfferBar, window: QWidget
    ) -> None:
        super().__init__(controller)
        self._controller = controller
        self._history = history
        self._offers = offers
        self._window = window
        self._state = ProjectState()
        self._opening: _Opening | None = None
        self._loading: int | None = None
        self._was_dirty = False
        """Whether the clip that is being left had something to keep."""
        self._disk = ThreadPoolExecutor(max_workers=1, thread_name_prefix="project")
        self.recent = RecentFiles(config_dir())
        self._kept = KeptWork(offers, self.restore, self)
        self._kept.problem.connect(controller.problem)
        self._written.connect(self._on_written)
        controller.clip_changed.connect(self._on_clip_changed)
        controller.scene_changed.connect(self._on_scene_changed)
        controller.singers_moved.connect(self._on_singers_moved)
        controller.length.settled.connect(self._on_settled)
        controller.edits_changed.connect(lambda _old, _new, _act: self._keep())
        minute = QTimer(self)
        minute.timeout.connect(self._keep)
        minute.start(_MINUTE_MS)

    @property
    def path(self) -> Path | None:
        """The project file; None until there is one."""
        return self._state.path

    @property
    def dirty(self) -> bool:
        """True when there are decisions that aren't in the project file."""
        return self._state.dirty(self._controller.session)

    def start(self, path: Path | None) -> None:
        """Open a file if there is one and offer what was left behind."""
        project = path is not None and path.suffix.lower() == SUFFIX
        self._controller.start(None if project else path)
        if path is not None and project:
            self.open(path)
        self._kept.look(only_crashes=path is not None)

    def open(self, path: Path) -> None:
        """Open a clip or a project."""
        self._forget_opening()
        self._offers.hide()
        if path.suffix.lower() != SUFFIX:
            self._controller.open(path)
            return
        handlers = JobHandlers(self._on_loaded, self._controller.problem.emit)
        self._loading = self._controller.jobs.run(
            "load_project", path.absolute(), handlers=handlers
        )

    def save(self) -> None:
        """Write the project to its file; asks for one the first time."""
        if self._state.path is None:
            self.save_as()
        else:
            self._write(self._state.path, self._state.based)

    def save_as(self) -> None:
        """Ask for a file and write the project to it."""
        clip = self._controller.session.clip
        if clip is None:
            return
        proposal = self._state.path or clip.path.with_suffix(SUFFIX)
        path = dialogs.ask_project_file(self._window, proposal)
        if path is not None:
            self._write(path, None)  # the dialog has asked before replacing a file

    def restore(self, loaded: LoadedProject, slot: RecoverySlot) -> None:
        """Take up work that was left behind."""
        self._forget_opening()
        reference = loaded.document.project.media
        handlers = JobHandlers(
            lambda clip: self._take_up(replace(loaded, clip=clip), slot),
            self._controller.problem.emit,
        )
        self._loading = self._controller.jobs.run(
            "find_clip", reference, loaded.path, handlers=handlers
        )

    def rescue(self) -> None:
        """Make sure, after a fault and on any thread, that the work is on the disk."""
        self._kept.flush()

    def close(self) -> None:
        """Keep what isn't saved and let go of everything; called before the clip is closed."""
        self._kept.close(self.dirty)
        self._disk.shutdown(wait=True)

    def _forget_opening(self) -> None:
        if self._loading is not None:
            self._controller.jobs.abandon(self._loading)
        self._loading = self._opening = None

    def _on_loaded(self, loaded: LoadedProject) -> None:
        self._take_up(loaded, None)

    def _take_up(self, loaded: LoadedProject, slot: RecoverySlot | None) -> None:
        self._loading = None
        if loaded.clip is None:
            self._ask_for_clip(loaded, slot)
            return
        self._opening = _Opening(loaded, loaded.clip.absolute(), slot)
        self._controller.open(loaded.clip)

    def _ask_for_clip(self, loaded: LoadedProject, slot: RecoverySlot | None) -> None:
        reference = loaded.document.project.media

        def point() -> None:
            path = dialogs.ask_moved_clip(self._window, reference.name, loaded.path)
            if path is None:
                self._ask_for_clip(loaded, slot)
                return
            handlers = JobHandlers(
                lambda clip: self._take_up(replace(loaded, clip=clip), slot), refused
            )
            self._loading = self._controller.jobs.run(
                "verify_clip", path, reference, handlers=handlers
            )

        def refused(sentence: str) -> None:
            self._controller.problem.emit(sentence)
            self._ask_for_clip(loaded, slot)

        name = loaded.path.name if loaded.path is not None else self.tr("The kept work")
        sentence = self.tr(
            "{project} is about {clip}, which lies neither where it was nor near the project."
        ).format(project=name, clip=reference.name)
        self._offers.offer(sentence, [(self.tr("Find the clip…"), point)])

    def _on_clip_changed(self) -> None:
        session = self._controller.session
        if session.clip is None:
            return
        opening, self._opening = self._opening, None
        if opening is not None and opening.clip != session.clip.path:
            opening = None
        self._kept.next_clip(opening.slot if opening is not None else None, self._was_dirty)
        if opening is None:
            self._state = ProjectState(saved=session.edits)
        else:
            self._resume(opening)
        self._kept.offer_for(session.clip.fingerprint)
        opened = self._state.path or session.clip.path
        self._disk.submit(self.recent.add, opened)
        self._keep()

    def _resume(self, opening: _Opening) -> None:
        session, loaded = self._controller.session, opening.loaded
        assert session.clip is not None
        project = loaded.document.project
        self._state = ProjectState(
            loaded.path, loaded.based, project.edits, project, loaded.document
        )
        if opening.slot is not None:
            self._state.saved = None
        act = self.tr("Open project")
        self._controller.replace_edits(act, without_people(project.edits, session.clip))
        self._history.clear()
        QTimer.singleShot(0, lambda: self._go_to(project.position))

    def _go_to(self, position: int) -> None:
        self._controller.player.pause()
        self._controller.player.seek(position)

    def _on_scene_changed(self) -> None:
        session, state = self._controller.session, self._state
        if state.due is None or not session.scene.complete:
            return
        safe = state.saved is not None
        edits = state.come_back(session.sources.found, session.edits)
        self._controller.replace_edits(self.tr("Open project"), edits)
        self._history.clear()
        if safe:
            state.saved = session.edits
        if state.singers_gone:
            self._controller.remark.emit(
                self.tr(
                    "{count} of the singers in this project were not found again; what was "
                    "decided about them is left out."
                ).format(count=state.singers_gone)
            )
        self._keep()

    def _on_singers_moved(self, ids: dict[str, str | None]) -> None:
        if self._state.saved is not None:
            self._state.saved = with_singers(self._state.saved, ids)

    def _on_settled(self, stated: ClipView, clip: ClipView) -> None:
        if self._state.saved is not None:
            ends = stated.audio.samples, clip.audio.samples
            self._state.saved = with_end(self._state.saved, *ends)
        self._keep()

    def _keep(self) -> None:
        """Keep the present state for the case of a crash, and show whether it is saved."""
        session = self._controller.session
        if session.clip is None:
            return
        self._was_dirty = self.dirty
        self._kept.keep(self._state.kept(session, self._controller.player.position))
        self._show_title()

    def _show_title(self) -> None:
        clip = self._controller.session.clip
        if clip is not None:
            self.title_changed.emit((self._state.path or clip.path).name, self.dirty)

    def _write(self, path: Path, based: str | None) -> None:
        session = self._controller.session
        if session.clip is None or not self._controller.length.known(
            lambda: self._write(path, based)
        ):
            return
        document = replace(self._state, path=path).document(
            session, self._controller.player.position
        )
        task = self._disk.submit(_save, self._state, path, document, based)
        task.add_done_callback(self._hand_over)

    def _hand_over(self, task: Future[_Written]) -> None:
        self._written.emit(task.result())

    def _on_written(self, result: _Written) -> None:
        state = result.state
        if result.sentence:
            self._controller.problem.emit(result.sentence)
        elif result.based:
            state.path, state.based = result.path, result.based
            state.saved = result.document.project.edits
            self._disk.submit(self.recent.add, result.path)
            self._keep()
            self.saved.emit(result.path)
        elif state is self._state and dialogs.may_replace_project(self._window, result.path):
            self._write(result.path, None)


def _save(state: ProjectState, path: Path, document: Document, based: str | None) -> _Written:
    """Write a project unless somebody else has written its file; ``based`` None = don't ask."""
    try:
        if based is not None and path.exists() and digest_of(path) != based:
            return _Written(state, path, document)
        write_project(path, document)
        return _Written(state, path, document, digest_of(path))
    except AppError as error:
        return _Written(state, path, document, sentence=str(error))
