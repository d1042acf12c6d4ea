"""Which samples a stem holds: the chosen range, its handles, and whole frames for timelines."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING, Literal

from app.export.timeline import clip_start, timeline_rate

if TYPE_CHECKING:
    from app.media.probe import MediaInfo


@dataclass(frozen=True)
class Span:
    """A stretch of a clip's sound; samples count from the first of the sound."""

    first: int
    last: int
    """Samples of the file; with frames, up to a frame before or after the sound, as silence."""
    frames: tuple[int, int, int, int] | None = None
    """For timelines: first frame of the file, of the range, end of the range, of the file; frames
    count from midnight by the clip's timecode."""

    def inside(self, samples: int) -> tuple[int, int]:
        """The part of it in which the clip has sound."""
        return max(0, self.first), min(samples, self.last)


def plan_span(
    info: MediaInfo,
    start: int,
    stop: int,
    handles: Fraction = Fraction(0),
    unit: Literal["frames", "seconds"] = "frames",
    whole_frames: bool = False,
) -> Span:
    """Samples ``start`` to ``stop`` with handles on both sides, which end where the clip ends.

    ``whole_frames`` widens it to frames of the picture, so that a timeline can place it exactly.
    Raises BadInputError where frames are needed and the clip has no picture.
    """
    from app.media.probe import require_audio, require_video

    audio = require_audio(info)
    rate = audio.sample_rate
    if not whole_frames:
        seconds = handles / timeline_rate(info) if handles and unit == "frames" else handles
        extra = round(seconds * rate)
        return Span(max(0, start - extra), min(audio.samples, stop + extra))
    frame_rate = timeline_rate(info)
    zero = clip_start(info).frame
    lead = audio.start - require_video(info).start

    def frame(sample: int) -> Fraction:
        return (lead + Fraction(sample, rate)) * frame_rate

    def sample(frame: int) -> Fraction:
        return (frame / frame_rate - lead) * rate

    extra = ceil(handles if unit == "frames" else handles * frame_rate)
    # No editing program has a place before midnight, nor under a clip before its first picture.
    earliest = max(floor(frame(0)), -zero)
    first = max(floor(frame(start)), earliest, 0)
    last = max(ceil(frame(stop)), first + 1)
    media_first = max(first - extra, earliest)
    media_last = min(last + extra, max(last, ceil(frame(audio.samples))))
    return Span(
        floor(sample(media_first)),
        ceil(sample(media_last)),
        (zero + media_first, zero + first, zero + last, zero + media_last),
    )


def begins(info: MediaInfo, sample: int) -> Fraction:
    """Seconds from midnight to a sample of the clip's sound, by the clip's timecode."""
    from app.media.probe import require_audio

    audio = require_audio(info)
    lead = audio.start - info.video.start if info.video is not None else Fraction(0)
    return clip_start(info).seconds + lead + Fraction(sample, audio.sample_rate)
