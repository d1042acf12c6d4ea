"""Evaluation asks the job for the right face of each mixture and adds up what it gives."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from app import evaluate as evaluation
from app.demo import DemoClip
from app.errors import BadInputError
from app.evaluate_table import Evaluation
from app.isolation import IsolateOptions, IsolateReport, Parts
from app.mixtures import find_mixtures
from app.singers import Singer
from app.whole_job import Faces, Voices

RATE = 16000


def recipe(name: str, kind: str, **more: Any) -> dict[str, Any]:
    target = {"file": "x.mkv", "person": more.pop("person", "anna")}
    if more.pop("doubtful", False):
        target["sync"] = "doubtful"
    return {"id": name, "kind": kind, "target": target, "layout": "single", **more}


def test_a_file_that_is_no_separator_is_told_once(folder: Path) -> None:
    with pytest.raises(BadInputError, match=r"holds no such part; give weights that train default"):
        evaluation.evaluate(folder, parts=Parts(folder / "recipes.json"))
    with pytest.raises(BadInputError, match="no model called"):
        evaluation.evaluate(folder, model="nonsense", parts=Parts(folder / "recipes.json"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Five mixtures of noise; their clips are empty files, as the job itself is replaced."""
    rng = np.random.default_rng(1)
    recipes = [
        recipe("d001", "music"),
        recipe("d002", "duet", layout="side_by_side", target_side="right"),
        recipe("d003", "silent_target", layout="frozen"),
        recipe("d004", "music", person="bea", doubtful=True),
        recipe("d005", "music", person="bea"),
    ]
    for entry in recipes:
        base = tmp_path / entry["id"]
        base.with_suffix(".mkv").write_bytes(b"")
        target, others = rng.standard_normal((2, RATE)) * 0.1
        if entry["kind"] == "silent_target":
            target *= 0
        soundfile.write(f"{base}_target.wav", target, RATE, "FLOAT")
        soundfile.write(f"{base}_others.wav", others, RATE, "FLOAT")
    (tmp_path / "recipes.json").write_text(json.dumps({"recipes": recipes}))
    return tmp_path


@pytest.fixture
def job(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, tuple[str, ...]]]:
    """A job whose result is known: 20 dB off the target for the right face, the others else.

    Gives the list of (clip, clip the faces are from, chosen singers) that it was asked for.
    """
    asked: list[tuple[str, str, tuple[str, ...]]] = []
    place = {"A": 0.1, "B": 0.6}

    def singer(name: str) -> Singer:
        return Singer(name, name, (0,), 1.0, 0, 1, (place[name], 0.2, 0.2, 0.2), 1.0)  # type: ignore[arg-type]

    def find(path: Path, **_: Any) -> Faces:
        if path.stem == "d001" and (path.parent / "no_face").exists():
            return Faces(path, (), 0.1)  # type: ignore[arg-type]
        names = "AB" if path.stem == "d002" else "A"
        return Faces(path, tuple(map(singer, names)), 0.1)  # type: ignore[arg-type]

    def isolate(path: Path, faces: Faces, pick: Callable, _: IsolateOptions, **__: Any) -> Voices:
        chosen = pick(faces.singers)
        asked.append((path.stem, faces.scan.stem, tuple(s.id for s in chosen)))  # type: ignore[attr-defined]
        base = str(path.with_suffix(""))
        target, others = (soundfile.read(f"{base}_{n}.wav")[0] for n in ("target", "others"))
        right = target + 0.1 * others
        first = right if faces.scan == path else target + others
        sounds = [first, target * 0.1 + others][: len(chosen)]
        report = IsolateReport("solovox", "test device")
        voices = tuple(np.float32(s)[None] for s in sounds)
        return Voices(tuple(chosen), voices, voices[0], report, RATE, 0.5)

    monkeypatch.setattr(evaluation, "find_faces", find)
    monkeypatch.setattr(evaluation, "isolate_voices", isolate)
    monkeypatch.setattr(evaluation, "needs_of", lambda _: "landmarks")
    return asked


def rows(report: Evaluation) -> dict[str, Any]:
    return {row.name: row for row in report.rows()}


def test_improvements_by_kind(folder: Path, job: list) -> None:
    report = evaluation.evaluate(folder)
    table = rows(report)
    assert {name: row.n for name, row in table.items()} == {
        "music": 2,
        "duet": 1,
        "all": 3,
        "all, even ids": 1,
        "all, odd ids": 2,
        "doubtful: music": 1,
        "doubtful: all": 1,
    }
    for row in table.values():
        assert row.input == pytest.approx(0.0, abs=0.3)
        assert row.si_sdr == pytest.approx(20.0, abs=0.3)
        assert row.sir == pytest.approx(20.0, abs=0.7)
    assert [s.mixture.id for s in report.silences()] == ["d003"]
    assert report.silences()[0].silence_db == pytest.approx(-20.0, abs=0.01)
    assert report.real_time_factor(lambda s: s.voices_s) == pytest.approx(0.5)


def test_the_face_on_the_right_side_is_asked_for_and_the_other_is_wrong(
    folder: Path, job: list
) -> None:
    table = rows(evaluation.evaluate(folder))
    assert ("d002", "d002", ("B", "A")) in job
    assert table["duet"].right_minus_wrong == pytest.approx(40.0, abs=0.5)
    assert table["music"].right_minus_wrong is None


