"""Threads that let the one go first that paints and answers the mouse."""

from __future__ import annotations

import contextlib
import os

COMPUTING = 10
DECODING = 3
"""Niceness, where a system knows no more; pictures that are shown come before voices."""


def give_way_to_all() -> None:
    """Let the calling process compute with what the window leaves of the processors.

    An "idle" thread is put aside the moment another wakes up; a merely "nice" one is first let
    finish its turn, which on two cores added up to 50 ms between two of the window's events.
    Programs in groups of their own, as desktops start them, share as before.
    """
    if not hasattr(os, "nice"):
        return
    os.nice(COMPUTING)
    if hasattr(os, "SCHED_IDLE"):
        _schedule(os.SCHED_IDLE)


def give_way_to_window() -> None:
    """Put the calling thread behind the window's own, yet before what computes.

    As a "batch" thread it doesn't interrupt others when it wakes up, which decoders do thousands
    of times in a second. Linux lets single threads do so; elsewhere nothing is done.
    """
    if hasattr(os, "SCHED_BATCH"):
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, 0, DECODING)
        _schedule(os.SCHED_BATCH)


def _schedule(policy: int) -> None:
    with contextlib.suppress(OSError):
        os.sched_setscheduler(0, policy, os.sched_param(0))
