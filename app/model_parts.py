"""What each part of the default model gives, and the routes to it: trained or run without parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.errors import BadInputError
from app.evaluate import evaluate
from app.isolation import Parts
from app.jobs import CancelToken, OnProgress
from app.mixtures import Mixture, find_mixtures
from app.model_beside import gains_of, kind_head, kind_row
from app.yardsticks import measure

ROUTES_HEADING = "## Three routes on equal time"
PARTS_HEADING = "## What each part gives"


@dataclass(frozen=True)
class Routes:
    """Weights of three ways to one person's voice, each trained as long as the others."""

    alone: Path
    """Of ``train fused --no-separator``: the face steers a network that hears the mixture."""
    separator: Path
    """Of ``train default``: voices are told apart by ear, lips choose."""
    shorter_separator: Path
    """Of ``train default``, before ``fused``."""
    fused: Path
    """Of ``train fused --separator``: lips choose, a small network corrects."""


def routes_lines(
    folder: Path,
    routes: Routes,
    *,
    recipes: Path | None = None,
    on_progress: OnProgress | None = None,
    token: CancelToken | None = None,
) -> list[str]:
    """One row a route; mean improvement of SI-SDR on the mixtures of ``folder``, in dB.

    Raises `BadInputError` when weights cannot be read.
    """
    ways = {
        "conditioned only": Parts(no_separator=True, fused=routes.alone),
        "by ear, then lips choose": Parts(routes.separator, no_fused=True),
        "by ear, lips choose, small Y-Net": Parts(routes.shorter_separator, fused=routes.fused),
    }
    rows = []
    for title, parts in ways.items():
        files = [path for path in (parts.separator, parts.fused) if path is not None]
        minutes = [_minutes(_read_facts(path)) for path in files]
        found = evaluate(folder, recipes=recipes, parts=parts, on_progress=on_progress, token=token)
        times = " + ".join(f"{time:.0f}" for time in minutes)
        rows.append(kind_row(f"{title}, {times} min", gains_of(found.scores)))
    return [
        ROUTES_HEADING,
        "",
        "Everything trained from the start for the minutes named, of one processor core (`./run.sh "
        "train fused --no-separator`, `train default --processor-time`, `train fused "
        "--separator`); sound-to-mouth model and speaker embedding are the shipped ones.",
        "",
        *kind_head("route"),
        *rows,
        "",
    ]


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
            joint=joint,
            parts=Parts(separator, no_fused=no_fused),
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
        PARTS_HEADING,
        "",
        f"Separators trained from the start for {minutes} minutes of one processor core each, with "
        "one recipe but for what the row names; the model card has the commands. So short a "
        "training favours what is easier to learn; it cannot show what variety gives in a long "
        "one. The third part is the shipped one.",
        "",
        *kind_head("model"),
        *rows,
        "",
    ]


def _facts(separator: Path) -> tuple[str, str]:
    """What was left out of a separator's training, and its minutes."""
    from audio_models.train.mixer import SINGING_GROUPS

    facts = _read_facts(separator)
    left_out = facts.get("left_out", "")
    missing = []
    if facts.get("strength") == "0":
        missing.append("voices and music left as recorded")
    if left_out:
        whose = "singing" if left_out == ",".join(SINGING_GROUPS) else left_out
        missing.append(f"without {whose}")
    return ", ".join(missing), f"{_minutes(facts):.0f}"


def _minutes(facts: dict[str, str]) -> float:
    return float(facts.get("minutes", 0))


def _read_facts(weights: Path) -> dict[str, str]:
    from safetensors import SafetensorError

    from audio_models.weights import part_facts

    try:
        return part_facts(weights)
    except (OSError, SafetensorError) as error:
        raise BadInputError(
            f"{weights} holds no weights; give files that train default or train fused wrote."
        ) from error
