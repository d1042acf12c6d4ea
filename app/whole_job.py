"""The whole job in one call, with its voices in memory: for short clips that are to be scored."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from app.clip import Clip
from app.isolate import NO_FACE_VOICE, isolate
from app.isolation import IsolateOptions, IsolateReport
from app.jobs import CancelToken, OnProgress
from app.scan import scan_clip
from app.singers import Singer, find_singers

if TYPE_CHECKING:
    from vision.types import FaceScan

Pick = Callable[[Sequence[Singer]], list[Singer]]


@dataclass(frozen=True)
class Faces:
    """Who is in a clip."""

    scan: FaceScan
    singers: tuple[Singer, ...]
    seconds: float
    """Time that finding them took; next to nothing when they came from the cache."""


@dataclass(frozen=True)
class Voices:
    """The voices of the chosen singers of a clip."""

    chosen: tuple[Singer, ...]
    sounds: tuple[NDArray[np.float32], ...]
    """(C, N) for each chosen singer; one where no faces were given."""
    rest: NDArray[np.float32]
    report: IsolateReport
    sample_rate: int
    seconds: float
    """Time that the separation took, the model's loading included."""


def find_faces(
    path: Path, *, on_progress: OnProgress | None = None, token: CancelToken | None = None
) -> Faces:
    """Open a clip and find its singers; raises as `scan_clip` does."""
    begun = time.monotonic()
    scan = scan_clip(Clip.open(path), on_progress=on_progress, token=token)
    singers = tuple(find_singers(scan))
    return Faces(scan, singers, time.monotonic() - begun)


def isolate_voices(
    path: Path,
    faces: Faces | None,
    pick: Pick,
    options: IsolateOptions,
    *,
    on_progress: OnProgress | None = None,
    token: CancelToken | None = None,
) -> Voices:
    """Isolate the singers that ``pick`` chooses; raises as `isolate` does.

    Without faces the model must need none, and the one voice is nobody's.
    """
    begun = time.monotonic()
    chosen = pick(faces.singers) if faces is not None else []
    names = [singer.id for singer in chosen] or [NO_FACE_VOICE]
    with isolate(
        Clip.open(path),
        faces.scan if faces is not None else None,
        faces.singers if faces is not None else (),
        chosen,
        options,
        on_progress=on_progress,
        token=token,
    ) as job:
        blocks = list(job)
    return Voices(
        tuple(chosen),
        tuple(np.concatenate([b.voices[name] for b in blocks], axis=1) for name in names),
        np.concatenate([block.rest for block in blocks], axis=1),
        job.report,
        job.sample_rate,
        time.monotonic() - begun,
    )
