"""What a job of isolating voices is asked for, and what it gives."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from app.closing import Closing
from app.edits import Anchor

if TYPE_CHECKING:
    from app.media.audio import AudioReader


@dataclass(frozen=True)
class Parts:
    """Parts of the default model to try in place of its own, or to leave out."""

    separator: Path | None = None
    """Weights of ``train default``."""
    no_separator: bool = False
    """Tell no voices apart by ear: the third part is on its own."""
    fused: Path | None = None
    """Weights of ``train fused``: the third part."""
    no_fused: bool = False
    """Leave the third part out."""


OWN_PARTS = Parts()
"""The default model as it is."""


@dataclass(frozen=True)
class IsolateOptions:
    """What to compute; ``start`` and ``stop`` are sound samples, None = the whole clip."""

    model: str = "solovox"
    device: str = "auto"
    joint: bool = True
    no_face: Literal["model", "silence"] = "model"
    start: int | None = None
    stop: int | None = None
    learn: bool = False
    """Learn the singers' voices from the clip first: slower, better where each is heard alone."""
    anchors: tuple[Anchor, ...] = ()
    """The editor's words about whose voice is where."""
    precision: Literal["auto", "fp32"] = "auto"
    parts: Parts = OWN_PARTS


@dataclass(frozen=True)
class IsolatedBlock:
    """Finished sound of one stretch; blocks follow each other without a gap."""

    start: int
    """First sample, counted from the first sample of the clip's sound."""
    voices: dict[str, NDArray[np.float32]]
    """Singer id -> (C, N) float32."""
    rest: NDArray[np.float32]
    """(C, N) float32: the original minus all voices."""


@dataclass(frozen=True)
class IsolateReport:
    """What the user should know about a job."""

    model: str
    device: str
    lag_frames: int = 0
    """Frames of 25 fps by which the lips were late and have been moved; negative = early."""
    warnings: tuple[str, ...] = field(default=())


class Isolation(Closing):
    """A prepared job: iterate over it for the sound; close it (or leave ``with``) when done."""

    def __init__(
        self,
        report: IsolateReport,
        start: int,
        stop: int,
        sound: AudioReader,
        blocks: Iterator[IsolatedBlock],
        doubts: Callable[[], list[str]],
        agreement: Callable[[], dict[str, dict[int, float]]],
    ) -> None:
        self.report = report
        """Complete once all blocks were taken: some warnings show only then."""
        self.start = start
        self.stop = stop
        self.sample_rate = sound.sample_rate
        self.channels = sound.channels
        self.layout = sound.layout
        self._sound = sound
        self._blocks = blocks
        self._doubts = doubts
        self.agreement = agreement
        """How well moving lips and voices agree so far: singer id -> second of the sound -> 0 to
        1; grows with every block. Not every model can tell."""

    def __iter__(self) -> Iterator[IsolatedBlock]:
        yield from self._blocks
        warnings = (*self.report.warnings, *self._doubts())
        self.report = replace(self.report, warnings=warnings)

    def close(self) -> None:
        """Release the sound file."""
        self._sound.close()
