"""Runs one command as its own process and tells how long it took and how much memory it held."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.errors import NotPossibleError
from app.jobs import CancelToken

_POLL_S = 0.05


@dataclass(frozen=True)
class ChildRun:
    """A process that ended well."""

    seconds: float
    cpu_s: float | None
    """Seconds of all its processor cores together; None on Windows."""
    peak_bytes: int | None
    """Most resident memory it held; None where the system has no ``/proc`` to tell."""
    events: tuple[dict[str, Any], ...]
    """What it printed, one JSON object per line."""

    def fact(self, name: str) -> Any:
        """The last value printed under a name; raises KeyError when there is none."""
        for event in reversed(self.events):
            if name in event:
                return event[name]
        raise KeyError(name)


def run_child(
    arguments: Sequence[str],
    folder: Path,
    environment: dict[str, str],
    token: CancelToken,
    before: Sequence[str] = (),
) -> ChildRun:
    """Run Python with these arguments in ``folder``; its output must be JSON lines.

    ``before`` is a command that runs the command that follows it. Raises `NotPossibleError` with
    the last line of its complaint when it fails.
    """
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as complaints:
        begun, cpu_begun = time.monotonic(), _cpu_of_children()
        process = subprocess.Popen(
            [*before, sys.executable, *arguments],
            cwd=folder,
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=complaints,
        )
        try:
            code, peak = _wait(process, token)
        except BaseException:
            process.kill()
            process.wait()
            raise
        seconds, cpu_ended = time.monotonic() - begun, _cpu_of_children()
        out.seek(0)
        complaints.seek(0)
        if code != 0:
            lines = complaints.read().decode(errors="replace").strip().splitlines()
            reason = lines[-1] if lines else f"it ended with code {code}"
            raise NotPossibleError(f"The measured job failed: {reason}")
        events = tuple(json.loads(line) for line in out.read().decode().splitlines() if line)
    cpu_s = None if cpu_ended is None or cpu_begun is None else cpu_ended - cpu_begun
    return ChildRun(seconds, cpu_s, peak, events)


def _wait(process: subprocess.Popen[bytes], token: CancelToken) -> tuple[int, int | None]:
    """Wait for the end; gives exit code and peak memory in bytes."""
    peak: int | None = None
    while True:
        token.check()
        peak = peak_bytes(process.pid) or peak
        code = process.poll()
        if code is not None:
            return code, peak
        time.sleep(_POLL_S)


def _cpu_of_children() -> float | None:
    """Processor seconds of all ended child processes of this one."""
    try:
        import resource
    except ImportError:
        return None
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def peak_bytes(pid: int) -> int | None:
    """Most resident memory of a living process, from Linux's ``/proc``.

    What ``wait4`` tells would be too much: it counts the parent's memory at the time of the fork.
    """
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return None
    found = re.search(r"^VmHWM:\s+(\d+) kB", status, re.MULTILINE)
    return int(found[1]) * 1024 if found else None
