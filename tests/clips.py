"""Makes small clips with known content: flashes in the picture and bursts in the sound.

``make_clip`` writes any combination of container, codecs, frame times and start offsets and tells
exactly what it wrote, so that a test can compare what comes out with what went in.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

BURST_S = 0.01
_VIDEO_TICK = Fraction(1, 90000)
_BLACK, _WHITE = 16, 235


@dataclass(frozen=True)
class Clip:
    """What was written: all times are media seconds."""

    path: Path
    frame_times: tuple[Fraction, ...]
    flashes: tuple[int, ...]
    """Numbers of the white frames; a burst starts with each."""
    sound: NDArray[np.float32] | None
    """(channels, N) before encoding."""
    sound_start: Fraction
    rate: int


def make_clip(
    path: Path,
    *,
    seconds: float = 4.0,
    fps: Fraction | int = 25,
    frame_times: Sequence[Fraction] | None = None,
    flashes: Sequence[int] = (10, 45, 80),
    size: tuple[int, int] = (128, 96),
    video_codec: str | None = "libx264",
    gop: int = 24,
    b_frames: int = 2,
    video_start: Fraction = Fraction(0),
    rotation: int = 0,
    sample_aspect: Fraction = Fraction(1),
    transfer: int | None = None,
    timecode: str | None = None,
    audio_codec: str | None = "aac",
    rate: int = 48000,
    layout: str = "stereo",
    audio_start: Fraction = Fraction(0),
    gaps: Sequence[tuple[float, float]] = (),
    audio_options: dict[str, str] | None = None,
    container_options: dict[str, str] | None = None,
    seed: int = 0,
) -> Clip:
    """Write a clip to ``path`` (its suffix chooses the container) and describe it.

    ``frame_times`` (seconds after ``video_start``) replaces the even grid of ``fps``. ``rotation``
    is in degrees clockwise, for mp4 and mov. ``gaps`` are stretches in seconds of the sound that
    are left out of the file. The upper left corner of each picture is grey, so that a turned
    picture can be told from an upright one.
    """
    step = 1 / Fraction(fps)
    if frame_times is None:
        frame_times = [k * step for k in range(int(seconds * Fraction(fps)))]
    times = tuple(video_start + Fraction(t) for t in frame_times)
    sound = None
    if audio_codec is not None:
        starts = [float(times[k] - audio_start) for k in flashes if k < len(times)]
        channels = av.AudioLayout(layout).nb_channels
        sound = burst_sound(starts, seconds, rate, channels, seed)
    options = {"movie_timescale": "90000", **(container_options or {})}
    if path.suffix not in (".mp4", ".mov"):
        options.pop("movie_timescale")
    with av.open(str(path), "w", options=options) as output:
        if timecode is not None:
            output.metadata["timecode"] = timecode
        video = audio = None
        if video_codec is not None:
            video = _video_stream(output, video_codec, fps, size, gop, b_frames, transfer)
            if sample_aspect != 1:
                video.codec_context.sample_aspect_ratio = sample_aspect
            if timecode is not None:
                video.metadata["timecode"] = timecode
        if audio_codec is not None:
            audio = output.add_stream(audio_codec, rate=rate, options=audio_options or {})
            audio.codec_context.layout = layout
            audio.codec_context.time_base = Fraction(1, rate)
        jobs = []
        if video is not None:
            tick = video.codec_context.time_base
            jobs.append(_pictures(video, times, set(flashes), size, tick))
        if audio is not None and sound is not None:
            jobs.append(_sounds(audio, sound, rate, layout, audio_start, gaps))
        _interleave(output, jobs)
    if rotation:
        _set_rotation(path, rotation, size)
    return Clip(path, times, tuple(flashes), sound, audio_start, rate)


def burst_sound(
    starts: Sequence[float], seconds: float, rate: int, channels: int, seed: int = 0
) -> NDArray[np.float32]:
    """(channels, N) quiet noise with a loud burst of `BURST_S` at each of ``starts`` seconds.

    The noise is limited to 7 kHz, which every codec keeps, and differs between channels.
    """
    count = round(seconds * rate)
    rng = np.random.default_rng(seed)
    noise = rng.standard_normal((channels, count))
    spectrum = np.fft.rfft(noise, axis=1)
    spectrum[:, int(7000 / rate * count) :] = 0
    noise = np.fft.irfft(spectrum, count, axis=1)
    gain = np.full(count, 0.02)
    for start in starts:
        at = round(start * rate)
        if 0 <= at < count:
            gain[at : at + round(BURST_S * rate)] = 0.4
    out = noise / noise.std() * gain
    return np.clip(out, -0.95, 0.95).astype(np.float32)


def lag(out: NDArray[np.float32], reference: NDArray[np.float32], most: int = 4000) -> int:
    """Samples by which ``out`` (channels, N) comes later than ``reference``, by correlation."""
    a, b = out[0].astype(np.float64), reference[0].astype(np.float64)
    size = 1 << (len(a) + len(b)).bit_length()
    product = np.fft.rfft(a, size) * np.conj(np.fft.rfft(b, size))
    correlation = np.fft.irfft(product, size)
    lags = np.concatenate([np.arange(most + 1), np.arange(-most, 0)])
    return int(lags[np.argmax(correlation[lags])])


def brightness(image: NDArray[np.uint8]) -> float:
    """Mean value of the lower right quarter of an RGB picture."""
    height, width = image.shape[:2]
    return float(image[height // 2 :, width // 2 :].mean())


def _video_stream(
    output: av.container.OutputContainer,
    codec: str,
    fps: Fraction | int,
    size: tuple[int, int],
    gop: int,
    b_frames: int,
    transfer: int | None,
) -> av.VideoStream:
    options = {"preset": "ultrafast"} if codec == "libx264" else {}
    video = output.add_stream(codec, rate=Fraction(fps), options=options)
    video.width, video.height = size
    video.pix_fmt = "yuv420p"
    video.gop_size = gop
    if codec in ("libx264", "mpeg4"):
        video.codec_context.max_b_frames = b_frames
    if transfer is not None:
        video.codec_context.color_trc = transfer
    if codec == "mpeg4":  # allows 16 bits for the denominator
        video.codec_context.time_base = 1 / Fraction(fps)
    else:
        video.codec_context.time_base = Fraction(1, Fraction(fps).numerator * 600)
    return video


def _pictures(video, times, flashes, size, tick):
    width, height = size
    for number, time in enumerate(times):
        image = np.zeros((height * 3 // 2, width), np.uint8)
        image[height:] = 128
        image[:height] = _WHITE if number in flashes else _BLACK
        image[: height // 4, : width // 4] = 128
        frame = av.VideoFrame.from_ndarray(image, "yuv420p")
        frame.pts = round(time / tick)
        frame.time_base = tick
        for packet in video.encode(frame):
            yield time, packet
    for packet in video.encode(None):
        yield times[-1], packet


def _sounds(audio, sound, rate, layout, start, gaps):
    codec = audio.codec_context
    codec.open()
    size = codec.frame_size or 1024
    kind = codec.format.name
    first = round(start * rate)
    for at in range(0, sound.shape[1], size):
        time = Fraction(at, rate)
        if any(a <= time < b for a, b in gaps):
            continue
        block = sound[:, at : at + size]
        frame = av.AudioFrame.from_ndarray(_as_format(block, kind), kind, layout)
        frame.sample_rate = rate
        frame.pts = first + at
        frame.time_base = Fraction(1, rate)
        for packet in audio.encode(frame):
            yield start + time, packet
    for packet in audio.encode(None):
        yield start + Fraction(sound.shape[1], rate), packet


def _as_format(block: NDArray[np.float32], kind: str) -> NDArray[np.generic]:
    data: NDArray[np.generic] = block
    if kind.startswith("s16"):
        data = np.rint(block * 32767).astype(np.int16)
    elif kind.startswith("s32"):
        data = np.rint(block.astype(np.float64) * (2**31 - 256)).astype(np.int32)
    if not kind.endswith("p"):
        data = data.T.reshape(1, -1)
    return np.ascontiguousarray(data)


def _interleave(output, jobs):
    waiting = [(next(job, None), job) for job in jobs]
    while any(item is not None for item, _ in waiting):
        ready = [k for k, (item, _) in enumerate(waiting) if item is not None]
        k = min(ready, key=lambda k: waiting[k][0][0])
        item, job = waiting[k]
        output.mux(item[1])
        waiting[k] = (next(job, None), job)


def _set_rotation(path: Path, clockwise: int, size: tuple[int, int]) -> None:
    """Write a display matrix (ISO/IEC 14496-12, tkhd) into the picture track of a finished file."""
    a, b = {90: (0, 1), 180: (-1, 0), 270: (0, -1)}[clockwise]
    width, height = size
    x = {90: height, 180: width, 270: 0}[clockwise]
    y = {90: 0, 180: height, 270: width}[clockwise]
    matrix = struct.pack(
        ">9i", a << 16, b << 16, 0, -b << 16, a << 16, 0, x << 16, y << 16, 1 << 30
    )
    data = bytearray(path.read_bytes())
    at = data.find(b"tkhd")
    while at >= 0:
        version = data[at + 4]
        place = at + 4 + (48 if version else 36) + 4
        if struct.unpack(">I", data[place + 36 : place + 40])[0]:  # only pictures have a width
            data[place : place + 36] = matrix
        at = data.find(b"tkhd", at + 4)
    path.write_bytes(data)
