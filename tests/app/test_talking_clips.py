"""Filmed speech made ready for training: landmarks and sound on one axis, from files or tars."""

from __future__ import annotations

import tarfile
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from app.errors import BadInputError
from app.training import extract_landmarks
from audio_models.base import SAMPLE_RATE
from audio_models.train.lips import load_clips

FRAMES = 12
TONE_HZ = 440.0


def _film(path: Path, face: bool, audio_late: float = 0.0) -> None:
    """12 frames at 30 per second of the astronaut's face, or of noise, with a tone."""
    import skimage

    picture = skimage.data.astronaut()[0:256, 96:352]
    if not face:
        picture = np.random.default_rng(0).integers(0, 255, picture.shape, np.uint8)
    with av.open(str(path), "w") as output:
        video = output.add_stream("libx264", rate=30, options={"crf": "18"})
        video.width, video.height, video.pix_fmt = 256, 256, "yuv420p"
        audio = output.add_stream("pcm_s16le", rate=16000, layout="mono")
        for number in range(FRAMES):
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, 30)
            output.mux(video.encode(frame))
        time = np.arange(round(0.4 * 16000) - round(audio_late * 16000)) / 16000
        tone = (8000 * np.sin(2 * np.pi * TONE_HZ * time)).astype(np.int16)
        sound = av.AudioFrame.from_ndarray(tone[None], format="s16", layout="mono")
        sound.sample_rate, sound.time_base = 16000, Fraction(1, 16000)
        sound.pts = round(audio_late * 16000)
        output.mux(audio.encode(sound))
        for stream in (video, audio):
            output.mux(stream.encode(None))


def test_faces_and_sound_of_a_tar_lie_on_one_axis(tmp_path: Path) -> None:
    for name, face, late in (("a", True, 0.0), ("b", False, 0.0), ("c", True, 0.08)):
        _film(tmp_path / f"{name}.mkv", face, late)
    with tarfile.open(tmp_path / "all.tar", "w") as archive:
        for name in "abc":
            archive.add(tmp_path / f"{name}.mkv", f"person/{name}.mkv")
            (tmp_path / f"{name}.mkv").unlink()
    done: list[float] = []
    count = extract_landmarks(
        tmp_path, tmp_path / "out.npz", on_progress=lambda p: done.append(p.fraction)
    )
    assert count == 2, "the clip without a face is left out"
    assert done[-1] == 1.0
    first, late_sound = load_clips(tmp_path / "out.npz")
    assert first.landmarks.shape == (10, 68, 2)
    assert late_sound.landmarks.shape == (8, 68, 2)
    assert first.landmarks.std(axis=0).max() < 0.5, "the face is still"
    eyes = first.landmarks[:, 36:48].mean(axis=(0, 1))
    mouth = first.landmarks[:, 48:].mean(axis=(0, 1))
    assert 40 < eyes[0] < 56
    assert mouth[1] > eyes[1] + 30
    spectrum = np.abs(np.fft.rfft(first.sound))
    assert np.argmax(spectrum) * SAMPLE_RATE / len(first.sound) == pytest.approx(TONE_HZ, abs=5)


def test_nothing_usable_is_said_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="no video clips"):
        extract_landmarks(tmp_path, tmp_path / "out.npz")
    _film(tmp_path / "noise.mkv", face=False)
    with pytest.raises(BadInputError, match="shows a face"):
        extract_landmarks(tmp_path, tmp_path / "out.npz")
    assert not (tmp_path / "out.npz").exists()
