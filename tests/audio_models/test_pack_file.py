"""Material packed to be sent elsewhere: the same people and pieces, no larger than allowed."""

from __future__ import annotations

import json
import tarfile
from pathlib import Path

import numpy as np
import pytest
import soundfile

from audio_models.train.material import SAMPLE_RATE, TrainingDataError, open_pack
from audio_models.train.pack_file import opus, write_pack_file
from audio_models.train.validate import si_sdr


def tone(pitch: float, seconds: float) -> np.ndarray:
    """A buzz with pauses."""
    time = np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    buzz = sum(np.sin(2 * np.pi * pitch * k * time) / k for k in range(1, 9))
    return (0.2 * buzz * (np.sin(2 * np.pi * 1.5 * time) > -0.5)).astype(np.float32)


@pytest.fixture
def material(tmp_path: Path) -> Path:
    """Thirty voices, one of recordings whose people are unknown, twenty pieces and a score."""
    folder = tmp_path / "material"
    (folder / "songs").mkdir(parents=True)
    items: list[dict[str, object]] = []
    for number in range(30):
        person = "pv_unlabelled" if number < 3 else f"so_{number}"
        name = f"v{number}.flac"
        soundfile.write(folder / name, tone(90 + 9 * number, 2.0), SAMPLE_RATE)
        items.append({"kind": "speech", "file": name, "person": person})
    soundfile.write(folder / "sung.flac", tone(330, 2.0), SAMPLE_RATE)
    items.append({"kind": "singing", "file": "sung.flac", "person": "vocadito_14"})
    for number in range(20):
        name = f"songs/m{number}.flac"
        soundfile.write(folder / name, tone(300 + 40 * number, 3.0), SAMPLE_RATE)
        items.append({"kind": "instrumental", "file": name, "person": None})
    with tarfile.open(folder / "scores.tar", "w"):
        pass
    items.append({"kind": "midi", "file": "scores.tar", "member": "a.mid", "person": None})
    (folder / "manifest.json").write_text(json.dumps({"items": items}))
    return folder


def test_the_packed_file_is_the_same_material(material: Path, tmp_path: Path) -> None:
    marks = tmp_path / "lips.npz"
    np.savez(marks, frames=np.arange(3))
    out, there = tmp_path / "pack.tar", tmp_path / "there"
    figures = write_pack_file(
        material, out, 0.4, marks, cache=tmp_path / "here", report=lambda _: None
    )
    assert figures.bytes == out.stat().st_size <= 0.4 * (1 << 20)
    assert figures.voice_bits < figures.music_bits
    with tarfile.open(out) as archive:
        archive.extractall(there, filter="data")
    assert (there / "lips.npz").read_bytes() == marks.read_bytes()
    assert (there / "scores.tar").is_file()
    before = open_pack(material, tmp_path / "here", lambda _: None)
    after = open_pack(there, tmp_path / "cache", lambda _: None)
    for old, new in ((before.voice_runs, after.voice_runs), (before.music_runs, after.music_runs)):
        assert sorted((r.group, r.held_out) for r in old) == sorted(
            (r.group, r.held_out) for r in new
        )
    assert {r.person for r in before.voice_runs} == {r.person for r in after.voice_runs}
    assert sum(r.person == "pv_unlabelled" for r in after.voice_runs) == 3
    assert sum(r.held_out for r in after.music_runs) > 0
    old_s, new_s = (sum(r.length for r in p.voice_runs) for p in (before, after))
    assert new_s == pytest.approx(old_s, rel=0.03)


def test_opus_keeps_the_sound_in_its_place() -> None:
    import io

    import av

    samples = np.round(tone(150, 2.0) * 20000).astype(np.int16)
    with av.open(io.BytesIO(opus(samples, 24000))) as container:
        resampler = av.AudioResampler(format="flt", layout="mono", rate=SAMPLE_RATE)
        parts = [r for f in container.decode(audio=0) for r in resampler.resample(f)]
        parts += resampler.resample(None)
    heard = np.concatenate([part.to_ndarray().reshape(-1) for part in parts])
    truth = samples.astype(np.float32)
    heard = np.pad(heard, (0, max(0, len(truth) - len(heard))))[: len(truth)]
    assert si_sdr(truth, heard) > 8.0


def test_too_small_a_file_is_one_sentence(material: Path, tmp_path: Path) -> None:
    out = tmp_path / "pack.tar"
    with pytest.raises(TrainingDataError, match="do not fit into"):
        write_pack_file(material, out, 0.05, cache=tmp_path / "here", report=lambda _: None)
    assert list(tmp_path.glob("pack*")) == []