def test_wrong_faces_come_from_another_person(folder: Path, job: list) -> None:
    table = rows(evaluation.evaluate(folder, wrong_faces=True))
    borrowed = [entry for entry in job if entry[0] != entry[1]]
    assert borrowed == [
        ("d001", "d004", ("A",)),
        ("d004", "d001", ("A",)),
        ("d005", "d001", ("A",)),
    ]
    assert table["music"].right_minus_wrong == pytest.approx(20.0, abs=0.3)


def test_a_failure_is_told_and_left_out(folder: Path, job: list) -> None:
    (folder / "no_face").touch()
    report = evaluation.evaluate(folder)
    assert [s.mixture.id for s in report.failures()] == ["d001"]
    assert rows(report)["music"].n == 1
    assert any(line.startswith("d001 failed: No face") for line in report.lines())
    assert report.facts()["failures"]["d001"].startswith("No face")


def test_facts_can_be_written_and_lines_hold_the_figures(folder: Path, job: list) -> None:
    report = evaluation.evaluate(folder)
    facts = json.loads(json.dumps(report.facts()))
    assert [m["id"] for m in facts["mixtures"]] == ["d001", "d002", "d003", "d004", "d005"]
    assert facts["mixtures"][2]["after"] is None
    text = "\n".join(report.lines())
    assert "test device" in text
    assert "doubtful: music" in text
    assert f"{rows(report)['duet'].si_sdr:.2f}" in text


def test_without_recipes_the_largest_face_is_meant(folder: Path) -> None:
    (folder / "recipes.json").write_text('{"recipes": []}')
    found = find_mixtures(folder)
    assert [m.kind for m in found] == ["mixture"] * 5
    assert {m.place for m in found} == {"largest"}
    assert [m.even for m in found] == [False, True, False, True, False]


def test_a_silent_target_needs_no_recipe(folder: Path, job: list) -> None:
    (folder / "recipes.json").write_text('{"recipes": []}')
    soundfile.write(folder / "d001_others.wav", np.zeros(RATE), RATE, "FLOAT")
    report = evaluation.evaluate(folder)
    assert [s.mixture.id for s in report.silences()] == ["d003"]
    assert [s.mixture.id for s in report.failures()] == ["d001"]
    assert rows(report)["mixture"].n == 3


def test_incomplete_mixtures_and_wrong_folders(folder: Path, tmp_path_factory: Any) -> None:
    (folder / "d002_others.wav").unlink()
    assert [m.id for m in find_mixtures(folder)] == ["d001", "d003", "d004", "d005"]
    empty = tmp_path_factory.mktemp("empty")
    with pytest.raises(BadInputError, match="holds no mixtures"):
        find_mixtures(empty)
    with pytest.raises(BadInputError, match="no folder"):
        find_mixtures(empty / "missing")
    with pytest.raises(BadInputError, match="no file"):
        find_mixtures(folder, empty / "recipes.json")
    (empty / "recipes.json").write_text("[]")
    with pytest.raises(BadInputError, match="not a list of recipes"):
        find_mixtures(folder, empty / "recipes.json")


def test_a_clip_of_other_length_than_its_target_fails(folder: Path, job: list) -> None:
    soundfile.write(folder / "d001_target.wav", np.zeros(100), RATE)
    others = soundfile.read(folder / "d001_others.wav")[0]
    soundfile.write(folder / "d001_others.wav", others[:100], RATE)
    original = evaluation.isolate_voices

    def longer(*args: Any, **kwargs: Any) -> Voices:
        voices = original(*args, **kwargs)
        sounds = tuple(np.zeros((1, 120), np.float32) for _ in voices.sounds)
        return Voices(voices.chosen, sounds, sounds[0], voices.report, RATE, 0.5)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(evaluation, "isolate_voices", longer)
        report = evaluation.evaluate(folder)
    assert "d001" in {s.mixture.id for s in report.failures()}


def test_the_real_job_separates_the_duet(demo_clip: DemoClip, tmp_path: Path) -> None:
    """Both singers of the rendered clip, laid out as two mixtures, through the default model."""
    voices = [soundfile.read(path)[0] for path in demo_clip.voices]
    music = soundfile.read(demo_clip.accompaniment)[0]
    recipes = []
    for index, side in enumerate(("left", "right")):
        name = f"t{index}"
        shutil.copy(demo_clip.path, tmp_path / f"{name}.mkv")
        soundfile.write(tmp_path / f"{name}_target.wav", voices[index], 48000)
        soundfile.write(tmp_path / f"{name}_others.wav", voices[1 - index] + music, 48000)
        recipes.append(recipe(name, "duet", layout="side_by_side", target_side=side))
    (tmp_path / "recipes.json").write_text(json.dumps({"recipes": recipes}))
    try:
        report = evaluation.evaluate(tmp_path)
    except BadInputError as error:
        pytest.skip(str(error))
    assert report.failures() == []
    row = rows(report)["duet"]
    assert row.n == 2
    assert row.si_sdr > 0
    assert row.right_minus_wrong is not None
    assert row.right_minus_wrong > 0
