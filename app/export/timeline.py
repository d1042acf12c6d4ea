"""What the timeline files say: one clip, and stems under it at the clip's own timecode.

All positions are whole frames counted from midnight, so that every format can say them exactly;
stems made for a timeline begin and end on frames (`app.export.span`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from app.errors import BadInputError, NotPossibleError
from app.export.atomic import PendingFile, write_failed
from app.timecode import Timecode, can_drop, standard_rate

if TYPE_CHECKING:
    from app.media.probe import MediaInfo


@dataclass(frozen=True)
class Stem:
    """A sound file on the timeline."""

    title: str
    path: Path
    role: str
    """``voice`` or ``rest``."""
    sample_rate: int
    channels: int
    bits: int
    samples: int
    starts: Fraction
    """Seconds from midnight to the first sample, less than a sample before `media_first`."""
    media_first: int
    """Frame with which the file begins."""
    media_frames: int
    first: int
    """Frame with which the stem is heard: later than `media_first` where there are handles."""
    frames: int
    timed: bool = True
    """Whether the file itself tells its timecode; editing programs let others begin at 0."""

    @property
    def own_start(self) -> int:
        """Frame on the file's own axis with which it begins."""
        return self.media_first if self.timed else 0

    @property
    def source_first(self) -> int:
        """Frame on the file's own axis with which it is heard."""
        return self.own_start + self.first - self.media_first


@dataclass(frozen=True)
class Timeline:
    """One clip with its stems; the sequence begins with the clip, at the clip's timecode."""

    name: str
    rate: Fraction
    drop: bool
    path: Path
    """The clip."""
    first: int
    frames: int
    width: int
    height: int
    sample_rate: int
    channels: int
    stems: tuple[Stem, ...]

    @property
    def last(self) -> int:
        """Frame after the end of the longest."""
        return max([self.first + self.frames, *(stem.first + stem.frames for stem in self.stems)])

    def timecode(self, frame: int) -> Timecode:
        """The label of a frame."""
        return Timecode(frame, self.rate, self.drop)

    def seconds(self, frame: int) -> Fraction:
        """Time from midnight to a frame."""
        return frame / self.rate


def clip_start(info: MediaInfo) -> Timecode:
    """Timecode of the clip's first frame; 00:00:00:00 where it has none, as editors take it."""
    rate = timeline_rate(info)
    if info.timecode:
        try:
            return Timecode.parse(info.timecode, rate)
        except BadInputError:
            pass  # of another rate or damaged: no editing program could use it either
    return Timecode(0, rate)


def timeline_rate(info: MediaInfo) -> Fraction:
    """Frame rate of the clip; the nearest that editing programs have where it varies."""
    from app.media.probe import require_video

    video = require_video(info)
    exact = video.frame_rate
    usual = exact.denominator in (1, 1001) and not video.variable_rate
    return exact if usual else standard_rate(exact)


def lay_out(info: MediaInfo, stems: Sequence[Stem], name: str) -> Timeline:
    """A timeline with the whole clip and its stems."""
    from app.media.probe import require_audio, require_video

    video, audio = require_video(info), require_audio(info)
    start = clip_start(info)
    return Timeline(
        name=name,
        rate=start.rate,
        drop=start.drop and can_drop(start.rate),
        path=info.path.absolute(),
        first=start.frame,
        frames=max(1, round(video.duration * start.rate)),
        width=video.width,
        height=video.height,
        sample_rate=audio.sample_rate,
        channels=audio.channels,
        stems=tuple(stems),
    )


def write_timeline(timeline: Timeline, kind: str, output: Path, overwrite: bool = False) -> str:
    """Write one of `TIMELINE_SUFFIXES`; returns what the user should know about it, or "".

    The file appears when it is whole. Raises BadInputError when it exists already, and
    NotPossibleError when it cannot be written or the format holds none of the stems.
    """
    made, note = _MAKERS[kind](timeline)
    pending = PendingFile(output, overwrite)
    try:
        pending.temporary.write_text(made, encoding="utf-8", newline="")
        pending.commit()
    except OSError as error:
        pending.discard()
        raise write_failed(output, error) from error
    except BaseException:
        pending.discard()
        raise
    return note


def _fcpxml(timeline: Timeline) -> tuple[str, str]:
    from app.export.fcpxml import to_fcpxml

    return to_fcpxml(timeline), ""


def _otio(timeline: Timeline) -> tuple[str, str]:
    from app.export.otio import to_otio

    return to_otio(timeline), ""


def _xml(timeline: Timeline) -> tuple[str, str]:
    from app.export.fcp7 import to_fcp7

    return to_fcp7(timeline), ""


def _edl(timeline: Timeline) -> tuple[str, str]:
    from app.export.edl import EDL_CHANNELS, to_edl

    text, left_out = to_edl(timeline)
    if len(left_out) == len(timeline.stems):
        raise NotPossibleError(
            f"An EDL holds {EDL_CHANNELS} channels of sound, fewer than one of these stems has; "
            "choose FCPXML, OTIO or Final Cut Pro 7 XML."
        )
    note = ""
    if left_out:
        names = ", ".join(stem.title for stem in left_out)
        note = (
            f"An EDL holds {EDL_CHANNELS} channels of sound, so {names} could not be put in it; "
            "FCPXML, OTIO and Final Cut Pro 7 XML hold all."
        )
    return text, note


_MAKERS: dict[str, Callable[[Timeline], tuple[str, str]]] = {
    "fcpxml": _fcpxml,
    "otio": _otio,
    "xml": _xml,
    "edl": _edl,
}
TIMELINE_SUFFIXES = {kind: f".{kind}" for kind in _MAKERS}
"""Kinds of timeline files with their file name extensions."""
