"""Training of the separator: pack, mixer, and a run that survives being killed."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from audio_models.errors import ModelError
from audio_models.separator import SeparatorConfig, load_separator
from audio_models.separator_bands import BandConfig
from audio_models.separator_stack import StackConfig
from audio_models.speaker import SpeakerConfig, load_speaker
from audio_models.train.augment import change_speed, filtered, room, vibrato
from audio_models.train.batches import MixtureBatches, held_out_set
from audio_models.train.loop import Training, TrainingConfig
from audio_models.train.material import (
    SAMPLE_RATE,
    Pack,
    TrainingDataError,
    gate_silence,
    open_pack,
)
from audio_models.train.mixer import (
    KINDS,
    SINGING_GROUPS,
    Mixer,
)
from audio_models.train.pitch import median_pitch, with_pitches
from audio_models.train.run import parse_budget, run_training
from audio_models.train.speaker import train_speaker
from audio_models.train.validate import si_sdr
from audio_models.train.workers import Workers
from audio_models.weights import part_facts

ALONE = Workers(0, 1, torch.device("cpu"))
PEOPLE = [f"libri_{i}" for i in range(40)]


def tone(pitch: float, seconds: float, seed: int) -> np.ndarray:
    """A buzzing tone with pauses, to stand for a voice."""
    time = np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    rng = np.random.default_rng(seed)
    buzz = sum(np.sin(2 * np.pi * pitch * k * time + rng.uniform(0, 6)) / k for k in range(1, 9))
    return (0.2 * buzz * (np.sin(2 * np.pi * 1.5 * time) > -0.5)).astype(np.float32)


@pytest.fixture(scope="module")
def material(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of training material: forty voices, two songs, four instrumentals."""
    import soundfile

    folder = tmp_path_factory.mktemp("material")
    items: list[dict[str, object]] = []
    for index, person in enumerate([*PEOPLE, "singer_a", "vocadito_14"]):
        kind = "speech" if person in PEOPLE else "singing"
        name = f"{person}.flac"
        soundfile.write(folder / name, tone(90 + 7 * index, 2.5, index), SAMPLE_RATE)
        items.append({"kind": kind, "file": name, "person": person})
    for index in range(40):
        name = f"music_{index}.flac"
        soundfile.write(folder / name, tone(300 + 40 * index, 3.0, 100 + index), SAMPLE_RATE)
        items.append({"kind": "instrumental", "file": name, "person": None})
    (folder / "manifest.json").write_text(json.dumps({"items": items}))
    return folder


@pytest.fixture(scope="module")
def pack(material: Path, tmp_path_factory: pytest.TempPathFactory) -> Pack:
    return open_pack(material, cache=tmp_path_factory.mktemp("cache"), report=lambda _: None)


def test_pack_holds_everybody_and_keeps_people_apart(pack: Pack) -> None:
    assert {run.person for run in pack.voice_runs} == {*PEOPLE, "singer_a", "vocadito_14"}
    held_out = {run.person for run in pack.voice_runs if run.held_out}
    assert "vocadito_14" in held_out
    assert "singer_a" not in held_out
    assert 1 < len(held_out) < 10
    assert 0 < sum(run.held_out for run in pack.music_runs) < 10
    for run in pack.voice_runs:
        voice = pack.voices[run.start : run.start + run.length]
        assert len(voice) == run.length
        assert int(np.abs(voice).max()) > 1000


