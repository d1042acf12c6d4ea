"""The editor's word on whose voice is where, taken to the model and so to the whole clip."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from app.edits import Anchor
from app.lanes import Axis

if TYPE_CHECKING:
    from audio_models.base import AudioSource, FaceInput, MaskEstimator
    from audio_models.driver import SeparateOptions
    from audio_models.registry import LoadedModel

STAGE = "Hearing the marked parts"


def mark(
    faces: Sequence[FaceInput], singers: Sequence[str], anchors: Sequence[Anchor], axis: Axis
) -> list[FaceInput]:
    """The faces with what was said about them.

    Args:
        faces: first those of ``singers``, then any number of others.
        singers: ids; words about anybody else count only in so far as they exclude these.
    """
    if not anchors:
        return list(faces)
    words = np.zeros((len(faces), axis.count), np.int8)
    for anchor in anchors:
        stretch = slice(axis.frame_at(anchor.start), axis.frame_at(anchor.stop))
        if anchor.kind == "only":
            words[:, stretch] = -1
        if anchor.singer in singers:
            words[singers.index(anchor.singer), stretch] = -1 if anchor.kind == "not" else 1
    return [replace(face, anchor=row) for face, row in zip(faces, words, strict=True)]


def heed(
    model: LoadedModel,
    sound: AudioSource,
    faces: Sequence[FaceInput],
    targets: Sequence[int],
    start: int,
    stop: int,
    options: SeparateOptions,
    *,
    report: Callable[[float, float], None] = lambda _done, _total: None,
    check: Callable[[], None] = lambda: None,
) -> LoadedModel:
    """The default model that knows all words from the start of the range on; others unchanged.

    Which voice a word is about shows only when the sound up to there has been separated, so the
    range is heard twice.
    """
    from audio_models.driver import separate
    from audio_models.solovox import SolovoxEstimator, SolovoxStarter

    starter = model.starter
    if not isinstance(starter, SolovoxStarter) or all(face.anchor is None for face in faces):
        return model
    listening: list[SolovoxEstimator] = []

    def start_listening(people: int, stop_if: Callable[[], None]) -> MaskEstimator:
        listening.append(starter(people, stop_if))
        return listening[-1]

    ear = replace(model, starter=start_listening)
    for _ in separate(ear, sound, faces, targets, start, stop, options, report=report, check=check):
        check()
    if len(listening) != 1:
        return model  # every face was heard apart: nothing to share
    return replace(model, starter=replace(starter, known=listening[0].anchored))
