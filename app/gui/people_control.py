"""What the editor does to the list of people: merge, split, ignore, confirm, add a face."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from app import people as change
from app.edits import DrawnFace, Edits, People
from app.gui.controller import Controller
from app.gui.frame_feed import Picture
from app.gui.letterbox import Box
from app.gui.people_scene import DrawnPath, split_point, together
from app.gui.workers import JobHandlers
from app.jobs import Progress


class PeopleControl(QObject):
    """Verbs on people; every one is one act that undo knows."""

    rename_asked = Signal(str)
    """The name of this singer is to be edited where it stands."""
    drawing_changed = Signal(bool)
    """Whether the next drag in the picture draws the box of a missed face."""
    following_changed = Signal(str)
    """What the engine does with a drawn face, in words; "" when it does nothing."""

    def __init__(self, control: Controller) -> None:
        super().__init__(control)
        self.control = control
        self._picture: Picture | None = None
        self._jobs: dict[DrawnFace, int] = {}
        self._portraits: set[tuple[int, int]] = set()
        self.drawing = False
        control.player.picture_shown.connect(self._on_picture)
        control.clip_changed.connect(self._on_clip_changed)
        control.scene_changed.connect(self._fetch_missing)

    def rename_chosen(self) -> None:
        """Let the editor type another name for the chosen singer."""
        for singer in self.control.session.selected[:1]:
            self.rename_asked.emit(singer)

    def merge_chosen(self) -> None:
        """Declare the chosen singers to be one person."""
        self.merge(self.control.session.selected)

    def merge(self, singers: tuple[str, ...]) -> None:
        """Declare singers to be one person."""
        session = self.control.session
        cards = [card for card in session.scene.singers if card.id in singers]
        if len(cards) < 2:
            return
        meet = any(together(session.scene, cards[0].id, other.id) for other in cards[1:])
        chosen = cards[0].id if set(singers) & set(session.selected) else None
        self._act(
            self.tr("Merge singers"), lambda p: change.merge(p, [c.id for c in cards]), chosen
        )
        if meet:
            self.control.remark.emit(
                self.tr(
                    "{names} are in the picture at the same time; where both are, the larger face "
                    "counts. If they are two people, undo."
                ).format(names=", ".join(card.name for card in cards))
            )

    def separate_chosen(self) -> None:
        """Take the chosen merged singers apart again."""
        session = self.control.session
        joined = [singer for singer in session.selected if singer in session.scene.joined]
        for singer in joined:
            self._separate(singer)

    def split_here(self) -> None:
        """Let the chosen singer become two people at the playhead."""
        session = self.control.session
        if session.clip is None or self._picture is None or len(session.selected) != 1:
            return
        pts = int(self._picture.time / session.clip.video.time_base)
        point = split_point(session.scene, session.selected[0], pts)
        if point is None:
            self.control.remark.emit(
                self.tr(
                    "A singer can be split only where they are in the picture, after their first "
                    "frame; move the playhead to where the other person begins."
                )
            )
            return
        self._act(self.tr("Split singer"), lambda p: change.split(p, *point))

    def ignore_chosen(self) -> None:
        """Declare the chosen to be no singers: a poster, a passer-by."""
        chosen = self.control.session.selected
        if chosen:
            self._act(self.tr("Ignore singer"), lambda p: change.ignore(p, chosen), "")

    def restore(self, singer: str) -> None:
        """List an ignored person again."""
        self._act(self.tr("List singer again"), lambda p: change.restore(p, singer))

    def keep_apart(self, first: str, second: str) -> None:
        """Declare two who look alike to be different people."""
        self._act(self.tr("Two people"), lambda p: change.keep_apart(p, first, second))

    def set_drawing(self, drawing: bool) -> None:
        """Let the next drag in the picture draw the box of a face, or not."""
        if drawing:
            self.control.player.pause()
        if drawing != self.drawing:
            self.drawing = drawing
            self.drawing_changed.emit(drawing)

    def add_face(self, box: Box) -> None:
        """Follow the face in a box (fractions of the picture) of the picture shown."""
        self.set_drawing(False)
        if self._picture is not None:
            x, y, width, height = (round(value, 5) for value in box)
            self._follow(DrawnFace(self._picture.time, (x, y, width, height)), self._on_followed)

    def stop_following(self) -> None:
        """Give up on drawn faces that are being followed."""
        for job in self._jobs.values():
            self.control.jobs.cancel(job)

    def _separate(self, singer: str) -> None:
        self._act(self.tr("Separate singers"), lambda p: change.separate(p, singer))

    def _act(self, name: str, edit: Callable[[People], People], choose: str | None = None) -> None:
        """Carry out one act; ``choose`` names who is chosen afterwards ("" = nobody)."""
        session = self.control.session

        def apply() -> None:
            edits: Edits = replace(session.edits, people=edit(session.edits.people))
            if choose is not None:
                edits = replace(edits, selected=(choose,) if choose else ())
            session.edits = edits

        self.control.edit(name, apply)

    def _follow(
        self, face: DrawnFace, on_done: Callable[[tuple[DrawnFace, DrawnPath]], None]
    ) -> None:
        session = self.control.session
        if session.clip is None or not session.scene.complete or face in self._jobs:
            return

        def ended() -> None:
            self._jobs.pop(face, None)
            if not self._jobs:
                self.following_changed.emit("")

        def done(result: tuple[DrawnFace, DrawnPath]) -> None:
            ended()
            on_done(result)

        def failed(sentence: str) -> None:
            ended()
            self.control.problem.emit(sentence)

        handlers = JobHandlers(done, failed, self._on_progress, on_cancelled=ended)
        self._jobs[face] = self.control.jobs.run(
            "follow_drawn", session.clip.path, face, handlers=handlers
        )
        self.following_changed.emit(self.tr("Following the drawn face…"))

    def _on_followed(self, result: tuple[DrawnFace, DrawnPath]) -> None:
        """The drawn face is somebody: only now it becomes a decision."""
        face, path = result
        session = self.control.session
        session.add_drawn(face, path)
        number = len(session.edits.people.drawn) + 1
        self._act(self.tr("Add face"), lambda p: change.draw(p, face), f"Face{number}")
        self.control.selection_changed.emit()

    def _on_restored(self, result: tuple[DrawnFace, DrawnPath]) -> None:
        self.control.session.add_drawn(*result)
        self.control.people_changed()

    def _on_progress(self, progress: Progress) -> None:
        share = progress.done / progress.total if progress.total else 0.0
        self.following_changed.emit(
            self.tr("Following the drawn face… {percent} %").format(percent=int(100 * share))
        )

    def _on_picture(self, picture: Picture) -> None:
        self._picture = picture

    def _on_clip_changed(self) -> None:
        for job in self._jobs.values():
            self.control.jobs.abandon(job)
        self._jobs.clear()
        self._portraits.clear()
        self._picture = None
        self.set_drawing(False)
        self.following_changed.emit("")

    def _fetch_missing(self) -> None:
        """Ask the engine for what an undo or an opened project needs."""
        session = self.control.session
        if session.clip is None or not session.scene.complete:
            return
        for face in session.people.missing_drawn:
            self._follow(face, self._on_restored)
        for part in session.people.missing_portraits:
            if part not in self._portraits:
                self._portraits.add(part)
                self.control.jobs.run(
                    "portrait",
                    session.clip.path,
                    session.edits.people,
                    part,
                    handlers=JobHandlers(self._on_portrait, self.control.problem.emit),
                )

    def _on_portrait(self, result: tuple[tuple[int, int], object]) -> None:
        part, picture = result
        if part in self._portraits:
            self.control.session.add_portrait(part, picture)  # type: ignore[arg-type]
            self.control.scene_changed.emit()
