"""Faults nobody foresaw: logged with their traceback, told in one sentence."""

from __future__ import annotations

import faulthandler
import logging
import sys
import threading
from collections import Counter
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from app.paths import data_dir

_LOGGER = logging.getLogger("solovox")
_listeners: list[Callable[[str], None]] = []
_rescuers: list[Callable[[], None]] = []
_told: Counter[tuple[str, str, int]] = Counter()
_MOST_ALIKE = 20
"""Entries of one and the same fault in the log: a timer may meet it sixty times a second."""
_files: list[Path] = []


def open_log(name: str) -> Path:
    """Log to ``name``.log in the user's data folder, of bounded size; returns the file."""
    folder = data_dir() / "logs"
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.log"
    handler = RotatingFileHandler(path, maxBytes=1_000_000, backupCount=2, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    _LOGGER.addHandler(handler)
    # Where a library ends the process, its stack is all that is left to tell why.
    faulthandler.enable((folder / f"{name}_crash.log").open("a", encoding="utf-8"))
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
    """Log an exception, have the work saved, and tell everyone who listens, once for each fault."""
    fault = _place(error)
    _told[fault] += 1
    if _told[fault] > 1:
        if _told[fault] <= _MOST_ALIKE:
            _LOGGER.error("the same again: %s", error)
        return
    sentence = fault_sentence(error)
    for rescue in _rescuers:
        try:
            rescue()
        except Exception as failure:
            _LOGGER.error("saving after a fault failed", exc_info=failure)
    for listener in _listeners:
        listener(sentence)


def save_after_faults(rescue: Callable[[], None]) -> None:
    """Have ``rescue`` save the work whenever a fault was caught, on the thread it came up on."""
    _rescuers.append(rescue)


def _place(error: BaseException) -> tuple[str, str, int]:
    """Kind of an exception and the line that raised it."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return type(error).__name__, str(error), 0
    return type(error).__name__, trace.tb_frame.f_code.co_filename, trace.tb_lineno


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
