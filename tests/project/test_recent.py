"""The list of files opened last."""

from __future__ import annotations

import threading
from pathlib import Path

from app.project.recent import MOST, RecentFiles


def test_the_last_opened_is_first_and_listed_once(tmp_path: Path) -> None:
    recent = RecentFiles(tmp_path)
    assert recent.paths() == []
    for name in ("a.mkv", "b.mkv", "a.mkv"):
        recent.add(tmp_path / name)
    assert recent.paths() == [tmp_path / "a.mkv", tmp_path / "b.mkv"]
    for number in range(20):
        recent.add(tmp_path / f"{number}.mkv")
    assert len(recent.paths()) == MOST
    recent.clear()
    assert recent.paths() == []


def test_a_damaged_list_is_an_empty_one(tmp_path: Path) -> None:
    for content in ("{", '{"a": 1}', "[1, null]", "\0"):
        (tmp_path / "recent.json").write_text(content)
        assert RecentFiles(tmp_path).paths() == []
    RecentFiles(tmp_path).add(tmp_path / "a.mkv")
    assert RecentFiles(tmp_path).paths() == [tmp_path / "a.mkv"]


def test_windows_that_open_at_once_lose_nothing(tmp_path: Path) -> None:
    def opens(number: int) -> None:
        RecentFiles(tmp_path).add(tmp_path / f"{number}.mkv")

    threads = [threading.Thread(target=opens, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(RecentFiles(tmp_path).paths()) == 8


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "recent.json").mkdir()
    recent = RecentFiles(tmp_path)
    recent.add(tmp_path / "a.mkv")
    assert recent.paths() == []
