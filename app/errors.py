"""What the program says when something cannot be done: one sentence, one exit code."""

from __future__ import annotations


class AppError(Exception):
    """A failure the user can understand; its text is one sentence that names the remedy."""

    exit_code = 1


class BadInputError(AppError):
    """The file or option given cannot be used (exit code 2)."""

    exit_code = 2


class NotPossibleError(AppError):
    """The input is fine but holds nothing to do the job with, such as no face (exit code 3)."""

    exit_code = 3


class CancelledError(AppError):
    """The user stopped the work (exit code 130, as a shell reports an interrupt)."""

    exit_code = 130
