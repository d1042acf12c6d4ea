"""``bench job``: the whole job on a 1080p clip, stage by stage, next to decoding and peers."""

from __future__ import annotations

import itertools
import os
from pathlib import Path

from app.bench.child import ChildRun, run_child
from app.bench.clip import render_loop, repeat
from app.bench.report import BenchReport, Cost, PeerCost
from app.chosen_model import needs_of
from app.export.atomic import scratch_folder
from app.isolation import IsolateOptions
from app.jobs import CancelToken, OnProgress, ProgressClock
from app.paths import RESOURCES

PROJECT = RESOURCES.parent
_PEER_SECONDS = 30


def bench_job(
    seconds: float = 60.0,
    *,
    people: int = 2,
    runs: int = 3,
    long_minutes: float | None = None,
    size: tuple[int, int] = (1920, 1080),
    on_progress: OnProgress | None = None,
    token: CancelToken | None = None,
) -> BenchReport:
    """Measure the whole job as users run it, each command in its own process.

    ``people`` are visible in the clip, 1 or 2; with 2 the whole job is measured on a clip of one
    person as well. The whole job with faces still to be found is run ``runs`` times, spread over
    the measurement, and the run of median time counts. ``long_minutes`` adds a run on a clip of
    that length, for its memory. Raises `BadInputError` when the model's weights are missing and
    `NotPossibleError` when a measured job fails.
    """
    token = token or CancelToken()
    needs_of(IsolateOptions())
    with scratch_folder() as folder:
        environment = {"PYTHONPATH": str(PROJECT)}
        loop = render_loop(folder, size, people, on_progress=on_progress, token=token)
        clip = folder / "clip.mkv"
        exact = repeat(loop, clip, seconds, token)
        steps = runs + 4 + (people > 1) + (long_minutes is not None)
        clock = ProgressClock("Measuring", steps, on_progress)
        done = itertools.count()

        def step(arguments: list[str], cache: int) -> ChildRun:
            clock.update(next(done))
            own = {**environment, "SOLOVOX_CACHE_DIR": str(folder / f"cache{cache}")}
            return run_child(arguments, folder, own, token)

        def separate(source: Path, *options: str, cache: int = 0) -> ChildRun:
            """With a cache that no run had before, the faces must be looked for."""
            program = [str(PROJECT / "main.py"), "separate", str(source), "--json", "--overwrite"]
            return step([*program, "--folder", "out", *options], cache)

        wholes = [separate(clip)]
        known = separate(clip)
        both = separate(clip, "--all") if people > 1 else None
        wholes += [separate(clip, cache=1)] if runs > 1 else []
        inside = step(["-m", "app.bench.inside", str(clip)], 0)
        clock.update(next(done))
        peers = _peers(clip, token)
        alone = None
        if people > 1:
            single = folder / "single.mkv"
            small = render_loop(folder, size, 1, on_progress=on_progress, token=token)
            length = repeat(small, single, seconds, token)
            alone = _cost(separate(single), length)
        wholes += [separate(clip, cache=number) for number in range(2, runs)]
        one = sorted(wholes, key=lambda run: run.seconds)[len(wholes) // 2]
        long_seconds, long_run = None, None
        if long_minutes is not None:
            long_clip = folder / "long.mkv"
            long_seconds = repeat(loop, long_clip, 60 * long_minutes, token)
            long_run = separate(long_clip)
        clock.update(steps)
    return BenchReport(
        seconds=exact,
        size=size,
        cores=_cores(),
        device=inside.fact("device"),
        people=people,
        whole=_cost(one, exact),
        runs=sorted(run.seconds / exact for run in wholes),
        alone=alone,
        faces=_difference(one, known, exact),
        voices=_cost(known, exact),
        second_singer=_extra(both, known, one) if both else None,
        decode=Cost(inside.fact("decode_s") / exact, inside.fact("decode_cpu_s") / exact),
        stages={k: Cost(None, v / exact) for k, v in inside.fact("stages_cpu_s").items()},
        first_sound_cold_s=inside.fact("first_sound_cold_s"),
        first_sound_warm_s=inside.fact("first_sound_warm_s"),
        first_block_s=inside.fact("first_block_s"),
        peers=peers,
        peak_bytes=max((run.peak_bytes for run in wholes if run.peak_bytes), default=None),
        long_seconds=long_seconds,
        long_whole=_cost(long_run, long_seconds) if long_run and long_seconds else None,
        long_peak_bytes=long_run.peak_bytes if long_run else None,
    )


def _cost(run: ChildRun, seconds: float) -> Cost:
    return Cost(run.seconds / seconds, None if run.cpu_s is None else run.cpu_s / seconds)


def _difference(whole: ChildRun, part: ChildRun, seconds: float) -> Cost:
    """What ``whole`` does beyond ``part``."""
    cpu = None
    if whole.cpu_s is not None and part.cpu_s is not None:
        cpu = (whole.cpu_s - part.cpu_s) / seconds
    return Cost((whole.seconds - part.seconds) / seconds, cpu)


def _extra(both: ChildRun, known: ChildRun, one: ChildRun) -> float | None:
    if both.cpu_s is None or known.cpu_s is None or one.cpu_s is None:
        return None
    return (both.cpu_s - known.cpu_s) / one.cpu_s


def _peers(clip: Path, token: CancelToken) -> dict[str, PeerCost]:
    """Time the networks to compare with on the clip's own sound."""
    import soxr
    import torch

    from app.bench.peers import SAMPLE_RATE, time_peers
    from app.media.audio import AudioReader

    with AudioReader(clip) as reader:
        rate = reader.sample_rate
        sound = reader.read(0, min(reader.samples, _PEER_SECONDS * rate))
    tensor = torch.from_numpy(soxr.resample(sound.T, rate, SAMPLE_RATE).T.copy())
    return {
        peer.name: PeerCost(peer.parameters, Cost(peer.real_time_factor, peer.cpu))
        for peer in time_peers(tensor, token.check)
    }


def _cores() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # macOS and Windows
        return os.cpu_count() or 1
