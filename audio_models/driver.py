"""One driver for every model: a clip's sound in, voices and the rest out, block by block.

The sound goes chunk by chunk to the model at 16384 Hz; the masks of overlapping chunks fade into
each other, are applied to every channel's STFT, and come back at the source rate with the band
above the model's carried along (`fullband`). All seams lie on whole seconds, so indices are exact
at every rate. Memory does not depend on the clip's length.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from audio_models.base import FACE_FPS, SAMPLE_RATE, AudioSource, Chunk, FaceInput, MaskEstimator
from audio_models.device import is_device_lost, is_out_of_memory, release_memory
from audio_models.errors import ModelError
from audio_models.fullband import SoundWindow, render
from audio_models.overlap import (
    FRAMES_PER_SECOND,
    GUARD_S,
    ChunkPlan,
    MaskTimeline,
    Span,
    final_until,
)
from audio_models.presence import STILL_MOTION, NoFace, Presence, share_masks
from audio_models.registry import LoadedModel
from audio_models.sound_driver import SoundJob

FloatArray = NDArray[np.float32]
Report = Callable[[float, float], None]

_RUN_IN_S = 1
"""Seconds before the first wanted sample that the model hears too, where the stream has them."""
_KEEP_S = 2
"""Seconds of sound kept before the next block: one of context, one for the frames' halves."""


@dataclass(frozen=True)
class SeparateOptions:
    """How to separate."""

    joint: bool = True
    """Weigh all visible people's masks against each other."""
    no_face: NoFace = "model"
    """What to do while the singer is not in the picture."""
    precision: Literal["auto", "fp32", "bf16"] = "auto"
    still_motion: float = STILL_MOTION
    """Lip motion below which a mouth counts as still."""

    def bf16(self, model: LoadedModel) -> bool:
        """Whether a model runs in bfloat16."""
        return self.precision == "bf16" or (self.precision == "auto" and model.bf16)


@dataclass(frozen=True)
class SeparatedBlock:
    """A stretch of the result; ``rest`` + all ``voices`` is the original."""

    start: int
    """Index of the first sample in the stream."""
    voices: FloatArray
    """(targets, C, N)."""
    rest: FloatArray
    """(C, N)."""


def separate(
    model: LoadedModel,
    audio: AudioSource,
    faces: Sequence[FaceInput],
    targets: Sequence[int],
    start: int,
    stop: int,
    options: SeparateOptions | None = None,
    *,
    report: Report | None = None,
    check: Callable[[], None] = lambda: None,
    on_lost: Callable[[], None] = lambda: None,
) -> Iterator[SeparatedBlock]:
    """Separate the samples ``start`` to ``stop`` of a stream.

    Blocks follow each other without a gap; the first holds two or three seconds, later ones up to
    ten. Voices lie on the grid of 24-bit sound, so that for sources of up to 24 bit the stems, as
    floats or as 24-bit files, add up to the original exactly.

    Args:
        faces: every visible person over the whole stream; frame k is at k / 25 s after sample 0.
            Beyond the end of the arrays a person counts as not in the picture.
        targets: indices into ``faces``; the order of ``SeparatedBlock.voices``.
        report: told the seconds done and in all.
        check: called at least after every step of work; raises to cancel.
        on_lost: told when the device stopped working and the CPU goes on.

    Raises:
        ModelError: the arguments do not fit, or memory runs out even for the shortest chunk.
    """
    options = options or SeparateOptions()
    if not 0 <= start < stop <= audio.samples:
        raise ModelError("The range to separate lies outside the sound; choose another range.")
    if not targets or any(not 0 <= target < len(faces) for target in targets):
        raise ModelError("No face was chosen for the voice to separate; choose a singer.")
    if model.network is not None:
        if len(targets) > 1:
            raise ModelError(f"The model {model.spec.id} gives one voice; choose one.")
        span = (start, stop)
        sound = SoundJob(model, model.network, audio, span, options.bf16(model), check)
        return (SeparatedBlock(b.start, b.voice[None], b.rest) for b in sound.blocks(report))
    job = _Job(model, audio, faces, targets, start, stop, options, check, on_lost)
    return job.blocks(report)


