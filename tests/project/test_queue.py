"""The order of clips and how far each is."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.jobs import Progress
from app.project.queue import ClipQueue, clips_in


@pytest.fixture
def queue(tmp_path: Path) -> ClipQueue:
    queue = ClipQueue()
    assert queue.add(tmp_path / name for name in ("a.mp4", "b.mp4", "c.mp4")) == 3
    return queue


def _names(queue: ClipQueue) -> str:
    return "".join(item.path.stem for item in queue.items)


def test_clips_take_their_turns(queue: ClipQueue) -> None:
    first = queue.next
    assert first is not None
    queue.start(first.id)
    assert queue.running is not None
    assert queue.running.path.name == "a.mp4"
    queue.end(first.id, "done", files=[Path("a.wav")])
    assert queue.running is None
    assert queue.next is not None
    assert queue.next.path.name == "b.mp4"
    assert queue.finished == 1
    done = queue.get(first.id)
    assert done is not None
    assert (done.state, done.fraction, done.files) == ("done", 1.0, (Path("a.wav"),))


def test_a_clip_waits_once_but_can_come_again(queue: ClipQueue, tmp_path: Path) -> None:
    assert queue.add([tmp_path / "a.mp4", tmp_path / "x" / ".." / "b.mp4"]) == 0
    item = queue.items[0]
    queue.start(item.id)
    assert queue.add([tmp_path / "a.mp4"]) == 0
    queue.end(item.id, "done")
    assert queue.add([tmp_path / "a.mp4"]) == 1


def test_order_and_removal(queue: ClipQueue) -> None:
    a, b, c = (item.id for item in queue.items)
    queue.move(c, -1)
    assert _names(queue) == "acb"
    queue.move(a, 99)
    assert _names(queue) == "cba"
    queue.move(a, -99)
    assert _names(queue) == "acb"
    queue.start(a)
    queue.remove(a)
    assert _names(queue) == "acb", "what runs is cancelled first"
    queue.remove(b)
    assert _names(queue) == "ac"
    queue.end(a, "cancelled")
    queue.clear_finished()
    assert _names(queue) == "c"
    queue.move(99, 1)
    queue.remove(99)
    assert queue.get(99) is None


def test_progress_never_falls(queue: ClipQueue) -> None:
    number = queue.items[0].id
    queue.start(number)
    shown = []
    for stage, done in (("Faces", 0.2), ("Faces", 0.6), ("Voices", 0.1), ("Voices", 0.7)):
        queue.progress(number, Progress(stage, done, 1.0, 5.0))
        assert queue.running is not None
        shown.append(queue.running.fraction)
    assert shown == [0.2, 0.6, 0.6, 0.7]
    queue.end(number, "failed", "The disk is full.")
    queue.progress(number, Progress("Voices", 0.9, 1.0))
    item = queue.get(number)
    assert item is not None
    assert (item.state, item.fraction, item.message) == ("failed", 0.7, "The disk is full.")
    queue.retry(number)
    again = queue.get(number)
    assert again is not None
    assert (again.state, again.fraction, again.message) == ("waiting", 0.0, "")


def test_folders_give_their_clips_in_order(tmp_path: Path) -> None:
    for name in ("b/2.MOV", "b/1.mp4", "a/x.mkv", "a/notes.txt", ".trash/z.mp4", "b/.hidden.mp4"):
        path = tmp_path / "day" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    odd = tmp_path / "odd.xyz"
    found = clips_in([odd, tmp_path / "day"])
    day = tmp_path / "day"
    assert found == [odd, day / "a/x.mkv", day / "b/1.mp4", day / "b/2.MOV"]
    assert clips_in([]) == []
