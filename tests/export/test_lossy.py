"""AAC and MP3: exact length and place after decoding, and plain words where they cannot be."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from clips import burst_sound, lag

from app.errors import BadInputError
from app.export.sound import AUDIO_FORMATS, SoundWriter, check_format
from app.media.audio import AudioReader


@pytest.mark.parametrize(
    ("format", "rate", "layout", "channels"),
    [
        ("aac", 48000, "stereo", 2),
        ("aac", 44100, "mono", 1),
        ("aac", 96000, "stereo", 2),
        ("aac", 48000, "5.1(side)", 6),
        ("mp3", 48000, "stereo", 2),
        ("mp3", 44100, "mono", 1),
        ("mp3", 22050, "stereo", 2),
    ],
)
def test_length_and_place_stay(
    tmp_path: Path, format: str, rate: int, layout: str, channels: int
) -> None:
    sound = burst_sound([0.3, 1.0, 1.7], 2.0137, rate, channels)
    path = tmp_path / f"a{AUDIO_FORMATS[format]}"
    with SoundWriter(path, rate, channels, format, layout) as writer:
        for at in range(0, sound.shape[1], 3001):
            writer.write(sound[:, at : at + 3001])
    assert writer.clipped == 0
    with AudioReader(path) as reader:
        assert (reader.sample_rate, reader.channels) == (rate, channels)
        assert reader.samples == sound.shape[1]
        heard = reader.read(0, reader.samples)
    assert lag(heard, sound) == 0
    error = np.sum((heard - sound)[:2] ** 2) / np.sum(sound[:2] ** 2)
    assert error < 0.02, "the code is lossy, but this is the same sound"


def test_too_loud_is_cut_and_counted(tmp_path: Path) -> None:
    with SoundWriter(tmp_path / "a.m4a", 48000, 1, "aac") as writer:
        writer.write(np.array([[0.5, 1.5, -1.5, 1.0]], np.float32))
    assert writer.clipped == 2


@pytest.mark.parametrize(
    ("format", "rate", "channels", "layout", "sentence"),
    [
        ("mp3", 48000, 6, "5.1", "one or two channels and this sound has 6; choose AAC, FLAC"),
        ("mp3", 96000, 2, "stereo", "cannot hold sound at 96000 Hz, .*; choose FLAC or WAV"),
        ("aac", 192000, 2, "stereo", "cannot hold sound at 192000 Hz, .*; choose FLAC or WAV"),
        ("aac", 48000, 8, "7.1", r"8 channels \(7.1\); choose FLAC or WAV"),
        ("aac", 48000, 2, "downmix", r"2 channels \(downmix\); choose FLAC or WAV"),
        ("flac", 768000, 1, "mono", "cannot hold sound at 768000 Hz; choose a WAV"),
    ],
)
def test_what_a_format_cannot_hold_is_said(
    tmp_path: Path, format: str, rate: int, channels: int, layout: str, sentence: str
) -> None:
    with pytest.raises(BadInputError, match=sentence):
        check_format(format, rate, channels, layout)
    with pytest.raises(BadInputError, match=sentence):
        SoundWriter(tmp_path / "a", rate, channels, format, layout)
    assert list(tmp_path.iterdir()) == []
