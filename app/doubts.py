"""What the user should doubt: pictures that tell little, lips that do not fit the sound."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from app.lanes import Lane
from app.picture_faults import HARDLY, LEAST_SECONDS, frequent_faults
from app.singers import Singer
from vision.types import FEATURE_FPS

if TYPE_CHECKING:
    from audio_models.base import MaskEstimator
    from audio_models.registry import LoadedModel

_FAULTS = {
    "small": "the face is small in the picture",
    "profile": "the face is turned far to the side",
    "blurred": "the mouth is blurred",
    "dark": "the face is dark",
    "covered": "the mouth is covered",
}


def about_picture(singer: Singer, lane: Lane, first: int, last: int) -> list[str]:
    """What about the picture between two frames will cost quality, one sentence each."""
    if not lane.face.valid[first:last].any():
        return [f"{singer.name} is not in the picture in the chosen range."]
    seconds = [
        item.warnings for frame, item in lane.quality if first <= frame < last - FEATURE_FPS // 2
    ]
    return [
        f"{singer.name}: {_FAULTS[fault]} for {bad} of {total} visible seconds."
        for fault, bad, total in frequent_faults(seconds)
    ]


class LipWatch:
    """Asks the model afterwards how well lips and voices agreed; not every model can tell."""

    def __init__(self) -> None:
        self._estimators: list[MaskEstimator] = []

    def over(self, model: LoadedModel) -> LoadedModel:
        """The same model, watched."""
        if model.starter is None:
            return model

        def start(faces: int, check: Callable[[], None]) -> MaskEstimator:
            self._estimators.append(model.start(faces, check))
            return self._estimators[-1]

        return replace(model, starter=start)

    def about_lips(self, singers: Sequence[Singer], rows: Sequence[Lane]) -> list[str]:
        """A sentence for each singer whose moving lips hardly fit any voice."""
        texts = []
        for number, (singer, row) in enumerate(zip(singers, rows, strict=False)):
            scores = list(self.scores(number, row).values())
            if len(scores) >= LEAST_SECONDS and sum(scores) / len(scores) < HARDLY:
                texts.append(
                    f"{singer.name}: lips and sound hardly agree; the voice given may be somebody "
                    "else's."
                )
        return texts

    def scores(self, number: int, row: Lane) -> dict[int, float]:
        """Second of the sound -> agreement of moving lips with the voice they got.

        ``row`` is the lane of the singer ``number``; seconds of still lips say nothing.
        """
        from audio_models.presence import STILL_MOTION

        return {
            item.second: item.score
            for item in self._told(number)
            if _motion(row, item.second) >= STILL_MOTION
        }

    def _told(self, number: int) -> list[Any]:
        """Agreement of the singer ``number``; singers kept apart have an estimator each."""
        apart = len(self._estimators) > 1
        estimators = self._estimators[number : number + 1] if apart else self._estimators
        face = 0 if apart else number
        return [
            item
            for estimator in estimators
            for item in getattr(estimator, "agreement", ())
            if item.face == face
        ]


def _motion(row: Lane, second: int) -> float:
    """Mean lip motion of one second, the last of which may be shorter."""
    return float(row.face.motion[second * FEATURE_FPS : (second + 1) * FEATURE_FPS].mean())
