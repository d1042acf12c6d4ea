"""The jobs of the engine process: open, find, isolate, export; no Qt.

Large data stays here: the window gets light copies to draw from, voices go through files.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from app.edits import DrawnFace, People, Recipe
from app.envelope import add_peaks, block_peaks, peak_count
from app.errors import BadInputError
from app.gui.engine_batch import process_clip
from app.gui.engine_manage import MANAGE_JOBS
from app.gui.engine_mix import MIX_JOBS
from app.gui.engine_options import preferred_options
from app.gui.engine_people import edited_people, follow_drawn, hear_lips, portrait, scene_of
from app.gui.engine_project import PROJECT_JOBS
from app.gui.engine_sound import PEOPLE_FIRST_S, sound_tile, spectrogram_tile, waveform
from app.gui.engine_voices import VOICE_JOBS, VoiceTarget, keep_voices
from app.gui.export import deliver
from app.gui.scene import Scene
from app.gui.voice_buffer import VoiceWriter
from app.preferences import current
from app.project.document import SUFFIX

if TYPE_CHECKING:
    from app.clip import Clip
    from app.gui.engine import JobContext
    from app.isolation import IsolateReport
    from app.media.probe import AudioInfo, MediaInfo, VideoInfo
    from vision.types import FaceScan, FaceTrack


WINDOW_PATIENCE_S = 10.0
GLANCE_S = 0.2
"""Time a clip is given to be read to its end when it is opened: enough for a minute."""
LONGEST_REST_S = 0.02
"""Bound of a pause of `index_clip`."""


@dataclass(frozen=True)
class ClipView:
    """What the window knows of an opened clip."""

    path: Path
    info: MediaInfo
    video: VideoInfo
    audio: AudioInfo
    """The stream that is played and isolated."""
    first: int
    """Sample (counted from the first sample of the sound) where the clip begins; at most 0."""
    last: int
    """Sample where picture and sound have both ended."""
    video_suffix: str
    """Kind of video file that can hold the picture beside new sound."""
    fingerprint: str = ""
    """Name of the file's content."""

    @property
    def exact(self) -> bool:
        """False while lengths are only what the file says of itself."""
        return self.info.exact


@dataclass(frozen=True)
class VoicePart:
    """A finished stretch of one voice, now in its file."""

    singer: str
    start: int
    stop: int
    peaks: NDArray[np.float32]
    agreement: tuple[tuple[int, float], ...] = ()
    """(second of the sound, 0 to 1) how well lips and voice agree, for seconds now known."""


class Workshop:
    """State of the engine process: the clip at hand and the faces found in it."""

    def __init__(self) -> None:
        self._changing = threading.Lock()
        self._opening: dict[Path, threading.Lock] = {}
        """Who opens a file holds its lock: another file need not wait for a lost drive."""
        self.clip_asked = threading.Event()
        """Set once the window has asked for its first clip."""
        self.people_told = threading.Event()
        """Set once somebody was found in the clip at hand, or the search is over."""
        self._clips: dict[Path, Clip] = {}
        self._scans: dict[Path, FaceScan] = {}
        self.drawn: dict[DrawnFace, FaceTrack] = {}
        """Tracks of faces drawn by hand in the clip at hand."""

    def clip(self, path: Path, check: Callable[[], None] = lambda: None) -> Clip:
        """Give the clip with its exact length, for which it is read to its end once."""
        from app.clip import Clip

        clip = self.glance(path, check)
        if not clip.info.exact:
            clip = Clip.open(path, check=check)
            with self._changing:
                if path in self._clips:
                    self._clips[path] = clip
        return clip

    def glance(self, path: Path, check: Callable[[], None] = lambda: None) -> Clip:
        """Give the clip, opened on first use; the length of a long one may not be exact yet.

        ``check`` raises when nobody wants it any more by the time it is open.
        """
        from app.clip import Clip

        with self._changing:
            opening = self._opening.setdefault(path, threading.Lock())
        with opening:
            if path in self._clips:
                return self._clips[path]
            clip = Clip.open(path, GLANCE_S)
            check()
            with self._changing:
                self._clips = {path: clip}
                self.people_told.clear()
                self._scans.clear()
                self.drawn.clear()
            return clip

    def keep_scan(self, path: Path, scan: FaceScan) -> None:
        """Remember the faces of a clip for `isolate`."""
        self._scans[path] = scan

    def scan(self, path: Path) -> FaceScan:
        """Give the faces of a clip; they must have been found before."""
        return self._scans[path]


def load_vision(context: JobContext, workshop: Workshop) -> None:
    """Import what finding faces needs before it is needed."""
    import vision.features
    import vision.quality
    import vision.scan

    vision.scan.warm_up()


def prepare(context: JobContext, workshop: Workshop, path: Path | None) -> None:
    """Get ready while the window is being made: open its clip, then load what finds faces.

    The latter takes the processor from the window, so it waits until that is there and asks for
    the clip. What is wrong with the clip is told by `open_clip`.
    """
    if path is None or path.suffix.lower() == SUFFIX:
        return  # the window asks for what it needs
    with contextlib.suppress(BadInputError):
        _view(workshop.glance(path))
    if workshop.clip_asked.wait(WINDOW_PATIENCE_S):
        load_vision(context, workshop)


