"""``bench window``: what an editor waits for in the real window, on a 1080p clip."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from app.bench.child import run_child
from app.bench.clip import render_loop, repeat
from app.jobs import CancelToken, OnProgress, ProgressClock
from app.paths import RESOURCES

PROJECT = RESOURCES.parent
_LONG_S = 3600.0
_LONG_WATCH_S = 60.0
"""How long the window works on the long clip; what it holds has stopped growing by then."""
AIMS = {
    "first_paint_s": 1.0,
    "first_picture_s": 1.5,
    "first_singer_s": 3.0,
    "first_face_s": 3.0,
    "first_sound_s": 3.0,
    "longest_block_s": 0.05,
    "dropped": 0.01,
    "long_peak_bytes": 1.5e9,
}
_WORDS = {
    "first_paint_s": "start of the program to first paint",
    "first_picture_s": "start of the program to first picture",
    "first_singer_s": "start of the program to first singer listed",
    "first_face_s": "start of the program to first face marked",
    "first_sound_s": "click on a face to isolated sound",
}


@dataclass(frozen=True)
class WindowReport:
    """What one session in the window measured."""

    seconds: float
    screen: str
    """Qt's platform: `offscreen` where there is no screen."""
    first_paint_s: float
    first_picture_s: float
    first_singer_s: float
    """The first person can be chosen."""
    first_face_s: float
    """The search has come past the playhead, which moves on while it searches."""
    first_sound_s: float
    blocks: dict[str, dict[str, float | None]]
    """Stage of the session -> its longest block of the event loop (`app.gui.heartbeat.Block`)."""
    frames_due: int
    frames_dropped: int
    peak_bytes: list[int | None]
    """The window's process and its helpers."""
    long_seconds: float | None
    long_first_picture_s: float | None
    long_peak_bytes: list[int | None] | None

    @property
    def longest_block_s(self) -> float:
        """Longest block while faces were looked for, voices computed and the clip played."""
        return max(float(self.blocks[stage]["length"] or 0) for stage in ("scan", "isolate"))

    def facts(self) -> dict[str, Any]:
        """For programs."""
        return asdict(self) | {"longest_block_s": self.longest_block_s}

    def lines(self) -> list[str]:
        """For people: what was measured, beside what is aimed at."""
        dropped = self.frames_dropped / max(1, self.frames_due)
        lines = [f"{self.seconds:.0f} s of 1920x1080 at 25 fps, stereo; screen: {self.screen}."]
        for name, words in _WORDS.items():
            lines.append(_line(words, f"{getattr(self, name):.2f} s", f"{AIMS[name]:.1f} s"))
        block = f"{1000 * self.longest_block_s:.0f} ms"
        lines.append(_line("longest block of the event loop", block, "50 ms"))
        for stage, found in self.blocks.items():
            lines.append(f"    {stage}: {_split(found)}")
        lines.append(
            _line(f"frames dropped of {self.frames_due} played", f"{dropped:.2%}", "1.00%")
        )
        lines.append(f"peak memory: {_memory(self.peak_bytes)}")
        if self.long_peak_bytes is not None and self.long_seconds is not None:
            length = f"{self.long_seconds / 60:.0f} minutes of clip"
            lines.append(f"{length}: first picture after {self.long_first_picture_s:.2f} s")
            lines.append(f"{length}: peak memory {_memory(self.long_peak_bytes)}; aim 1500 MB")
        return lines


def bench_window(
    seconds: float = 60.0,
    *,
    long: bool = True,
    size: tuple[int, int] = (1920, 1080),
    on_progress: OnProgress | None = None,
    token: CancelToken | None = None,
) -> WindowReport:
    """Drive the window through a session; ``long`` adds the memory with an hour of clip.

    Raises `NotPossibleError` with the window's complaint when it can't do its work.
    """
    token = token or CancelToken()
    with tempfile.TemporaryDirectory(prefix="solovox_bench_") as scratch:
        folder = Path(scratch)
        environment = {"PYTHONPATH": str(PROJECT)}
        for name in ("CACHE", "DATA", "CONFIG"):
            environment[f"SOLOVOX_{name}_DIR"] = str(folder / name.lower())
        if sys.platform.startswith("linux") and not any(
            os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
        ):
            environment["QT_QPA_PLATFORM"] = "offscreen"
        loop = render_loop(folder, size, on_progress=on_progress, token=token)
        clip = folder / "clip.mkv"
        exact = repeat(loop, clip, seconds, token)
        clock = ProgressClock("Measuring", 2 if long else 1, on_progress)
        clock.update(0)

        def session(path: Path, *options: str) -> dict[str, Any]:
            began = time.monotonic()
            arguments = ["-m", "app.bench.window_child", str(path), "--began", str(began), *options]
            return run_child(arguments, folder, environment, token).events[-1]

        found = session(clip, "--play", str(seconds))
        long_seconds, held = None, None
        if long:
            clock.update(1)
            long_clip = folder / "long.mkv"
            long_seconds = repeat(loop, long_clip, _LONG_S, token)
            held = session(long_clip, "--limit", str(_LONG_WATCH_S))
        clock.update(2 if long else 1)
    return WindowReport(
        seconds=exact,
        screen=found["screen"],
        **{name: found[name] for name in _WORDS},
        blocks={stage: found[f"{stage}_block"] for stage in ("start", "scan", "isolate", "play")},
        frames_due=found["frames_due"],
        frames_dropped=found["frames_dropped"],
        peak_bytes=found["peak_bytes"],
        long_seconds=long_seconds,
        long_first_picture_s=held["first_picture_s"] if held else None,
        long_peak_bytes=held["peak_bytes"] if held else None,
    )


def _line(words: str, value: str, aim: str) -> str:
    return f"{words:<46}{value:>10}   aim {aim}"


def _split(block: dict[str, float | None]) -> str:
    length, worked = 1000 * float(block["length"] or 0), 1000 * float(block["worked"] or 0)
    text = f"{length:.0f} ms, of which its own work {worked:.0f} ms"
    if block["queued"] is not None:
        text += f", no processor free {1000 * block['queued']:.0f} ms"
    return text


def _memory(peaks: list[int | None]) -> str:
    known = [peak for peak in peaks if peak is not None]
    if not known:
        return "not told by this system"
    parts = " + ".join(f"{peak / 1e6:.0f}" for peak in known)
    return f"{sum(known) / 1e6:.0f} MB ({parts}: the window and the engine)"
