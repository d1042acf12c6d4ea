"""Broadcast Wave: the chunks are read back byte by byte, and by FFmpeg."""

from __future__ import annotations

import struct
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree as ET

import av
import numpy as np
import pytest
import soundfile

from app.export.bwf import Origin, chunks, time_reference
from app.export.sound import SoundWriter
from app.timecode import Timecode

NTSC = Fraction(30000, 1001)
WRITTEN = datetime(2026, 3, 4, 5, 6, 7)


def riff(path: Path) -> dict[bytes, bytes]:
    """All chunks of a WAVE file."""
    data = path.read_bytes()
    assert data[:4] == b"RIFF"
    assert data[8:12] == b"WAVE"
    assert struct.unpack("<I", data[4:8])[0] == len(data) - 8
    found, at = {}, 12
    while at < len(data):
        name, size = struct.unpack("<4sI", data[at : at + 8])
        found[name] = data[at + 8 : at + 8 + size]
        at += 8 + size + size % 2
    assert at == len(data)
    return found


def write(path: Path, origin: Origin, format: str = "wav24", rate: int = 48000) -> None:
    channels = len(origin.channel_names)
    extra = chunks(origin, rate, format)
    with SoundWriter(path, rate, channels, format, None, chunks=extra) as writer:
        writer.write(np.zeros((channels, 1001), np.float32))


@pytest.mark.parametrize("format", ["wav16", "wav24", "wav32f"])
def test_bext_and_ixml_tell_the_first_sample(tmp_path: Path, format: str) -> None:
    start = Timecode.parse("10:09:59;28", NTSC)
    reference = time_reference(start, Fraction(0), 48000)
    title = "Ärger, odd"
    write(tmp_path / "a.wav", Origin(title, start, reference, WRITTEN, ("Anna",), "duet"), format)
    found = riff(tmp_path / "a.wav")
    assert next(iter(found)) == b"JUNK"
    assert list(found)[-1] == b"data"
    bext = found[b"bext"]
    assert bext[:256].rstrip(b"\0") == b"?rger, odd"
    assert bext[256:288].rstrip(b"\0") == b"Solovox"
    assert bext[320:338] == b"2026-03-0405:06:07"
    assert struct.unpack("<QH", bext[338:348]) == (reference, 1)
    assert bext[602:].startswith(b"A=PCM,F=48000,W=")
    assert bext.rstrip(b"\0").endswith(b"\r\n")
    xml = ET.fromstring(found[b"iXML"])
    assert xml.findtext("SPEED/TIMECODE_RATE") == "30000/1001"
    assert xml.findtext("SPEED/TIMECODE_FLAG") == "DF"
    assert xml.findtext("NOTE") == title
    assert xml.findtext("TRACK_LIST/TRACK/NAME") == "Anna"
    low = int(xml.findtext("SPEED/TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_LO", ""))
    high = int(xml.findtext("SPEED/TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_HI", ""))
    assert high << 32 | low == reference
    with av.open(str(tmp_path / "a.wav")) as media:
        assert int(media.metadata["time_reference"]) == reference
        assert media.metadata["originator_reference"].startswith("SOLOVOX2026")
    assert soundfile.info(tmp_path / "a.wav").frames == 1001


@pytest.mark.parametrize(
    ("label", "rate", "sample_rate", "expected"),
    [
        ("01:00:00:00", Fraction(25), 48000, 172_800_000),
        ("01:00:00:00", Fraction(24000, 1001), 48000, 172_972_800),
        ("01:00:00;00", NTSC, 48000, 107892 * 1001 * 48000 // 30000),
        ("00:00:01;00", Fraction(60000, 1001), 44100, 44144),
        ("23:59:59:29", Fraction(30), 192000, (24 * 3600 * 30 - 1) * 6400),
    ],
)
def test_time_reference_counts_real_time(
    label: str, rate: Fraction, sample_rate: int, expected: int
) -> None:
    assert time_reference(Timecode.parse(label, rate), Fraction(0), sample_rate) == expected


def test_a_reference_beyond_32_bits_and_before_midnight(tmp_path: Path) -> None:
    late = Timecode.parse("23:59:59:29", Fraction(30))
    reference = time_reference(late, Fraction(0), 192000)
    assert reference > 2**32
    write(tmp_path / "a.wav", Origin("", late, reference, WRITTEN, ("L", "R")), rate=192000)
    assert struct.unpack("<Q", riff(tmp_path / "a.wav")[b"bext"][338:346])[0] == reference
    early = time_reference(Timecode(0, Fraction(25)), Fraction(-1, 100), 48000)
    assert early == 86400 * 48000 - 480


def test_chunks_survive_in_rf64(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.export.wav._RIFF_LIMIT", 1000)
    start = Timecode(90000, Fraction(25))
    write(tmp_path / "a.wav", Origin("x", start, 172_800_000, WRITTEN, ("L", "R")))
    assert soundfile.info(tmp_path / "a.wav").format == "RF64"
    with av.open(str(tmp_path / "a.wav")) as media:
        assert media.metadata["time_reference"] == "172800000"
