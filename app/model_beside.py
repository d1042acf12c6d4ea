"""Other models on the default model's mixtures: a table for its page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.evaluate_table import Evaluation, MixtureScore, mean_row
from app.mixtures import KIND_TITLES


def beside_lines(shipped: Evaluation, others: Mapping[str, Evaluation]) -> list[str]:
    """One row a model: mean improvement of SI-SDR over the mixtures with clear lips, in dB.

    ``others`` are evaluations of the same mixtures by title.
    """
    kinds = list(KIND_TITLES)
    head = ["model", *KIND_TITLES.values(), "all", "doubtful lips"]
    lines = [
        "## Other models on the same mixtures",
        "",
        "Trained with `./run.sh train MODEL` for the time given, of one processor core, unless "
        "it says otherwise; models that only hear give the voices of all people together.",
        "",
        f"| {' | '.join(head)} |",
        "|" + " --- |" * len(head),
    ]
    for title, evaluation in {"**solovox**": shipped, **others}.items():
        clear = [s for s in evaluation.scores if not s.mixture.doubtful]
        doubtful = [s for s in evaluation.scores if s.mixture.doubtful]
        groups = [[s for s in clear if s.mixture.kind == kind] for kind in kinds]
        cells = [_cell(group) for group in (*groups, clear, doubtful)]
        lines.append(f"| {title} | {' | '.join(cells)} |")
    return [*lines, ""]


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


def _cell(scores: Sequence[MixtureScore]) -> str:
    row = mean_row("", scores)
    return f"{row.si_sdr:+.1f}".replace("-", "−") if row else "–"
