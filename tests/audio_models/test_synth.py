"""Scores are played as they are written, and reach the training mixtures as accompaniment."""

from __future__ import annotations

import io
import json
import tarfile
from dataclasses import replace
from pathlib import Path

import mido
import numpy as np
import pytest
from numpy.typing import NDArray

from audio_models.train import augment
from audio_models.train.coding import CODECS, coded
from audio_models.train.material import SAMPLE_RATE, Pack, Run
from audio_models.train.mixer import Mixer
from audio_models.train.played import with_played_scores
from audio_models.train.synth import FAMILIES, Note, drum, notes_of, render, tone

TICKS = 480


def _score(program: int = 19, tempo: int = 500_000) -> bytes:
    """A rest of a beat, A4 for two beats, a kick drum with the first of them."""
    file = mido.MidiFile(ticks_per_beat=TICKS)
    track = mido.MidiTrack()
    file.tracks.append(track)
    track.append(mido.MetaMessage("set_tempo", tempo=tempo))
    track.append(mido.Message("program_change", program=program, channel=2))
    track.append(mido.Message("note_on", note=69, velocity=100, channel=2, time=TICKS))
    track.append(mido.Message("note_on", note=36, velocity=127, channel=9))
    track.append(mido.Message("note_off", note=36, velocity=0, channel=9, time=TICKS // 4))
    track.append(
        mido.Message("note_on", note=69, velocity=0, channel=2, time=2 * TICKS - TICKS // 4)
    )
    written = io.BytesIO()
    file.save(file=written)
    return written.getvalue()


def _peak_hz(sound: NDArray[np.float32]) -> float:
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound))))
    return float(np.argmax(spectrum) * SAMPLE_RATE / len(sound))


def test_notes_have_their_times_and_instruments() -> None:
    kick, organ = notes_of(_score())
    assert (kick.key, kick.drum) == (36, True)
    assert (organ.key, organ.program, organ.drum) == (69, 19, False)
    assert organ.start == pytest.approx(0.5)
    assert organ.stop == pytest.approx(1.5)
    slow = list(notes_of(_score(tempo=1_000_000)))[1]
    assert (slow.start, slow.stop) == pytest.approx((1.0, 3.0))


def test_a_score_begins_with_its_first_note_and_ends_with_its_last() -> None:
    sound = render(_score(), 60.0, np.random.default_rng(0))
    assert len(sound) == pytest.approx(1.5 * SAMPLE_RATE, abs=2)
    assert np.abs(sound).max() == pytest.approx(1.0)
    middle = sound[SAMPLE_RATE // 2 : SAMPLE_RATE * 9 // 10]
    assert _peak_hz(middle) % 440 == pytest.approx(0, abs=5)
    assert np.abs(sound[-SAMPLE_RATE // 4 :]).max() < 1e-3
    assert len(render(_score(), 0.7, np.random.default_rng(0))) == int(0.7 * SAMPLE_RATE)


@pytest.mark.parametrize("family", range(15))
def test_every_pitched_family_plays_the_key(family: int) -> None:
    note = Note(0.0, 0.5, 57, 0.8, 8 * family, False)
    sound = tone(note, FAMILIES[family], np.random.default_rng(1))
    size = 1 << 15
    spectrum = np.abs(np.fft.rfft(sound, size))
    at = [round(220 * k * size / SAMPLE_RATE) for k in (1, 2, 3)]
    near = max(float(spectrum[k - 12 : k + 13].max()) for k in at)
    between = round(220 * 1.5 * size / SAMPLE_RATE)
    assert near > 5 * spectrum[between - 6 : between + 7].max()
    assert np.isfinite(sound).all()
    assert abs(sound[-1]) < 1e-3, "released without a click"


def test_drums_differ() -> None:
    rng = np.random.default_rng(0)
    kick, hat = (drum(Note(0, 0.1, key, 1.0, 0, True), rng) for key in (36, 42))
    assert _peak_hz(kick) < 150
    assert _peak_hz(hat) > 3000
    assert len(kick) > len(hat)


def _material(folder: Path, *scores: tuple[str, bytes]) -> Path:
    (folder / "midi").mkdir(parents=True)
    with tarfile.open(folder / "midi" / "midi.tar", "w") as archive:
        for name, data in scores:
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    items = [{"kind": "midi", "file": "midi/midi.tar", "member": n} for n, _ in scores]
    (folder / "manifest.json").write_text(json.dumps({"items": items}))
    return folder


def test_scores_are_played_once_and_reach_the_mixtures(tmp_path: Path) -> None:
    silence = np.zeros(3 * SAMPLE_RATE, np.int16)
    noise = np.random.default_rng(0).integers(-9000, 9000, 3 * SAMPLE_RATE).astype(np.int16)
    people = tuple(
        Run(name, "readers", 0, len(noise), name == "c", name) for name in ("a", "b", "c")
    )
    music = tuple(Run(name, "music", 0, len(silence), name == "n", name) for name in ("m", "n"))
    pack = Pack(noise, silence, people, music, "test")
    folder = _material(
        tmp_path / "data", ("long.mid", _score(tempo=2_000_000)), ("bad.mid", b"MThd but not MIDI")
    )
    lines: list[str] = []
    played = with_played_scores(pack, folder, tmp_path / "cache", lines.append)
    assert [run.name for run in played.played_runs] == ["long.mid"]
    assert any("bad.mid" in line for line in lines)
    before = len(lines)
    again = with_played_scores(pack, folder, tmp_path / "cache", lines.append)
    assert len(lines) == before
    assert np.array_equal(again.played, played.played)

    def loud(of: Pack, held_out: bool) -> int:
        mixer = Mixer(of, held_out=held_out, samples=SAMPLE_RATE)
        return sum(
            np.abs(mixer.example_of("music", np.random.default_rng(k)).mixture).max() > 0
            for k in range(40)
        )

    quiet = replace(played, played=played.played * 0)
    assert loud(played, held_out=False) > loud(quiet, held_out=False)
    assert loud(played, held_out=True) == loud(quiet, held_out=True), "none of them is held out"


@pytest.mark.parametrize("codec", CODECS)
def test_a_codec_damages_but_does_not_shift(codec: str) -> None:
    rng = np.random.default_rng(0)
    time = np.arange(2 * SAMPLE_RATE) / SAMPLE_RATE
    voice = sum(np.sin(2 * np.pi * 180 * k * time) / k for k in range(1, 20))
    sound = (0.1 * voice * (np.sin(2 * np.pi * 3 * time) > 0)).astype(np.float32)
    sound += 0.02 * rng.standard_normal(len(sound), np.float32)
    snr = {}
    for kilobits in (24, 64):
        result = coded(sound, codec, kilobits)
        assert result.shape == sound.shape
        error = float(((result - sound) ** 2).sum())
        snr[kilobits] = 10 * np.log10(float((sound**2).sum()) / error)
    assert 3 < snr[24] < snr[64] < 40
    silence = np.zeros(SAMPLE_RATE, np.float32)
    assert np.array_equal(coded(silence, codec, 32), silence)


def test_a_doubled_voice_is_the_voice_and_a_late_take_of_it() -> None:
    click = np.zeros(SAMPLE_RATE, np.float32)
    click[5000] = 1.0
    both = augment.doubled(click, np.random.default_rng(3))
    assert both[5000] == pytest.approx(1.0)
    late = np.flatnonzero(np.abs(both) > 0.1)
    late = late[late > 5000]
    assert 0.006 * SAMPLE_RATE < late[0] - 5000 < 0.046 * SAMPLE_RATE
    assert both.shape == click.shape
