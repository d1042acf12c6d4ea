"""The engine process: answers, sentences instead of tracebacks, an end to every job."""

from __future__ import annotations

import os
import queue
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.demo import DemoClip
from app.gui.engine import Engine, Message
from app.gui.engine_ahead import start_ahead
from app.gui.engine_jobs import ClipView
from app.paths import data_dir

WAIT_S = 60


class Post:
    """An engine and the messages it has sent."""

    def __init__(self) -> None:
        self.messages: queue.Queue[Message] = queue.Queue()
        self.engine = Engine(self.messages.put)

    def end_of(self, job: int) -> Message:
        """Wait for the last message of a job."""
        while True:
            message = self.messages.get(timeout=WAIT_S)
            if message.job == job and message.kind in ("done", "failed", "cancelled"):
                return message


@pytest.fixture
def post() -> Iterator[Post]:
    post = Post()
    yield post
    post.engine.close()


def test_describes_a_clip(post: Post, demo_clip: DemoClip) -> None:
    end = post.end_of(post.engine.submit("open_clip", demo_clip.path))
    assert end.kind == "done"
    view = end.payload
    assert isinstance(view, ClipView)
    assert (view.first, view.last) == (0, demo_clip.samples)
    assert view.audio.sample_rate == demo_clip.sample_rate
    assert (view.video.width, view.video.height) == demo_clip.size
    assert view.video_suffix == ".mkv"


def test_a_bad_file_is_one_sentence(post: Post, tmp_path: Path) -> None:
    path = tmp_path / "notes.mp4"
    path.write_text("These are notes, not a video.\n" * 50)
    end = post.end_of(post.engine.submit("open_clip", path))
    assert end.kind == "failed"
    assert "notes.mp4" in end.payload
    assert "Traceback" not in end.payload
    assert "\n" not in end.payload


def test_an_unforeseen_fault_is_told_and_logged(post: Post, demo_clip: DemoClip) -> None:
    job = post.engine.submit("isolate", demo_clip.path, [], 0, 1000)  # nobody was looked for
    end = post.end_of(job)
    assert end.kind == "failed"
    assert "unexpected fault" in end.payload
    log = data_dir() / "logs" / "engine.log"
    assert str(log) in end.payload
    assert "Traceback" in log.read_text()


def test_a_job_that_is_cancelled_says_so(post: Post, demo_clip: DemoClip) -> None:
    job = post.engine.submit("find_faces", demo_clip.path)
    post.engine.cancel(job)
    assert post.end_of(job).kind == "cancelled"


@pytest.mark.skipif(os.name == "nt", reason="processes are killed by signal")
def test_a_dead_engine_ends_its_jobs_and_is_started_again(post: Post, demo_clip: DemoClip) -> None:
    post.end_of(post.engine.submit("open_clip", demo_clip.path))
    job = post.engine.submit("find_faces", demo_clip.path)
    pid = post.engine.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    end = post.end_of(job)
    assert end.kind == "failed"
    assert "stopped unexpectedly" in end.payload
    again = post.end_of(post.engine.submit("open_clip", demo_clip.path))
    assert again.kind == "done"
    assert post.engine.pid != pid


def test_a_process_started_ahead_serves_the_first_engine(demo_clip: DemoClip) -> None:
    start_ahead(demo_clip.path)
    start_ahead(None)  # once is enough
    ready, later = Post(), Post()
    try:
        end = ready.end_of(ready.engine.submit("open_clip", demo_clip.path))
        assert end.payload.path == demo_clip.path
        assert later.end_of(later.engine.submit("open_clip", demo_clip.path)).kind == "done"
        assert ready.engine.pid != later.engine.pid
    finally:
        ready.engine.close()
        later.engine.close()


def test_a_bad_file_given_at_the_start_is_told_when_it_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "notes.mp4"
    path.write_text("These are notes, not a video.\n" * 50)
    start_ahead(path)
    post = Post()
    try:
        end = post.end_of(post.engine.submit("open_clip", path))
        assert end.kind == "failed"
        assert "notes.mp4" in end.payload
    finally:
        post.engine.close()


def test_closing_ends_the_process(demo_clip: DemoClip) -> None:
    post = Post()
    post.end_of(post.engine.submit("open_clip", demo_clip.path))
    pid = post.engine.pid
    assert pid is not None
    post.engine.close()
    with pytest.raises(OSError, match="No such process"):
        os.kill(pid, 0)
