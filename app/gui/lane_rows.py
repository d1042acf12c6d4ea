"""What the rows of the timeline show; plain values that the painters draw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from PySide6.QtGui import QColor

from app.edits import Anchor
from app.gui.scene import FacePath
from app.gui.sound_outline import SoundOutline

WAVE_HEIGHT = 58
FACE_HEIGHT, LIPS_HEIGHT, AGREE_HEIGHT, GAP = 7, 20, 11, 3


@dataclass(frozen=True)
class WaveRow:
    """The outline of one sound, perhaps over that of another."""

    key: str
    name: str
    colour: QColor
    outline: SoundOutline
    start: int
    """Sample of the clip at which the sound begins."""
    stop: int
    behind: SoundOutline | None = None
    """Drawn faintly behind; begins at sample 0."""
    spectrogram: bool = False

    @property
    def height(self) -> int:
        """Pixels."""
        return WAVE_HEIGHT

    @property
    def version(self) -> tuple[object, ...]:
        """Equal as long as the same is to be drawn."""
        behind = (id(self.behind), self.behind.version) if self.behind is not None else None
        return (
            self.name,
            self.colour.rgba(),
            id(self.outline),
            self.outline.version,
            self.spectrogram,
            behind,
        )


@dataclass(frozen=True)
class StripRow:
    """Face present, lips, and how well lips and voice agree, of one singer."""

    key: str
    name: str
    colour: QColor
    paths: tuple[FacePath, ...]
    origin: float
    """Media time of sample 0, seconds."""
    rate: int
    """Samples per second."""
    agreement: Mapping[int, float] = field(default_factory=dict)
    """Second of the sound -> score; only for a computed voice."""
    known: bool = False
    """Whether the singer's voice is computed, so that there is a strip of agreement."""
    words: tuple[Anchor, ...] = ()
    """What the editor said about this singer."""

    @property
    def height(self) -> int:
        """Pixels."""
        plain = FACE_HEIGHT + LIPS_HEIGHT + 4 * GAP
        return plain + (AGREE_HEIGHT + GAP if self.known else 0)

    @property
    def version(self) -> tuple[object, ...]:
        """Equal as long as the same is to be drawn."""
        tracks = tuple((path.track, len(path.times), path.lips is None) for path in self.paths)
        return (self.name, self.colour.rgba(), tracks, len(self.agreement), self.words, self.known)

    def sample_of(self, time: float) -> float:
        """Sample at a media time in seconds."""
        return (time - self.origin) * self.rate


Row = WaveRow | StripRow
