"""The project file: exact, whole, and never harmed by what can't be read."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from dataclasses import fields, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from decisions import BUSY, make_document, renamed

from app.edits import Edits, Shape
from app.errors import BadInputError, NotPossibleError
from app.project.codec import CodecError, decode, encode
from app.project.document import Document, from_bytes, read_project, to_bytes, write_project


def _data(document: Document) -> dict[str, Any]:
    return json.loads(to_bytes(document))


def _again(data: Any) -> Document:
    return from_bytes(json.dumps(data).encode(), "song.solovox")


def test_every_decision_survives_exactly(tmp_path: Path) -> None:
    assert all(
        getattr(BUSY, field.name) != getattr(Edits(), field.name)
        for field in fields(Edits)
        if field.name != "model"
    ), "the test must touch each kind of decision"
    path = tmp_path / "song.solovox"
    write_project(path, make_document())
    assert read_project(path) == make_document()
    assert [entry.name for entry in tmp_path.iterdir()] == ["song.solovox"]


def test_times_are_fractions_and_levels_keep_every_digit() -> None:
    edits = _data(make_document())["edits"]
    assert edits["people"]["drawn"][0]["time"] == "1001/30000"
    assert edits["mix"]["rest"]["gain_db"] == "-inf"
    assert edits["shape"]["fullness"] == 0.1 + 0.2
    for value in (0.1 + 0.2, 1e-308, 5e-324, 1 / 3, float("inf"), -0.0):
        assert str(decode(float, json.loads(json.dumps(encode(value))))) == str(value)
    assert decode(Fraction, "24000/1001") == Fraction(24000, 1001)


def test_names_of_any_script_and_of_broken_encoding_survive(tmp_path: Path) -> None:
    document = renamed(make_document(), "Łucja \udce9 🎤")
    write_project(tmp_path / "a.solovox", document)
    assert read_project(tmp_path / "a.solovox") == document


def test_an_older_document_lacks_fields_and_takes_defaults() -> None:
    data = _data(make_document())
    del data["edits"]["shape"], data["edits"]["anchors"], data["singers"]
    project = _again(data).project
    assert project.edits == replace(BUSY, shape=Shape(), anchors=())
    assert project.singers == ()


def test_what_a_later_program_added_is_kept_where_it_belongs() -> None:
    data = _data(make_document())
    data["colour_grade"] = {"lut": ["x", 1]}
    data["edits"]["reverb"] = 0.25
    data["edits"]["shape"]["warmth"] = None
    data["edits"]["mix"]["A"]["pan"] = -0.5
    data["media"]["camera"] = "B"
    document = _again(data)
    assert document.project == make_document().project
    assert _data(document) == data
    muted = replace(document.project.edits, mix={})
    changed = replace(document, project=replace(document.project, edits=muted))
    again = _data(changed)
    assert again["edits"]["mix"] == {}, "what belonged to a removed entry goes with it"
    assert again["edits"]["reverb"] == 0.25


def test_an_unknown_field_that_could_not_be_kept_is_refused() -> None:
    data = _data(make_document())
    data["edits"]["anchors"][0]["weight"] = 2
    with pytest.raises(BadInputError, match=r"song\.solovox .*newer version"):
        _again(data)


@pytest.mark.parametrize("version", [2, 99])
def test_a_newer_version_is_refused_and_untouched(tmp_path: Path, version: int) -> None:
    path = tmp_path / "song.solovox"
    path.write_text(json.dumps({"format": "solovox project", "version": version, "scenes": []}))
    before = path.read_bytes(), path.stat().st_mtime_ns
    with pytest.raises(BadInputError, match="newer version of Solovox") as caught:
        read_project(path)
    assert "\n" not in str(caught.value)
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before


DAMAGES: dict[str, Any] = {
    "a range of texts": ("edits", "range", ["1", "2"]),
    "a range backwards": ("edits", "range", [20, 10]),
    "a truth value for a number": ("edits", "range", [False, True]),
    "three ends": ("edits", "range", [1, 2, 3]),
    "a number for a name": ("edits", "model", 4),
    "a list for decisions": ("edits", None, []),
    "no decisions": ("edits", None, None),
    "nobody's word": ("edits", "off_screen", "maybe"),
    "no media": ("media", None, "duet.mkv"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_values_are_refused(damage: str) -> None:
    part, entry, value = DAMAGES[damage]
    data = _data(make_document())
    if entry is None:
        data[part] = value
    else:
        data[part][entry] = value
    with pytest.raises(BadInputError, match=r"song\.solovox is damaged .*; open a copy"):
        _again(data)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[" * 100_000,
        b"\xff\xfe\x00",
        b"null",
        b'{"format": "something else"}',
        b'{"format": "solovox project"}',
        b'{"format": "solovox project", "version": "1"}',
        b'{"format": "solovox project", "version": 1, "position": NaN}',
        b'{"format": "solovox project", "version": 1, "position": 1e999}',
    ],
)
def test_other_content_is_one_sentence_and_untouched(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "song.solovox"
    path.write_bytes(content)
    with pytest.raises(BadInputError, match=r"song\.solovox is (damaged|no Solovox project)"):
        read_project(path)
    assert path.read_bytes() == content


def test_every_cut_of_a_file_is_told(tmp_path: Path) -> None:
    content = to_bytes(make_document()).rstrip()
    for length in range(0, len(content), 37):
        with pytest.raises(BadInputError):
            from_bytes(content[:length], "song.solovox")


def test_a_fraction_without_sense_is_refused() -> None:
    for text in ("1/0", "x", ""):
        with pytest.raises(CodecError):
            decode(Fraction, text)


def test_a_failed_save_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "song.solovox"
    write_project(path, make_document())
    before = path.read_bytes()

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(NotPossibleError, match=r"No space left on device.*free some space"):
        write_project(path, renamed(make_document(), "Rose"))
    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["song.solovox"]


def test_a_linked_project_is_written_where_it_lies(tmp_path: Path) -> None:
    (tmp_path / "archive").mkdir()
    real, link = tmp_path / "archive" / "song.solovox", tmp_path / "song.solovox"
    write_project(real, make_document())
    link.symlink_to(real)
    write_project(link, renamed(make_document(), "Rose"))
    assert link.is_symlink()
    assert read_project(real) == renamed(make_document(), "Rose")


_WRITER = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[3])
from decisions import make_document, renamed
from app.project.document import write_project
for number in range(60):
    write_project(Path(sys.argv[1]), renamed(make_document(), f"{sys.argv[2]}{number}" * 50))
"""


def test_two_programs_that_save_at_once_never_leave_a_mixture(tmp_path: Path) -> None:
    path = tmp_path / "song.solovox"
    write_project(path, make_document())
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", _WRITER, str(path), name, str(Path(__file__).parent)],
            cwd=Path(__file__).resolve().parents[2],
        )
        for name in ("one", "two")
    ]
    seen: set[str] = set()
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            seen.add(read_project(path).project.edits.people.names["A"])

    reader = threading.Thread(target=read)
    reader.start()
    assert [writer.wait(60) for writer in writers] == [0, 0]
    stop.set()
    reader.join()
    assert len(seen) > 2
    assert all(len(set(map(name.count, ("one", "two"))) & {0}) == 1 for name in seen - {"Ruth"})
    assert [entry.name for entry in tmp_path.iterdir()] == ["song.solovox"]
