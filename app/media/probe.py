"""What a media file holds: streams, exact times, orientation, frame rate, timecode."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import av.container
import av.error

from app.errors import BadInputError
from app.media.opening import open_input, picture_stream
from app.media.packets import packet_pass
from app.media.picture_timing import VideoTiming
from app.media.sound_index import AudioIndex

_PQ, _HLG = 16, 18
"""Transfer characteristics of high dynamic range pictures, ITU-T H.273 table 3."""
_WHOLE_RATES = (24, 25, 30, 48, 50, 60, 100, 120)
_RATE_TOLERANCE = Fraction(1, 10000)
_MAX_PACKETS_TO_FIRST_FRAME = 3000


@dataclass(frozen=True)
class VideoInfo:
    """The picture of a clip; times in seconds on the container's time axis."""

    index: int
    codec: str
    width: int
    """As displayed: after rotation, with square pixels."""
    height: int
    rotation: int
    """0, 90, 180 or 270: degrees clockwise from the stored to the displayed picture."""
    sample_aspect: Fraction
    """Width : height of a stored pixel."""
    time_base: Fraction
    start: Fraction
    duration: Fraction
    frame_rate: Fraction
    """Frames per second on average."""
    variable_rate: bool
    frames: int | None
    hdr: bool
    timecode: str | None


@dataclass(frozen=True)
class AudioInfo:
    """One audio stream of a clip."""

    index: int
    codec: str
    sample_rate: int
    channels: int
    layout: str
    time_base: Fraction
    start: Fraction
    """Media time of the first sample heard, after priming, seconds."""
    samples: int
    """Exact length, gaps included."""


@dataclass(frozen=True)
class MediaInfo:
    """A clip: its first picture stream and all its audio streams that can be decoded."""

    path: Path
    container: str
    duration: Fraction
    """From the first sound or picture to the end of the last, seconds."""
    video: VideoInfo | None
    audio: tuple[AudioInfo, ...]
    timecode: str | None
    undecodable: tuple[str, ...] = ()
    """``picture`` or ``sound`` where such a stream is there but its codec is not known."""
    exact: bool = True
    """False where the file wasn't read to its end: starts are exact, lengths are as stated."""


def probe(
    path: Path | str,
    patience_s: float | None = None,
    check: Callable[[], None] = lambda: None,
) -> MediaInfo:
    """Look into ``path``.

    Matroska, MPEG-TS and other files without a table of contents are read through once (not
    decoded); the result of that pass is kept for readers of the same file. With ``patience_s`` the
    pass is broken off after so many seconds, and the result may not be ``exact``. ``check`` may
    raise to give up. Damaged files are described as far as they can be read.

    Raises BadInputError when the file is missing, no media, cut off beyond use, or empty.
    """
    path = Path(path)
    with open_input(path) as container:
        begun = packet_pass(path)
        if patience_s is None:
            scan, exact = begun.whole(check), True
        else:
            scan, exact = begun.begun(patience_s, check)
        timecode = _timecode(container)
        stream = picture_stream(container)
        video = None
        audio = tuple(_audio_info(container.streams[i], scan.audio[i]) for i in scan.audio)
        if stream is not None and scan.video is not None:
            video = _video_info(container, stream, scan.video, timecode)
        undecodable = _undecodable(container)
        if video is None and not audio:
            if undecodable:
                raise BadInputError(_no_decoder(path, undecodable[0]))
            raise BadInputError(
                f"{path} holds neither sound nor a picture that can be decoded; "
                "copy it again from its source."
            )
        spans = [
            (info.start, info.start + Fraction(info.samples, info.sample_rate)) for info in audio
        ]
        if video is not None:
            spans.append((video.start, video.start + video.duration))
        return MediaInfo(
            path=path,
            container=container.format.name,
            duration=max(end for _, end in spans) - min(start for start, _ in spans),
            video=video,
            audio=audio,
            timecode=timecode,
            undecodable=undecodable,
            exact=exact,
        )


def require_audio(info: MediaInfo) -> AudioInfo:
    """First audio stream; BadInputError without any."""
    if not info.audio:
        if "sound" in info.undecodable:
            raise BadInputError(_no_decoder(info.path, "sound"))
        raise BadInputError(
            f"{info.path} has no sound that can be read; give a clip with an audio track."
        )
    return info.audio[0]


