"""One clip of a queue, from the file to the finished export, with nobody watching."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np

from app.clip import Clip
from app.edits import ExportSettings, People
from app.envelope import add_peaks, block_peaks, peak_count
from app.errors import NotPossibleError
from app.jobs import CancelToken, OnProgress, Progress
from app.singers import singer_name
from app.voice_cache import VoiceCache, key_of

if TYPE_CHECKING:
    from app.isolation import IsolateOptions
    from app.singers import Singer
    from vision.types import FaceScan

Rule = Literal["largest", "all"]
"""Whose voices are wanted: the largest face's, or everybody's."""

_FACES, _VOICES, _FILES = 0.8, 0.14, 0.06
"""Shares of the work, as measured by ``bench job``."""


@dataclass(frozen=True)
class BatchResult:
    """What became of one clip."""

    files: tuple[Path, ...]
    notes: tuple[str, ...]


def process_clip(
    path: Path,
    rule: Rule,
    settings: ExportSettings,
    options: IsolateOptions,
    cache: VoiceCache,
    *,
    on_progress: OnProgress | None = None,
    token: CancelToken | None = None,
    plain_name: Callable[[str], str] = singer_name,
) -> BatchResult:
    """Find the singers of a clip, isolate those that the rule names and export them.

    ``plain_name`` calls the singers in the names of the files. Faces and voices known from before
    are taken from the caches and new ones put there. Nothing half written is left. Raises the
    errors of `scan_clip`, `isolate` and `write_outputs`.
    """
    from app.deliver import write_outputs
    from app.delivery_job import Material
    from app.export.containers import container_for
    from app.export.raw import RawVoice
    from app.export.span import plan_span
    from app.media.audio import AudioReader
    from app.outputs import names_of
    from app.paths import cache_dir
    from app.scan import scan_clip
    from app.shape import Shaping
    from app.singers import choose, find_singers

    token = token or CancelToken()
    progress = WholeProgress((_FACES, _VOICES, _FILES), on_progress)
    clip = Clip.open(path, check=token.check)
    audio = clip.require_audio()
    span = plan_span(
        clip.info,
        0,
        audio.samples,
        settings.handles,
        settings.handle_unit,
        whole_frames=bool(settings.timelines),
    )
    scan = scan_clip(clip, on_progress=progress.of(0), token=token)
    singers = find_singers(scan)
    if not singers:
        raise NotPossibleError(
            f"No face was found in {path.name}, so there is no voice to isolate."
        )
    chosen = singers if rule == "all" else choose(singers, "largest")
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=cache_dir())))
        files, warnings = _voices(
            clip, scan, singers, chosen, options, cache, scratch, progress.of(1), token
        )
        voices = {
            singer: stack.enter_context(RawVoice(file, audio.channels, 0, audio.samples))
            for singer, file in files.items()
        }
        names = {singer.id: plain_name(singer.id) for singer in chosen}
        material = Material(
            clip,
            stack.enter_context(AudioReader(clip.path, audio)),
            voices,
            span,
            Shaping(audio.sample_rate),
            names,
        )
        suffix = container_for(clip.path)[0]
        outputs = names_of(clip.path, clip.info, names, settings, 0, suffix)
        delivery = write_outputs(
            material, outputs, settings, on_progress=progress.of(2), token=token
        )
    written = tuple(output.path for output in delivery.outputs)
    return BatchResult(written, (*warnings, *delivery.notes))


def _voices(
    clip: Clip,
    scan: FaceScan,
    singers: Sequence[Singer],
    chosen: Sequence[Singer],
    options: IsolateOptions,
    cache: VoiceCache,
    scratch: Path,
    on_progress: OnProgress,
    token: CancelToken,
) -> tuple[Mapping[str, Path], tuple[str, ...]]:
    """Files of the chosen voices over the whole sound, and what is to be told about them."""
    from app.export.raw import append_raw
    from app.isolate import isolate

    audio = clip.require_audio()
    options = replace(options, start=0, stop=audio.samples)
    keys = {singer.id: key_of(clip, _basis(scan, singers, singer.id), options) for singer in chosen}
    files = {singer.id: scratch / f"{number}.f32" for number, singer in enumerate(chosen)}
    missing = []
    for singer in chosen:
        known = cache.find(keys[singer.id], 0, audio.samples)
        if known is None or known.start != 0 or not cache.take(known, files[singer.id]):
            missing.append(singer)
    if not missing:
        return files, ()
    peaks = {s.id: np.zeros((2, peak_count(audio.samples)), np.float32) for s in missing}
    with isolate(
        clip, scan, singers, missing, options, on_progress=on_progress, token=token
    ) as isolation:
        for block in isolation:
            for singer_id, sound in block.voices.items():
                append_raw(files[singer_id], sound)
                part = block_peaks(block.start, 0, sound)
                add_peaks(peaks[singer_id], block.start, part)
    agreement = isolation.agreement()
    for singer in missing:
        cache.keep(
            keys[singer.id],
            files[singer.id],
            audio.channels,
            0,
            audio.samples,
            peaks[singer.id],
            agreement.get(singer.id),
        )
    return files, isolation.report.warnings


def _basis(scan: FaceScan, singers: Sequence[Singer], singer: str) -> tuple[object, ...]:
    """What the window says of the same voice when nothing was edited, so that both share it."""
    from app.people import basis, people_of

    spans = {track.id: (int(track.pts[0]), int(track.pts[-1])) for track in scan.tracks}
    found = {one.id: one.tracks for one in singers}
    return basis(people_of(found, spans, People()), singer, People())


class WholeProgress:
    """Joins the progress of stages into one that never falls, with the time all of them need."""

    def __init__(self, shares: Sequence[float], report: OnProgress | None) -> None:
        """``shares`` of the whole work, summing to 1, in the order of the stages."""
        self._shares = shares
        self._report = report
        self._done = 0.0

    def of(self, stage: int) -> OnProgress:
        """What stage number ``stage`` reports to."""
        low, share = sum(self._shares[:stage]), self._shares[stage]
        later = sum(self._shares[stage + 1 :])
        begun = time.monotonic()

        def report(progress: Progress) -> None:
            self._done = max(self._done, low + share * progress.fraction)
            if self._report is None:
                return
            remaining = progress.remaining_s
            if remaining is not None:
                remaining += (time.monotonic() - begun + remaining) * later / share
            self._report(Progress(progress.stage, self._done, 1.0, remaining))

        return report
