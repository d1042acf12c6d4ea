"""The editor's words land on the right faces and frames."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from app.anchors import mark
from app.edits import Anchor
from app.lanes import Axis
from audio_models.base import FaceInput

RATE = 48000
FRAMES = 100
AXIS = Axis(Fraction(0), FRAMES, 0, FRAMES, RATE)


def _face() -> FaceInput:
    return FaceInput(
        np.zeros((FRAMES, 68, 2), np.float32),
        np.ones(FRAMES, np.bool_),
        np.ones(FRAMES, np.float32),
    )


def _words(*anchors: Anchor) -> list[list[int]]:
    marked = mark([_face(), _face(), _face()], ["A", "B"], anchors, AXIS)
    return [list(face.anchor) if face.anchor is not None else [] for face in marked]


def test_each_kind_of_word() -> None:
    second = RATE
    only, voice, denied = _words(Anchor("A", second, 2 * second, "only"))
    assert sum(only) == 25
    assert sum(voice) == sum(denied) == -25
    assert only[24:26] == [0, 1]
    a, b, other = _words(Anchor("B", 0, second, "voice"), Anchor("A", 0, second, "not"))
    assert (sum(a), sum(b), sum(other)) == (-25, 25, 0)


def test_a_word_about_somebody_not_chosen_only_excludes() -> None:
    a, b, other = _words(Anchor("C", 0, RATE, "only"))
    assert (sum(a), sum(b), sum(other)) == (-25, -25, -25)
    a, b, other = _words(Anchor("C", 0, RATE, "voice"))
    assert (sum(a), sum(b), sum(other)) == (0, 0, 0)


def test_without_words_faces_stay_as_they_were() -> None:
    faces = [_face()]
    assert mark(faces, ["A"], (), AXIS) == faces
