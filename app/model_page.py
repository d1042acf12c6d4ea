"""The page that tells how good the default model is, with its pictures, from one measurement."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from pathlib import Path

from app.errors import BadInputError
from app.evaluate import evaluate
from app.evaluate_table import Evaluation, MixtureScore
from app.isolation import Parts
from app.jobs import CancelToken, OnProgress
from app.mixtures import KIND_TITLES, find_mixtures
from app.model_beside import beside_lines, title_of
from app.model_kept import NOTE, KeptPage
from app.model_parts import (
    PARTS_HEADING,
    ROUTES_HEADING,
    Routes,
    parts_lines,
    routes_lines,
)
from app.spectrogram_figure import draw_estimate
from app.yardsticks import Yardstick, measure

_CURVES = ("two voices", "two voices + music", "voice + music")
_HEADER = (
    "| case | n | mixture | no face | wrong face | **right face** | without joint choice | best "
    "output by the truth | ideal ratio mask |"
)


def write_page(
    folder: Path,
    page: Path,
    *,
    recipes: Path | None = None,
    curves: Sequence[Path] = (),
    beside: Sequence[str] = (),
    parts: Sequence[Path] = (),
    routes: Routes | None = None,
    keep: bool = False,
    on_progress: OnProgress | None = None,
    token: CancelToken | None = None,
) -> Evaluation:
    """Measure on the mixtures of ``folder`` and write ``page`` (Markdown) and its pictures.

    The pictures lie in a folder beside the page that bears its name. ``curves`` are validation logs
    of separators' trainings, ``beside`` ids of models to compare, ``parts`` separators that tell
    what parts give (see `parts_lines`), ``routes`` weights of equal training that tell which way to
    go. With ``keep`` the page that is there gives the rows and tables of those three that nothing
    is named for. Gives the evaluation that the page is about.

    Raises:
        BadInputError: a log or the page to keep is missing, or as `app.evaluate.evaluate`.
    """
    token = token or CancelToken()
    kept = KeptPage.read(page) if keep else KeptPage()
    for log in curves:
        if not log.is_file():
            raise BadInputError(f"There is no file {log}; give a validation log of train default.")
    titles = {title_of(model): model for model in beside}
    shipped = evaluate(
        folder, recipes=recipes, wrong_faces=True, on_progress=on_progress, token=token
    )
    alone = evaluate(folder, recipes=recipes, joint=False, on_progress=on_progress, token=token)
    sticks = measure(find_mixtures(folder, recipes), on_progress=on_progress, token=token)
    others = {
        "solovox without its third part": evaluate(
            folder,
            parts=Parts(no_fused=True),
            recipes=recipes,
            on_progress=on_progress,
            token=token,
        )
    }
    others |= {
        title: evaluate(folder, model=model, recipes=recipes, on_progress=on_progress, token=token)
        for title, model in titles.items()
    }
    pictures = page.with_suffix("")
    pictures.mkdir(parents=True, exist_ok=True)
    lines = [*_introduction(keep), *_table(shipped, alone, sticks), *_silence(shipped)]
    lines += beside_lines(shipped, others, kept)
    if routes is not None:
        lines += routes_lines(folder, routes, recipes=recipes, on_progress=on_progress, token=token)
    else:
        lines += kept.section(ROUTES_HEADING)
    if parts:
        lines += parts_lines(folder, parts, recipes=recipes, on_progress=on_progress, token=token)
    else:
        lines += kept.section(PARTS_HEADING)
    if curves:
        _draw_curves(curves, pictures / "curve.png")
        lines += [
            "## Learning curves",
            "",
            "SI-SDR improvement on held-out people and music of the training data, the better "
            "order of the two voices given, against the number of mixtures seen.",
            "",
            f"![Learning curves]({pictures.name}/curve.png)",
            "",
        ]
    lines += _examples(shipped, folder, pictures, token)
    page.write_text("\n".join(lines), encoding="utf-8")
    return shipped


def _introduction(keeps: bool) -> list[str]:
    return [
        "# How good the default model is",
        "",
        "Made by `./run.sh evaluate FOLDER --page docs/model.md` on 48 mixtures of real people who "
        "do not occur in the training data. Mean improvement of SI-SDR over the mixture in dB; "
        "about 1.2 dB standard error for a kind of eight mixtures." + (f" {NOTE}" if keeps else ""),
        "",
        "- *no face*: the two voices the separator finds, together; *wrong face*: the other face "
        "of the picture, or another person's film; *without joint choice*: every face for itself.",
        "- *best output by the truth*: the better of the separator's two voices. What lies between "
        "it and *right face*, choosing by lips loses.",
        "- *ideal ratio mask*: magnitudes known, phase of the mixture: what no real mask passes.",
        "",
    ]


def _table(shipped: Evaluation, alone: Evaluation, sticks: Sequence[Yardstick]) -> list[str]:
    lines = [_HEADER, "|" + " --- |" * 9]
    for doubtful, prefix in ((False, ""), (True, "doubtful lips: ")):
        groups: list[tuple[str, Callable[[str], bool]]] = [
            (prefix + title, lambda kind, wanted=key: kind == wanted)  # type: ignore[misc]
            for key, title in KIND_TITLES.items()
        ]
        groups.append((f"**{prefix}all**", lambda kind: kind in KIND_TITLES))
        for title, belongs in groups:
            row = _row(title, shipped, alone, sticks, belongs, doubtful)
            if row:
                lines.append(row)
    return [*lines, ""]


def _row(
    title: str,
    shipped: Evaluation,
    alone: Evaluation,
    sticks: Sequence[Yardstick],
    belongs: Callable[[str], bool],
    doubtful: bool,
) -> str:
    scores = [s for s in shipped.scores if belongs(s.mixture.kind) and s.before is not None]
    scores = [s for s in scores if s.mixture.doubtful == doubtful]
    if not scores:
        return ""
    ids = {score.mixture.id for score in scores}
    apart = [s for s in alone.scores if s.mixture.id in ids]
    ours = [stick for stick in sticks if stick.mixture.id in ids]
    wrong = [(s.before, s.wrong_si_sdr) for s in scores]
    values = [
        _mean([s.before.si_sdr for s in scores if s.before is not None]),
        _mean([stick.no_face for stick in ours]),
        _mean([w - b.si_sdr for b, w in wrong if b is not None and w is not None]),
        _mean([_gain(s) for s in scores]),
        _mean([_gain(s) for s in apart]),
        _mean([stick.best_output for stick in ours]),
        _mean([stick.ideal_mask for stick in ours]),
    ]
    cells = [f"{value:+.1f}".replace("-", "−") for value in values]
    cells[3] = f"**{cells[3]}**"
    return f"| {title} | {len(scores)} | " + " | ".join(cells) + " |"


def _silence(shipped: Evaluation) -> list[str]:
    levels = [f"{s.silence_db:.0f}".replace("-", "−") for s in shipped.silences()]
    if not levels:
        return []
    return [
        "Frozen faces over somebody else's voice, where silence is right: output "
        f"{', '.join(levels)} dB against the input.",
        "",
    ]


def _examples(shipped: Evaluation, folder: Path, pictures: Path, token: CancelToken) -> list[str]:
    clear = [s for s in shipped.scores if s.after is not None and not s.mixture.doubtful]
    ranked = sorted(clear, key=_gain)
    lines = ["## A success and a failure", ""]
    for name, score in (("success", ranked[-1]), ("failure", ranked[0])):
        token.check()
        draw_estimate(score.mixture, pictures / f"{name}.png")
        kind = KIND_TITLES.get(score.mixture.kind, score.mixture.kind)
        lines += [
            f"The {'best' if name == 'success' else 'worst'} of the clear mixtures, "
            f"{score.mixture.id} ({kind}), {_gain(score):+.1f} dB:".replace("-", "−", 1),
            "",
            f"![{name}]({pictures.name}/{name}.png)",
            "",
        ]
    return lines


def _draw_curves(logs: Sequence[Path], picture: Path) -> None:
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    size = (1 + 5 * len(logs), 4)
    figure, panels = pyplot.subplots(
        1, len(logs), figsize=size, layout="constrained", sharey=True, squeeze=False
    )
    for log, axes in zip(logs, panels[0], strict=True):
        with log.open(newline="", encoding="utf-8") as handle:
            rows = list(csv.DictReader(handle))
        seen = [int(row["samples"]) for row in rows]
        for name, style in zip(_CURVES, ("o-", "s--", "^:"), strict=True):
            axes.plot(seen, [float(row[name]) for row in rows], style, ms=3)
        axes.set_title(log.stem.replace("_", " "))
        axes.set_xscale("log")
        axes.set_xlabel("mixtures of 3 s seen in training")
        axes.grid(alpha=0.3)
    panels[0, 0].set_ylabel("SI-SDR improvement, dB")
    panels[0, 0].legend(_CURVES)
    figure.savefig(picture, dpi=110)
    pyplot.close(figure)


def _gain(score: MixtureScore) -> float:
    assert score.before is not None
    assert score.after is not None
    return score.after.si_sdr - score.before.si_sdr


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else float("nan")
