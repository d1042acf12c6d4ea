"""What a command says: a progress line and notes for people, or JSON lines for programs."""

from __future__ import annotations

import json
import shutil
import sys
import time
from collections.abc import Iterable, Mapping
from typing import Any

from app.jobs import Progress
from app.times import format_duration

_JSON_INTERVAL_S = 0.25
_DRAW_INTERVAL_S = 0.1
_BAR_CELLS = 24


class Terminal:
    """Standard output holds results only; progress, notes and warnings go to standard error.

    With ``as_json`` everything is one JSON object per line on standard output, each with an
    ``event``: ``progress``, ``note``, ``warning``, ``result`` or ``error``.
    """

    def __init__(self, as_json: bool = False) -> None:
        self.as_json = as_json
        self._interactive = not as_json and sys.stderr.isatty()
        self._stage = ""
        self._told = 0.0
        self._drawn = False

    def progress(self, progress: Progress) -> None:
        """Show how far a stage is; fit to be an `OnProgress`."""
        now = time.monotonic()
        new_stage = progress.stage != self._stage
        finished = progress.done >= progress.total
        interval = _JSON_INTERVAL_S if self.as_json else _DRAW_INTERVAL_S
        if not new_stage and not finished and now - self._told < interval:
            return
        self._told = now
        if self.as_json:
            self._event(
                "progress",
                stage=progress.stage,
                done=progress.done,
                total=progress.total,
                remaining_s=progress.remaining_s,
            )
        elif self._interactive:
            if new_stage:
                self._end_line()
            self._draw(progress)
        elif new_stage:
            print(f"{progress.stage} ...", file=sys.stderr, flush=True)
        self._stage = progress.stage

    def note(self, text: str, **facts: Any) -> None:
        """Tell something worth knowing; ``facts`` are its numbers for programs."""
        self._say("note", text, text, facts)

    def warning(self, text: str) -> None:
        """Tell something that may spoil the result."""
        self._say("warning", text, f"Warning: {text}", {})

    def result(self, facts: Mapping[str, Any], lines: Iterable[str]) -> None:
        """Give the outcome: ``facts`` for programs, ``lines`` for people."""
        if self.as_json:
            self._event("result", **facts)
            return
        self._end_line()
        for line in lines:
            print(line, flush=True)

    def error(self, text: str, exit_code: int) -> None:
        """Give the one sentence why the command stops."""
        self._end_line()
        if self.as_json:
            self._event("error", text=text, exit_code=exit_code)
        print(text, file=sys.stderr, flush=True)

    def _say(self, event: str, text: str, line: str, facts: Mapping[str, Any]) -> None:
        if self.as_json:
            self._event(event, text=text, **facts)
            return
        self._end_line()
        print(line, file=sys.stderr, flush=True)

    def _event(self, event: str, **facts: Any) -> None:
        print(json.dumps({"event": event, **facts}), flush=True)

    def _draw(self, progress: Progress) -> None:
        filled = round(progress.fraction * _BAR_CELLS)
        bar = "#" * filled + "." * (_BAR_CELLS - filled)
        line = f"{progress.stage:<16} [{bar}] {progress.fraction:4.0%}"
        if progress.remaining_s is not None and progress.done < progress.total:
            line += f"  {format_duration(progress.remaining_s)} left"
        width = max(20, shutil.get_terminal_size().columns - 1)
        print(f"\r{line[:width]:<{width}}", end="", file=sys.stderr, flush=True)
        self._drawn = True

    def _end_line(self) -> None:
        if self._drawn:
            print(file=sys.stderr, flush=True)
            self._drawn = False
