"""Stages of isolating make one progress that never moves back."""

from __future__ import annotations

import pytest

from app.edits import Anchor
from app.isolate_progress import one_progress
from app.isolation import IsolateOptions
from app.jobs import Progress

ANCHOR = Anchor("A", 0, 48_000, "only")
LEARN = ("Listening for each singer alone", "Learning voices", "Separating")


@pytest.mark.parametrize(
    ("options", "follows", "stages"),
    [
        (IsolateOptions(), False, ("Separating",)),
        (IsolateOptions(), True, ("Following the face", "Separating")),
        (IsolateOptions(learn=True), False, LEARN),
        (IsolateOptions(learn=True, anchors=(ANCHOR,)), False, LEARN),
        (IsolateOptions(anchors=(ANCHOR,)), False, ("Hearing the marked parts", "Separating")),
    ],
)
def test_no_stage_begins_anew(
    options: IsolateOptions, follows: bool, stages: tuple[str, ...]
) -> None:
    seen: list[Progress] = []
    report = one_progress(options, follows, seen.append)
    for stage in stages:
        for done in (0.0, 0.5, 1.0):
            report(Progress(stage, done, 1.0, 2.0))
    fractions = [progress.fraction for progress in seen]
    assert fractions == sorted(fractions)
    assert fractions[-1] == pytest.approx(1)
    assert len(set(fractions)) == 2 * len(stages) + 1, "every stage moves it"
    assert [progress.stage for progress in seen[::3]] == list(stages)


def test_a_stage_left_out_is_passed_over() -> None:
    seen: list[Progress] = []
    report = one_progress(IsolateOptions(learn=True), False, seen.append)
    report(Progress(LEARN[0], 1.0, 1.0))
    report(Progress(LEARN[2], 0.5, 1.0))
    assert seen[0].fraction < 0.3 < seen[1].fraction < 1
