"""One progress for all the stages of isolating, so that what the user sees never moves back."""

from __future__ import annotations

from app.anchors import STAGE as MARKED
from app.batch import WholeProgress
from app.chosen_model import needs_of
from app.drawn import STAGE as FOLLOWING
from app.isolate import STAGE as SEPARATING
from app.isolation import IsolateOptions
from app.jobs import OnProgress, Progress
from app.learn import LEARNING, LISTENING
from app.mouths import STAGE as MOUTHS


def one_progress(options: IsolateOptions, follows: bool, report: OnProgress) -> OnProgress:
    """Where the stages of ``options`` report to; ``follows`` when drawn faces come first.

    Shares are rough: what a stage leaves out is passed over at once.
    """
    weights: dict[str, float] = {}
    if follows:
        weights[FOLLOWING] = 0.5
    if options.learn:
        weights |= {LISTENING: 1.0, LEARNING: 3.0}
    if needs_of(options) == "mouth":
        weights[MOUTHS] = 2.0
    if options.anchors and not options.learn:
        weights[MARKED] = 1.0
    weights[SEPARATING] = 1.0
    if len(weights) == 1:
        return report
    names = list(weights)
    whole = WholeProgress([weight / sum(weights.values()) for weight in weights.values()], report)
    stages: dict[str, OnProgress] = {}

    def joined(progress: Progress) -> None:
        if progress.stage not in names:
            return
        if progress.stage not in stages:
            stages[progress.stage] = whole.of(names.index(progress.stage))
        stages[progress.stage](progress)

    return joined
