"""A clip of the queue from file to export, with the real finder and a light model's results."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest
import soundfile

import app.batch as batch
from app.batch import WholeProgress, process_clip
from app.demo import DemoClip
from app.edits import ExportSettings
from app.errors import CancelledError, NotPossibleError
from app.isolation import IsolateOptions
from app.jobs import CancelToken, Progress
from app.paths import RESOURCES
from app.voice_cache import VoiceCache

WEIGHTS = RESOURCES / "weights" / "solovox-separator.safetensors"


@pytest.fixture
def clip(demo_clip: DemoClip, tmp_path: Path) -> Path:
    path = tmp_path / "duet.mkv"
    path.write_bytes(demo_clip.path.read_bytes())
    return path


@pytest.fixture(scope="module", autouse=True)
def _weights() -> None:
    if not WEIGHTS.exists():
        pytest.skip("the weights of the default model are not in place")


def test_a_clip_is_exported_and_the_second_time_from_the_cache(
    clip: Path, tmp_path: Path, demo_clip: DemoClip, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = VoiceCache(tmp_path / "results")
    settings = ExportSettings(rest=True, format="wav32f", folder=str(tmp_path / "stems"))
    seen: list[Progress] = []
    result = process_clip(clip, "all", settings, IsolateOptions(), cache, on_progress=seen.append)
    names = sorted(path.name for path in result.files)
    assert len(names) == 3
    sounds = {path: soundfile.read(path, dtype="float32")[0] for path in result.files}
    assert all(sound.shape == (demo_clip.samples, 2) for sound in sounds.values())
    parts = [soundfile.read(path)[0] for path in (*demo_clip.voices, demo_clip.accompaniment)]
    np.testing.assert_allclose(sum(sounds.values()), sum(parts), atol=1e-3)
    fractions = [progress.fraction for progress in seen]
    assert fractions == sorted(fractions)
    assert 0 < fractions[0] < 0.5 < fractions[-1] <= 1

    def refuse(*_arguments: object, **_options: object) -> None:
        raise AssertionError("the voices are known")

    monkeypatch.setattr("app.isolate.isolate", refuse)
    again = process_clip(clip, "largest", settings, IsolateOptions(), cache)
    (voice,) = [path for path in again.files if "rest" not in path.name]
    assert voice.name.endswith("_02.wav"), "nothing is overwritten"
    first = voice.with_name(voice.name.replace("_02", ""))
    np.testing.assert_array_equal(soundfile.read(voice, dtype="float32")[0], sounds[first])


def test_a_cancel_leaves_no_file_and_is_quick(clip: Path, tmp_path: Path) -> None:
    token = CancelToken()
    cancelled_at = 0.0

    def stop(progress: Progress) -> None:
        nonlocal cancelled_at
        if progress.fraction > 0.05 and not cancelled_at:
            cancelled_at = time.monotonic()
            token.cancel()

    settings = ExportSettings(folder=str(tmp_path / "stems"))
    with pytest.raises(CancelledError):
        process_clip(
            clip,
            "all",
            settings,
            IsolateOptions(),
            VoiceCache(tmp_path / "results"),
            on_progress=stop,
            token=token,
        )
    assert cancelled_at
    assert time.monotonic() - cancelled_at < 5, "a second on a machine that does nothing else"
    assert not (tmp_path / "stems").exists() or not list((tmp_path / "stems").iterdir())


def test_a_clip_without_faces_is_told(
    clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.singers.find_singers", lambda _scan: [])
    monkeypatch.setattr("app.scan.scan_clip", lambda *_a, **_k: None)
    with pytest.raises(NotPossibleError, match=r"No face was found in duet\.mkv"):
        process_clip(
            clip, "all", ExportSettings(), IsolateOptions(), VoiceCache(tmp_path / "results")
        )


def test_the_whole_progress_never_falls_and_counts_later_stages(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = [100.0]
    monkeypatch.setattr(batch.time, "monotonic", lambda: now[0])
    seen: list[Progress] = []
    whole = WholeProgress((0.8, 0.14, 0.06), seen.append)
    faces = whole.of(0)
    now[0] += 10
    faces(Progress("Finding faces", 50, 100, 10.0))
    assert seen[-1].fraction == pytest.approx(0.4)
    assert seen[-1].remaining_s == pytest.approx(10 + 20 * 0.2 / 0.8)
    faces(Progress("Finding faces", 100, 100, 0.0))
    whole.of(1)(Progress("Separating", 0, 10, None))
    assert seen[-1].fraction == pytest.approx(0.8)
    assert seen[-1].remaining_s is None
    files = whole.of(2)
    for done in (0, 5, 2, 10):
        files(Progress("Writing sound", done, 10, 1.0))
    fractions = [progress.fraction for progress in seen]
    assert fractions == sorted(fractions)
    assert fractions[-1] == pytest.approx(1.0)
