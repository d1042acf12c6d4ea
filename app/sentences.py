"""Sentences for the user: what went wrong, and what to do about it."""

from __future__ import annotations


def cause_and_remedy(sentence: str) -> tuple[str, str]:
    """Split "This is so; do that." into its two halves, each a sentence; "" for no remedy.

    The program's complaints have one form: the cause, a semicolon, the remedy.
    """
    cause, mark, remedy = sentence.rpartition("; ")
    if not mark or not remedy:
        return sentence, ""
    return cause.rstrip(".") + ".", remedy[0].upper() + remedy[1:]
