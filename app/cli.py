"""The command line: which command is meant, and what every failure looks like to the user."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Sequence
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import NoReturn

from app import __version__
from app.commands import bench, demo, evaluate, faces, models, separate, train
from app.errors import AppError, BadInputError, CancelledError
from app.interrupt import stop_on_signals
from app.jobs import CancelToken
from app.terminal import Terminal

COMMANDS = (separate, faces, demo, models, bench, evaluate, train)
_LOG_BYTES = 1_000_000


class _Parser(argparse.ArgumentParser):
    """A parser whose complaints are one sentence."""

    def error(self, message: str) -> NoReturn:
        text = message.removeprefix("argument ")
        text = text[:1].upper() + text[1:].rstrip(".")
        raise BadInputError(f"{text}; see {self.prog} --help.")


def build_parser() -> argparse.ArgumentParser:
    """The parser of all commands; imports nothing heavy."""
    parser = _Parser(
        prog="solovox",
        description="Hear one visible singer of a video. Without a command, or with a file only, "
        "the window opens.",
    )
    parser.add_argument("--version", action="version", version=f"Solovox {__version__}")
    commands = parser.add_subparsers(
        dest="command", metavar="COMMAND", required=True, parser_class=_Parser
    )
    for command in COMMANDS:
        child = commands.add_parser(
            command.NAME, help=command.HELP, description=f"{command.HELP.capitalize()}."
        )
        command.add_arguments(child)
        child.set_defaults(run=command.run)
    return parser


def main(argv: Sequence[str]) -> int:
    """Run the program with these arguments and return its exit code."""
    arguments = list(argv)
    terminal = Terminal("--json" in arguments)
    token = CancelToken()
    try:
        if _opens_window(arguments):
            from app.gui import open_window

            return open_window(arguments)
        with stop_on_signals(token, lambda: _say_cancelled(terminal)):
            args = build_parser().parse_args(arguments)
            code: int = args.run(args, terminal, token)
            return code
    except AppError as error:
        terminal.error(str(error), error.exit_code)
        return error.exit_code
    except SystemExit as leaving:  # argparse after --help and --version
        return int(leaving.code or 0)
    except BrokenPipeError:
        # Who read our output has left; keep Python from complaining about it at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        _say_cancelled(terminal)
        return CancelledError.exit_code
    except Exception as error:
        if os.environ.get("SOLOVOX_DEBUG") == "1":
            raise
        return _unexpected(error, terminal)


def _say_cancelled(terminal: Terminal) -> None:
    terminal.error("Cancelled.", CancelledError.exit_code)


def _opens_window(arguments: Sequence[str]) -> bool:
    """True for no argument and for a lone file.

    Raises `BadInputError` for a lone word that is neither a command nor a file.
    """
    if not arguments:
        return True
    first = arguments[0]
    if first.startswith("-") or first in {command.NAME for command in COMMANDS}:
        return False
    if len(arguments) == 1 and Path(first).exists():
        return True
    known = ", ".join(command.NAME for command in COMMANDS)
    raise BadInputError(
        f"'{first}' is neither a file nor a command; the commands are {known}."
        if not Path(first).exists()
        else "The window opens one file without options; for more give a command such as separate."
    )


def _unexpected(error: Exception, terminal: Terminal) -> int:
    if isinstance(error, OSError) and error.filename is not None:
        terminal.error(
            f"{error.filename} could not be read or written ({error.strerror}); check the place "
            "and its permissions.",
            BadInputError.exit_code,
        )
        return BadInputError.exit_code
    log = _log(error)
    where = f"the details are in {log}" if log else "the details could not be written to a log"
    terminal.error(f"Solovox met an unexpected problem ({type(error).__name__}); {where}.", 1)
    return 1


def _log(error: Exception) -> Path | None:
    from app.paths import data_dir

    try:
        folder = data_dir() / "logs"
        folder.mkdir(exist_ok=True)
        path = folder / "solovox.log"
        handler = RotatingFileHandler(path, maxBytes=_LOG_BYTES, backupCount=3, encoding="utf-8")
    except OSError:
        return None
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    logger = logging.getLogger("solovox")
    logger.propagate = False
    logger.addHandler(handler)
    logger.error("Unexpected problem", exc_info=error)
    logger.removeHandler(handler)
    handler.close()
    return path
