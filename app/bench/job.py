"""``bench job``: the whole job on a 1080p clip, stage by stage, next to decoding and peers."""

from __future__ import annotations

import os
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from app.bench.child import ChildRun, run_child
from app.bench.clip import render_loop, repeat
from app.isolate import IsolateOptions, needs_of
from app.jobs import CancelToken, OnProgress, ProgressClock
from app.paths import RESOURCES

PROJECT = RESOURCES.parent
_PEER_SECONDS = 30


@dataclass(frozen=True)
class BenchReport:
    """Times as real-time factors: seconds of work for a second of clip."""

    seconds: float
    size: tuple[int, int]
    cores: int
    device: str
    whole: float
    """The whole ``separate`` command with one singer, start of the program included."""
    faces: float
    """Its part for finding faces, decoding included."""
    voices: float
    second_singer: float
    """What a second chosen singer adds, as a part of the whole."""
    decode: float
    """Decoding alone."""
    stages: dict[str, float]
    """The parts of ``voices``."""
    first_sound_cold_s: float
    first_sound_warm_s: float
    first_block_s: float
    """Length of the first sound."""
    peers: dict[str, tuple[int, float]]
    """Name -> parameters and real-time factor of the network alone."""
    peak_bytes: int | None
    long_seconds: float | None
    long_whole: float | None
    long_peak_bytes: int | None

    def facts(self) -> dict[str, Any]:
        """For programs."""
        return asdict(self)

    def lines(self) -> list[str]:
        """For people."""
        width, height = self.size
        lines = [
            f"{self.seconds:.0f} s of {width}x{height} at 25 fps, stereo; {self.cores} cores; "
            f"{self.device}. Real-time factors: seconds of work per second of clip.",
            "",
            _line("separate, one singer, whole command", self.whole, self.decode),
            _line("  faces (with decoding)", self.faces, self.decode),
            _line("  voices", self.voices, self.decode),
        ]
        lines += [_line(f"    {name}", value, self.decode) for name, value in self.stages.items()]
        lines.append(_line("decoding alone", self.decode, self.decode))
        for name, (parameters, factor) in self.peers.items():
            label = f"{name} ({parameters / 1e6:.1f} M, look-alike)"
            lines.append(_line(label, factor, self.decode))
        lines += [
            "",
            f"A second singer adds {self.second_singer:.0%} of the whole.",
            f"First sound after Isolate, faces known: {self.first_sound_cold_s:.1f} s in a new "
            f"process, {self.first_sound_warm_s:.1f} s later on (its first "
            f"{self.first_block_s:.0f} s of sound).",
            f"Peak memory: {_megabytes(self.peak_bytes)} for {self.seconds:.0f} s of clip.",
        ]
        if self.long_seconds is not None and self.long_whole is not None:
            lines.append(
                f"{self.long_seconds / 60:.0f} minutes of clip: real-time factor "
                f"{self.long_whole:.3f}, peak memory {_megabytes(self.long_peak_bytes)}."
            )
        return lines


def bench_job(
    seconds: float = 60.0,
    *,
    long_minutes: float | None = None,
    size: tuple[int, int] = (1920, 1080),
    on_progress: OnProgress | None = None,
    token: CancelToken | None = None,
) -> BenchReport:
    """Measure the whole job as users run it, each command in its own process.

    ``long_minutes`` adds a run on a clip of that length, for its memory. Raises `BadInputError`
    when the model's weights are missing and `NotPossibleError` when a measured job fails.
    """
    token = token or CancelToken()
    needs_of(IsolateOptions())
    with tempfile.TemporaryDirectory(prefix="solovox_bench_") as scratch:
        folder = Path(scratch)
        # An own cache, so that faces are looked for; the voices' cost is then measured with it.
        environment = {"SOLOVOX_CACHE_DIR": str(folder / "cache"), "PYTHONPATH": str(PROJECT)}
        loop = render_loop(folder, size, on_progress=on_progress, token=token)
        clip = folder / "clip.mkv"
        exact = repeat(loop, clip, seconds, token)
        steps = 4 if long_minutes is None else 5
        clock = ProgressClock("Measuring", steps, on_progress)

        def step(number: int, arguments: list[str]) -> ChildRun:
            clock.update(number)
            return run_child(arguments, folder, environment, token)

        program = [str(PROJECT / "main.py"), "separate"]
        one = step(0, [*program, str(clip), "--json"])
        both = step(1, [*program, str(clip), "--all", "--folder", "both", "--json"])
        inside = step(2, ["-m", "app.bench.inside", str(clip)])
        clock.update(3)
        peers = _peers(clip, token)
        long_seconds, long_run = None, None
        if long_minutes is not None:
            long_clip = folder / "long.mkv"
            long_seconds = repeat(loop, long_clip, 60 * long_minutes, token)
            arguments = [*program, str(long_clip), "--folder", "long", "--json"]
            long_run = step(4, arguments)
        clock.update(steps)
    voices_s = one.fact("seconds") - one.fact("faces_s")
    both_s = both.fact("seconds") - both.fact("faces_s")
    return BenchReport(
        seconds=exact,
        size=size,
        cores=_cores(),
        device=inside.fact("device"),
        whole=one.seconds / exact,
        faces=one.fact("faces_s") / exact,
        voices=voices_s / exact,
        second_singer=(both_s - voices_s) / one.seconds,
        decode=inside.fact("decode_s") / exact,
        stages={name: value / exact for name, value in inside.fact("stages_s").items()},
        first_sound_cold_s=inside.fact("first_sound_cold_s"),
        first_sound_warm_s=inside.fact("first_sound_warm_s"),
        first_block_s=inside.fact("first_block_s"),
        peers=peers,
        peak_bytes=one.peak_bytes,
        long_seconds=long_seconds,
        long_whole=long_run.seconds / long_seconds if long_run and long_seconds else None,
        long_peak_bytes=long_run.peak_bytes if long_run else None,
    )


def _peers(clip: Path, token: CancelToken) -> dict[str, tuple[int, float]]:
    """Time the networks to compare with on the clip's own sound."""
    import soxr
    import torch

    from app.bench.peers import SAMPLE_RATE, time_peers
    from app.media.audio import AudioReader

    with AudioReader(clip) as reader:
        rate = reader.sample_rate
        sound = reader.read(0, min(reader.samples, _PEER_SECONDS * rate))
    tensor = torch.from_numpy(soxr.resample(sound.T, rate, SAMPLE_RATE).T.copy())
    times = time_peers(tensor, token.check)
    return {peer.name: (peer.parameters, peer.real_time_factor) for peer in times}


def _cores() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # macOS and Windows
        return os.cpu_count() or 1


def _line(name: str, factor: float, decode: float) -> str:
    return f"{name:<52}{factor:8.3f}   {factor / decode:6.2f} x decoding"


def _megabytes(value: int | None) -> str:
    return "not told by this system" if value is None else f"{value / 1e6:.0f} MB"
