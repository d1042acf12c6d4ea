"""What each part of the default model gives: trained without it, or run without it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from app.errors import BadInputError
from app.evaluate import evaluate
from app.jobs import CancelToken, OnProgress
from app.mixtures import Mixture, find_mixtures
from app.model_beside import gains_of, kind_head, kind_row
from app.yardsticks import measure


def parts_lines(
    folder: Path,
    separators: Sequence[Path],
    *,
    recipes: Path | None = None,
    on_progress: OnProgress | None = None,
    token: CancelToken | None = None,
) -> list[str]:
    """One row for the whole model with the first separator, for it without each part, and for
    every further separator; mean improvement of SI-SDR on the mixtures of ``folder``, in dB.

    ``separators`` are weights of ``train default``. Raises `BadInputError` when one cannot be read.
    """
    whole = separators[0]
    name, minutes = _facts(whole)

    def gains(
        separator: Path, joint: bool = True, no_fused: bool = False
    ) -> list[tuple[Mixture, float]]:
        found = evaluate(
            folder,
            recipes=recipes,
            separator=separator,
            joint=joint,
            no_fused=no_fused,
            on_progress=on_progress,
            token=token,
        )
        return gains_of(found.scores)

    sticks = measure(
        find_mixtures(folder, recipes), separator=whole, on_progress=on_progress, token=token
    )
    unchosen = [(stick.mixture, stick.no_face) for stick in sticks]
    rows = [
        kind_row(name or "the whole recipe", gains(whole)),
        kind_row("without joint choice: every face for itself", gains(whole, joint=False)),
        kind_row("without the third part", gains(whole, no_fused=True)),
        kind_row("without choice by lips: both voices together", unchosen),
        *(kind_row(_facts(path)[0] or path.stem, gains(path)) for path in separators[1:]),
    ]
    return [
        "## What each part gives",
        "",
        f"Separators trained from the start for {minutes} minutes of one processor core each, with "
        "one recipe but for what the row names (`./run.sh train default --budget "
        f"{minutes}m --processor-time`, with `--unchanged` or `--no-singing`). So short a training "
        "favours what is easier to learn; it cannot show what variety gives in a long one. The "
        "third part is the shipped one.",
        "",
        *kind_head("model"),
        *rows,
        "",
    ]


def _facts(separator: Path) -> tuple[str, str]:
    """What was left out of a separator's training, and its minutes."""
    from safetensors import SafetensorError

    from audio_models.train.mixer import SINGING_GROUPS
    from audio_models.weights import part_facts

    try:
        facts = part_facts(separator)
    except (OSError, SafetensorError) as error:
        raise BadInputError(
            f"{separator} holds no separator; give weights that train default wrote."
        ) from error
    left_out = facts.get("left_out", "")
    missing = []
    if facts.get("strength") == "0":
        missing.append("voices and music left as recorded")
    if left_out:
        whose = "singing" if left_out == ",".join(SINGING_GROUPS) else left_out
        missing.append(f"without {whose}")
    return ", ".join(missing), f"{float(facts.get('minutes', 0)):.0f}"