def name_device(context: JobContext, workshop: Workshop) -> str:
    """Import what separation needs and name the device that will compute."""
    import audio_models.driver  # noqa: F401
    from audio_models.device import device_or_best

    return device_or_best(current().device).description


def open_clip(context: JobContext, workshop: Workshop, path: Path) -> ClipView:
    """Probe a clip; BadInputError when it lacks sound or picture."""
    try:
        return _view(workshop.glance(path, context.token.check))
    finally:
        workshop.clip_asked.set()


def index_clip(context: JobContext, workshop: Workshop, path: Path) -> ClipView:
    """Read a long clip to its end and give its exact length.

    Other jobs come first: as much time is slept as is spent.
    """
    workshop.people_told.wait(PEOPLE_FIRST_S)
    began = time.monotonic()

    def rest() -> None:
        nonlocal began
        context.token.check()
        time.sleep(min(time.monotonic() - began, LONGEST_REST_S))
        began = time.monotonic()

    return _view(workshop.clip(path, rest))


def _view(clip: Clip) -> ClipView:
    from app.export.containers import container_for

    path = clip.path
    audio, video = clip.require_audio(), clip.require_video()
    rate = audio.sample_rate
    ends = (video.start + video.duration, audio.start + Fraction(audio.samples, rate))
    first = int((clip.start - audio.start) * rate // 1)
    last = int(-(-(max(ends) - audio.start) * rate // 1))
    suffix = container_for(path)[0]
    return ClipView(path, clip.info, video, audio, first, last, suffix, clip.fingerprint)


def find_faces(context: JobContext, workshop: Workshop, path: Path) -> Scene:
    """Find and follow all faces; scenes found so far are reported on the way."""
    # Imported first: the scan spaces its reports by what the first of them takes.
    import vision.features
    import vision.quality  # noqa: F401
    from app.scan import scan_clip

    def tell(partial: FaceScan) -> None:
        context.item(scene_of(partial, complete=False))
        if partial.tracks:
            workshop.people_told.set()

    try:
        scan = scan_clip(
            workshop.glance(path),
            on_progress=context.on_progress,
            token=context.token,
            on_partial=tell,
        )
    finally:
        workshop.people_told.set()
    workshop.keep_scan(path, scan)
    return scene_of(scan, complete=True)


def isolate(
    context: JobContext,
    workshop: Workshop,
    path: Path,
    targets: Sequence[VoiceTarget],
    start: int,
    stop: int,
    people: People,
    recipe: Recipe,
) -> tuple[str, ...]:
    """Compute the voices of ``targets`` into the files of their `VoiceBuffer`.

    Reports a `VoicePart` for each finished stretch and returns remarks for the user. Finished
    voices go into the cache.
    """
    from app.isolate import isolate
    from app.isolate_progress import one_progress

    options = replace(
        preferred_options(),
        model=recipe.model,
        start=start,
        stop=stop,
        learn=recipe.learn,
        anchors=recipe.anchors,
    )
    follows = any(face not in workshop.drawn for face in people.drawn)
    report = one_progress(options, follows, context.on_progress)
    scan, singers = edited_people(context, workshop, path, people, report)
    files = {target.singer: target.file for target in targets}
    chosen = [singer for singer in singers if singer.id in files]
    clip = workshop.clip(path, context.token.check)
    writers = {singer: VoiceWriter(file, start) for singer, file in files.items()}
    envelopes = {singer: np.zeros((2, peak_count(stop - start)), np.float32) for singer in files}
    known = dict.fromkeys(files, 0)
    try:
        with isolate(
            clip,
            scan,
            singers,
            chosen,
            options,
            on_progress=report,
            token=context.token,
        ) as isolation:
            for block in isolation:
                agreement = isolation.agreement()
                for singer, voice in block.voices.items():
                    writers[singer].write(block.start, voice)
                    end = block.start + voice.shape[1]
                    peaks = block_peaks(block.start, start, voice)
                    add_peaks(envelopes[singer], block.start - start, peaks)
                    told = tuple(agreement.get(singer, {}).items())[known[singer] :]
                    known[singer] += len(told)
                    context.item(VoicePart(singer, block.start, end, peaks, told))
    finally:
        for writer in writers.values():
            writer.close()
    keep_voices(clip, targets, envelopes, isolation.agreement(), options)
    return _remarks(isolation.report)


def _remarks(report: IsolateReport) -> tuple[str, ...]:
    if not report.lag_frames:
        return report.warnings
    way = "late" if report.lag_frames > 0 else "early"
    shift = abs(report.lag_frames) * 40
    return (
        *report.warnings,
        f"The lips were {shift} ms {way} against the sound; this was allowed for.",
    )


JOBS: dict[str, Callable[..., Any]] = {
    job.__name__: job
    for job in (
        prepare,
        load_vision,
        name_device,
        open_clip,
        index_clip,
        waveform,
        sound_tile,
        spectrogram_tile,
        find_faces,
        follow_drawn,
        hear_lips,
        portrait,
        isolate,
        deliver,
        *MIX_JOBS,
        *MANAGE_JOBS,
        *PROJECT_JOBS,
        *VOICE_JOBS,
        process_clip,
    )
}
"""Every job by its name; each takes its context and the workshop before its own arguments."""