class _Job:
    """State of one separation."""

    def __init__(
        self,
        model: LoadedModel,
        audio: AudioSource,
        faces: Sequence[FaceInput],
        targets: Sequence[int],
        start: int,
        stop: int,
        options: SeparateOptions,
        check: Callable[[], None],
        on_lost: Callable[[], None],
    ) -> None:
        self._model, self._options, self._check = model, options, check
        self._on_lost = on_lost
        self._faces, self._targets = faces, list(targets)
        self._start, self._stop, self._rate = start, stop, audio.sample_rate
        self._first = start // self._rate
        begin = max(0, self._first - _RUN_IN_S)
        # Where the stream goes on, the last chunk hears a second more than is wanted.
        end = min(-(-stop // self._rate) + GUARD_S, -(-audio.samples // self._rate))
        self._plan = ChunkPlan(begin, end, model.spec.largest_chunk_s)
        self._window = SoundWindow(audio, begin - _KEEP_S)
        self._timeline = MaskTimeline()
        self._presence = Presence(faces, options.no_face, options.still_motion)
        # A model that weighs people itself is asked about each on its own when that is not wanted.
        self._apart = not (options.joint or model.spec.joint_by_sum)
        self._estimators: dict[int, MaskEstimator] = {}

    def blocks(self, report: Report | None) -> Iterator[SeparatedBlock]:
        rate = self._rate
        total = (self._stop - self._start) / rate
        position = self._first
        span = self._plan.after(None)
        previous: Span | None = None
        while span is not None:
            self._check()
            self._window.extend(span.stop + 1, self._check)
            span, masks = self._masks_or_smaller(span, previous)
            self._timeline.add(span, masks)
            following = self._plan.after(span)
            until = final_until(span, last=following is None)
            until = min(until, -(-self._stop // rate))
            if until > position:
                self._window.extend(until + 2, self._check)
                yield self._block(position, until)
                position = until
                if report is not None:
                    done = (min(self._stop, until * rate) - self._start) / rate
                    report(done, total)
            if following is not None:
                keep = min(position, following.start)
                self._window.forget_before(keep - _KEEP_S)
                self._timeline.forget_before((keep - _KEEP_S) * FRAMES_PER_SECOND)
            previous, span = span, following

    def _block(self, start: int, stop: int) -> SeparatedBlock:
        self._check()
        first = (start - 1) * FRAMES_PER_SECOND
        masks = self._timeline.between(first, (stop + 1) * FRAMES_PER_SECOND + 1)
        original, voices = render(self._window, masks, start, stop)
        rest = original - voices.sum(0)
        cut = slice(
            max(0, self._start - start * self._rate),
            min(self._stop, stop * self._rate) - start * self._rate,
        )
        return SeparatedBlock(
            start=start * self._rate + cut.start,
            voices=np.ascontiguousarray(voices[:, :, cut]),
            rest=np.ascontiguousarray(rest[:, cut]),
        )

    def _masks_or_smaller(self, span: Span, previous: Span | None) -> tuple[Span, Tensor]:
        """Masks of the targets; when memory runs out, of a chunk of half the length."""
        while True:
            try:
                return span, self._masks(span, previous)
            except (RuntimeError, MemoryError) as error:
                out = isinstance(error, MemoryError) or is_out_of_memory(error)
                if not out:
                    if self._model.on_cpu is None or not is_device_lost(error):
                        raise
                    # What is finished lies in main memory; only this chunk is done again.
                    self._model, self._estimators, previous = self._model.on_cpu(), {}, None
                    self._on_lost()
                    continue
                release_memory(self._model.device)
                if not self._plan.halve():
                    raise ModelError(
                        "There is not enough memory for this model; close other programs or choose "
                        "another model."
                    ) from error
                smaller = self._plan.after(previous)
                if smaller is None:
                    raise
                span = smaller

    def _masks(self, span: Span, previous: Span | None) -> Tensor:
        """(targets, 512, T) final masks of a chunk: shared, with stillness and absence applied."""
        frames = (span.stop - span.start) * FRAMES_PER_SECOND
        first = span.start * FRAMES_PER_SECOND
        activity = self._presence.activity(first, frames)
        given = self._given(activity)
        spectrum = self._window.mono_spectrum(span.start, span.stop)[:, :frames]
        shared = 0 if previous is None else previous.stop - span.start
        chunk = Chunk(
            spectrum=spectrum.to(self._model.device),
            start=span.start * SAMPLE_RATE,
            samples=(span.stop - span.start) * SAMPLE_RATE,
            overlap_frames=shared * FRAMES_PER_SECOND,
            faces=[_face_over(self._faces[index], span) for index in given],
        )
        if self._apart:
            alone = zip(given, chunk.faces, strict=True)
            masks = torch.cat([self._run(replace(chunk, faces=[f]), who) for who, f in alone])
        else:
            masks = self._run(chunk)
        if self._model.spec.joint_by_sum and self._options.joint and len(given) > 1:
            masks = share_masks(masks, activity[given])
        masks = masks[[given.index(target) for target in self._targets]]
        return masks * self._presence.gain(first, frames)[self._targets][:, None]

    def _given(self, activity: Tensor) -> list[int]:
        """Faces the model must see for this chunk."""
        everyone = list(range(len(self._faces)))
        if self._apart:
            return sorted(set(self._targets))
        if not self._model.spec.joint_by_sum:
            return everyone
        moving = (activity.amax(1) > 0).tolist()
        joint = self._options.joint
        return [i for i in everyone if i in self._targets or (joint and moving[i])]

    def _run(self, chunk: Chunk, alone: int = -1) -> Tensor:
        """The model's masks for ``chunk.faces`` on the CPU, (faces, 512, T), finite.

        ``alone`` is the only person the model is to know of; it then keeps a state for each.
        """
        if alone not in self._estimators:
            people = len(self._faces) if alone < 0 else 1
            self._estimators[alone] = self._model.start(people, self._check)
        bf16 = self._options.bf16(self._model)
        kind = self._model.device.type
        with torch.inference_mode(), torch.autocast(kind, torch.bfloat16, enabled=bf16):
            masks = self._estimators[alone].masks(chunk)
        masks = masks.to("cpu", torch.complex64 if masks.is_complex() else torch.float32)
        if masks.shape != (len(chunk.faces), *chunk.spectrum.shape):
            raise ModelError(
                f"The model {self._model.spec.id} gave masks of a wrong shape; verify its weights."
            )
        return torch.nan_to_num(masks)


def _face_over(face: FaceInput, span: Span) -> FaceInput:
    """A person's face frames over a chunk; not in the picture beyond the ends of the arrays."""
    first, count = span.start * FACE_FPS, (span.stop - span.start) * FACE_FPS
    frames = slice(first, first + count)
    return FaceInput(
        landmarks=_filled(face.landmarks[frames], count),
        valid=_filled(face.valid[frames], count),
        motion=_filled(face.motion[frames], count),
        mouth=None if face.mouth is None else _filled(face.mouth[frames], count),
        anchor=None if face.anchor is None else _filled(face.anchor[frames], count),
    )


def _filled(part: NDArray, count: int) -> NDArray:
    if part.shape[0] == count:
        return part
    whole = np.zeros((count, *part.shape[1:]), part.dtype)
    whole[: part.shape[0]] = part
    return whole
