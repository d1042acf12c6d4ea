"""What the actions do: keeps session, player and jobs together; widgets only show the result."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.edits import Edits
from app.errors import NotPossibleError
from app.gui.engine_jobs import ClipView, VoicePart
from app.gui.exact_length import ExactLength
from app.gui.export import ExportOrder
from app.gui.player import Player
from app.gui.scene import Scene
from app.gui.session import Session
from app.gui.told import plain_name, told
from app.gui.workers import JobBridge, JobHandlers
from app.jobs import Progress


class Controller(QObject):
    """The window's verbs. Signals say what changed; the session holds the state itself."""

    clip_changed = Signal()
    edits_changed = Signal(object, object, str)
    """Old and new `Edits`, and the name of the act; sent before the more particular signals."""
    scene_changed = Signal()
    singers_moved = Signal(object)
    """{old id: new id or None}: the finder's letters moved; decisions have followed already."""
    selection_changed = Signal()
    range_changed = Signal()
    voices_changed = Signal()
    heard_changed = Signal()
    isolated_changed = Signal(bool)
    """The mix of the isolated voices is to be heard, or the original."""
    job_started = Signal(str)
    """What the user is waiting for, in words."""
    job_progressed = Signal(object)
    job_ended = Signal()
    device_known = Signal(str)
    problem = Signal(str)
    remark = Signal(str)
    """Something the user should know about a result."""
    exported = Signal(object)
    """`app.delivery_job.Delivery`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session = Session(plain_name)
        self.player = Player(self)
        self.jobs = JobBridge(self)
        self.length = ExactLength(self)
        self.isolated = False
        self._job: int | None = None
        self._job_name = ""
        self._opening: int | None = None
        self._clip_jobs: list[int] = []
        self._device_asked = False
        self.player.problem.connect(self.problem)
        self.player.moved.connect(lambda _sample: self.heard_changed.emit())

    @property
    def busy(self) -> str:
        """Name of the job the user waits for; "" when there is none."""
        if self._job is not None:
            return self._job_name
        return "open_clip" if self._opening is not None else ""

    def start(self, path: Path | None) -> None:
        """Start the engine, with a clip to open if there is one."""
        if path is not None:
            self.open(path)
        else:
            self.run_aside("load_vision", on_done=lambda _none: self._ask_device())

    def open(self, path: Path) -> None:
        """Open a clip: it plays at once, faces are looked for behind it.

        Until it is known to be usable, the clip at hand and its running job stay as they are.
        """
        if self._opening is not None:
            self.jobs.abandon(self._opening)
        handlers = JobHandlers(self._on_opened, self._on_refused)
        self._opening = self.jobs.run("open_clip", path.absolute(), handlers=handlers)
        if self._job is None:
            self.job_started.emit(self.tr("Opening {name}").format(name=path.name))

    def find_singers(self) -> None:
        """Look for faces, unless that was done."""
        session = self.session
        if session.clip is None or self.busy or session.scene.complete:
            return
        self._begin(
            "find_faces",
            self.tr("Finding singers"),
            session.clip.path,
            on_done=self._on_scene,
            on_item=self._on_scene,
        )

    def isolate(self) -> None:
        """Compute the voices of the chosen singers over the range."""
        session = self.session
        if session.clip is None or self.busy or not session.can_isolate():
            return
        if not self.length.known(self.isolate):
            return
        try:
            targets = session.start_voices(session.missing())
        except NotPossibleError as error:
            self.problem.emit(str(error))
            return
        self.voices_moved()
        self._begin(
            "isolate",
            self.tr("Isolating"),
            session.clip.path,
            targets,
            *session.stretch,
            session.edits.people,
            session.edits.recipe,
            on_done=self._on_isolated,
            on_item=self._on_part,
        )

    def export(self, order: ExportOrder) -> None:
        """Write the files of an export."""
        session = self.session
        if session.clip is None or self.busy or not session.can_export():
            return
        if not self.length.known(lambda: self.export(order)):
            return
        title = self.tr("Exporting")
        self._begin("deliver", title, session.clip.path, order, on_done=self.exported.emit)

    def cancel(self) -> None:
        """Stop the job the user waits for."""
        if self._job is not None:
            self.jobs.cancel(self._job)
        elif self._opening is not None:
            self.jobs.abandon(self._opening)
            self._opening = None
            self.job_ended.emit()

    def select(self, singer: str, add: bool = False) -> None:
        """Choose a singer, or add one to the choice."""
        self.choose((singer,), add)

    def edit(self, act: str, change: Callable[[], None]) -> None:
        """Carry out an editing act: ``change`` replaces the session's `edits`.

        Every act goes through here, so that undo, autosave and whoever else must know of it see
        all of them. ``act`` names it for people ("Rename singer").
        """
        before = self.session.edits
        change()
        if self.session.edits == before:
            return
        people_changed = self.session.edits.people != before.people
        if people_changed:
            self.session.follow_people()
        self.edits_changed.emit(before, self.session.edits, act)
        if people_changed:
            self.people_changed()

    def replace_edits(self, act: str, edits: Edits) -> None:
        """Take other decisions as a whole (undo, an opened project) and show them."""
        self.edit(act, lambda: self.session.take(edits))
        self.voices_moved()
        self.range_changed.emit()
        self.scene_changed.emit()

    def people_changed(self) -> None:
        """Show the people as they are now, and what can be heard of them."""
        self.scene_changed.emit()
        self.voices_moved()

    def choose(self, singers: tuple[str, ...], add: bool = False) -> None:
        """Choose exactly these singers, or add them."""
        self.edit(self.tr("Choose singer"), lambda: self.session.select(singers, add))
        self.voices_moved()
        self.selection_changed.emit()

    def select_number(self, number: int) -> None:
        """Choose the singer with this place in the list, 1 = first."""
        singers = self.session.scene.singers
        if number <= len(singers):
            self.select(singers[number - 1].id)

    def rename(self, singer: str, name: str) -> None:
        """Give a singer another name."""
        self.edit(self.tr("Rename singer"), lambda: self.session.rename(singer, name))

    def toggle_play(self) -> None:
        """Play or pause."""
        self.player.toggle()

    def step(self, frames: int) -> None:
        """Go one frame on or back."""
        self.player.step(frames)

    def set_isolated(self, isolated: bool) -> None:
        """Hear the isolated voices, or the original."""
        self.isolated = isolated
        self.isolated_changed.emit(isolated)
        self.heard_changed.emit()

    def go_start(self) -> None:
        """Go to In; from there to the start of the clip."""
        start = self.session.range[0]
        if self.session.clip is not None:
            at_start = self.player.position <= start
            self.player.seek(self.session.clip.first if at_start else start)

    def go_end(self) -> None:
        """Go to Out; from there to the end of the clip."""
        stop = self.session.range[1]
        if self.session.clip is not None:
            at_end = self.player.position >= stop
            self.player.seek(self.session.clip.last if at_end else stop)

    def mark_in(self) -> None:
        """Set In to the playhead; an Out before it moves to the end."""
        position = self.player.position
        stop = self.session.range[1]
        if self.session.clip is not None:
            end = self.session.clip.audio.samples
            self.set_range(position, stop if stop > position else end)

    def mark_out(self) -> None:
        """Set Out to the playhead; an In behind it moves to the start."""
        position = self.player.position
        start = self.session.range[0]
        self.set_range(start if start < position else 0, position)

    def clear_range(self) -> None:
        """Take the whole clip."""
        if self.session.clip is not None:
            self.set_range(0, self.session.clip.audio.samples)

    def set_range(self, start: int, stop: int) -> None:
        """Set In and Out."""
        self.edit(self.tr("Change range"), lambda: self.session.set_range(start, stop))
        self.range_changed.emit()

    def close(self) -> None:
        """Stop everything and remove temporary files."""
        self.player.close()
        self.jobs.close()
        self.session.close()

    def _begin(
        self,
        name: str,
        title: str,
        *arguments: object,
        on_done: Callable[[Any], None],
        on_item: Callable[[Any], None] | None = None,
    ) -> None:
        def ended() -> None:
            self._job = None
            if name == "isolate":
                self.session.end_voices()
                self.voices_moved()
            self.job_ended.emit()

        def done(result: object) -> None:
            ended()
            on_done(result)

        def failed(sentence: str) -> None:
            ended()
            self.problem.emit(sentence)

        self._job_name = name
        self._job = self.jobs.run(
            name,
            *arguments,
            handlers=JobHandlers(done, failed, self._on_progress, on_item, ended),
        )
        self.job_started.emit(title)

    def run_aside(self, name: str, *arguments: object, on_done: Callable[[Any], None]) -> int:
        """Run something the user doesn't wait for."""
        handlers = JobHandlers(on_done, self.problem.emit)
        return self.jobs.run(name, *arguments, handlers=handlers)

    def _ask_device(self) -> None:
        """Name the device; asked late because it imports what only separation needs."""
        if not self._device_asked:
            self._device_asked = True
            self.run_aside("name_device", on_done=self.device_known.emit)

    def _drop_jobs(self) -> None:
        for job in [*self._clip_jobs, *([self._job] if self._job is not None else [])]:
            self.jobs.abandon(job)
        self._clip_jobs = []
        self._job = None

    def _on_progress(self, progress: Progress) -> None:
        self.job_progressed.emit(progress)

    def _on_opened(self, clip: ClipView) -> None:
        self._opening = None
        self._drop_jobs()
        self.session.open(clip)
        self.player.open(clip)
        self.clip_changed.emit()
        self.player.play()
        self.find_singers()

    def _on_refused(self, sentence: str) -> None:
        self._opening = None
        if self._job is None:
            self.job_ended.emit()
        self.problem.emit(sentence)

    def _on_scene(self, scene: Scene) -> None:
        moved = self.session.set_scene(scene)
        if moved:
            self.singers_moved.emit(moved)
        if scene.singers or scene.complete:
            self._ask_device()
        if scene.complete and len(scene.singers) == 1:
            self.session.select([scene.singers[0].id])
        self.scene_changed.emit()
        if scene.complete and not scene.singers:
            self.problem.emit(
                self.tr(
                    "No face was found in this clip; a singer can be isolated only where a face "
                    "is visible, so choose another clip."
                )
            )

    def _on_part(self, part: VoicePart) -> None:
        self.session.add_part(part)
        voice = self.session.voices.get(part.singer)
        if voice is not None and voice.start == part.start:
            self.voices_moved()
            if self.player.playing and not self.player.isolated_here:
                self.player.seek(voice.start)  # whoever asked for the voice wants to hear it now
        else:
            self.voices_changed.emit()

    def _on_isolated(self, remarks: tuple[str, ...]) -> None:
        self.voices_moved()
        if remarks:
            self.remark.emit(" ".join(map(told, remarks)))

    def voices_moved(self) -> None:
        """Hear and show the voices that the session has now."""
        self.player.set_voices(self.session.heard_voices())
        self.voices_changed.emit()
        self.heard_changed.emit()
