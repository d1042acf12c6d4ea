"""What the window orders from the engine when the editor exports, and how it gets done; no Qt."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from app.edits import ExportSettings
from app.gui.voice_buffer import VoiceBuffer
from app.outputs import Output
from app.shape import Shaping

if TYPE_CHECKING:
    from app.delivery_job import Delivery
    from app.export.span import Span
    from app.gui.engine import JobContext
    from app.gui.engine_jobs import Workshop


@dataclass(frozen=True)
class VoiceFile:
    """A computed voice on disk as an export reads it."""

    title: str
    """Name of the singer."""
    path: Path
    channels: int
    start: int
    stop: int
    """Samples start..stop of the clip's sound lie in the file, all of them computed."""


@dataclass(frozen=True)
class ExportOrder:
    """One export."""

    outputs: tuple[Output, ...]
    settings: ExportSettings
    voices: Mapping[str, VoiceFile]
    """Singer id -> voice, over all of ``span`` where the clip has sound."""
    span: Span
    shaping: Shaping
    levels: Mapping[str, float] = field(default_factory=dict)
    """Singer id or ``rest`` -> gain of the mixer, dB."""


def deliver(
    context: JobContext, workshop: Workshop, clip_path: Path, order: ExportOrder
) -> Delivery:
    """Write the files of an order; raises as `app.deliver.write_outputs`."""
    from app.deliver import write_outputs
    from app.delivery_job import Material
    from app.export.raw import RawVoice
    from app.media.audio import AudioReader

    clip = workshop.clip(clip_path, context.token.check)
    with ExitStack() as stack:
        voices = {
            singer: stack.enter_context(
                RawVoice(voice.path, voice.channels, voice.start, voice.stop)
            )
            for singer, voice in order.voices.items()
        }
        material = Material(
            clip,
            stack.enter_context(AudioReader(clip_path, clip.require_audio())),
            voices,
            order.span,
            order.shaping,
            {singer: voice.title for singer, voice in order.voices.items()},
            order.levels,
        )
        return write_outputs(
            material,
            order.outputs,
            order.settings,
            on_progress=context.on_progress,
            token=context.token,
        )


def voice_file(title: str, buffer: VoiceBuffer) -> VoiceFile:
    """Describe a buffer for an export in another process."""
    return VoiceFile(title, buffer.path, buffer.channels, buffer.start, buffer.stop)
