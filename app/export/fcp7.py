"""Final Cut Pro 7 XML (``xmeml`` version 4) for Premiere Pro and DaVinci Resolve.

Source: Apple, "Final Cut Pro XML Interchange Format". Positions are whole frames; sound tracks are
mono, one clip item per channel, and items that belong together are linked. (OpenTimelineIO's
adapter ignores drop-frame and gives each file one channel, so this format is written here.)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

from app.export.timeline import Timeline

_PREMIERE_TYPES = {1: "Mono", 2: "Stereo", 6: "51"}
"""Attributes by which Premiere Pro puts mono tracks together again; others ignore them."""


@dataclass(frozen=True)
class _Part:
    """The sound of one file on one track per channel."""

    number: int
    title: str
    path: Path
    channels: int
    sample_rate: int
    bits: int
    own_start: int
    """Timecode with which the file begins, as it tells it itself."""
    media_first: int
    media_frames: int
    first: int
    frames: int
    enabled: bool
    tracks: tuple[int, ...]
    """Numbers of its tracks, 1 = the first."""


def to_fcp7(timeline: Timeline) -> str:
    """The document as text."""
    parts = _parts(timeline)
    root = ET.Element("xmeml", version="4")
    sequence = ET.SubElement(root, "sequence", id="sequence-1")
    _text(sequence, "name", timeline.name)
    _text(sequence, "duration", timeline.last - timeline.first)
    _rate(sequence, timeline)
    _timecode(sequence, timeline, timeline.first)
    media = ET.SubElement(sequence, "media")
    _video(ET.SubElement(media, "video"), timeline, parts[-1])
    _audio(ET.SubElement(media, "audio"), timeline, parts)
    ET.indent(root)
    text = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE xmeml>\n{text}\n'


def _parts(timeline: Timeline) -> list[_Part]:
    """Stems first; last the clip's own sound, switched off, as the stems add up to it."""
    parts = []
    track = 1
    for number, stem in enumerate(timeline.stems):
        tracks = tuple(range(track, track + stem.channels))
        track += stem.channels
        parts.append(
            _Part(
                number + 2,
                stem.title,
                stem.path.absolute(),
                stem.channels,
                stem.sample_rate,
                stem.bits,
                stem.own_start,
                stem.media_first,
                stem.media_frames,
                stem.first,
                stem.frames,
                True,
                tracks,
            )
        )
    own = tuple(range(track, track + timeline.channels))
    first, frames = timeline.first, timeline.frames
    return [
        *parts,
        _Part(
            1,
            timeline.path.name,
            timeline.path,
            timeline.channels,
            timeline.sample_rate,
            16,
            first,
            first,
            frames,
            first,
            frames,
            False,
            own,
        ),
    ]


def _video(video: ET.Element, timeline: Timeline, own: _Part) -> None:
    _picture_format(ET.SubElement(video, "format"), timeline)
    track = ET.SubElement(video, "track")
    item = _item(track, timeline, own, "clipitem-v1", enabled=True)
    file = ET.SubElement(item, "file", id="file-1")
    _text(file, "name", own.path.name)
    _text(file, "pathurl", _url(own.path))
    _rate(file, timeline)
    _text(file, "duration", own.media_frames)
    _timecode(file, timeline, own.own_start)
    media = ET.SubElement(file, "media")
    _picture_format(ET.SubElement(media, "video"), timeline)
    _sound_format(ET.SubElement(media, "audio"), own)
    _link(item, "clipitem-v1", "video", 1)
    for channel, number in enumerate(own.tracks):
        _link(item, _item_id(own, channel), "audio", number)
    _text(track, "enabled", "TRUE")
    _text(track, "locked", "FALSE")


def _audio(audio: ET.Element, timeline: Timeline, parts: Sequence[_Part]) -> None:
    _text(audio, "numOutputChannels", max(2, timeline.channels))
    characteristics = ET.SubElement(ET.SubElement(audio, "format"), "samplecharacteristics")
    _text(characteristics, "depth", 16)
    _text(characteristics, "samplerate", timeline.sample_rate)
    outputs = ET.SubElement(audio, "outputs")
    for channel in range(1, max(2, timeline.channels) + 1):
        group = ET.SubElement(outputs, "group")
        _text(group, "index", channel)
        _text(group, "numchannels", 1)
        _text(group, "downmix", 0)
        _text(ET.SubElement(group, "channel"), "index", channel)
    for part in parts:
        for channel in range(part.channels):
            _audio_track(audio, timeline, part, channel)


