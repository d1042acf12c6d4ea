"""Everything an editor decides about one clip, as one immutable value.

Undo, autosave and the project file all keep this value; the window changes it in one place only
(`Controller.edit`), and what it shows and computes follows from it. Results that can be computed
again are not part of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Literal


@dataclass(frozen=True)
class DrawnFace:
    """A face the finder missed, marked by the editor."""

    time: Fraction
    """Media time of the picture it was drawn in, seconds."""
    box: tuple[float, float, float, float]
    """x, y, width, height in fractions of the picture."""


@dataclass(frozen=True)
class People:
    """What the editor changed about the people that were found."""

    names: Mapping[str, str] = field(default_factory=dict)
    """Singer id -> name."""
    merges: tuple[tuple[str, ...], ...] = ()
    """Groups of singer ids that are one person each."""
    apart: tuple[tuple[str, str], ...] = ()
    """Pairs that the editor said are two people, never to be suggested again."""
    splits: tuple[tuple[int, int], ...] = ()
    """(track id, presentation time stamp) where one track becomes two."""
    ignored: tuple[str, ...] = ()
    """Singer ids that are no singers."""
    drawn: tuple[DrawnFace, ...] = ()


@dataclass(frozen=True)
class LaneMix:
    """How one lane sounds in the window and, where chosen, in the export."""

    gain_db: float = 0.0
    mute: bool = False
    solo: bool = False


@dataclass(frozen=True)
class Shape:
    """How the computed voices are shaped; acts on stored results, nothing is computed again."""

    fullness: float = 0.5
    """0 = least bleed, 1 = fullest voice, 0.5 = as the model gave it."""
    rest_gain_db: float = float("-inf")
    """Level of what is left of the clip's sound under the voice."""
    gate: bool = False
    """Silence while the lips are still."""
    fade_ms: int = 10
    """Fade at both ends of a range that is not the whole clip."""


@dataclass(frozen=True)
class Anchor:
    """The editor's word on a stretch of the sound: this is, or is not, this singer's voice."""

    singer: str
    start: int
    """First sample of the clip's sound."""
    stop: int
    kind: Literal["only", "voice", "not"]
    """only = nobody but this singer sounds; voice = this singer sounds; not = silent here."""


@dataclass(frozen=True)
class Recipe:
    """The decisions that a computed voice depends on, beside whose voice it is."""

    model: str = "solovox"
    learn: bool = False
    anchors: tuple[Anchor, ...] = ()


@dataclass(frozen=True)
class ExportSettings:
    """What is written when the editor exports, and how."""

    voices: bool = True
    """A sound file for each chosen singer."""
    rest: bool = False
    """A sound file of the original without the chosen voices."""
    video: Literal["", "clip", ".mp4", ".mov", ".mkv"] = ""
    """The picture with the voices as sound: not at all, as a file like the clip, or that kind."""
    format: str = "wav24"
    """Of sound files: wav16, wav24, wav32f, flac, aac or mp3."""
    timelines: tuple[str, ...] = ()
    """Of fcpxml, otio, xml (Final Cut Pro 7) and edl."""
    handles: Fraction = Fraction(0)
    """Sound before and after the range."""
    handle_unit: Literal["frames", "seconds"] = "frames"
    loudness: Literal["untouched", "match", "ebu", "custom"] = "untouched"
    """As it is; as loud as the original; -23 LUFS by EBU R 128; or `lufs`."""
    lufs: float = -16.0
    true_peak: float | None = None
    """True peak in dBTP that no file may pass, its gain being lowered instead; None = none."""
    mixer: bool = False
    """Apply the gains that the mixer has for the voices and the rest."""
    name: str = "{clip}_{singer}_{kind}"
    """Template of the file names, see `app.export.naming`."""
    folder: str = ""
    """Where files go; "" = beside the clip."""


@dataclass(frozen=True)
class Edits:
    """The editor's decisions about one clip."""

    selected: tuple[str, ...] = ()
    """Chosen singer ids in the order of the list."""
    range: tuple[int, int] = (0, 0)
    """First sample and end of the part to isolate."""
    people: People = field(default_factory=People)
    mix: Mapping[str, LaneMix] = field(default_factory=dict)
    """Lane (`original`, `rest` or a singer id) -> mix; absent = as it is."""
    shape: Shape = field(default_factory=Shape)
    anchors: tuple[Anchor, ...] = ()
    model: str = "solovox"
    learn: bool = False
    """Learn the singers' voices from the clip before isolating them."""
    off_screen: Literal["model", "silence"] = "model"
    """Where the singer is not in the picture: keep by voice, or silence."""
    export: ExportSettings = field(default_factory=ExportSettings)

    @property
    def recipe(self) -> Recipe:
        """What voices are computed by."""
        return Recipe(self.model, self.learn, self.anchors)


def with_end(edits: Edits, stated: int, exact: int) -> Edits:
    """Give the same decisions for a sound that was thought to have ``stated`` samples.

    What went to the end still does, and nothing goes beyond it.
    """
    start, stop = edits.range
    stop = exact if stop == stated else min(stop, exact)
    anchors = (replace(a, stop=min(a.stop, exact)) for a in edits.anchors if a.start < exact)
    return replace(edits, range=(min(start, max(0, stop - 1)), stop), anchors=tuple(anchors))


def with_singers(edits: Edits, ids: Mapping[str, str | None]) -> Edits:
    """Give the same decisions after singers got other ids; None = nobody has this face any more.

    Ids that aren't in ``ids`` stay. Who is gone takes the decisions about them along.
    """

    def follow(singers: tuple[str, ...]) -> tuple[str, ...]:
        found = (ids.get(singer, singer) for singer in singers)
        return tuple(dict.fromkeys(singer for singer in found if singer is not None))

    people = edits.people
    names = {singer: (ids.get(singer, singer), name) for singer, name in people.names.items()}
    mixes = {lane: (ids.get(lane, lane), mix) for lane, mix in edits.mix.items()}
    anchors = ((ids.get(anchor.singer, anchor.singer), anchor) for anchor in edits.anchors)
    apart = (follow(pair) for pair in people.apart)
    return replace(
        edits,
        selected=follow(edits.selected),
        people=replace(
            people,
            names={singer: name for singer, name in names.values() if singer is not None},
            merges=tuple(group for group in map(follow, people.merges) if len(group) > 1),
            apart=tuple((pair[0], pair[1]) for pair in apart if len(pair) == 2),
            ignored=follow(people.ignored),
        ),
        mix={lane: mix for lane, mix in mixes.values() if lane is not None},
        anchors=tuple(replace(a, singer=singer) for singer, a in anchors if singer is not None),
    )
