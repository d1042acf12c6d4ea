"""The same video with new sound: the picture is copied packet by packet, never re-encoded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import av.container
import av.error
import numpy as np
from av.stream import Disposition
from numpy.typing import NDArray

from app.errors import BadInputError, NotPossibleError
from app.export.atomic import PendingFile, write_failed
from app.export.containers import FORMATS, add_copy, check_holds, muxer_options
from app.export.cut import packets_of, plan_cut
from app.export.voice_track import VoiceTrack
from app.jobs import CancelToken, OnProgress, ProgressClock
from app.media.audio import AudioReader
from app.media.opening import open_input, sound_streams
from app.media.probe import MediaInfo, probe, require_audio, require_video

Voice = tuple[str, "Path | Iterable[NDArray[np.float32]]"]
"""Title and sound: a sound file, or blocks (channels, N) in the rate and layout of the source."""

_STALE_TAGS = frozenset(
    (
        "encoder",
        "major_brand",
        "minor_version",
        "compatible_brands",
        "duration",
        "bps",
        "number_of_frames",
        "number_of_bytes",
        "vendor_id",
    )
)
_MOST_DAMAGED = 100


@dataclass(frozen=True)
class VideoExport:
    """What was written."""

    path: Path
    lead_in: Fraction
    """Seconds before the in point: part of a frame, in Matroska up to a key frame distance."""
    clipped: int
    """Samples of the voices that lay beyond full scale."""


def write_video(
    source: Path,
    voices: Sequence[Voice],
    output: Path,
    overwrite: bool = False,
    on_progress: OnProgress | None = None,
    token: CancelToken | None = None,
    start: int | None = None,
    stop: int | None = None,
    info: MediaInfo | None = None,
) -> VideoExport:
    """Write ``output`` (.mp4, .mov or .mkv) with the picture of ``source`` and new sound.

    The voices come first among the sound tracks, the first of them is the one played; all original
    sound tracks follow as they are. Rotation, tags, chapters, timecode and start offsets stay;
    subtitles and other data are left out. The first sample of each voice belongs to sample
    ``start`` (default 0) of the source's first sound track.

    With ``start`` and ``stop`` (samples of that track) only this range is written. MP4 and
    QuickTime files play from the frame shown at the in point; the frames before it back to the
    key frame are in the file, hidden by an edit list. Matroska cannot hide anything: there
    picture and original sound begin at that key frame. In both the voices begin at the in point,
    ``lead_in`` after the start of the file.

    Raises BadInputError for a clip without picture or sound, a name that is taken, or a file kind
    that cannot hold the streams; CancelledError when the token says so; NotPossibleError when
    writing fails. The file appears under its name only when it is complete.
    """
    source, output = Path(source), Path(output)
    info = info if info is not None else probe(source)
    require_video(info)
    require_audio(info)
    if output.exists() and output.samefile(source):
        raise BadInputError(f"{output} is the clip itself; choose another name.")
    pending = PendingFile(output, overwrite)
    try:
        with ExitStack() as stack:
            job = _Copy(stack, info, voices, output, pending.temporary, start, stop)
            job.run(on_progress, token)
        pending.commit()
    except OSError as error:
        pending.discard()
        raise write_failed(output, error) from error
    except av.error.FFmpegError as error:
        pending.discard()
        raise NotPossibleError(
            f"The picture of {source} cannot be copied to a {output.suffix} file "
            f"({error.strerror}); choose another kind of file or export the sound alone."
        ) from error
    except BaseException:
        pending.discard()
        raise
    return VideoExport(output, job.cut.lead_in, sum(track.clipped for track in job.tracks))


class _Copy:
    """One run of copying and encoding."""

    def __init__(
        self,
        stack: ExitStack,
        info: MediaInfo,
        voices: Sequence[Voice],
        output: Path,
        temporary: Path,
        start: int | None,
        stop: int | None,
    ) -> None:
        audio, video = require_audio(info), require_video(info)
        suffix = output.suffix.lower()
        self._input = stack.enter_context(open_input(info.path))
        check_holds(self._input, output)
        self._picture = self._input.streams[video.index]
        rate = audio.sample_rate
        begin = audio.start + Fraction(start, rate) if start else None
        end = audio.start + Fraction(stop, rate) if stop is not None else None
        self.cut = plan_cut(info, begin, end, hides_lead=suffix != ".mkv")
        first = begin if begin is not None else audio.start
        last = end if end is not None else _end(info)
        self._total = float(last - self.cut.origin)

        options = muxer_options(suffix, video.time_base, rate, self._input.metadata)
        self._output = stack.enter_context(
            av.open(str(temporary), "w", format=FORMATS[suffix], container_options=options)
        )
        self._output.metadata.update(_lasting(self._input.metadata))
        self._copies = {video.index: add_copy(self._output, self._picture)}
        self.tracks: list[VoiceTrack] = []
        self._damaged = 0
        for number, (title, sound) in enumerate(voices):
            place = first - self.cut.origin
            if isinstance(sound, Path):
                reader = stack.enter_context(AudioReader(sound))
                blocks: Iterable[NDArray[np.float32]] = reader.blocks()
                track = VoiceTrack(
                    self._output, suffix, blocks, reader.sample_rate, reader.layout, place
                )
            else:
                track = VoiceTrack(self._output, suffix, sound, rate, audio.layout, place)
            track.stream.metadata["title"] = title
            if suffix != ".mkv":
                track.stream.metadata["handler_name"] = title  # what editors show of MP4 tracks
            track.stream.disposition = Disposition.default if number == 0 else Disposition(0)
            self.tracks.append(track)
        for stream in sound_streams(self._input):
            self._copies[stream.index] = add_copy(self._output, stream)
        for index, copy in self._copies.items():
            copy.metadata.update(_lasting(self._input.streams[index].metadata))
            copy.disposition = Disposition.default if index == video.index else Disposition(0)
        if begin is None and end is None:
            self._output.set_chapters(self._input.chapters())

    def run(self, on_progress: OnProgress | None, token: CancelToken | None) -> None:
        """Copy everything in order of decoding time."""
        clock = ProgressClock("Writing the video", self._total, on_progress)
        self._output.start_encoding()
        picture = self._picture.index
        done = 0.0
        for packet in packets_of(self._input, picture, self._copies, self.cut):
            if token is not None:
                token.check()
            time = (packet.dts or 0) * packet.time_base - self.cut.origin
            for track in self.tracks:
                self._output.mux(list(track.until(time)))
            self._mux_copy(packet)
            done = max(done, float(time))  # streams are not quite in one order
            clock.update(done)
        for track in self.tracks:
            for packet in track.rest():
                if token is not None:
                    token.check()
                self._output.mux(packet)
        clock.update(self._total)

    def _mux_copy(self, packet: av.Packet) -> None:
        shift = round(self.cut.origin / packet.time_base)
        assert packet.pts is not None
        assert packet.dts is not None
        packet.pts -= shift
        packet.dts -= shift
        packet.stream = self._copies[packet.stream_index]
        try:
            self._output.mux(packet)
        except av.error.InvalidDataError:
            # A damaged packet that the muxer cannot convert: players would skip it too.
            self._damaged += 1
            if self._damaged > _MOST_DAMAGED:
                raise


def _lasting(tags: dict[str, str]) -> dict[str, str]:
    """Tags that are still true of a copy."""
    return {
        name: value
        for name, value in tags.items()
        if name.lower() not in _STALE_TAGS and not name.startswith("_STATISTICS")
    }


def _end(info: MediaInfo) -> Fraction:
    """Media time at which the clip is over."""
    video = require_video(info)
    ends = [a.start + Fraction(a.samples, a.sample_rate) for a in info.audio]
    return max(video.start + video.duration, *ends)
