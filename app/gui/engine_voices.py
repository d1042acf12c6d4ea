"""Jobs of the engine process about finished voices: keeping them and getting them back."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from app.caches import hold_cache
from app.edits import Recipe
from app.people import Basis
from app.voice_cache import key_of, voice_cache

if TYPE_CHECKING:
    from app.clip import Clip
    from app.gui.engine import JobContext
    from app.gui.engine_jobs import Workshop
    from app.isolation import IsolateOptions


Computed = tuple[Basis, Recipe]
"""What a voice was computed from: the stretches of its singer, and what the editor decided."""


@dataclass(frozen=True)
class VoiceTarget:
    """A voice to be computed."""

    singer: str
    file: Path
    """Of its `VoiceBuffer`."""
    basis: Computed


@dataclass(frozen=True)
class RecalledVoice:
    """A finished voice from the cache, at a place of the window's own."""

    singer: str
    basis: Computed
    file: Path
    channels: int
    start: int
    stop: int
    peaks: NDArray[np.float32]
    agreement: Mapping[int, float] = field(default_factory=dict)


def recall_voices(
    context: JobContext,
    workshop: Workshop,
    path: Path,
    wanted: Sequence[tuple[str, Computed]],
    start: int,
    stop: int,
    folder: Path,
) -> list[RecalledVoice]:
    """Give those of the voices that were computed before, over at least start..stop."""
    from app.errors import BadInputError
    from app.isolation import IsolateOptions
    from app.preferences import current

    precision = current().precision
    clip, cache = workshop.clip(path, context.token.check), voice_cache()
    found = []
    try:
        for singer, basis in wanted:
            recipe = basis[1]
            options = IsolateOptions(
                recipe.model, precision=precision, learn=recipe.learn, anchors=recipe.anchors
            )
            voice = cache.find(key_of(clip, basis[0], options), start, stop)
            file = folder / f"{uuid.uuid4().hex}.f32"
            if voice is not None and cache.take(voice, file):
                found.append(
                    RecalledVoice(
                        singer,
                        basis,
                        file,
                        voice.channels,
                        voice.start,
                        voice.stop,
                        voice.peaks,
                        voice.agreement,
                    )
                )
    except BadInputError:
        return []  # no weights, no voices: whoever wants to compute one is told then
    return found


def keep_voices(
    clip: Clip,
    targets: Sequence[VoiceTarget],
    envelopes: Mapping[str, NDArray[np.float32]],
    agreement: Mapping[str, Mapping[int, float]],
    options: IsolateOptions,
) -> None:
    """Put finished voices into the cache.

    ``envelopes`` as of `VoiceBuffer.peaks` and ``agreement`` of lips and voice, by singer.
    """
    audio = clip.require_audio()
    start = options.start or 0
    stop = audio.samples if options.stop is None else options.stop
    cache = voice_cache()
    for target in targets:
        key = key_of(clip, target.basis[0], options)
        singer, file = target.singer, target.file
        envelope, agreed = envelopes[singer], agreement.get(singer, {})
        cache.keep(key, file, audio.channels, start, stop, envelope, agreed)
    hold_cache()


VOICE_JOBS = (recall_voices,)
