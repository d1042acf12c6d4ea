"""Threads that let the one go first that paints and answers the mouse."""

from __future__ import annotations

import contextlib
import os

COMPUTING = 10
DECODING = 3
"""Niceness; pictures that are shown come before voices that are computed."""


def give_way(niceness: int) -> None:
    """Put the calling thread, and what it starts, behind the window's own.

    As "batch" threads they don't interrupt others when they wake up, which decoders and networks do
    thousands of times in a second. Linux lets single threads do so; elsewhere nothing is done.
    """
    if not hasattr(os, "SCHED_BATCH"):
        return
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, 0, niceness)
        os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
