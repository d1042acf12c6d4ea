"""The cache of computed voices: the same samples again, never wrong ones, shared by programs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from app.voice_cache import CachedVoice, VoiceCache, voice_key

ROOT = Path(__file__).resolve().parents[2]


def _make(folder: Path, start: int, stop: int, level: float = 0.5) -> tuple[Path, np.ndarray]:
    """A finished file of a window: two channels, interleaved."""
    folder.mkdir(exist_ok=True)
    rng = np.random.default_rng(start)
    sound = (level * rng.standard_normal((stop - start, 2))).astype(np.float32)
    path = folder / f"{len(list(folder.iterdir()))}.f32"
    path.write_bytes(sound.tobytes())
    return path, sound


def _peaks(start: int, stop: int) -> np.ndarray:
    return np.arange(2 * -(-(stop - start) // 1024), dtype=np.float32).reshape(2, -1)


def _keep(
    cache: VoiceCache, folder: Path, key: str, start: int, stop: int
) -> tuple[Path, np.ndarray]:
    file, sound = _make(folder, start, stop)
    assert cache.keep(key, file, 2, start, stop, _peaks(start, stop), {0: 0.25, 3: 1 / 3})
    return file, sound


def _samples(voice: CachedVoice) -> np.ndarray:
    count = (voice.stop - voice.start) * voice.channels
    return np.fromfile(voice.path, np.float32, count).reshape(-1, voice.channels)


@pytest.fixture
def cache(tmp_path: Path) -> VoiceCache:
    return VoiceCache(tmp_path / "results")


def test_a_voice_comes_back_with_every_sample(cache: VoiceCache, tmp_path: Path) -> None:
    file, sound = _keep(cache, tmp_path / "window", "k", 100, 90_100)
    voice = cache.find("k", 100, 90_100)
    assert voice is not None
    assert (voice.channels, voice.start, voice.stop) == (2, 100, 90_100)
    np.testing.assert_array_equal(_samples(voice), sound)
    np.testing.assert_array_equal(voice.peaks, _peaks(100, 90_100))
    assert voice.agreement == {0: 0.25, 3: 1 / 3}
    assert os.path.samefile(file, voice.path), "the disk holds it once"


def test_a_part_is_found_in_the_whole_and_not_the_other_way(
    cache: VoiceCache, tmp_path: Path
) -> None:
    _keep(cache, tmp_path / "window", "k", 1000, 5000)
    assert cache.find("k", 2000, 3000) is not None
    assert cache.find("k", 1000, 5001) is None
    assert cache.find("other", 2000, 3000) is None
    _keep(cache, tmp_path / "window", "k", 0, 9000)
    assert len(list((tmp_path / "results").iterdir())) == 1, "the longer one replaces its part"
    _keep(cache, tmp_path / "window", "k", 3000, 4000)
    assert len(list((tmp_path / "results").iterdir())) == 1, "a part of what is there is known"


def test_a_window_keeps_its_voice_when_the_cache_is_cleared(
    cache: VoiceCache, tmp_path: Path
) -> None:
    _, sound = _keep(cache, tmp_path / "window", "k", 0, 4000)
    voice = cache.find("k", 0, 4000)
    assert voice is not None
    mine = tmp_path / "mine.f32"
    assert cache.take(voice, mine)
    voice.path.unlink()
    np.testing.assert_array_equal(np.fromfile(mine, np.float32, 8000).reshape(-1, 2), sound)
    assert not cache.take(voice, tmp_path / "late.f32")


def test_without_hard_links_files_are_copied(
    cache: VoiceCache, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_source: object, _target: object) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(os, "link", refuse)
    _, sound = _keep(cache, tmp_path / "window", "k", 0, 4000)
    voice = cache.find("k", 0, 4000)
    assert voice is not None
    assert cache.take(voice, tmp_path / "mine.f32")
    np.testing.assert_array_equal(_samples(voice), sound)


@pytest.mark.parametrize("damage", ["cut", "zeros", "grown", "empty", "other key"])
def test_damaged_files_are_removed_and_never_heard(
    cache: VoiceCache, tmp_path: Path, damage: str
) -> None:
    _keep(cache, tmp_path / "window", "k", 0, 500_000)
    voice = cache.find("k", 0, 500_000)
    assert voice is not None
    content = bytearray(voice.path.read_bytes())
    path = voice.path
    if damage == "cut":
        content = content[: len(content) // 2]
    elif damage == "zeros":  # what a power cut leaves of blocks that had not been written
        content[1_000_000:2_000_000] = bytes(1_000_000)
    elif damage == "grown":
        content += b"\0" * 64
    elif damage == "empty":
        content = bytearray()
    else:
        path = path.with_name("other-0-500000.voice")
    voice.path.unlink()
    path.write_bytes(content)
    key = "other" if damage == "other key" else "k"
    assert cache.find(key, 0, 500_000) is None
    assert list((tmp_path / "results").iterdir()) == []


def test_an_unfinished_file_is_not_kept(cache: VoiceCache, tmp_path: Path) -> None:
    file, _ = _make(tmp_path / "window", 0, 1000)
    assert not cache.keep("k", file, 2, 0, 1001, _peaks(0, 1001))
    assert not cache.keep("k", tmp_path / "none.f32", 2, 0, 1000, _peaks(0, 1000))
    assert cache.find("k", 0, 1000) is None


def test_the_least_recently_used_go_first(tmp_path: Path) -> None:
    size = 10_000 * 8
    cache = VoiceCache(tmp_path / "results", max_bytes=int(3.5 * size))
    for age, key in enumerate(("first", "second", "third")):
        _keep(cache, tmp_path / "window", key, 0, 10_000)
        os.utime(tmp_path / "results" / f"{key}-0-10000.voice", (1000 + age, 1000 + age))
    assert cache.find("first", 0, 10) is not None  # used just now, so the second is the oldest
    _keep(cache, tmp_path / "window", "fourth", 0, 10_000)
    kept = [key for key in ("first", "second", "third", "fourth") if cache.find(key, 0, 10)]
    assert kept == ["first", "third", "fourth"]


def test_no_room_is_no_error(tmp_path: Path) -> None:
    file, _ = _make(tmp_path / "window", 0, 1000)
    assert not VoiceCache(tmp_path / "results", max_bytes=0).keep(
        "k", file, 2, 0, 1000, _peaks(0, 1)
    )
    (tmp_path / "in the way").write_text("")
    cache = VoiceCache(tmp_path / "in the way")
    assert not cache.keep("k", file, 2, 0, 1000, _peaks(0, 1000))
    assert cache.find("k", 0, 1000) is None


def test_keys_differ_with_every_fact() -> None:
    facts: list[tuple[object, ...]] = [
        ("clip", 1, ((0, 0, 99),), ["net"]),
        ("clip2", 1, ((0, 0, 99),), ["net"]),
        ("clip", 2, ((0, 0, 99),), ["net"]),
        ("clip", 1, ((0, 0, 98),), ["net"]),
        ("clip", 1, ((0, 0, 99),), ["net2"]),
    ]
    assert len({voice_key(*fact) for fact in facts}) == len(facts)
    assert voice_key(*facts[0]) == voice_key(*facts[0])


_PROGRAM = """
import sys
from pathlib import Path
import numpy as np
from app.voice_cache import VoiceCache
home, seed = Path(sys.argv[1]), int(sys.argv[2])
cache = VoiceCache(home / "results", max_bytes=5 * 80_000)
mine = home / f"window{seed}"
mine.mkdir()
rng = np.random.default_rng(seed)
found = 0
for turn in range(150):
    number = int(rng.integers(8))
    key, stop = f"voice{number}", 10_000 - int(rng.integers(2)) * 10
    voice = cache.find(key, 0, stop)
    if voice is None:
        file = mine / f"{turn}.f32"
        file.write_bytes(np.full((stop, 2), number, np.float32).tobytes())
        cache.keep(key, file, 2, 0, stop, np.zeros((2, 10), np.float32))
        file.unlink()
    elif cache.take(voice, mine / f"{turn}.f32"):
        found += 1
        sound = np.fromfile(mine / f"{turn}.f32", np.float32, 2 * stop)
        assert len(sound) == 2 * stop and (sound == number).all(), (turn, number)
print(found)
"""


def test_two_programs_share_the_cache_without_harm(tmp_path: Path) -> None:
    programs = [
        subprocess.Popen(
            [sys.executable, "-c", _PROGRAM, str(tmp_path), str(seed)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        for seed in (1, 2, 3)
    ]
    outputs = [program.communicate(timeout=120)[0] for program in programs]
    assert [program.returncode for program in programs] == [0, 0, 0]
    assert sum(int(output) for output in outputs) > 50
    left = list((tmp_path / "results").iterdir())
    assert sum(path.stat().st_size for path in left) <= 6 * 80_500
    assert not [path for path in left if path.suffix == ".part"]
