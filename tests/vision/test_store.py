from __future__ import annotations

import os
from dataclasses import fields
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from tracks import make_scan, make_track

from vision import FaceScan, ScanCache, VisionError, load_scan, save_scan

BASE = Fraction(1001, 30000)


def _scan(frames: int = 40) -> FaceScan:
    seen = np.arange(frames) % 7 != 0
    return FaceScan(
        **{
            **vars(make_scan(make_track(list(range(frames)), BASE), time_base=BASE)),
            "cuts": (12, 30),
            "tracks": (
                make_track(list(range(frames)), BASE, seen=seen),
                make_track(list(range(5, frames)), BASE, id=4),
            ),
        }
    )


def _same(a: FaceScan, b: FaceScan) -> bool:
    for field in fields(FaceScan):
        if field.name != "tracks" and getattr(a, field.name) != getattr(b, field.name):
            return False
    for one, other in zip(a.tracks, b.tracks, strict=True):
        for name, value in vars(one).items():
            again = getattr(other, name)
            if (
                not np.array_equal(value, again)
                or np.asarray(value).dtype != np.asarray(again).dtype
            ):
                return False
    return True


def test_scan_survives_the_disk(tmp_path: Path) -> None:
    scan = _scan()
    save_scan(scan, tmp_path / "deep" / "clip.faces")
    assert _same(load_scan(tmp_path / "deep" / "clip.faces"), scan)
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["clip.faces"]


def test_scan_without_faces(tmp_path: Path) -> None:
    scan = FaceScan((640, 360), BASE, 5, 9, 5, (), ())
    save_scan(scan, tmp_path / "none.faces")
    assert load_scan(tmp_path / "none.faces") == scan


@pytest.mark.parametrize("damage", ["cut", "text", "pickle", "empty"])
def test_damaged_files_are_refused_with_a_sentence(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "clip.faces"
    save_scan(_scan(), path)
    if damage == "cut":
        path.write_bytes(path.read_bytes()[:2000])
    elif damage == "text":
        path.write_text("no zip")
    elif damage == "pickle":
        np.savez(path.open("wb"), head=np.array([{"format": 1}], dtype=object))
    else:
        path.write_bytes(b"")
    with pytest.raises(VisionError, match="scan the clip again"):
        load_scan(path)
    cache = ScanCache(tmp_path)
    os.replace(path, cache._path("key"))
    assert cache.get("key") is None
    assert list(tmp_path.iterdir()) == []


def test_cache_keeps_by_key(tmp_path: Path) -> None:
    cache = ScanCache(tmp_path / "faces")
    assert cache.get("a/b:c") is None
    cache.put("a/b:c", _scan(30))
    cache.put("other", _scan(20))
    found = cache.get("a/b:c")
    assert found is not None
    assert found.frames == 30
    assert _same(found, _scan(30))


def test_cache_drops_the_least_recently_used(tmp_path: Path) -> None:
    save_scan(_scan(), tmp_path / "probe")
    size = (tmp_path / "probe").stat().st_size
    cache = ScanCache(tmp_path / "faces", max_bytes=int(3.5 * size))
    for age, key in enumerate(["first", "second", "third"]):
        cache.put(key, _scan())
        os.utime(cache._path(key), (1000 + age, 1000 + age))
    assert cache.get("first") is not None  # used just now, so the second is the oldest
    cache.put("fourth", _scan())
    kept = [key for key in ("first", "second", "third", "fourth") if cache.get(key)]
    assert kept == ["first", "third", "fourth"]
    ScanCache(tmp_path / "faces", max_bytes=1).put("fifth", _scan())
    assert len(list((tmp_path / "faces").iterdir())) == 0


def test_cache_without_a_folder_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    cache = ScanCache(tmp_path / "file")
    cache.put("key", _scan())
    assert cache.get("key") is None
