"""Which container holds a clip's picture beside new sound, and in which codec the sound goes in."""

from __future__ import annotations

import io
from fractions import Fraction
from math import lcm
from pathlib import Path

import av
import av.container
import av.error

from app.errors import BadInputError
from app.media.opening import open_input, picture_stream, sound_streams

FORMATS = {".mp4": "mp4", ".mov": "mov", ".mkv": "matroska"}
"""Suffixes that `write_video` writes, with FFmpeg's names."""
_FAMILY = {".mp4": ".mp4", ".m4v": ".mp4", ".mov": ".mov", ".qt": ".mov", ".mkv": ".mkv"}
AAC_RATES = frozenset(
    (96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000)
)
AAC_LAYOUTS = {"mono": "mono", "stereo": "stereo", "5.1": "5.1", "5.1(side)": "5.1"}
"""Layouts AAC knows by number; the surround pair of 5.1 has one place in it."""
_FLAC_LAYOUTS = frozenset(("mono", "stereo", "3.0", "quad", "5.0", "5.1", "5.1(side)", "7.1"))
AAC_BITS_PER_CHANNEL = 128_000


def container_for(source: Path) -> tuple[str, str | None]:
    """Suffix of the file to write for ``source``, and a sentence when it is another kind of file.

    The kind of the source is kept if it holds the picture and the original sound (mp4, mov, mkv);
    otherwise QuickTime is tried, then Matroska, which holds everything.

    Raises BadInputError when the source cannot be read.
    """
    suffix = source.suffix.lower()
    with open_input(source) as container:
        own = _FAMILY.get(suffix, ".mkv" if "matroska" in container.format.name else ".mov")
        for choice in dict.fromkeys((own, ".mov", ".mkv")):
            if _holds(container, choice):
                note = None
                if choice != _FAMILY.get(suffix):
                    note = (
                        f"A {suffix or 'file of this kind'} file cannot hold the new sound beside "
                        f"the original one, so a {choice} file is written."
                    )
                return choice, note
    raise BadInputError(
        f"The picture of {source} cannot be copied to a new file; export the sound alone."
    )


def check_holds(container: av.container.InputContainer, output: Path) -> None:
    """Raise BadInputError unless the file ``output`` can hold the streams of ``container``."""
    suffix = output.suffix.lower()
    if suffix not in FORMATS:
        known = ", ".join(FORMATS)
        raise BadInputError(f"{output} is no video file name; let it end in one of {known}.")
    if not _holds(container, suffix):
        raise BadInputError(
            f"A {suffix} file cannot hold this clip's picture and sound; choose .mkv instead."
        )


def add_copy(output: av.container.OutputContainer, stream: av.stream.Stream) -> av.stream.Stream:
    """A stream of ``output`` for unchanged packets of ``stream``."""
    copy = output.add_stream_from_template(stream, opaque=True)
    if isinstance(copy, av.VideoStream) and stream.average_rate:
        # The muxer counts the timecode's frames with it.
        copy.codec_context.framerate = stream.average_rate
    return copy


def voice_codec(suffix: str, rate: int, layout: str) -> tuple[str, str, dict[str, str]]:
    """Codec, channel layout and encoder options for new sound in a file of that kind.

    MP4 gets AAC, which every player knows (Apple Lossless where AAC has no such rate or layout),
    QuickTime 24-bit PCM, Matroska FLAC.
    """
    if suffix == ".mp4" and rate in AAC_RATES and layout in AAC_LAYOUTS:
        layout = AAC_LAYOUTS[layout]
        channels = av.AudioLayout(layout).nb_channels
        return "aac", layout, {"b": str(AAC_BITS_PER_CHANNEL * channels)}
    if suffix == ".mp4":
        return "alac", layout, {}
    if suffix == ".mkv" and layout in _FLAC_LAYOUTS:
        return "flac", layout, {}
    return "pcm_s24le", layout, {}


def muxer_options(
    suffix: str, tick: Fraction, rate: int, metadata: dict[str, str]
) -> dict[str, str]:
    """Options that make a muxer keep start times exactly and camera tags at all."""
    if suffix == ".mkv":
        return {}
    scale = lcm(tick.denominator, rate)
    options = {"movie_timescale": str(scale if scale < 10_000_000 else rate)}
    if tick.numerator == 1:
        options["video_track_timescale"] = str(tick.denominator)
    if any(name.startswith("com.") for name in metadata):
        options["movflags"] = "use_metadata_tags"
    return options


def _holds(container: av.container.InputContainer, suffix: str) -> bool:
    """Try: write a header for the copied streams into memory."""
    picture = picture_stream(container)
    if picture is None:
        return False
    try:
        with av.open(io.BytesIO(), "w", format=FORMATS[suffix]) as output:
            for stream in (picture, *sound_streams(container)):
                add_copy(output, stream)
            output.start_encoding()
    except (av.error.FFmpegError, ValueError):
        return False
    return True
