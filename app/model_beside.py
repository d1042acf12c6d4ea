"""Other models on the default model's mixtures: a table for its page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.evaluate_table import Evaluation, MixtureScore
from app.mixtures import KIND_TITLES, Mixture
from app.model_kept import KeptPage

HEADING = "## Other models on the same mixtures"


def beside_lines(
    shipped: Evaluation, others: Mapping[str, Evaluation], kept: KeptPage
) -> list[str]:
    """One row a model: mean improvement of SI-SDR over the mixtures with clear lips, in dB.

    ``others`` are evaluations of the same mixtures by title; further rows are ``kept`` ones.
    """
    lines = [
        HEADING,
        "",
        "Trained with `./run.sh train MODEL` for the time given, of one processor core, unless "
        "it says otherwise; models that only hear give the voices of all people together.",
        "",
        *kind_head("model"),
    ]
    rows = [
        kind_row(title, gains_of(evaluation.scores))
        for title, evaluation in {"**solovox**": shipped, **others}.items()
    ]
    return [*lines, *rows, *kept.rows(HEADING, rows), ""]


def kind_head(first: str) -> list[str]:
    """The head of a table of `kind_row`."""
    head = [first, *KIND_TITLES.values(), "all", "doubtful lips"]
    return [f"| {' | '.join(head)} |", "|" + " --- |" * len(head)]


def gains_of(scores: Sequence[MixtureScore]) -> list[tuple[Mixture, float]]:
    """Improvements of SI-SDR in dB of the mixtures that have a voice to find."""
    return [
        (s.mixture, s.after.si_sdr - s.before.si_sdr)
        for s in scores
        if s.before is not None and s.after is not None
    ]


def kind_row(title: str, gains: Sequence[tuple[Mixture, float]]) -> str:
    """Means by kind and over all with clear lips, and over all with doubtful ones."""
    clear = [(mixture.kind, gain) for mixture, gain in gains if not mixture.doubtful]
    groups = [[gain for kind, gain in clear if kind == wanted] for wanted in KIND_TITLES]
    groups.append([gain for _, gain in clear])
    groups.append([gain for mixture, gain in gains if mixture.doubtful])
    return f"| {title} | {' | '.join(_cell(group) for group in groups)} |"


def title_of(model_id: str) -> str:
    """The model's id, and how long its weights were trained where they tell.

    Raises `BadInputError` when there is no such model or its weights are missing.
    """
    from safetensors import safe_open

    from app.errors import BadInputError
    from app.paths import models_dir
    from audio_models.errors import ModelError
    from audio_models.store import find_weights

    try:
        spec, weights = find_weights(model_id, models_dir())
    except ModelError as error:
        raise BadInputError(str(error)) from error
    with safe_open(str(weights), framework="pt") as handle:
        minutes = (handle.metadata() or {}).get("minutes")
    return f"`{spec.id}`" + (f", {float(minutes):.0f} min" if minutes else "")


def _cell(gains: Sequence[float]) -> str:
    return f"{sum(gains) / len(gains):+.1f}".replace("-", "−") if gains else "–"
