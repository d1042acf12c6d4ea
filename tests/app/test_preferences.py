"""Settings survive, are checked, and never take the user's file away; caches stay in bounds."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest

from app import caches
from app.errors import BadInputError, NotPossibleError
from app.preferences import PreferenceFile, Preferences


def test_settings_come_back_as_they_were_kept(tmp_path: Path) -> None:
    file = PreferenceFile(tmp_path)
    assert file.load() == (Preferences(), ())
    wanted = Preferences().changed(
        device="cpu",
        precision="fp32",
        cache_gb=3,
        scheme="light",
        language="de",
        preset="resolve",
        shortcuts={"play": ("P", "Ctrl+P")},
    )
    file.save(wanted)
    assert PreferenceFile(tmp_path).load() == (wanted, ())
    assert [path.name for path in tmp_path.iterdir()] == ["preferences.json"]


@pytest.mark.parametrize(
    "values",
    [
        {"device": "abacus"},
        {"cache_gb": 0},
        {"cache_gb": 2.5},
        {"cache_gb": True},
        {"language": "tlh"},
        {"shortcuts": {"play": "Space"}},
        {"shortcuts": ["play"]},
    ],
)
def test_values_out_of_bounds_are_refused(values: dict[str, object]) -> None:
    with pytest.raises(BadInputError) as refused:
        Preferences().changed(**values)
    assert next(iter(values)).split("_")[0] in str(refused.value)


def test_a_damaged_setting_costs_only_itself_and_the_file_stays(tmp_path: Path) -> None:
    file = PreferenceFile(tmp_path)
    text = json.dumps({"device": "cpu", "cache_gb": -4, "of_the_future": [1, 2]})
    file.path.write_text(text)
    found, said = file.load()
    assert found == Preferences(device="cpu")
    assert len(said) == 1
    assert "1 to 500 GB" in said[0]
    assert file.path.read_text() == text
    file.save(found.changed(cache_gb=7))
    assert json.loads(file.path.read_text())["of_the_future"] == [1, 2]


@pytest.mark.parametrize("content", [b"{", b"[]", b"\xff\xfe\x00", b"[" * 100_000])
def test_an_unreadable_file_gives_the_usual_settings(tmp_path: Path, content: bytes) -> None:
    file = PreferenceFile(tmp_path)
    file.path.write_bytes(content)
    found, said = file.load()
    assert found == Preferences()
    assert str(file.path) in said[0]
    assert file.path.read_bytes() == content


def test_settings_that_cannot_be_kept_are_told(tmp_path: Path) -> None:
    with pytest.raises(NotPossibleError, match=r"preferences\.json could not be written"):
        PreferenceFile(tmp_path / "missing").save(Preferences())


def _cache(folder: Path) -> dict[str, Path]:
    """Three files of 1000 bytes, a day apart in use, and a voice that a window works on."""
    files = {name: folder / "faces" / name for name in ("old", "middle", "new")}
    files["voice"] = folder / "voices" / "run" / "a.f32"
    for number, path in enumerate(files.values()):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(bytes(1000))
        used = time.time() - 86_400 * 3 + 86_400 * number
        if path.name != "a.f32":
            os.utime(path, (used, used))
    return files


def test_the_cache_is_measured_and_cleared_around_open_work(tmp_path: Path) -> None:
    files = _cache(tmp_path)
    assert caches.cache_use(tmp_path) == caches.CacheUse(4000, 3000)
    assert caches.clear(tmp_path) == 3000
    assert [path for path in files.values() if path.exists()] == [files["voice"]]
    assert caches.cache_use(tmp_path) == caches.CacheUse(1000, 0)


def test_a_smaller_cache_loses_what_was_used_longest_ago(tmp_path: Path) -> None:
    files = _cache(tmp_path)
    assert caches.shrink(tmp_path, 2500) == 1000
    assert not files["old"].exists()
    assert caches.shrink(tmp_path, 10_000) == 0
    assert all(files[name].exists() for name in ("middle", "new", "voice"))


def test_the_bound_holds_after_writing_and_spares_what_jobs_work_on(tmp_path: Path) -> None:
    files = _cache(tmp_path)
    scratch = tmp_path / "tmp1234" / "0.f32"
    runs = tmp_path / "runs" / "compare" / "checkpoint"
    for path in (scratch, runs):
        path.parent.mkdir(parents=True)
        path.write_bytes(bytes(5000))
        os.utime(path, (0, 0))
    assert caches.hold(tmp_path, 2500) == 1000
    assert not files["old"].exists()
    assert all(path.exists() for path in (files["middle"], files["new"], files["voice"]))
    assert caches.hold(tmp_path, 0) == 2000
    assert scratch.exists()
    assert runs.exists()