def _audio_track(audio: ET.Element, timeline: Timeline, part: _Part, channel: int) -> None:
    kind = _PREMIERE_TYPES.get(part.channels)
    together = {}
    if kind:
        together = {
            "currentExplodedTrackIndex": str(channel),
            "totalExplodedTrackCount": str(part.channels),
            "premiereTrackType": kind,
        }
    track = ET.SubElement(audio, "track", together)
    item = _item(track, timeline, part, _item_id(part, channel), part.enabled)
    if kind:
        item.set("premiereChannelType", kind.lower())
    file = ET.SubElement(item, "file", id=f"file-{part.number}")
    if channel == 0 and part.number != 1:  # the clip's file is described with the picture
        _text(file, "name", part.path.name)
        _text(file, "pathurl", _url(part.path))
        _rate(file, timeline)
        _text(file, "duration", part.media_frames)
        _timecode(file, timeline, part.own_start)
        _sound_format(ET.SubElement(ET.SubElement(file, "media"), "audio"), part)
    source = ET.SubElement(item, "sourcetrack")
    _text(source, "mediatype", "audio")
    _text(source, "trackindex", channel + 1)
    if part.number == 1:
        _link(item, "clipitem-v1", "video", 1)
    for other, number in enumerate(part.tracks):
        _link(item, _item_id(part, other), "audio", number)
    _text(track, "enabled", "TRUE")
    _text(track, "locked", "FALSE")
    _text(track, "outputchannelindex", min(channel + 1, max(2, timeline.channels)))


def _item(
    track: ET.Element, timeline: Timeline, part: _Part, name: str, enabled: bool
) -> ET.Element:
    """A clip item: where it lies in the sequence, and which part of its file it shows."""
    item = ET.SubElement(track, "clipitem", id=name)
    _text(item, "masterclipid", f"masterclip-{part.number}")
    _text(item, "name", part.title)
    _text(item, "enabled", "TRUE" if enabled else "FALSE")
    _text(item, "duration", part.media_frames)
    _rate(item, timeline)
    _text(item, "start", part.first - timeline.first)
    _text(item, "end", part.first - timeline.first + part.frames)
    _text(item, "in", part.first - part.media_first)
    _text(item, "out", part.first - part.media_first + part.frames)
    return item


def _picture_format(parent: ET.Element, timeline: Timeline) -> None:
    characteristics = ET.SubElement(parent, "samplecharacteristics")
    _rate(characteristics, timeline)
    _text(characteristics, "width", timeline.width)
    _text(characteristics, "height", timeline.height)
    _text(characteristics, "anamorphic", "FALSE")
    _text(characteristics, "pixelaspectratio", "square")
    _text(characteristics, "fielddominance", "none")


def _sound_format(parent: ET.Element, part: _Part) -> None:
    characteristics = ET.SubElement(parent, "samplecharacteristics")
    _text(characteristics, "depth", part.bits)
    _text(characteristics, "samplerate", part.sample_rate)
    _text(parent, "channelcount", part.channels)


def _rate(parent: ET.Element, timeline: Timeline) -> None:
    rate = ET.SubElement(parent, "rate")
    _text(rate, "timebase", round(timeline.rate))
    _text(rate, "ntsc", "TRUE" if timeline.rate.denominator == 1001 else "FALSE")


def _timecode(parent: ET.Element, timeline: Timeline, frame: int) -> None:
    timecode = ET.SubElement(parent, "timecode")
    _rate(timecode, timeline)
    label = timeline.timecode(frame)
    _text(timecode, "string", str(label))
    _text(timecode, "frame", label.frame)
    _text(timecode, "displayformat", "DF" if timeline.drop else "NDF")


def _link(item: ET.Element, reference: str, kind: str, track: int) -> None:
    link = ET.SubElement(item, "link")
    _text(link, "linkclipref", reference)
    _text(link, "mediatype", kind)
    _text(link, "trackindex", track)
    _text(link, "clipindex", 1)


def _item_id(part: _Part, channel: int) -> str:
    return f"clipitem-{part.number}-{channel + 1}"


def _url(path: Path) -> str:
    return path.as_uri().replace("file:///", "file://localhost/", 1)


def _text(parent: ET.Element, name: str, value: object) -> None:
    ET.SubElement(parent, name).text = str(value)
