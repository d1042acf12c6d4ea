"""Finding the clip of a project again after files were moved."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.errors import BadInputError
from app.media.fingerprint import fingerprint
from app.project.media import MediaReference, check_clip, find_media, reference_to

CONTENT = bytes(range(256)) * 300


@pytest.fixture
def disk(tmp_path: Path) -> Path:
    """A job on a disk: the project in one folder, its clip in another."""
    for name in ("job/edit", "job/footage", "job/sound", "elsewhere"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "job/footage/duet.mkv").write_bytes(CONTENT)
    return tmp_path


@pytest.fixture
def project(disk: Path) -> Path:
    return disk / "job/edit/song.solovox"


@pytest.fixture
def reference(disk: Path, project: Path) -> MediaReference:
    clip = disk / "job/footage/duet.mkv"
    return reference_to(clip, fingerprint(clip), project)


def _move(disk: Path, to: str) -> Path:
    return (disk / "job/footage/duet.mkv").rename(disk / to)


def test_a_reference_says_all_ways(disk: Path, reference: MediaReference) -> None:
    assert reference.relative == "../footage/duet.mkv"
    assert reference.absolute == str(disk / "job/footage/duet.mkv")
    assert reference.size == len(CONTENT)


def test_a_moved_job_is_found_by_its_relative_path(disk: Path, reference: MediaReference) -> None:
    (disk / "job").rename(disk / "archive")
    found = find_media(reference, disk / "archive/edit/song.solovox")
    assert found is not None
    assert found.resolve() == disk / "archive/footage/duet.mkv"


def test_a_moved_project_finds_the_clip_where_it_was(disk: Path, reference: MediaReference) -> None:
    found = find_media(reference, disk / "elsewhere/song.solovox")
    assert found == disk / "job/footage/duet.mkv"


@pytest.mark.parametrize(
    "place", ["job/edit/duet.mkv", "job/sound/duet.mkv", "job/edit/renamed.mkv"]
)
def test_a_moved_clip_is_found_near_the_project(
    disk: Path, project: Path, reference: MediaReference, place: str
) -> None:
    moved = _move(disk, place)
    assert find_media(reference, project) == moved


def test_a_folder_below_the_project_is_looked_into(
    disk: Path, project: Path, reference: MediaReference
) -> None:
    (disk / "job/edit/media").mkdir()
    moved = _move(disk, "job/edit/media/duet.mkv")
    assert find_media(reference, project) == moved


def test_another_clip_of_the_same_name_is_not_taken(
    disk: Path, project: Path, reference: MediaReference
) -> None:
    moved = _move(disk, "job/sound/duet.mkv")
    (disk / "job/footage/duet.mkv").write_bytes(CONTENT[:-1] + b"!")
    (disk / "job/edit/duet.mkv").write_bytes(CONTENT + b"longer")
    assert find_media(reference, project) == moved
    moved.unlink()
    assert find_media(reference, project) is None


def test_what_the_user_points_to_is_verified(disk: Path, reference: MediaReference) -> None:
    moved = _move(disk, "elsewhere/any name.mkv")
    check_clip(moved, reference)
    other = disk / "elsewhere/duet.mkv"
    other.write_bytes(CONTENT[::-1])
    with pytest.raises(BadInputError, match=r"not the clip this project was made with"):
        check_clip(other, reference)


def test_a_foreign_project_cannot_lead_out_by_its_name(
    disk: Path, project: Path, reference: MediaReference
) -> None:
    for name in ("../footage/duet.mkv", "..\\footage\\duet.mkv", "", ".."):
        odd = MediaReference(name, "", "", reference.fingerprint, reference.size)
        find_media(odd, project)  # no error, whatever it finds in the folders around
    odd = MediaReference("..", "Z:\\films\\duet.mkv", "", reference.fingerprint, 0)
    assert find_media(odd, project) is None
