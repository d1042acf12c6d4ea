"""``bench networks``: trains every family with one budget each, measures and compares them.

Everything lies in one folder and is taken up where it stands: a run that was ended goes on with the
network it was at.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.bench.child import run_child
from app.bench.network_page import write_page
from app.bench.network_scores import MUSIC_KIND, on_mixtures, on_test_split
from app.errors import BadInputError, NotPossibleError
from app.jobs import CancelToken, OnProgress, ProgressClock
from app.mixtures import Mixture, find_mixtures
from app.paths import RESOURCES, cache_dir

if TYPE_CHECKING:
    from audio_models.train.budget import Budget

STAGE = "Comparing networks"
PROJECT = RESOURCES.parent
COMPARED = (
    "unet-jansson",
    "unet-jansson-5",
    "unet-jansson-4",
    "unet-jansson-3",
    "tdf-unet",
    "tdc-unet",
    "tfc-unet",
    "tfc-tdf-unet",
    "tfc-tdf-unet-7",
    "tdc-rnn-unet",
    "wave-unet-m1",
    "wave-unet-m4",
    "wave-unet-m5",
    "wave-unet-m7",
    "cnn-mask",
    "cnn-mask-resnet18",
)
"""Each family, and the depths of Jansson's U-Net; in the order of the table."""
_MEASURED = "measured.json"
_SCORED = "scored.json"
_TRAINED = "trained.json"
_PEER_SECONDS = 10
_POLL_S = 0.5


@dataclass(frozen=True)
class NetworkBench:
    """What to compare."""

    models: tuple[str, ...] = COMPARED
    data: tuple[Path, ...] = ()
    """Training material; without it nothing is trained and only what is there is scored."""
    budget: str = "25m"
    """Of processor time, for each network; one that had more already is left as it is."""
    recipe: str = "reference"
    mixtures: Path | None = None
    """Folder of mixtures of filmed voices, for their kinds with music."""
    runs: Path | None = None
    """Folder of all runs; default in the user's cache."""
    page: Path | None = None
    """Where to write the page; its picture goes beside it."""


def bench_networks(
    bench: NetworkBench,
    *,
    on_progress: OnProgress | None = None,
    token: CancelToken | None = None,
) -> dict[str, Any]:
    """Train what is not trained yet, measure, score, and write the page.

    Returns:
        The figures of every network by id under ``networks``, and the peers under ``peers``.

    Raises:
        BadInputError: a model, a folder or the budget is wrong.
        NotPossibleError: a training or a measurement failed.
    """
    token = token or CancelToken()
    budget = _check(bench)
    runs = bench.runs or cache_dir() / "runs" / "compare"
    runs.mkdir(parents=True, exist_ok=True)
    mixtures = _with_music(bench.mixtures)
    clock = ProgressClock(STAGE, 3 * len(bench.models) + 1, on_progress)
    networks: dict[str, dict[str, Any]] = {}
    for number, model_id in enumerate(bench.models):
        folder = runs / model_id
        folder.mkdir(exist_ok=True)
        networks[model_id] = _measured(model_id, folder, token)
        clock.update(number + 1)
    for number, model_id in enumerate(bench.models):
        if bench.data:
            _train(model_id, runs / model_id, bench, budget, token)
        networks[model_id] |= _facts(runs / model_id / _TRAINED)
        clock.update(len(bench.models) + number + 1)
    for number, model_id in enumerate(bench.models):
        networks[model_id] |= _scored(runs / model_id, bench.data, mixtures, token)
        clock.update(2 * len(bench.models) + number + 1)
    result = {
        "cores": cores(),
        "recipe": bench.recipe,
        "networks": networks,
        "peers": _peers(runs, token),
        "mixtures": len(mixtures),
    }
    clock.update(3 * len(bench.models) + 1)
    if bench.page is not None:
        write_page(result, runs, bench.page)
    return result


