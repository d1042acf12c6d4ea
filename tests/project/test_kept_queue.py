"""The queue is there again after a restart, for one window, whatever lies in the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.project.kept_queue import KeptQueue
from app.project.queue import ClipQueue, QueuedClip


def _queue(tmp_path: Path) -> ClipQueue:
    queue = ClipQueue()
    queue.add(tmp_path / name for name in ("a.mp4", "b.mp4", "ç d.mp4", "e.mp4"))
    queue.start(1)
    queue.end(1, "done", "A note.", [tmp_path / "a.wav"])
    queue.start(2)
    queue.end(2, "failed", "No face was found.")
    queue.start(3)
    return queue


def test_what_was_left_comes_back_and_what_ran_waits(tmp_path: Path) -> None:
    kept = KeptQueue(tmp_path / "data")
    kept.keep(_queue(tmp_path).items, "all")
    kept.close()
    again = KeptQueue(tmp_path / "data")
    clips, rule = again.load()
    assert rule == "all"
    assert [(clip.path.name, clip.state, clip.message) for clip in clips] == [
        ("a.mp4", "done", "A note."),
        ("b.mp4", "failed", "No face was found."),
        ("ç d.mp4", "waiting", ""),
        ("e.mp4", "waiting", ""),
    ]
    assert clips[0].files == (tmp_path / "a.wav",)
    queue = ClipQueue()
    queue.add([tmp_path / "new.mp4", tmp_path / "e.mp4"])
    queue.restore(clips)
    assert [item.path.stem for item in queue.items] == ["a", "b", "ç d", "new", "e"]
    assert len({item.id for item in queue.items}) == 5
    assert queue.next is not None
    assert queue.next.path.stem == "ç d"
    again.close()


def test_a_queue_that_was_done_is_over(tmp_path: Path) -> None:
    kept = KeptQueue(tmp_path)
    kept.keep([QueuedClip(1, tmp_path / "a.mp4", "done")], "largest")
    assert kept.load() == ((), "largest")
    kept.close()


def test_a_second_window_neither_takes_nor_overwrites_it(tmp_path: Path) -> None:
    first = KeptQueue(tmp_path)
    first.keep([QueuedClip(1, tmp_path / "a.mp4")], "all")
    second = KeptQueue(tmp_path)
    assert second.load() == ((), "")
    second.keep([], "largest")
    second.close()
    assert len(first.load()[0]) == 1
    first.close()
    third = KeptQueue(tmp_path)
    assert len(third.load()[0]) == 1
    third.close()


@pytest.mark.parametrize(
    "content",
    [
        b"{",
        b"[]",
        b"\xff",
        b"[" * 100_000,
        b'{"format": "solovox queue", "version": 2, "rule": "all", "clips": []}',
        b'{"format": "solovox queue", "version": 1, "rule": "all", "clips": [{"path": 1}]}',
    ],
)
def test_a_file_of_another_kind_is_no_queue(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "queue.json").write_bytes(content)
    kept = KeptQueue(tmp_path)
    assert kept.load()[0] == ()
    assert (tmp_path / "queue.json").read_bytes() == content
    kept.close()
