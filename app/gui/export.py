"""Writing computed voices to files, as jobs of the engine process; no Qt."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from app.gui.voice_buffer import VoiceBuffer
from app.jobs import CancelToken, ProgressClock

if TYPE_CHECKING:
    from app.gui.engine import JobContext
    from app.gui.engine_jobs import Workshop

_BLOCK = 1 << 16


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
class Exported:
    """What an export wrote."""

    paths: tuple[Path, ...]
    clipped: int
    """Sample values beyond full scale that were cut to it."""


def export_sound(
    context: JobContext,
    workshop: Workshop,
    clip_path: Path,
    voices: Sequence[tuple[VoiceFile, Path]],
    sound_format: str,
    start: int,
    stop: int,
    overwrite: bool,
) -> Exported:
    """Write samples start..stop of each voice into its output file.

    A cancel or a fault removes new files written before; replaced ones stay.
    """
    from app.export.sound import SoundWriter

    audio = workshop.clip(clip_path).require_audio()
    rate, length = audio.sample_rate, stop - start
    clock = ProgressClock("Writing sound", length * len(voices) / rate, context.on_progress)
    written: list[Path] = []
    clipped = 0
    try:
        for voice, output in voices:
            with SoundWriter(
                output, rate, audio.channels, sound_format, audio.layout, overwrite
            ) as writer:
                for block in _blocks(voice, start, stop, context.token):
                    writer.write(block)
                    clock.update((len(written) * length + writer.samples) / rate)
            written.append(output)
            clipped += writer.clipped
    except BaseException:
        if not overwrite:
            for output in written:
                output.unlink(missing_ok=True)
        raise
    return Exported(tuple(written), clipped)


def export_video(
    context: JobContext,
    workshop: Workshop,
    clip_path: Path,
    voices: Sequence[VoiceFile],
    output: Path,
    start: int,
    stop: int,
    overwrite: bool,
) -> Exported:
    """Write the range of the clip with the voices as its first sound tracks, the picture copied."""
    from app.export.video import write_video

    clip = workshop.clip(clip_path)
    whole = (start, stop) == (0, clip.require_audio().samples)
    result = write_video(
        clip_path,
        [(voice.title, _blocks(voice, start, stop, context.token)) for voice in voices],
        output,
        overwrite=overwrite,
        on_progress=context.on_progress,
        token=context.token,
        start=None if whole else start,
        stop=None if whole else stop,
        info=clip.info,
    )
    return Exported((result.path,), result.clipped)


def _blocks(
    voice: VoiceFile, start: int, stop: int, token: CancelToken
) -> Iterator[NDArray[np.float32]]:
    frame = 4 * voice.channels
    with voice.path.open("rb") as file:
        file.seek((start - voice.start) * frame)
        for first in range(start, stop, _BLOCK):
            token.check()
            count = min(_BLOCK, stop - first)
            data = np.frombuffer(file.read(count * frame), np.float32)
            yield np.ascontiguousarray(data.reshape(-1, voice.channels).T)


def voice_file(title: str, buffer: VoiceBuffer) -> VoiceFile:
    """Describe a buffer for an export in another process."""
    return VoiceFile(title, buffer.path, buffer.channels, buffer.start, buffer.stop)
