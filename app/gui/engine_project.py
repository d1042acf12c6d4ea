"""Jobs of the engine process about projects: what touches many files stays off the window."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.project.document import Document, read_project
from app.project.files import digest_of
from app.project.media import MediaReference, check_clip, find_media

if TYPE_CHECKING:
    from app.gui.engine import JobContext
    from app.gui.engine_jobs import Workshop


@dataclass(frozen=True)
class LoadedProject:
    """A project and the clip it is about."""

    document: Document
    path: Path | None
    """The project file; None when it never had one."""
    based: str
    """`digest_of` the project file that the document is based on; "" when it never had one."""
    clip: Path | None
    """None where the clip wasn't found."""


def load_project(context: JobContext, workshop: Workshop, path: Path) -> LoadedProject:
    """Read a project file and find its clip; BadInputError when the file can't be used."""
    based = digest_of(path)
    document = read_project(path)
    return LoadedProject(document, path, based, find_media(document.project.media, path))


def find_clip(
    context: JobContext, workshop: Workshop, reference: MediaReference, project: Path | None
) -> Path | None:
    """Find the clip of kept work."""
    return find_media(reference, project)


def verify_clip(
    context: JobContext, workshop: Workshop, path: Path, reference: MediaReference
) -> Path:
    """Make sure that the file the user pointed to is the clip; BadInputError when it isn't."""
    check_clip(path, reference)
    return path


PROJECT_JOBS = (load_project, find_clip, verify_clip)
