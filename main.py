"""Entry point of Solovox: no argument opens the window, a sub-command runs on the terminal."""

from __future__ import annotations

import os
import signal
import sys

# Set before torch is imported anywhere: busy-waiting OpenMP threads would starve the decoder.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
# Until a command takes over, Ctrl-C ends the process at once instead of raising somewhere in the
# imports.
signal.signal(signal.SIGINT, signal.SIG_DFL)


def run() -> int:
    """Run the command line and return the exit code."""
    from app.cli import main

    return main(sys.argv[1:])


if __name__ == "__main__":
    raise SystemExit(run())
