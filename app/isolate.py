"""From faces to voices: one clip, the chosen singers, blocks of sound as they are finished."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from app.anchors import STAGE as MARKED_STAGE
from app.anchors import heed, mark
from app.chosen_model import load_chosen
from app.clip import Clip
from app.doubts import LipWatch, about_picture
from app.errors import BadInputError, NotPossibleError
from app.isolation import IsolatedBlock, IsolateOptions, IsolateReport, Isolation
from app.jobs import CancelToken, OnProgress, ProgressClock
from app.lag import measure as measure_lag
from app.lanes import Axis, follow, lanes
from app.mouths import with_mouths
from app.singers import Singer
from vision.types import FEATURE_FPS, FaceScan

if TYPE_CHECKING:
    from app.media.audio import AudioReader
    from app.media.probe import AudioInfo
    from audio_models.base import FaceInput
    from audio_models.driver import SeparateOptions
    from audio_models.registry import LoadedModel

STAGE = "Separating"
CONTEXT_SECONDS = 15
"""Faces are followed this far around the chosen range: more than any model looks around."""
DEVICE_LOST = "The graphics card stopped working, so the processor went on; this takes longer."
NO_FACE_VOICE = "voice"
"""Id of the one voice that a model without faces gives."""


def isolate(
    clip: Clip,
    scan: FaceScan | None,
    singers: Sequence[Singer],
    chosen: Sequence[Singer],
    options: IsolateOptions | None = None,
    *,
    on_progress: OnProgress | None = None,
    token: CancelToken | None = None,
) -> Isolation:
    """Prepare the separation of the chosen singers; iterating over the result computes it.

    All singers of the scan are shown to the model, the chosen ones are its targets. A model that
    needs no faces may be given no scan and no singers; its one voice has the id ``voice``.
    Raises `BadInputError` or `NotPossibleError` when the clip, model or device cannot be used.
    """
    from app.media.audio import AudioReader
    from app.native import give_back_memory

    options = options or IsolateOptions()
    token = token or CancelToken()
    audio = clip.require_audio()
    start = 0 if options.start is None else options.start
    stop = audio.samples if options.stop is None else options.stop
    if not 0 <= start < stop <= audio.samples:
        raise BadInputError("The chosen range holds no sound; choose another one.")
    model, device = load_chosen(options)
    needs = model.spec.needs
    if needs != "nothing" and (scan is None or not chosen):
        raise NotPossibleError(
            f"The model {model.spec.title} follows a face, but none was chosen; choose a singer."
        )
    sound = AudioReader(clip.path, audio)
    job = _Job(clip, sound, start, stop, options, on_progress, token)
    try:
        token.check()
        axis = _axis(audio, start, stop)
        if needs == "nothing" or scan is None:
            names, faces, rows = [NO_FACE_VOICE], [_nobody(axis)], []
            report = IsolateReport(model.spec.id, device)
        else:
            names = [singer.id for singer in chosen]
            people = lanes(singers, chosen, scan)
            rows = [follow(tracks, scan, axis, token.check) for tracks in people]
            lag = measure_lag(sound, axis, [row.face for row in rows])
            if lag:
                axis = replace(axis, start=axis.start + Fraction(lag, FEATURE_FPS))
                rows = [follow(tracks, scan, axis, token.check) for tracks in people]
            warnings = [
                text
                for singer, row in zip(chosen, rows, strict=False)
                for text in about_picture(singer, row, axis.frame_at(start), axis.frame_at(stop))
            ]
            report = IsolateReport(model.spec.id, device, lag, tuple(warnings))
            faces = mark([row.face for row in rows], names, options.anchors, axis)
            if options.learn:
                model, remarks = job.learnt(model, scan, singers, chosen)
                report = replace(report, warnings=(*report.warnings, *remarks))
            if needs == "mouth":
                faces = with_mouths(faces, people, clip, scan, axis, on_progress, token)
        give_back_memory()
        if not options.learn:
            model = job.heeding(model, names, faces)
        watch = LipWatch()
        lost: list[str] = []
        blocks = job.separated(watch.over(model), names, faces, lost)
    except BaseException:
        sound.close()
        raise

    def agreement() -> dict[str, dict[int, float]]:
        return {
            singer.id: watch.scores(number, row)
            for number, (singer, row) in enumerate(zip(chosen, rows, strict=False))
        }

    def doubts() -> list[str]:
        return [*lost, *watch.about_lips(chosen, rows)]

    return Isolation(report, start, stop, sound, blocks, doubts, agreement)


@dataclass(frozen=True)
class _Job:
    """What every step over the sound of one job needs."""

    clip: Clip
    sound: AudioReader
    start: int
    stop: int
    options: IsolateOptions
    on_progress: OnProgress | None
    token: CancelToken

    def learnt(
        self,
        model: LoadedModel,
        scan: FaceScan,
        singers: Sequence[Singer],
        chosen: Sequence[Singer],
    ) -> tuple[LoadedModel, list[str]]:
        """The model after it has learnt the clip's own voices, and what went wrong with it."""
        from app.learn import learn_voices

        learnt, remarks = learn_voices(
            self.clip,
            scan,
            singers,
            chosen,
            model,
            self.sound,
            self.options.anchors,
            on_progress=self.on_progress,
            token=self.token,
        )
        return (model if learnt is None else learnt.over(model)), remarks

    def heeding(
        self, model: LoadedModel, names: Sequence[str], faces: Sequence[FaceInput]
    ) -> LoadedModel:
        """The model that knows the editor's words about the whole range."""
        clock = self._clock(MARKED_STAGE)
        return heed(
            model,
            self.sound,
            faces,
            range(len(names)),
            self.start,
            self.stop,
            self._work(),
            report=lambda done, _total: clock.update(done),
            check=self.token.check,
        )

    def separated(
        self,
        model: LoadedModel,
        names: Sequence[str],
        faces: Sequence[FaceInput],
        lost: list[str],
    ) -> Iterator[IsolatedBlock]:
        """The voices, block by block; ``lost`` gets a sentence when the graphics card stops."""
        from audio_models.driver import separate
        from audio_models.errors import ModelError

        clock = self._clock(STAGE)
        try:
            for block in separate(
                model,
                self.sound,
                faces,
                range(len(names)),
                self.start,
                self.stop,
                self._work(),
                report=lambda done, _total: clock.update(done),
                check=self.token.check,
                on_lost=lambda: lost.append(DEVICE_LOST),
            ):
                voices = dict(zip(names, block.voices, strict=True))
                yield IsolatedBlock(block.start, voices, block.rest)
        except ModelError as error:
            raise NotPossibleError(str(error)) from error

    def _clock(self, stage: str) -> ProgressClock:
        seconds = (self.stop - self.start) / self.sound.sample_rate
        return ProgressClock(stage, seconds, self.on_progress)

    def _work(self) -> SeparateOptions:
        """What the driver is told, the same for every run of a job."""
        from audio_models.driver import SeparateOptions

        options = self.options
        return SeparateOptions(options.joint, options.no_face, options.precision)


def _axis(audio: AudioInfo, start: int, stop: int) -> Axis:
    """The 25 fps axis of the whole sound, filled around the range only."""
    axis = Axis.over(audio)
    margin = CONTEXT_SECONDS * FEATURE_FPS
    first = max(0, axis.frame_at(start) - margin)
    return replace(axis, first=first, last=min(axis.count, axis.frame_at(stop) + 1 + margin))


def _nobody(axis: Axis) -> FaceInput:
    """The face of a model that needs none: never in the picture."""
    from audio_models.base import FaceInput

    return FaceInput(
        landmarks=np.zeros((axis.count, 68, 2), np.float32),
        valid=np.zeros(axis.count, np.bool_),
        motion=np.zeros(axis.count, np.float32),
    )
