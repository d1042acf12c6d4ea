"""Writes the demo's picture and sound with PyAV, and its truth as WAV."""

from __future__ import annotations

import os
import wave
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray


def write_wav(path: Path, sound: NDArray[np.int16], sample_rate: int) -> None:
    """Write (channels, N) as 16-bit WAV."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(sound.shape[0])
        file.setsampwidth(2)
        file.setframerate(sample_rate)
        file.writeframes(np.ascontiguousarray(sound.T).tobytes())


def write_clip(
    path: Path,
    pictures: Iterator[NDArray[np.uint8]],
    size: tuple[int, int],
    fps: Fraction,
    sound: NDArray[np.int16],
    sample_rate: int,
) -> None:
    """Write H.264 picture with AAC (mp4) or PCM (mkv) sound; both start at time 0.

    ``pictures`` gives RGB (height, width, 3) frames, ``sound`` is (channels, N).
    """
    temporary = path.with_name(path.stem + ".part" + path.suffix)
    try:
        _write(temporary, pictures, size, fps, sound, sample_rate)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def _write(
    path: Path,
    pictures: Iterator[NDArray[np.uint8]],
    size: tuple[int, int],
    fps: Fraction,
    sound: NDArray[np.int16],
    sample_rate: int,
) -> None:
    with av.open(str(path), "w") as output:
        video = output.add_stream("libx264", rate=fps)
        assert isinstance(video, av.VideoStream)
        video.width, video.height = size
        video.pix_fmt = "yuv420p"
        video.options = {"preset": "veryfast", "crf": "19", "g": str(round(2 * fps))}
        video.codec_context.time_base = 1 / fps
        codec = "pcm_s16le" if path.suffix == ".mkv" else "aac"
        layout = "stereo" if sound.shape[0] == 2 else "mono"
        audio = output.add_stream(codec, rate=sample_rate, layout=layout)
        assert isinstance(audio, av.AudioStream)
        if codec == "aac":
            audio.bit_rate = 128000 * sound.shape[0]
        written = 0
        for number, picture in enumerate(pictures):
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts, frame.time_base = number, 1 / fps
            output.mux(video.encode(frame))
            stop = min(sound.shape[1], round((number + 1) / fps * sample_rate))
            written = _encode_sound(output, audio, sound, written, stop, sample_rate)
        _encode_sound(output, audio, sound, written, sound.shape[1], sample_rate)
        output.mux(video.encode(None))
        output.mux(audio.encode(None))


def _encode_sound(
    output: av.container.OutputContainer,
    stream: av.AudioStream,
    sound: NDArray[np.int16],
    start: int,
    stop: int,
    sample_rate: int,
) -> int:
    if stop <= start:
        return start
    packed = np.ascontiguousarray(sound[:, start:stop].T).reshape(1, -1)
    layout = "stereo" if sound.shape[0] == 2 else "mono"
    frame = av.AudioFrame.from_ndarray(packed, format="s16", layout=layout)
    frame.sample_rate, frame.pts = sample_rate, start
    frame.time_base = Fraction(1, sample_rate)
    output.mux(stream.encode(frame))
    return stop