def require_video(info: MediaInfo) -> VideoInfo:
    """The picture; BadInputError without one."""
    if info.video is None:
        if "picture" in info.undecodable:
            raise BadInputError(_no_decoder(info.path, "picture"))
        raise BadInputError(
            f"{info.path} has no picture that can be read; "
            "give a clip in which the singer can be seen."
        )
    return info.video


def _undecodable(container: av.container.InputContainer) -> tuple[str, ...]:
    kinds = (("picture", container.streams.video), ("sound", container.streams.audio))
    return tuple(
        kind
        for kind, streams in kinds
        if streams and all(stream.codec_context is None for stream in streams)
    )


def _no_decoder(path: Path, what: str) -> str:
    return (
        f"The {what} of {path} is in a format that Solovox has no decoder for; convert the clip "
        "first, for instance to ProRes or H.264 with PCM sound."
    )


def _audio_info(stream: av.stream.Stream, index: AudioIndex) -> AudioInfo:
    return AudioInfo(
        index=index.stream,
        codec=stream.codec_context.name,
        sample_rate=index.sample_rate,
        channels=index.channels,
        layout=index.layout,
        time_base=stream.time_base or Fraction(1, index.sample_rate),
        start=index.start,
        samples=index.samples,
    )


def _video_info(
    container: av.container.InputContainer,
    stream: av.VideoStream,
    timing: VideoTiming,
    timecode: str | None,
) -> VideoInfo | None:
    frame = _first_frame(container, stream)
    if frame is None or frame.pts is None or stream.time_base is None:
        return None
    tick = stream.time_base
    start = frame.pts * tick
    average = stream.average_rate or stream.guessed_rate or Fraction(25)
    end = timing.end * tick if timing.end is not None else start
    duration = max(end - start, 1 / Fraction(average))
    if timing.variable_rate and timing.frames > 1:
        average = timing.frames / duration
    else:
        average = _even_rate(Fraction(average), timing, tick)
    rotation = -frame.rotation % 360
    aspect = Fraction(stream.sample_aspect_ratio or 1) or Fraction(1)
    width, height = displayed_size(frame.width, frame.height, aspect, rotation)
    return VideoInfo(
        index=stream.index,
        codec=stream.codec_context.name,
        width=width,
        height=height,
        rotation=rotation,
        sample_aspect=aspect,
        time_base=tick,
        start=start,
        duration=duration,
        frame_rate=Fraction(average),
        variable_rate=timing.variable_rate,
        frames=timing.frames or None,
        hdr=stream.codec_context.color_trc in (_PQ, _HLG) or frame.color_trc in (_PQ, _HLG),
        timecode=timecode,
    )


def _even_rate(stated: Fraction, timing: VideoTiming, tick: Fraction) -> Fraction:
    """The container's frame rate, or the measured one if it contradicts the time stamps.

    Undoes the rounding of millisecond time stamps: 19001/317 is 60000/1001.
    """
    rate = stated
    if timing.step:
        measured = 1 / (timing.step * tick)
        rounding = 2 / (timing.step * (timing.frames - 1))
        if abs(stated / measured - 1) > rounding + _RATE_TOLERANCE:
            rate = measured
    for whole in _WHOLE_RATES:
        for standard in (Fraction(whole), Fraction(whole * 1000, 1001)):
            if abs(rate / standard - 1) < _RATE_TOLERANCE:
                return standard
    return rate


def displayed_size(width: int, height: int, aspect: Fraction, rotation: int) -> tuple[int, int]:
    """Size on the screen of a stored picture: square pixels, then rotated."""
    wide = max(1, round(width * aspect))
    return (height, wide) if rotation in (90, 270) else (wide, height)


def _first_frame(
    container: av.container.InputContainer, stream: av.VideoStream
) -> av.VideoFrame | None:
    """First frame shown; None when the codec is unknown or nothing decodes."""
    stream.thread_type = "SLICE"
    packets = container.demux(stream)
    for _ in range(_MAX_PACKETS_TO_FIRST_FRAME):
        try:
            packet = next(packets)
            for frame in packet.decode():
                return frame
        except StopIteration:
            return None
        except av.error.EOFError:
            return None
        except av.error.FFmpegError:
            continue
    return None


def _timecode(container: av.container.InputContainer) -> str | None:
    """SMPTE timecode of the first frame, from the file, the picture or a timecode track."""
    streams = sorted(container.streams, key=lambda stream: stream.type != "video")
    for tags in (container.metadata, *(stream.metadata for stream in streams)):
        for name, value in tags.items():
            if name.lower() == "timecode" and value:
                return value
    return None
