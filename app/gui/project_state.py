"""What of a window's present state a project holds, and how a project comes back; no Qt."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

from app.edits import Edits, People, with_singers
from app.gui.engine_jobs import ClipView
from app.gui.engine_project import LoadedProject
from app.gui.known_singers import known_singers
from app.gui.scene import Scene
from app.gui.session import Session
from app.project.document import Document, Project
from app.project.history import same_decisions
from app.project.media import reference_to
from app.project.people import moved_singers
from app.project.recovery import Kept, now

SOUNDS = ("original", "rest")
"""Lanes that are nobody's voice."""


@dataclass
class ProjectState:
    """The project that the open clip belongs to."""

    path: Path | None = None
    """Its file; None until it is saved."""
    based: str = ""
    """Digest of the file as it was read or written last."""
    saved: Edits | None = None
    """Decisions that are safe: in the file, or those of a fresh clip. None = nowhere yet."""
    due: Project | None = None
    """What was opened and still waits for its people to be found."""
    source: Document | None = None
    """The document that was opened, for what a later program put into it."""
    singers_gone: int = field(default=0)

    def dirty(self, session: Session) -> bool:
        """True when there are decisions that aren't safe."""
        if session.clip is None or self.due is not None:
            return session.clip is not None and self.saved is None
        return self.saved is None or not same_decisions(self.saved, session.edits)

    def document(self, session: Session, position: int) -> Document:
        """Everything as it would be saved now."""
        clip = session.clip
        assert clip is not None
        if self.due is not None:
            # People that aren't found yet are still who they were in the file.
            edits, singers = whole(session.edits, self.due.edits), self.due.singers
        else:
            edits, singers = session.edits, known_singers(session.sources.found)
        media = reference_to(clip.path, clip.fingerprint, self.path)
        unknown = self.source.unknown if self.source is not None else {}
        return Document(Project(media, edits, singers, position), unknown)

    def kept(self, session: Session, position: int) -> Kept:
        """Everything as autosave keeps it."""
        return Kept(self.document(session, position), self.path, now(), self.based)

    def come_back(self, found: Scene, edits: Edits) -> Edits:
        """Give the decisions once all people are ``found``; ``edits`` are the present ones."""
        assert self.due is not None
        project, self.due = self.due, None
        moved = moved_singers(project.singers, known_singers(found))
        self.singers_gone = sum(new is None for new in moved.values())
        opened = with_singers(project.edits, moved)
        if len(found.singers) == 1 and opened.selected:
            # An only singer is chosen without being asked for; what the project says goes before.
            edits = replace(edits, selected=())
        return whole(edits, opened)


def without_people(edits: Edits, clip: ClipView) -> Edits:
    """The decisions that hold before anybody is found, within the clip's sound."""
    start, stop = edits.range
    if clip.exact:
        stop = min(stop, clip.audio.samples)
    return replace(
        edits,
        selected=(),
        people=People(),
        mix={lane: mix for lane, mix in edits.mix.items() if lane in SOUNDS},
        anchors=(),
        range=(start, stop) if start < stop else (0, clip.audio.samples),
    )


def whole(present: Edits, opened: Edits) -> Edits:
    """``present`` decisions with what was opened about people; names given since then stay."""
    people = opened.people
    names = {**people.names, **present.people.names}
    return replace(
        present,
        selected=present.selected or opened.selected,
        people=replace(people, names=names),
        mix={**opened.mix, **present.mix},
        anchors=(*opened.anchors, *present.anchors),
    )


def restored(kept: Kept, clip: Path | None) -> LoadedProject:
    """Kept work in the form of a project that was read."""
    return LoadedProject(kept.document, kept.project, kept.based, clip)
