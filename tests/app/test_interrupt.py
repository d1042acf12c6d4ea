"""Ctrl-C ends the process within a second, whether or not the job looks at its token."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app.interrupt import stop_on_signals
from app.jobs import CancelToken

ROOT = Path(__file__).resolve().parent.parent.parent

POLITE = """
    while True:
        token.check()
        time.sleep(0.05)
"""
DEAF = """
    pending = PendingFile(Path(sys.argv[1]), overwrite=False)
    pending.temporary.write_bytes(b"half")
    numpy.linalg.svd(numpy.random.default_rng(0).standard_normal((4000, 4000)))
"""


FRAME = """
import sys, time, numpy
from pathlib import Path
from app.errors import CancelledError
from app.export.atomic import PendingFile
from app.interrupt import stop_on_signals
from app.jobs import CancelToken

def work(token):
{work}

token = CancelToken()
with stop_on_signals(token):
    print("ready", flush=True)
    try:
        work(token)
    except CancelledError:
        sys.exit(7)
"""


def start(work: str, path: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", FRAME.format(work=work), str(path)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize(("work", "code"), [(POLITE, 7), (DEAF, 130)])
def test_the_process_ends_within_a_second(
    tmp_path: Path, number: signal.Signals, work: str, code: int
) -> None:
    path = tmp_path / "voice.wav"
    process = start(work, path)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    time.sleep(0.5)
    assert process.poll() is None
    begun = time.monotonic()
    process.send_signal(number)
    _, errors = process.communicate(timeout=20)
    elapsed = time.monotonic() - begun
    assert process.returncode == code
    assert elapsed < 1.5, "a second, and half of one for a busy machine"
    assert list(tmp_path.iterdir()) == []
    assert errors == ("Cancelled.\n" if code == 130 else "")


def test_handlers_are_put_back_and_the_token_is_set() -> None:
    before = signal.getsignal(signal.SIGTERM)
    token = CancelToken()
    with stop_on_signals(token):
        signal.raise_signal(signal.SIGTERM)
        deadline = time.monotonic() + 0.7
        while not token.cancelled and time.monotonic() < deadline:
            time.sleep(0.01)
    assert token.cancelled
    assert signal.getsignal(signal.SIGTERM) is before
    assert signal.set_wakeup_fd(-1) == -1
