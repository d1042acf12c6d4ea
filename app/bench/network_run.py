"""One network of the comparison: trained to a budget, scored; its folder keeps what is known."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.bench.network_scores import on_mixtures, on_test_split
from app.errors import BadInputError, NotPossibleError
from app.jobs import CancelToken
from app.mixtures import Mixture
from app.paths import RESOURCES

PROJECT = RESOURCES.parent
_SCORED = "scored.json"
_TRAINED = "trained.json"
_POLL_S = 0.5


@dataclass(frozen=True)
class Course:
    """How networks are trained."""

    data: tuple[Path, ...]
    """Training material; without it nothing is trained and only what is there is scored."""
    budget: str
    """Of processor time or steps; a network that had more already is left as it is."""
    recipe: str


def check_budget(text: str) -> None:
    """Raise `BadInputError` when a budget cannot be read."""
    from audio_models.errors import ModelError
    from audio_models.train.budget import Budget

    try:
        Budget.parse(text)
    except ModelError as error:
        raise BadInputError(str(error)) from error


def train(model_id: str, folder: Path, course: Course, token: CancelToken) -> dict[str, Any]:
    """Train to the end of the budget, in a process of its own; gives what the training tells.

    Raises:
        NotPossibleError: it failed.
    """
    from audio_models.train.budget import Budget

    done = known_facts(folder / _TRAINED)
    if not course.data:
        return done
    budget = Budget.parse(course.budget)
    if done.get("recipe") == course.recipe and budget.progress(done["seconds"], done["steps"]) >= 1:
        return done
    arguments = [str(PROJECT / "main.py"), "train", model_id, "--json", "--keep"]
    arguments += ["--data", *(str(path.resolve()) for path in course.data)]
    arguments += ["--out", str(folder), "--budget", course.budget, "--recipe", course.recipe]
    arguments += ["--device", "auto", "--threads", "1", "--processor-time"]
    if (folder / "checkpoint.pt").is_file():
        arguments.append("--resume")
    with (folder / "train.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, *arguments],
            env={**os.environ, "PYTHONPATH": str(PROJECT), "OMP_NUM_THREADS": "1"},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
        try:
            while process.poll() is None:
                token.check()
                time.sleep(_POLL_S)
        except BaseException:
            process.terminate()  # it saves what it has learnt
            process.wait()
            raise
    result = _last_result(folder / "train.log")
    if process.returncode != 0 or result is None:
        raise NotPossibleError(
            f"The training of {model_id} failed; the reason is in {folder / 'train.log'}."
        )
    result = {"budget": course.budget, "recipe": course.recipe, **result}
    keep_facts(folder / _TRAINED, result)
    return result


def scored(
    folder: Path, data: Sequence[Path], mixtures: Sequence[Mixture], token: CancelToken
) -> dict[str, Any]:
    """Improvement of the voice by the best weights; computed once for them and these mixtures."""
    weights = folder / "best.safetensors"
    if not weights.is_file():
        return {}
    key = f"{weights.stat().st_mtime_ns} {len(mixtures)} {len(data)}"
    known = known_facts(folder / _SCORED)
    if known.get("key") == key:
        return known
    found = {
        "key": key,
        "voice_music_db": on_mixtures(weights, mixtures, token),
        "test_split_db": on_test_split(weights, data, token),
    }
    keep_facts(folder / _SCORED, found)
    return found


def known_facts(path: Path) -> dict[str, Any]:
    """What `keep_facts` wrote; nothing where it is missing or broken."""
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return facts if isinstance(facts, dict) else {}


def keep_facts(path: Path, facts: dict[str, Any]) -> None:
    """Write as JSON, atomically."""
    partial = path.with_name(path.name + ".part")
    partial.write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
    partial.replace(path)


def _last_result(log: Path) -> dict[str, Any] | None:
    """What the command printed as its outcome."""
    found = None
    for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
        if line.startswith("{") and '"result"' in line:
            found = json.loads(line)
    names = ("steps", "skipped", "seconds", "si_sdr_improvement")
    return None if found is None else {name: found[name] for name in names}
