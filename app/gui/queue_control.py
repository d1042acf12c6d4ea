"""Runs the queue of clips, one after the other, in an engine process of its own.

The window's engine stays free for the clip at hand, and a clip that breaks the queue's process
leaves the window's alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import Thread
from typing import cast, get_args

from PySide6.QtCore import QObject, QTimer, Signal

from app.batch import BatchResult, Rule
from app.gui.controller import Controller
from app.gui.told import name_pattern
from app.gui.workers import JobBridge, JobHandlers
from app.paths import data_dir
from app.project.kept_queue import KeptQueue
from app.project.queue import ClipQueue, QueuedClip, State, clips_in

_REST_MS = 60_000
"""An engine without work is ended after this time, for its memory."""


class QueueControl(QObject):
    """The verbs of the queue."""

    changed = Signal()
    """Clips came, went, moved or ended."""
    progressed = Signal(int)
    """Number of the clip that has got further."""
    shown = Signal(bool)
    """The panel is to be shown or hidden."""
    _found = Signal(object)
    _recalled = Signal(object)

    def __init__(self, controller: Controller) -> None:
        super().__init__(controller)
        self.queue = ClipQueue()
        self.rule: Rule = "largest"
        self.going = False
        """True from start to stop, also between two clips."""
        self._controller = controller
        self._jobs: JobBridge | None = None
        self._job: int | None = None
        self._disk = ThreadPoolExecutor(max_workers=1, thread_name_prefix="queue")
        self._found.connect(self._on_found)
        self._kept: KeptQueue | None = None
        self._keeper = ThreadPoolExecutor(max_workers=1, thread_name_prefix="kept-queue")
        self._recalled.connect(self._on_recalled)
        self._keeper.submit(self._recall, data_dir())
        self.changed.connect(self._keep)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._end_engine)

    def show_queue(self, shown: bool) -> None:
        """Show or hide the panel."""
        self.shown.emit(shown)

    def add(self, paths: Sequence[Path]) -> None:
        """Add files, and the clips in folders, which are looked through aside."""
        if paths:
            self._disk.submit(clips_in, list(paths)).add_done_callback(self._hand_over)

    def set_rule(self, rule: Rule) -> None:
        """Say whose voices are wanted, from the next clip on."""
        self.rule = rule
        self._keep()

    def start_queue(self) -> None:
        """Begin with the clips that wait."""
        self.going = True
        self._next()

    def stop_queue(self) -> None:
        """Begin no further clip; the running one is finished."""
        self.going = False
        self.changed.emit()

    def cancel(self, number: int) -> None:
        """Stop a running clip, or take a waiting one out of the order."""
        item = self.queue.get(number)
        if item is None:
            return
        if item.state == "running" and self._job is not None and self._jobs is not None:
            self._jobs.cancel(self._job)
        elif item.state == "waiting":
            self.queue.end(number, "cancelled")
            self.changed.emit()

    def remove(self, number: int) -> None:
        """Take a clip out of the list; its files stay."""
        self.queue.remove(number)
        self.changed.emit()

    def move(self, number: int, places: int) -> None:
        """Let a clip come earlier (-) or later (+)."""
        self.queue.move(number, places)
        self.changed.emit()

    def retry(self, number: int) -> None:
        """Let a failed or cancelled clip wait again."""
        self.queue.retry(number)
        self.changed.emit()
        if self.going:
            self._next()

    def clear_finished(self) -> None:
        """Take all clips out that need nothing more."""
        self.queue.clear_finished()
        self.changed.emit()

    def close(self) -> None:
        """Stop everything; what is left of the queue is there at the next start."""
        self.going = False
        self._rest.stop()
        self._keep()
        self.changed.disconnect(self._keep)
        self._keeper.submit(self._let_go)
        self._keeper.shutdown(wait=True)
        self._disk.shutdown(wait=False, cancel_futures=True)
        if self._jobs is not None:
            self._jobs.close()
            self._jobs = None

    def _recall(self, folder: Path) -> None:
        """On the thread of the file, as are `_put` and `_let_go`."""
        self._kept = KeptQueue(folder)
        self._recalled.emit(self._kept.load())

    def _on_recalled(self, found: tuple[tuple[QueuedClip, ...], str]) -> None:
        clips, rule = found
        if not clips:
            return
        if rule in get_args(Rule):
            self.rule = cast(Rule, rule)
        self.queue.restore(clips)
        self.changed.emit()
        if self.queue.next is not None:
            self.shown.emit(True)

    def _keep(self) -> None:
        self._keeper.submit(self._put, self.queue.items, self.rule)

    def _put(self, clips: tuple[QueuedClip, ...], rule: str) -> None:
        if self._kept is not None:
            self._kept.keep(clips, rule)

    def _let_go(self) -> None:
        if self._kept is not None:
            self._kept.close()

    def _hand_over(self, task: Future[list[Path]]) -> None:
        if not task.cancelled():
            self._found.emit(task.result())

    def _on_found(self, paths: list[Path]) -> None:
        if not paths:
            self._controller.remark.emit(
                self.tr("There is no video in the dropped folder; drop videos or a folder of them.")
            )
            return
        self.queue.add(paths)
        self.changed.emit()
        self.shown.emit(True)
        if self.going:
            self._next()

    def _next(self) -> None:
        item = self.queue.next
        if not self.going or self.queue.running is not None:
            self.changed.emit()
            return
        if item is None:
            self.going = False
            self._rest.start()
            self.changed.emit()
            return
        self._rest.stop()
        if self._jobs is None:
            self._jobs = JobBridge(self)
        number = item.id
        self.queue.start(number)
        edits = self._controller.session.edits
        self._job = self._jobs.run(
            "process_clip",
            item.path,
            self.rule,
            edits.export,
            edits.recipe,
            name_pattern(),
            handlers=JobHandlers(
                lambda result: self._on_done(number, result),
                lambda sentence: self._end(number, "failed", sentence),
                lambda progress: self._on_progress(number, progress),
                on_cancelled=lambda: self._end(number, "cancelled"),
            ),
        )
        self.changed.emit()

    def _on_progress(self, number: int, progress: object) -> None:
        self.queue.progress(number, progress)  # type: ignore[arg-type]
        self.progressed.emit(number)

    def _on_done(self, number: int, result: BatchResult) -> None:
        self._end(number, "done", " ".join(result.notes), result.files)

    def _end(
        self, number: int, state: State, message: str = "", files: Sequence[Path] = ()
    ) -> None:
        self._job = None
        self.queue.end(number, state, message, files)
        self._next()

    def _end_engine(self) -> None:
        jobs, self._jobs = self._jobs, None
        if jobs is not None:
            # Its end can take two seconds, which nobody has to wait for.
            Thread(target=jobs.close, daemon=True).start()
            jobs.setParent(None)
