"""Faults nobody foresaw: logged with their traceback, told in one sentence."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from app.paths import data_dir

_LOGGER = logging.getLogger("solovox")
_listeners: list[Callable[[str], None]] = []
_files: list[Path] = []


def open_log(name: str) -> Path:
    """Log to ``name``.log in the user's data folder, of bounded size; returns the file."""
    folder = data_dir() / "logs"
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.log"
    handler = RotatingFileHandler(path, maxBytes=1_000_000, backupCount=2, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    _LOGGER.addHandler(handler)
    _LOGGER.propagate = False
    _files.append(path)
    return path


def fault_sentence(error: BaseException) -> str:
    """Log an exception with its traceback and give the sentence to tell the user."""
    _LOGGER.error("unforeseen", exc_info=error)
    where = f" report it with the file {_files[-1]}" if _files else " report it"
    return (
        f"An unexpected fault stopped this step ({type(error).__name__}); try again, and if it "
        f"comes back{where}."
    )


def report_fault(error: BaseException) -> None:
    """Log an exception and tell everyone who listens."""
    sentence = fault_sentence(error)
    for listener in _listeners:
        listener(sentence)


def catch_faults(listener: Callable[[str], None]) -> None:
    """Send exceptions that nothing catches, on any thread, to the log and to ``listener``."""
    _listeners.append(listener)

    def on_main(
        _kind: type[BaseException], error: BaseException, _trace: TracebackType | None
    ) -> None:
        report_fault(error)

    def on_thread(arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is not None:
            report_fault(arguments.exc_value)

    sys.excepthook = on_main
    threading.excepthook = on_thread
