"""The engine process before there is a window: it gets ready while Qt is still being imported.

Only the standard library is imported here, so that this costs the window nothing.
"""

from __future__ import annotations

import multiprocessing
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

_NOBODY = 0
"""Number of the one job that nobody waits for."""


@dataclass(frozen=True)
class EngineProcess:
    """A started process and the window's end of the pipe to it."""

    process: Any
    connection: Connection


_ahead: list[EngineProcess] = []


def spawn_engine() -> EngineProcess:
    """Start a process that serves jobs; a fork after mediapipe hangs, so it is started anew."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs,), daemon=True, name="solovox-engine")
    process.start()
    theirs.close()
    return EngineProcess(process, ours)


def start_ahead(clip: Path | None) -> None:
    """Start the process for the window to come; it opens ``clip`` and loads what finds faces."""
    if not _ahead:
        engine = spawn_engine()
        path = clip.absolute() if clip is not None else None
        engine.connection.send(("run", _NOBODY, "prepare", (path,)))
        _ahead.append(engine)


def take_engine() -> EngineProcess:
    """The process that was started ahead, or a new one."""
    return _ahead.pop() if _ahead else spawn_engine()


def _serve(connection: Connection) -> None:
    from app.gui.engine import serve

    serve(connection)
