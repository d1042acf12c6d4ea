"""Work that was not saved: kept through crashes, offered once, never mixed up between windows."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from decisions import make_document, renamed
from filelock import Timeout

from app.errors import NotPossibleError
from app.project.autosave import Autosave
from app.project.document import SUFFIX
from app.project.recovery import Kept, RecoverySlot, left_behind

NOON = datetime(2024, 5, 1, 12, tzinfo=timezone.utc)
KEPT = Kept(make_document(), Path("/films/song.solovox"), NOON, based="12ab")


def test_what_is_kept_comes_back_after_the_window_is_gone(tmp_path: Path) -> None:
    slot = RecoverySlot(tmp_path)
    slot.keep(KEPT)
    assert left_behind(tmp_path) == [], "a window at work is not offered to another"
    slot.close()
    ((again, kept),) = left_behind(tmp_path)
    assert kept == KEPT
    assert left_behind(tmp_path) == [], "two windows don't offer the same work"
    again.drop()
    again.close()
    assert left_behind(tmp_path) == []
    assert list(tmp_path.iterdir()) == []


_KILLED = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from test_recovery import KEPT
from app.project.autosave import Autosave
from app.project.recovery import RecoverySlot
saver = Autosave(RecoverySlot(Path(sys.argv[1])), print)
saver.keep(KEPT)
assert saver.flush()
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs a signal that can't be caught")
def test_a_killed_program_leaves_its_work(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _KILLED, str(tmp_path), str(Path(__file__).parent)],
        cwd=Path(__file__).resolve().parents[2],
    )
    assert done.returncode == -signal.SIGKILL
    ((slot, kept),) = left_behind(tmp_path)
    assert kept == KEPT
    assert not kept.closed
    slot.close()


def test_the_newest_is_offered_first_and_unknown_fields_stay(tmp_path: Path) -> None:
    document = replace(make_document(), unknown={"colour": 3})
    for hours, name in ((2, "late"), (0, "early"), (1, "middle")):
        slot = RecoverySlot(tmp_path)
        slot.keep(Kept(renamed(document, name), None, NOON + timedelta(hours=hours), closed=True))
        slot.close()
    found = left_behind(tmp_path)
    names = [kept.document.project.edits.people.names["A"] for _, kept in found]
    assert names == ["late", "middle", "early"]
    assert found[0][1].document.unknown == {"colour": 3}
    assert found[0][1].closed
    for slot, _ in found:
        slot.close()


def test_damaged_work_is_put_aside_and_the_rest_is_offered(tmp_path: Path) -> None:
    for number in range(3):
        slot = RecoverySlot(tmp_path)
        slot.keep(KEPT)
        if number == 1:
            slot.path.write_bytes(slot.path.read_bytes()[:300])
        slot.close()
    found = left_behind(tmp_path)
    assert [kept for _, kept in found] == [KEPT, KEPT]
    assert len(list(tmp_path.glob("*.damaged"))) == 1
    for slot, _ in found:
        slot.close()


def test_a_held_slot_cannot_be_taken(tmp_path: Path) -> None:
    slot = RecoverySlot(tmp_path)
    with pytest.raises(Timeout):
        RecoverySlot(tmp_path, slot.path.stem)
    slot.close()


def test_it_never_looks_like_a_project_of_the_user(tmp_path: Path) -> None:
    slot = RecoverySlot(tmp_path)
    slot.keep(KEPT)
    assert slot.path.suffix != SUFFIX
    slot.close()


def test_of_many_states_the_newest_is_on_the_disk(tmp_path: Path) -> None:
    slot = RecoverySlot(tmp_path)
    saver = Autosave(slot, print)
    for number in range(200):
        saver.keep(replace(KEPT, document=renamed(make_document(), str(number))))
    assert saver.flush()
    kept = slot.read()
    assert kept is not None
    assert kept.document == renamed(make_document(), "199")
    saver.drop()
    assert saver.flush()
    assert not slot.path.exists()
    saver.keep(KEPT)
    saver.end(release=True)
    saver.join()
    ((again, kept),) = left_behind(tmp_path)
    assert kept == KEPT
    again.close()


def test_a_full_disk_is_told_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    told: list[str] = []
    saver = Autosave(RecoverySlot(tmp_path), told.append)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        for _ in range(3):
            saver.keep(KEPT)
            assert saver.flush()
    assert len(told) == 1
    assert "No space left" in told[0]
    saver.keep(KEPT)
    assert saver.flush()
    assert RecoverySlot.read(saver._slot) == KEPT
    saver.end(release=True)
    saver.join()


def test_a_read_only_folder_is_one_sentence(tmp_path: Path) -> None:
    slot = RecoverySlot(tmp_path)
    slot.path.mkdir()  # nothing can be put under that name
    with pytest.raises(NotPossibleError, match="could not be written"):
        slot.keep(KEPT)
    slot.path.rmdir()
    slot.close()
