"""Timeline files, read back by readers of their own: places, rates, flags, files."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from pathlib import Path
from urllib.parse import unquote, urlparse
from xml.etree import ElementTree as ET

import opentimelineio as otio
import pytest

from app.errors import BadInputError, NotPossibleError
from app.export.timeline import Stem, Timeline, write_timeline
from app.timecode import Timecode

NTSC = Fraction(30000, 1001)
CASES = {
    "29.97 df": (NTSC, "01:00:00;00", True),
    "59.94 df": (Fraction(60000, 1001), "00:59:58;30", True),
    "29.97 ndf": (NTSC, "10:00:00:00", False),
    "23.976": (Fraction(24000, 1001), "01:00:00:00", False),
    "25": (Fraction(25), "09:58:00:12", False),
    "50 from zero": (Fraction(50), "00:00:00:00", False),
}


@pytest.fixture(params=CASES)
def made(request: pytest.FixtureRequest, tmp_path: Path) -> Timeline:
    """A ten-second clip; a stereo voice and rest over its frames 30 to 90, 12 frames handles."""
    rate, label, drop = CASES[request.param]
    first = Timecode.parse(label, rate).frame
    stems = []
    for title, role in (("Änne & Zoë", "voice"), ("Rest", "rest")):
        begin = (first + 18) / rate
        stems.append(
            Stem(
                title=title,
                path=tmp_path / f"take 1 {title}.wav",
                role=role,
                sample_rate=48000,
                channels=2,
                bits=24,
                samples=-int(-84 / rate * 48000 // 1),
                starts=Fraction(int(begin * 48000), 48000),
                media_first=first + 18,
                media_frames=84,
                first=first + 30,
                frames=60,
            )
        )
    return Timeline(
        name="take 1",
        rate=rate,
        drop=drop,
        path=tmp_path / "take 1 #%.mov",
        first=first,
        frames=round(10 * rate),
        width=1920,
        height=1080,
        sample_rate=48000,
        channels=2,
        stems=tuple(stems),
    )


def text_of(timeline: Timeline, kind: str, tmp_path: Path) -> str:
    output = tmp_path / f"out.{kind}"
    assert write_timeline(timeline, kind, output) == ""
    return output.read_bytes().decode()


def seconds(text: str) -> Fraction:
    assert text.endswith("s")
    return Fraction(text[:-1])


def path_of(url: str) -> Path:
    parts = urlparse(url)
    assert parts.scheme == "file"
    assert parts.netloc in ("", "localhost")
    return Path(unquote(parts.path))


def test_fcpxml(made: Timeline, tmp_path: Path) -> None:
    text = text_of(made, "fcpxml", tmp_path)
    assert "<!DOCTYPE fcpxml>" in text
    root = ET.fromstring(text)
    assert root.get("version") == "1.9"
    assert [child.tag for child in root] == ["resources", "library"]
    frame = seconds(root.find("resources/format").get("frameDuration"))
    assert frame == 1 / made.rate
    assets = {asset.get("id"): asset for asset in root.iter("asset")}
    sequence = next(root.iter("sequence"))
    start = seconds(sequence.get("tcStart"))
    assert start == made.first * frame
    assert sequence.get("tcFormat") == ("DF" if made.drop else "NDF")
    assert sequence.get("audioRate") == "48k"
    assert sequence.get("audioLayout") == "stereo"
    (clip,) = sequence.find("spine")
    assert path_of(assets[clip.get("ref")].find("media-rep").get("src")) == made.path
    assert assets[clip.get("ref")].get("audioChannels") == "2"
    assert clip.get("srcEnable") == "video"
    assert seconds(clip.get("offset")) == seconds(clip.get("start")) == start
    assert seconds(clip.get("duration")) == made.frames * frame
    *stems, own = list(clip)
    assert [stem.get("lane") for stem in stems] == ["-1", "-2"]
    for stem, item in zip(made.stems, stems, strict=True):
        asset = assets[item.get("ref")]
        assert path_of(asset.find("media-rep").get("src")) == stem.path
        assert asset.get("hasVideo") is None
        assert (asset.get("audioRate"), asset.get("audioChannels")) == ("48000", "2")
        # The clip the stem hangs on begins at `start`, so the stem lies 30 frames into it.
        assert seconds(item.get("offset")) - seconds(clip.get("start")) == 30 * frame
        assert seconds(item.get("duration")) == 60 * frame
        into = seconds(item.get("start")) - seconds(asset.get("start"))
        assert 12 * frame <= into < 12 * frame + Fraction(1, 48000)
        end = seconds(item.get("start")) + seconds(item.get("duration"))
        assert end <= seconds(asset.get("start")) + seconds(asset.get("duration"))
        assert item.get("enabled") is None
    assert (own.get("enabled"), own.get("srcEnable"), own.get("ref")) == ("0", "audio", "r2")


def test_final_cut_7(made: Timeline, tmp_path: Path) -> None:
    root = ET.fromstring(text_of(made, "xml", tmp_path))
    sequence = root.find("sequence")
    assert root.tag == "xmeml"
    for rate in root.iter("rate"):
        assert rate.findtext("timebase") == str(round(made.rate))
        assert rate.findtext("ntsc") == ("TRUE" if made.rate.denominator == 1001 else "FALSE")
    assert sequence.findtext("timecode/frame") == str(made.first)
    assert sequence.findtext("timecode/string") == str(Timecode(made.first, made.rate, made.drop))
    assert sequence.findtext("timecode/displayformat") == ("DF" if made.drop else "NDF")
    files = {f.get("id"): f for f in root.iter("file") if f.find("pathurl") is not None}
    assert len(files) == 3
    assert path_of(files["file-1"].findtext("pathurl")) == made.path
    items = {item.get("id"): item for item in root.iter("clipitem")}
    tracks = sequence.findall("media/audio/track")
    assert len(tracks) == 6, "two stems and the clip's own sound, each of two channels"
    for number, track in enumerate(tracks):
        (item,) = track.findall("clipitem")
        place, channel = divmod(number, 2)
        assert item.findtext("sourcetrack/trackindex") == str(channel + 1)
        assert track.get("premiereTrackType") == "Stereo"
        assert track.get("currentExplodedTrackIndex") == str(channel)
        links = [link for link in item.findall("link") if link.findtext("mediatype") == "audio"]
        assert [int(link.findtext("trackindex")) for link in links] == [
            2 * place + 1,
            2 * place + 2,
        ]
        assert all(link.findtext("linkclipref") in items for link in links)
        file = files[item.find("file").get("id")]
        assert file.findtext("media/audio/channelcount") == "2"
        assert file.findtext("media/audio/samplecharacteristics/samplerate") == "48000"
        span = [int(item.findtext(name)) for name in ("start", "end", "in", "out")]
        if place == 2:
            assert item.findtext("enabled") == "FALSE"
            assert span == [0, made.frames, 0, made.frames]
            continue
        stem = made.stems[place]
        assert path_of(file.findtext("pathurl")) == stem.path
        assert item.findtext("enabled") == "TRUE"
        assert span == [30, 90, 12, 72]
        assert item.findtext("duration") == file.findtext("duration") == "84"
        assert file.findtext("timecode/frame") == str(stem.media_first)
        label = str(Timecode(stem.media_first, made.rate, made.drop))
        assert file.findtext("timecode/string") == label
        assert file.findtext("media/audio/samplecharacteristics/depth") == "24"
    picture = items["clipitem-v1"]
    assert [int(picture.findtext(n)) for n in ("start", "end", "in", "out")] == [
        0,
        made.frames,
        0,
        made.frames,
    ]
    # A reader of others finds the same places.
    other = otio.adapters.read_from_file(str(tmp_path / "out.xml"))
    assert other.global_start_time.value == made.first
    voice = other.audio_tracks()[0]
    (clip,) = voice.find_clips()
    assert voice.range_of_child(clip).start_time.value == 30
    assert clip.duration().value == 60


def test_edl(made: Timeline, tmp_path: Path) -> None:
    text = text_of(made, "edl", tmp_path)
    lines = text.split("\r\n")
    assert lines[0] == "TITLE: take 1"
    assert lines[1] == ("FCM: DROP FRAME" if made.drop else "FCM: NON-DROP FRAME")
    pattern = re.compile(
        r"(\d{3})  (\S{1,8}) +(\S+) +C +" + r" ".join([r"(\d\d:\d\d:\d\d[:;]\d\d)"] * 4)
    )
    events = [match for line in lines if (match := pattern.fullmatch(line))]
    assert [event[1] for event in events] == ["001", "002", "003"]
    assert [event[3] for event in events] == ["V", "AA", "NONE"]
    assert lines[lines.index(events[2][0]) + 1] == "AUD  3    4"
    assert len({event[2] for event in events}) == 3
    first = made.first
    for event, (begin, length) in zip(
        events, [(first, made.frames), (first + 30, 60), (first + 30, 60)], strict=True
    ):
        frames = [Timecode.parse(event[k], made.rate) for k in range(4, 8)]
        assert [frame.frame for frame in frames] == [begin, begin + length] * 2
        assert all(frame.drop is made.drop for frame in frames)
    # A reader of others takes the same times from it, where it knows such channels.
    known = "\r\n".join(lines[: lines.index(events[2][0])])
    other = otio.adapters.read_from_string(known, "cmx_3600", rate=float(made.rate))
    voice = next(iter(other.audio_tracks()[0].find_clips()))
    assert voice.source_range.start_time.value == first + 30
    assert voice.duration().value == 60
    names = [line for line in lines if line.startswith("* FROM CLIP NAME: ")]
    assert names[0].endswith(made.path.name)
    assert names[1].endswith(made.stems[0].path.name)


def test_otio(made: Timeline, tmp_path: Path) -> None:
    text_of(made, "otio", tmp_path)
    raw = json.loads((tmp_path / "out.otio").read_text())
    assert raw["OTIO_SCHEMA"].startswith("Timeline.")
    assert raw["metadata"]["solovox"]["drop_frame"] is made.drop
    timeline = otio.adapters.read_from_file(str(tmp_path / "out.otio"))
    rate = timeline.global_start_time.rate
    assert Fraction(rate).limit_denominator(1001) == made.rate
    assert timeline.global_start_time.value == made.first
    (picture,) = timeline.video_tracks()
    assert path_of(picture[0].media_reference.target_url) == made.path
    *stems, own = timeline.audio_tracks()
    for stem, track in zip(made.stems, stems, strict=True):
        (clip,) = track.find_clips()
        assert track.range_of_child(clip).start_time.value == 30
        assert (clip.source_range.start_time.value, clip.duration().value) == (made.first + 30, 60)
        available = clip.media_reference.available_range
        assert (available.start_time.value, available.duration.value) == (made.first + 18, 84)
        assert path_of(clip.media_reference.target_url) == stem.path
        assert clip.media_reference.metadata["solovox"]["channels"] == 2
    assert not own[0].enabled


def test_files_without_timecode_begin_at_zero(tmp_path: Path) -> None:
    rate = Fraction(25)
    stem = Stem("A", tmp_path / "a.flac", "voice", 48000, 1, 24, 96000, Fraction(3600),
                90000, 50, 90010, 30, timed=False)  # fmt: skip
    clip = Timeline("c", rate, False, tmp_path / "c.mp4", 90000, 250, 1280, 720, 48000, 1, (stem,))
    root = ET.fromstring(text_of(clip, "fcpxml", tmp_path))
    asset = root.find("resources/asset[@name='a']")
    item = next(i for i in root.iter("asset-clip") if i.get("name") == "A")
    assert (asset.get("start"), item.get("start")) == ("0s", "2/5s")
    assert seconds(item.get("offset")) == Fraction(90010, 25)
    assert root.find("resources/format").get("name") == "FFVideoFormat720p25"
    event = next(line for line in text_of(clip, "edl", tmp_path).split("\r\n") if " A " in line)
    assert event.split()[4:] == ["00:00:00:10", "00:00:01:15", "01:00:00:10", "01:00:01:15"]
    xml = ET.fromstring(text_of(clip, "xml", tmp_path))
    assert xml.find(".//audio/track/clipitem/file/timecode/frame").text == "0"


def test_an_edl_has_four_channels(tmp_path: Path) -> None:
    def with_channels(*channels: int) -> Timeline:
        stems = tuple(
            Stem(f"S{n}", tmp_path / f"{n}.wav", "voice", 48000, c, 24, 48000, Fraction(0),
                 0, 25, 0, 25)
            for n, c in enumerate(channels)
        )  # fmt: skip
        return Timeline(
            "c", Fraction(25), False, tmp_path / "c.mp4", 0, 25, 64, 48, 48000, 2, stems
        )

    note = write_timeline(with_channels(2, 2, 2, 1), "edl", tmp_path / "a.edl")
    assert "S2, S3 could not be put in it" in note
    with pytest.raises(NotPossibleError, match="choose FCPXML, OTIO"):
        write_timeline(with_channels(6), "edl", tmp_path / "b.edl")
    assert not (tmp_path / "b.edl").exists()
    with pytest.raises(BadInputError, match="exists already"):
        write_timeline(with_channels(2), "edl", tmp_path / "a.edl")
    text = (tmp_path / "a.edl").read_text()
    assert write_timeline(with_channels(1, 1, 2), "edl", tmp_path / "c.edl") == ""
    tracks = [
        line.split()[2] for line in (tmp_path / "c.edl").read_text().splitlines() if " C " in line
    ]
    assert tracks == ["V", "A", "A2", "NONE"]
    assert re.findall(r"^\d{3} ", text, re.MULTILINE) == ["001 ", "002 ", "003 "]
