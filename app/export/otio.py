"""OpenTimelineIO's own format, which DaVinci Resolve, Premiere Pro, Avid and others read."""

from __future__ import annotations

from typing import Any

from app.export.timeline import Stem, Timeline


def to_otio(timeline: Timeline) -> str:
    """The timeline as OTIO JSON."""
    import opentimelineio as otio

    # The library's floats: the nearest to the exact rate, as its own constants are.
    rate = float(timeline.rate)

    def at(frame: int) -> Any:
        return otio.opentime.RationalTime(frame, rate)

    def part(first: int, frames: int) -> Any:
        return otio.opentime.TimeRange(at(first), at(frames))

    def own(name: str) -> Any:
        first, frames = timeline.first, timeline.frames
        reference = otio.schema.ExternalReference(timeline.path.as_uri(), part(first, frames))
        return otio.schema.Clip(timeline.path.name, reference, part(first, frames))

    def stem_track(stem: Stem) -> Any:
        reference = otio.schema.ExternalReference(
            stem.path.absolute().as_uri(),
            part(stem.own_start, stem.media_frames),
            metadata={
                "solovox": {
                    "sample_rate": stem.sample_rate,
                    "channels": stem.channels,
                    "samples": stem.samples,
                    "role": stem.role,
                }
            },
        )
        track = otio.schema.Track(stem.title, kind=otio.schema.TrackKind.Audio)
        if stem.first > timeline.first:
            track.append(otio.schema.Gap(source_range=part(0, stem.first - timeline.first)))
        track.append(otio.schema.Clip(stem.title, reference, part(stem.source_first, stem.frames)))
        return track

    made = otio.schema.Timeline(timeline.name, global_start_time=at(timeline.first))
    made.metadata["solovox"] = {
        "start_timecode": str(timeline.timecode(timeline.first)),
        "drop_frame": timeline.drop,
        "rate": f"{timeline.rate.numerator}/{timeline.rate.denominator}",
    }
    picture = otio.schema.Track("Picture", kind=otio.schema.TrackKind.Video)
    picture.append(own(timeline.path.name))
    made.tracks.append(picture)
    made.tracks.extend(stem_track(stem) for stem in timeline.stems)
    # The clip's own sound, switched off: the stems add up to it.
    original = otio.schema.Track("Original", kind=otio.schema.TrackKind.Audio)
    original.append(own(timeline.path.name))
    original[0].enabled = False
    made.tracks.append(original)
    return str(made.to_json_string(indent=2))
