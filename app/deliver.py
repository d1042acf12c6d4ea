"""Writing the files of an export, from a running isolation or from voices computed before.

Names are settled beforehand (`app.outputs`); files are whole or absent afterwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from app.clip import Clip
from app.delivery_job import Delivery, DeliveryJob, Material
from app.edits import ExportSettings
from app.export.atomic import scratch_folder
from app.jobs import CancelToken, OnProgress
from app.outputs import REST, Output, check_outputs
from app.shape import Shaping

if TYPE_CHECKING:
    from app.export.span import Span
    from app.isolation import Isolation


def deliver(
    clip: Clip,
    isolation: Isolation,
    outputs: Sequence[Output],
    settings: ExportSettings,
    *,
    span: Span | None = None,
    fade_ms: int = 0,
    overwrite: bool = False,
    on_progress: OnProgress | None = None,
    token: CancelToken | None = None,
) -> Delivery:
    """Compute the job and write its files; ``span`` is what they hold, where it isn't the job's.

    Nothing half written is left, whatever happens.
    """
    from app.export.raw import RawVoice, append_raw
    from app.export.span import Span
    from app.media.audio import AudioReader
    from app.paths import cache_dir

    token = token or CancelToken()
    span = span or Span(isolation.start, isolation.stop)
    check_outputs(clip, outputs, settings)
    audio = clip.require_audio()
    voices = {who for output in outputs for who in output.singers or (output.singer,)}
    _check_space(clip, span, outputs, settings, scratch=len(voices - {REST, ""}))
    with ExitStack() as stack:
        scratch = stack.enter_context(scratch_folder(cache_dir()))
        files: dict[str, Path] = {}
        for block in isolation:
            token.check()
            for singer, voice in block.voices.items():
                files.setdefault(singer, scratch / f"{len(files)}.f32")
                append_raw(files[singer], voice)
        whole = (isolation.start, isolation.stop) == (0, audio.samples)
        fade = round(fade_ms * audio.sample_rate / 1000)
        fades = None if whole or not fade else (isolation.start, isolation.stop)
        material = Material(
            clip,
            stack.enter_context(AudioReader(clip.path, audio)),
            {
                singer: stack.enter_context(
                    RawVoice(path, audio.channels, isolation.start, isolation.stop)
                )
                for singer, path in files.items()
            },
            span,
            Shaping(audio.sample_rate, fades=fades, fade=fade),
        )
        return write_outputs(
            material, outputs, settings, overwrite=overwrite, on_progress=on_progress, token=token
        )


def write_outputs(
    material: Material,
    outputs: Sequence[Output],
    settings: ExportSettings,
    *,
    overwrite: bool = False,
    on_progress: OnProgress | None = None,
    token: CancelToken | None = None,
) -> Delivery:
    """Write all files of an export, folders included.

    Sounds appear when all of them are whole, then videos and timelines one by one. After a fault
    or a cancel the new files are removed again; files that were replaced stay replaced. Raises
    BadInputError where a file cannot hold what is to go into it, NotPossibleError when the disk
    has or gets no room, CancelledError.
    """
    from app.paths import cache_dir

    token = token or CancelToken()
    check_outputs(material.clip, outputs, settings)
    _check_space(material.clip, material.span, outputs, settings)
    kept = [output.path for output in outputs if output.path.exists()]
    with ExitStack() as stack:
        scratch = stack.enter_context(scratch_folder(cache_dir()))
        job = DeliveryJob(
            material, outputs, settings, overwrite, on_progress, token or CancelToken()
        )
        try:
            for output in outputs:
                output.path.parent.mkdir(parents=True, exist_ok=True)
            return job.run(scratch)
        except BaseException:
            for path in job.finished:
                if path not in kept:
                    path.unlink(missing_ok=True)
            raise


def _check_space(
    clip: Clip,
    span: Span,
    outputs: Sequence[Output],
    settings: ExportSettings,
    scratch: int = 0,
) -> None:
    """Ask the disks for room; ``scratch`` = voices kept beside the caches until the end."""
    from app.export.space import check_space, sound_bytes
    from app.paths import cache_dir

    audio = clip.require_audio()
    length = span.last - span.first
    float_sound = sound_bytes("wav32f", length, audio.channels)
    tracks = len({who for output in outputs for who in output.singers})
    needs = {cache_dir(): float_sound * (scratch + tracks)}
    for output in outputs:
        size = 0
        if output.kind in ("voice", "rest"):
            size = sound_bytes(settings.format, length, audio.channels)
        elif output.kind == "video":
            part = length / max(1, audio.samples)
            size = int(clip.path.stat().st_size * part) + float_sound * len(output.singers)
        needs[output.path.parent] = needs.get(output.path.parent, 0) + size
    check_space(needs)
