"""Ctrl-C at many moments of a real run: the process is gone within a second and leaves nothing.

As a program it tells the distribution: ``python tests/app/test_interrupt_moments.py 20 CLIP``.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.chosen_model import needs_of
from app.demo import DemoClip
from app.errors import BadInputError
from app.isolation import IsolateOptions
from vision.store import load_scan

ROOT = Path(__file__).resolve().parent.parent.parent
SIGNALS = (signal.SIGINT, signal.SIGTERM)


@dataclass(frozen=True)
class Run:
    """One run that was interrupted, or had ended before."""

    code: int
    after_s: float
    """From the signal to the end of the process."""
    left: tuple[str, ...]
    """Files it left behind; faces that had been found by then are rightly kept in the cache."""
    interrupted: bool


def run(command: list[str], at: float | None, number: signal.Signals, known: Path | None) -> Run:
    """Run a command of the program and interrupt it ``at`` seconds after its start."""
    with tempfile.TemporaryDirectory() as scratch:
        folders = {name: Path(scratch) / name for name in ("out", "tmp", "cache", "data")}
        for folder in folders.values():
            folder.mkdir()
        environment = {
            **os.environ,
            "SOLOVOX_CACHE_DIR": str(known or folders["cache"]),
            "SOLOVOX_DATA_DIR": str(folders["data"]),
            "TMPDIR": str(folders["tmp"]),
        }
        place = {"faces": ["--sheet", "sheet.png"], "separate": ["--folder", "."]}[command[0]]
        process = subprocess.Popen(
            [sys.executable, str(ROOT / "main.py"), *command, *place],
            cwd=folders["out"],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(at)
        interrupted = process.poll() is None
        begun = time.monotonic()
        if interrupted:
            process.send_signal(number)
        code = process.wait(60)
        after = time.monotonic() - begun
        left = tuple(p.name for p in Path(scratch).rglob("*") if p.is_file() and not _whole(p))
    return Run(code, after, left, interrupted)


def _whole(path: Path) -> bool:
    """Whether this is a finished search in the cache; raises when it is a damaged one."""
    return path.suffix == ".faces" and bool(load_scan(path).tracks)


def interrupted_runs(clip: Path, moments: int) -> list[Run]:
    """Interrupt looking for faces and, faces known, separating, spread over a run of each."""
    runs = []
    with tempfile.TemporaryDirectory() as known:
        for command, cache in (["faces", str(clip)], None), (["separate", str(clip)], Path(known)):
            if cache:
                run(command, None, signal.SIGINT, cache)
            begun = time.monotonic()
            assert run(command, None, signal.SIGINT, cache).code == 0
            total = time.monotonic() - begun
            runs += [
                run(command, total * (k + 0.5) / moments, SIGNALS[k % 2], cache)
                for k in range(moments)
            ]
    # A signal may come when all is done and the files are whole: such a run has not been stopped.
    return [one for one in runs if one.interrupted and one.code != 0]


def test_every_moment_is_a_good_one_to_stop(demo_clip: DemoClip) -> None:
    try:
        needs_of(IsolateOptions())
    except BadInputError as error:
        pytest.skip(str(error))
    runs = interrupted_runs(demo_clip.path, 5)
    assert len(runs) >= 6
    assert {one.code for one in runs} == {130}
    assert [one.left for one in runs if one.left] == []
    # A second on a machine with a free core; one that is shared by more needs so much more.
    busy = max(1.0, max(os.getloadavg()[:2]) / (os.cpu_count() or 1))
    assert max(one.after_s for one in runs) < busy


if __name__ == "__main__":
    found = interrupted_runs(Path(sys.argv[2]).resolve(), int(sys.argv[1]))
    times = sorted(one.after_s for one in found)
    print(f"{len(times)} interrupted; codes {sorted({one.code for one in found})}")
    print(f"left behind: {[one.left for one in found if one.left]}")
    print(f"seconds: median {times[len(times) // 2]:.2f}, longest {times[-1]:.2f}")
