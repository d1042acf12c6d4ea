"""FCPXML 1.9 for Final Cut Pro (10.5 and later) and DaVinci Resolve.

Source: Apple, "FCPXML Reference" with its document type definition. Times are rational seconds;
a connected clip's ``offset`` counts on the axis of the clip it hangs on, which begins with that
clip's ``start``. (OpenTimelineIO's adapter writes neither timecode starts, nor drop-frame, nor
properties of sound, so this format is written here.)
"""

from __future__ import annotations

from fractions import Fraction
from xml.etree import ElementTree as ET

from app.export.timeline import Stem, Timeline

_LAYOUTS = {1: "mono", 2: "stereo"}
_RATES = {
    32000: "32k",
    44100: "44.1k",
    48000: "48k",
    88200: "88.2k",
    96000: "96k",
    176400: "176.4k",
    192000: "192k",
}
_SIZES = {(1280, 720): "720p", (1920, 1080): "1080p", (3840, 2160): "3840x2160p"}
_NAMED = {
    Fraction(24000, 1001): "2398",
    Fraction(24): "24",
    Fraction(25): "25",
    Fraction(30000, 1001): "2997",
    Fraction(30): "30",
    Fraction(50): "50",
    Fraction(60000, 1001): "5994",
    Fraction(60): "60",
}


def to_fcpxml(timeline: Timeline) -> str:
    """The document as text."""
    root = ET.Element("fcpxml", version="1.9")
    resources = ET.SubElement(root, "resources")
    _format(resources, timeline)
    _clip_asset(resources, timeline)
    for number, stem in enumerate(timeline.stems):
        _stem_asset(resources, stem, _stem_id(number))
    event = ET.SubElement(ET.SubElement(root, "library"), "event", name=timeline.name)
    project = ET.SubElement(event, "project", name=timeline.name)
    flag = "DF" if timeline.drop else "NDF"
    start = timeline.seconds(timeline.first)
    sequence = ET.SubElement(
        project,
        "sequence",
        format="r1",
        duration=_time(timeline.frames / timeline.rate),
        tcStart=_time(start),
        tcFormat=flag,
        audioLayout=_LAYOUTS.get(timeline.channels, "surround"),
        audioRate=_RATES.get(timeline.sample_rate, "48k"),
    )
    spine = ET.SubElement(sequence, "spine")
    picture = ET.SubElement(
        spine,
        "asset-clip",
        name=timeline.path.name,
        ref="r2",
        offset=_time(start),
        start=_time(start),
        duration=_time(timeline.frames / timeline.rate),
        format="r1",
        tcFormat=flag,
        srcEnable="video",
    )
    for number, stem in enumerate(timeline.stems):
        ET.SubElement(
            picture,
            "asset-clip",
            name=stem.title,
            ref=_stem_id(number),
            lane=str(-1 - number),
            offset=_time(timeline.seconds(stem.first)),
            start=_time(timeline.seconds(stem.source_first)),
            duration=_time(stem.frames / timeline.rate),
            tcFormat=flag,
            audioRole="dialogue" if stem.role == "voice" else "music",
        )
    # The clip's own sound waits under the stems, switched off: they add up to it.
    ET.SubElement(
        picture,
        "asset-clip",
        name=timeline.path.name,
        ref="r2",
        lane=str(-1 - len(timeline.stems)),
        offset=_time(start),
        start=_time(start),
        duration=_time(timeline.frames / timeline.rate),
        enabled="0",
        format="r1",
        tcFormat=flag,
        srcEnable="audio",
        audioRole="dialogue",
    )
    ET.indent(root)
    text = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE fcpxml>\n{text}\n'


def _format(resources: ET.Element, timeline: Timeline) -> None:
    size = _SIZES.get((timeline.width, timeline.height))
    rate = _NAMED.get(timeline.rate)
    made = ET.SubElement(resources, "format", id="r1")
    if size and rate:
        made.set("name", f"FFVideoFormat{size}{rate}")
    made.set("frameDuration", _time(1 / timeline.rate))
    made.set("width", str(timeline.width))
    made.set("height", str(timeline.height))


def _clip_asset(resources: ET.Element, timeline: Timeline) -> None:
    asset = ET.SubElement(
        resources,
        "asset",
        id="r2",
        name=timeline.path.stem,
        start=_time(timeline.seconds(timeline.first)),
        duration=_time(timeline.frames / timeline.rate),
        hasVideo="1",
        format="r1",
        hasAudio="1",
        audioSources="1",
        audioChannels=str(timeline.channels),
        audioRate=str(timeline.sample_rate),
    )
    ET.SubElement(asset, "media-rep", kind="original-media", src=timeline.path.as_uri())


def _stem_asset(resources: ET.Element, stem: Stem, name: str) -> None:
    asset = ET.SubElement(
        resources,
        "asset",
        id=name,
        name=stem.path.stem,
        start=_time(stem.starts if stem.timed else Fraction(0)),
        duration=_time(Fraction(stem.samples, stem.sample_rate)),
        hasAudio="1",
        audioSources="1",
        audioChannels=str(stem.channels),
        audioRate=str(stem.sample_rate),
    )
    ET.SubElement(asset, "media-rep", kind="original-media", src=stem.path.absolute().as_uri())


def _stem_id(number: int) -> str:
    return f"r{3 + number}"


def _time(seconds: Fraction) -> str:
    if seconds.denominator == 1:
        return f"{seconds.numerator}s"
    return f"{seconds.numerator}/{seconds.denominator}s"