def test_gate_cuts_long_pauses_only() -> None:
    voice = tone(200, 1.0, 0)
    silence = np.zeros(SAMPLE_RATE * 2, np.float32)
    short_pause = silence[: SAMPLE_RATE // 5]
    gated = gate_silence(np.concatenate([silence, voice, silence, voice, silence]))
    assert 2.0 < len(gated) / SAMPLE_RATE < 2.6
    kept = gate_silence(np.concatenate([voice, short_pause, voice]))
    assert len(kept) / SAMPLE_RATE > 2.1


def test_missing_material_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(TrainingDataError, match=r"no manifest\.json"):
        open_pack(tmp_path)


def test_mixtures_add_up_and_follow_their_kind(pack: Pack) -> None:
    mixer = Mixer(pack, held_out=False, samples=SAMPLE_RATE)
    for kind in KINDS:
        for seed in range(4):
            example = mixer.example_of(kind, np.random.default_rng(seed))
            voices = int((np.abs(example.voices).max(axis=1) > 1e-4).sum())
            rest = example.mixture - example.voices.sum(0)
            assert np.abs(example.mixture).max() <= 0.91
            if kind.startswith("two"):
                assert voices == 2
                ratio = 10 * np.log10(
                    (example.voices[0] ** 2).sum() / (example.voices[1] ** 2).sum()
                )
                assert abs(ratio) < 14
            elif kind == "music":
                assert voices == 0
            if "music" in kind:
                assert np.abs(rest).max() > 0.01


def test_held_out_people_are_never_trained_on(pack: Pack) -> None:
    train = Mixer(pack, held_out=False, samples=SAMPLE_RATE)
    valid = Mixer(pack, held_out=True, samples=SAMPLE_RATE)

    def people(mixer: Mixer) -> set[str]:
        return {run.person for runs, _ in mixer.groups for run in runs}

    assert people(train) | people(valid) == {run.person for run in pack.voice_runs}
    assert people(train) & people(valid) == set()
    assert {run.name for run in train.music} & {run.name for run in valid.music} == set()


def test_batches_depend_on_seed_and_number_only(pack: Pack) -> None:
    mixer = Mixer(pack, held_out=False, samples=SAMPLE_RATE // 2)
    batches = MixtureBatches(mixer, 3, seed=5)
    assert torch.equal(batches[7]["mixture"], MixtureBatches(mixer, 3, seed=5)[7]["mixture"])
    assert not torch.equal(batches[7]["mixture"], batches[8]["mixture"])
    simple = MixtureBatches(mixer, 3, seed=5, simple_steps=1)[0]
    assert bool((simple["voices"].abs().amax(-1) > 1e-4).all())


def test_spliced_voices_hold_no_long_stretch_of_a_recording(pack: Pack) -> None:
    # Every sample tells where in the recordings it stood, to 16 samples.
    places = (np.arange(len(pack.voices)) // 16).astype(np.int16)
    marked = replace(pack, voices=places)
    mixer = Mixer(marked, held_out=False, samples=3 * SAMPLE_RATE, strength=0.0)
    run = next(r for r in pack.voice_runs if not r.held_out and r.length > 2 * SAMPLE_RATE)
    own = [r for r in pack.voice_runs if r.person == run.person]
    for seed in range(3):
        rng = np.random.default_rng(seed)
        voice = mixer._spliced(marked.voices, run, mixer._speed(rng), rng)
        assert voice.shape == (3 * SAMPLE_RATE,)
        place = np.round(voice * 32768).astype(int)
        moves = np.diff(place)
        jumps = np.flatnonzero((moves < 0) | (moves > 1))
        lengths = np.diff(np.concatenate([[0], jumps, [len(voice)]]))
        assert lengths.max() < 0.95 * SAMPLE_RATE
        steady = place[1024:-1024][np.abs(moves[1024:-1023]) == 0]
        inside = [(r.start // 16 <= steady) & (steady <= (r.start + r.length) // 16) for r in own]
        # In fades two places are added.
        assert np.mean(np.any(inside, 0)) > 0.9
    plain = mixer._slice(marked.voices, run, 1.0, np.random.default_rng(0))
    assert plain.shape == voice.shape


def test_pitches_are_measured_once_and_alike_voices_drawn_by_them(
    pack: Pack, tmp_path: Path
) -> None:
    told: list[str] = []
    known = with_pitches(pack, cache=tmp_path, report=told.append)
    assert len(told) == 1
    for run in known.voice_runs:
        if run.person in PEOPLE:
            assert known.pitches[run.key] == pytest.approx(90 + 7 * PEOPLE.index(run.person), 0.03)
    assert with_pitches(pack, cache=tmp_path, report=told.append).pitches == known.pitches
    assert len(told) == 1
    mixer = Mixer(known, held_out=False, samples=2 * SAMPLE_RATE)
    near = {True: 0, False: 0}
    for alike in near:
        for seed in range(40):
            rng = np.random.default_rng(seed)
            _, first = mixer.voice(rng)
            second_voice, second = mixer.voice(rng, first, alike)
            assert second.run.person != first.run.person
            if first.run.person in PEOPLE and second.run.person in PEOPLE:
                near[alike] += abs(np.log2(first.pitch / second.pitch)) < 0.25
        # The pitch that is told is the one that is heard.
        if second.run.person in PEOPLE:
            assert median_pitch(second_voice) == pytest.approx(second.pitch, 0.06)
    assert near[True] > 1.5 * near[False]


def test_validation_set_is_fixed(pack: Pack) -> None:
    first, second = (held_out_set(pack, SAMPLE_RATE, {"two voices": 2}) for _ in range(2))
    assert [kind for kind, _ in first] == ["two voices"] * 2
    assert np.array_equal(first[1][1].mixture, second[1][1].mixture)


def test_augmentation_keeps_length_and_the_direct_sound_in_place() -> None:
    rng = np.random.default_rng(0)
    click = np.zeros(SAMPLE_RATE, np.float32)
    click[4000] = 1.0
    assert int(np.argmax(np.abs(filtered(click, rng, 0.0, False, True)))) == 4000
    assert np.allclose(filtered(click, rng, 0.0, False, False), click, atol=1e-5)
    assert room(rng)[0] == pytest.approx(1.0)
    slow = change_speed(np.sin(np.arange(8000) * 0.1).astype(np.float32), 10000)
    assert len(slow) == 10000
    assert np.abs(slow[500:-500] - np.sin(np.arange(10000) * 0.08)[500:-500]).max() < 0.02


def test_vibrato_swings_the_pitch_and_keeps_the_time() -> None:
    time = np.arange(3 * SAMPLE_RATE) / SAMPLE_RATE
    note = np.sin(2 * np.pi * 440 * time).astype(np.float32)
    sung = vibrato(note, np.random.default_rng(3))
    crossings = np.flatnonzero((sung[:-1] < 0) & (sung[1:] >= 0))
    pitch = SAMPLE_RATE / np.convolve(np.diff(crossings), np.ones(8) / 8, "valid")
    assert 2 < pitch.max() - pitch.min() < 40
    assert len(crossings) == pytest.approx(440 * 3, abs=3)


def test_si_sdr_of_known_signals() -> None:
    rng = np.random.default_rng(1)
    signal = rng.standard_normal(20000).astype(np.float32)
    noise = rng.standard_normal(20000).astype(np.float32)
    assert si_sdr(signal, 3 * signal + 0.3 * noise) == pytest.approx(20.0, abs=0.2)


def test_budget_texts() -> None:
    assert parse_budget("90m") == 5400
    assert parse_budget("1.5h") == 5400
    assert parse_budget("45") == 45
    for wrong in ("soon", "-3m", "0m", ""):
        with pytest.raises(ModelError, match="no duration"):
            parse_budget(wrong)


TINY = BandConfig(width=16, layers=2, dilations=(1, 2), waist=16)
SMALL = {
    "batch": 2,
    "frames": 48,
    "simple_steps": 2,
    "warm_up": 2,
}


def test_a_run_stops_and_goes_on_where_it_was(
    material: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr("audio_models.train.loop.VALIDATION_COUNTS", {"two voices": 2, "music": 1})
    out = tmp_path / "run"
    lines: list[str] = []
    first = run_training(material, out, budget="1s", report=lines.append, shape=TINY, **SMALL)
    assert first.samples >= 2
    with pytest.raises(ModelError, match="already holds a run"):
        run_training(material, out, budget="1s", report=lines.append, shape=TINY, **SMALL)
    assert part_facts(first.weights)["strength"] == "1"
    longer = f"{first.seconds + 2:.1f}s"
    with pytest.raises(ModelError, match="no share"):
        run_training(material, out, budget=longer, resume=True, strength=1.5)
    second = run_training(
        material, out, budget=longer, resume=True, strength=0.25, report=lines.append
    )
    assert part_facts(second.weights)["strength"] == "0.25"
    assert second.samples > first.samples
    assert any("Going on from step" in line for line in lines)
    with (out / "validation.csv").open() as handle:
        rows = list(csv.DictReader(handle))
    assert len(rows) == 2
    assert int(rows[1]["samples"]) == second.samples
    assert all(int(row["skipped"]) == 0 for row in rows)
    model = load_separator(second.weights)
    assert model.config == TINY
    assert not list(out.glob("*.part"))


def test_parts_of_the_recipe_can_be_left_out(pack: Pack, tmp_path: Path) -> None:
    whole = Mixer(pack, held_out=False, samples=8192)
    speech = Mixer(pack, held_out=False, samples=8192, left_out=SINGING_GROUPS)
    kept = {run.group for runs, _ in speech.groups for run in runs}
    assert kept
    assert kept < {run.group for runs, _ in whole.groups for run in runs}
    assert not kept & set(SINGING_GROUPS)
    assert speech.group_shares.sum() == pytest.approx(1.0)
    learning = TrainingConfig(batch=2, frames=32, strength=0.0, left_out=SINGING_GROUPS)
    shape = StackConfig(width=16, layers=1)
    run = Training(pack, tmp_path, shape, learning, ALONE, lambda _: None)
    batch = next(run.batches(workers=0))
    run.save(1.0)
    facts = part_facts(tmp_path / "separator.safetensors")
    assert (facts["strength"], facts["left_out"]) == ("0", "singing,sung")
    again = Training(pack, tmp_path, shape, TrainingConfig(), ALONE, lambda _: None)
    assert again.resume()
    assert again.config == learning
    assert torch.equal(next(again.batches(workers=0))["mixture"], batch["mixture"])


def test_worker_processes_make_the_same_batches(pack: Pack, tmp_path: Path) -> None:
    learning = TrainingConfig(batch=2, frames=32)
    shape = StackConfig(width=16, layers=1)
    training = Training(pack, tmp_path, shape, learning, ALONE, lambda _: None)
    training.step = 5
    here, there = training.batches(workers=0), training.batches(workers=1)
    for _ in range(2):
        assert torch.equal(next(here)["mixture"], next(there)["mixture"])


@pytest.mark.parametrize(
    ("config", "rate"),
    [
        (StackConfig(width=24, layers=2), 3e-3),
        (BandConfig(width=16, layers=2, dilations=(1, 2), waist=16), 1e-3),
    ],
)
def test_steps_lower_the_loss_and_bad_ones_are_skipped(
    pack: Pack, tmp_path: Path, config: SeparatorConfig, rate: float
) -> None:
    learning = TrainingConfig(batch=2, frames=48, simple_steps=1 << 40, warm_up=1, rate=rate)
    training = Training(pack, tmp_path, config, learning, ALONE, lambda _: None)
    batch = next(training.batches(workers=0))
    losses = [training.update(batch, rate) for _ in range(25)]
    assert losses[0] is not None
    assert losses[-1] is not None
    assert losses[-1] < losses[0] - 2.0
    before = [p.clone() for p in training.model.parameters()]
    batch["mixture"] = batch["mixture"] * float("nan")
    assert training.update(batch, rate) is None
    assert training.skipped == 1
    assert all(torch.equal(a, b) for a, b in zip(before, training.model.parameters(), strict=True))


def test_a_speaker_embedding_is_trained_and_can_be_read(pack: Pack, tmp_path: Path) -> None:
    lines: list[str] = []
    out = tmp_path / "speaker.safetensors"
    config = SpeakerConfig(bands=16, width=16, size=8)
    figures = train_speaker(pack, out, "3steps", config=config, report=lines.append)
    assert figures.steps == 3
    assert 0.4 < figures.pairs_right <= 1.0
    assert figures.same > figures.different
    assert load_speaker(out).config == config
    assert lines
    with pytest.raises(ModelError, match="no budget"):
        train_speaker(pack, out, "soon")
