"""Entry point of Solovox: no argument opens the window, a sub-command runs on the terminal."""

from __future__ import annotations

import os
import signal
import sys

# Set before torch is imported anywhere: busy-waiting OpenMP threads would starve the decoder.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")


def run() -> int:
    """Run the command line and return the exit code."""
    from app.cli import main

    code = main(sys.argv[1:])
    if "app.gui" not in sys.modules:
        from app.interrupt import end_process

        end_process(code)
    return code


if __name__ == "__main__":
    # Until a command takes over, Ctrl-C ends the process between two steps of the imports. Not for
    # the window's own processes, which import this file under another name.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: os._exit(130))
    raise SystemExit(run())
