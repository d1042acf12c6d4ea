"""The best network of the comparison, trained on, next to the default model.

It would be shipped for clips with accompaniment if it beat the default model there clearly.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from app.bench.network_run import Course, scored, train
from app.evaluate import evaluate
from app.jobs import CancelToken, OnProgress
from app.mixtures import Mixture
from app.model_beside import gains_of

WORTH_SHIPPING_DB = 1.0
"""By which it would have to beat the default model on voice + music."""
_SCORE = "voice_music_db"


def best_longer(
    runs: Path,
    networks: Mapping[str, Mapping[str, Any]],
    course: Course,
    mixtures: Sequence[Mixture],
    *,
    on_progress: OnProgress | None = None,
    token: CancelToken,
) -> dict[str, Any] | None:
    """Train a copy of the network that is best on ``mixtures`` to the budget of ``course``.

    Returns:
        ``network``, ``seconds``, ``voice_music_db`` and ``default_db``; None where nothing has
        been scored.

    Raises:
        NotPossibleError: the training failed.
    """
    known = {name: facts[_SCORE] for name, facts in networks.items() if facts.get(_SCORE)}
    if not known:
        return None
    best = max(known, key=known.__getitem__)
    folder = runs / "longer" / best
    if not folder.is_dir():
        partial = folder.with_name(folder.name + ".part")
        shutil.rmtree(partial, ignore_errors=True)
        shutil.copytree(runs / best, partial)
        partial.rename(folder)
    trained = train(best, folder, course, token)
    return {
        "network": best,
        "seconds": trained.get("seconds"),
        "steps": trained.get("steps"),
        _SCORE: scored(folder, course.data, mixtures, token)[_SCORE],
        "default_db": _default(mixtures, on_progress, token),
    }


def longer_lines(longer: Mapping[str, Any], before: Mapping[str, Any]) -> list[str]:
    """A section of the page; ``before`` is what the table says of the network."""
    ahead = longer[_SCORE] - longer["default_db"]
    verdict = (
        "That is enough to ship it for clips with accompaniment."
        if ahead >= WORTH_SHIPPING_DB
        else f"It would be shipped for clips with accompaniment from {WORTH_SHIPPING_DB:+.0f} dB "
        "on; so the default model does without it."
    )
    return [
        "## The best of them, trained longer",
        "",
        f"`{longer['network']}` went on to {longer['seconds'] / 60:.0f} minutes "
        f"({longer['steps']:,} steps): voice + music {before[_SCORE]:+.2f} dB before, "
        f"{longer[_SCORE]:+.2f} dB after. The default model, which also knows the face, has "
        f"{longer['default_db']:+.2f} dB on the same mixtures, a difference of {ahead:+.2f} dB. "
        f"{verdict}",
    ]


def _default(
    mixtures: Sequence[Mixture], on_progress: OnProgress | None, token: CancelToken
) -> float:
    ids = {mixture.id for mixture in mixtures}
    found = evaluate(mixtures[0].clip.parent, on_progress=on_progress, token=token)
    gains = [gain for mixture, gain in gains_of(found.scores) if mixture.id in ids]
    return float(np.mean(gains))