def _check(bench: NetworkBench) -> Budget:
    from audio_models.errors import ModelError
    from audio_models.registry import MODELS
    from audio_models.train.budget import Budget

    known = [spec.id for spec in MODELS if spec.trained_here]
    for model_id in bench.models:
        if model_id not in known:
            raise BadInputError(
                f"{model_id} is no network to compare; choose from {', '.join(known)}."
            )
    for folder in bench.data:
        if not folder.is_dir():
            raise BadInputError(f"There is no folder {folder}; give training material.")
    if bench.page is not None and not bench.page.parent.is_dir():
        raise BadInputError(f"There is no folder {bench.page.parent}; make it first.")
    try:
        return Budget.parse(bench.budget)
    except ModelError as error:
        raise BadInputError(str(error)) from error


def _with_music(folder: Path | None) -> list[Mixture]:
    if folder is None:
        return []
    return [m for m in find_mixtures(folder) if m.kind == MUSIC_KIND and not m.doubtful]


def _measured(model_id: str, folder: Path, token: CancelToken) -> dict[str, Any]:
    """Size and speed; measured once."""
    known = _facts(folder / _MEASURED)
    if not known:
        arguments = ["-m", "app.bench.network_child", model_id, str(cores())]
        child = run_child(arguments, folder, {"PYTHONPATH": str(PROJECT)}, token)
        known = dict(child.events[-1])
        _write(folder / _MEASURED, known)
    return known


def _train(
    model_id: str, folder: Path, bench: NetworkBench, budget: Budget, token: CancelToken
) -> None:
    """Train one network to the end of the budget, in a process of its own."""
    done = _facts(folder / _TRAINED)
    if done.get("recipe") == bench.recipe and budget.progress(done["seconds"], done["steps"]) >= 1:
        return
    arguments = [str(PROJECT / "main.py"), "train", model_id, "--json", "--keep"]
    arguments += ["--data", *(str(path.resolve()) for path in bench.data)]
    arguments += ["--out", str(folder), "--budget", bench.budget, "--recipe", bench.recipe]
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
    _write(folder / _TRAINED, {"recipe": bench.recipe, **result})


def _last_result(log: Path) -> dict[str, Any] | None:
    """What the command printed as its outcome."""
    found = None
    for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
        if line.startswith("{") and '"result"' in line:
            found = json.loads(line)
    names = ("steps", "skipped", "seconds", "si_sdr_improvement")
    return None if found is None else {name: found[name] for name in names}


def _scored(
    folder: Path, data: Sequence[Path], mixtures: Sequence[Mixture], token: CancelToken
) -> dict[str, Any]:
    """Improvement of the voice by the best weights; computed once for them and these mixtures."""
    weights = folder / "best.safetensors"
    if not weights.is_file():
        return {}
    key = f"{weights.stat().st_mtime_ns} {len(mixtures)} {len(data)}"
    known = _facts(folder / _SCORED)
    if known.get("key") == key:
        return known
    scored = {
        "key": key,
        "voice_music_db": on_mixtures(weights, mixtures, token),
        "test_split_db": on_test_split(weights, data, token),
    }
    _write(folder / _SCORED, scored)
    return scored


def _peers(runs: Path, token: CancelToken) -> dict[str, Any]:
    """Networks of the shape and size of Open-Unmix and Hybrid Demucs, new weights."""
    known = _facts(runs / "peers.json")
    if not known:
        import torch

        from app.bench.peers import SAMPLE_RATE, time_peers

        torch.set_num_threads(cores())
        sound = 0.1 * torch.randn(2, _PEER_SECONDS * SAMPLE_RATE)
        known = {
            peer.name: {
                "parameters": peer.parameters,
                "real_time_factor": peer.real_time_factor,
                "processor_factor": peer.cpu,
            }
            for peer in time_peers(sound, token.check)
        }
        _write(runs / "peers.json", known)
    return known


def cores() -> int:
    """Cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _facts(path: Path) -> dict[str, Any]:
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return facts if isinstance(facts, dict) else {}


def _write(path: Path, facts: dict[str, Any]) -> None:
    partial = path.with_name(path.name + ".part")
    partial.write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
    partial.replace(path)
