"""Training of networks: material of every kind, a run that survives, parallel processes."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch
from test_training import material, tone  # noqa: F401

from audio_models.errors import ModelError
from audio_models.networks import CONFIGS, load_network
from audio_models.train.budget import Budget
from audio_models.train.lips import TalkingClip, load_clips, save_clips
from audio_models.train.material import TrainingDataError
from audio_models.train.network_run import train_network
from audio_models.train.recipes import (
    Optimiser,
    Recipe,
    Schedule,
    changed_recipe,
    modern_recipe,
    reference_recipe,
)
from audio_models.train.remix import PLAIN, Augmentation, Remixer, open_draws
from audio_models.train.songs import SongDraws, find_songs, is_held_out
from audio_models.train.ynet_task import YNetTask

RATE = 8192
CONFIG = {
    "network": {"depth": 2, "first_channels": 4, "n_fft": 256, "hop": 192, "patch_frames": 16},
    "training": {"batch": 2, "rate": 1e-3, "validation_examples": 3},
}
WAVE = {
    "network": {"levels": 2, "width": 4, "wanted": 1024},
    "training": {"batch": 2, "validation_examples": 2},
}


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    torch.set_num_threads(1)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "xdg"))


@pytest.fixture(scope="module")
def songs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six songs as MUSDB18-HQ has them: five to learn from, one for the test."""
    folder = tmp_path_factory.mktemp("musdb")
    for number in range(6):
        place = folder / ("test" if number == 5 else "train") / f"song {number}"
        place.mkdir(parents=True)
        for k, name in enumerate(("vocals", "drums", "bass", "other")):
            mono = tone(100 + 90 * k + 11 * number, 3.0, 10 * number + k)
            soundfile.write(place / f"{name}.wav", np.stack([mono, 0.5 * mono], 1), 16384)
        soundfile.write(place / "mixture.wav", np.zeros((100, 2)), 16384)
    return folder


def write(path: Path, settings: dict) -> Path:
    path.write_text(json.dumps(settings))
    return path


def test_songs_are_found_in_every_layout(songs: Path, tmp_path: Path) -> None:
    found = {song.name: song for song in find_songs(songs)}
    assert len(found) == 6
    assert [song.test for song in found.values()] == [True, *[False] * 5]
    assert set(found["train/song 0"].parts) == {"vocals", "drums", "bass", "other"}
    sound = np.zeros(800)
    (tmp_path / "c" / "vocals").mkdir(parents=True)
    (tmp_path / "c" / "accompaniment").mkdir()
    (tmp_path / "d" / "deep").mkdir(parents=True)
    for name in ("a_vocals", "a_accompaniment", "b_vocals", "lonely"):
        soundfile.write(tmp_path / "d" / f"{name}.flac", sound, 8000)
    for name in ("vocals", "accompaniment"):
        soundfile.write(tmp_path / "c" / name / "x.wav", sound, 8000)
        soundfile.write(tmp_path / "d" / "deep" / f"{name}.wav", sound, 8000)
    assert [song.name for song in find_songs(tmp_path / "c")] == ["x"]
    assert sorted(song.name for song in find_songs(tmp_path / "d")) == ["a", "deep"]


def test_stem_files_are_read_by_stream(tmp_path: Path) -> None:
    import av

    path = tmp_path / "train" / "one.stem.mp4"
    path.parent.mkdir()
    with av.open(str(path), "w", format="mp4") as output:
        streams = [output.add_stream("aac", rate=44100, layout="stereo") for _ in range(5)]
        for number, stream in enumerate(streams):
            time = np.arange(44100) / 44100
            sound = 0.5 * np.sin(2 * np.pi * 200 * (number + 1) * time).astype(np.float32)
            frame = av.AudioFrame.from_ndarray(np.stack([sound, sound]), "fltp", "stereo")
            frame.sample_rate, frame.pts = 44100, 0
            for packet in [*stream.encode(frame), *stream.encode(None)]:
                output.mux(packet)
    (song,) = find_songs(tmp_path)
    draws = SongDraws([song], 8000, 1, tmp_path / "cache")
    for name, hertz in {"drums": 400, "bass": 600, "other": 800, "vocals": 1000}.items():
        piece = draws.draw_from(song, name, 6000, 0.0)[0]
        assert np.argmax(np.abs(np.fft.rfft(piece * np.hanning(6000)))) * 8000 / 6000 == (
            pytest.approx(hertz, abs=3)
        )
    assert np.std(draws.draw_from(song, "accompaniment", 6000, 0.0)) > np.std(piece)


def test_remixes_add_up_and_follow_the_seed(songs: Path, tmp_path: Path) -> None:
    draws = open_draws([songs], False, RATE, 2, cache=tmp_path)
    names = ("accompaniment", "vocals")
    remixer = Remixer(draws, names, 2, 4000, Augmentation())
    mixture, sources = remixer.example(np.random.default_rng(4))
    assert mixture.shape == (2, 4000)
    assert sources.shape == (2, 2, 4000)
    assert np.abs(sources.sum(0) - mixture).max() < 1e-6
    assert 0.29 < np.abs(mixture).max() < 0.96
    again, _ = remixer.example(np.random.default_rng(4))
    assert np.array_equal(mixture, again)
    other, _ = remixer.example(np.random.default_rng(5))
    assert not np.array_equal(mixture, other)
    # In time with each other, all sources come from one place of one song.
    whole = Remixer(draws, ("bass", "drums", "other", "vocals"), 2, 4000, Augmentation(
        remix=False, speed=0.0, gain=(1.0, 1.0), swap=False, peak=(1.0, 1.0)
    ))  # fmt: skip
    _, parts = whole.example(np.random.default_rng(2))
    levels = [np.abs(part[1]).max() / np.abs(part[0]).max() for part in parts]
    assert levels == pytest.approx([0.5] * 4, abs=0.02)


def test_sides_do_not_share_songs(songs: Path, tmp_path: Path) -> None:
    names = [song.name for song in find_songs(songs) if not song.test]
    sides = [open_draws([songs], side, RATE, 1, cache=tmp_path)[0] for side in (False, True)]
    learnt, held_out = ({song.name for song in side._songs} for side in sides)  # type: ignore[attr-defined]
    assert learnt | held_out == set(names)
    assert not learnt & held_out
    assert held_out
    shares = [is_held_out(f"song {n}") for n in range(400)]
    assert 0.15 < np.mean(shares) < 0.35


def test_recordings_are_placed_and_levelled(material: Path) -> None:  # noqa: F811
    draws = open_draws([material], False, 11025, 2, report=lambda _: None)
    remixer = Remixer(draws, ("vocals",), 2, 11025, PLAIN)
    mixture, sources = remixer.example(np.random.default_rng(1))
    assert sources.shape == (1, 2, 11025)
    assert np.abs(mixture - sources[0]).max() > 0.01
    left, right = (float(np.abs(channel).max()) for channel in sources[0])
    assert 0.2 < left / right < 5
    with pytest.raises(TrainingDataError, match="no bass"):
        Remixer(draws, ("bass", "drums", "other", "vocals"), 2, 100, PLAIN).example(
            np.random.default_rng(1)
        )


def test_budgets() -> None:
    assert Budget.parse("20m").seconds == 1200
    assert Budget.parse("5000steps").steps == 5000
    assert Budget.parse("10 step").progress(0.0, 5) == 0.5
    assert Budget.parse("10s").progress(5.0, 900) == 0.5
    for wrong in ("0steps", "soon", "-3m"):
        with pytest.raises(ModelError, match="budget"):
            Budget.parse(wrong)


def test_recipes_are_those_of_the_references() -> None:
    jansson = reference_recipe(CONFIGS["unet-jansson"])
    assert (jansson.optimiser, jansson.rate, jansson.batch) == (Optimiser.ADAM, 1e-4, 4)
    wave = reference_recipe(CONFIGS["wave-unet-m4"])
    assert (wave.rate, wave.batch, wave.patience) == (1e-4, 16, 20)
    assert wave.augmentation.gain == (0.7, 1.0)
    assert wave.rate_at(10, 0.5, False) == 1e-4
    assert wave.rate_at(10, 0.9, True) == 1e-5
    tf = reference_recipe(CONFIGS["tfc-tdf-unet"])
    assert (tf.optimiser, tf.rate_at(0, 0.0, False)) == (Optimiser.RMSPROP, 5e-4)
    assert tf.rate_at(0, 1.0, False) == pytest.approx(1e-4)
    modern = modern_recipe(tf)
    assert (modern.optimiser, modern.ema, modern.bf16) == (Optimiser.ADAMW, 0.999, True)
    assert modern.rate_at(0, 0.0, False) < modern.rate_at(300, 0.1, False)
    assert modern.rate_at(900, 1.0, False) == pytest.approx(1e-5)
    assert changed_recipe(Recipe(), {"schedule": "cosine"}).schedule is Schedule.COSINE
    for wrong in ({"speed": 1}, {"optimiser": "magic"}, {"augmentation": {"gain": 1, "x": 2}}):
        with pytest.raises(ModelError):
            changed_recipe(Recipe(), wrong)


def rows(out: Path) -> list[dict[str, str]]:
    with (out / "curve.csv").open() as handle:
        return list(csv.DictReader(handle))


@pytest.mark.parametrize("modern", [False, True])
def test_a_run_learns_and_leaves_everything(songs: Path, tmp_path: Path, modern: bool) -> None:
    out = tmp_path / "run"
    config = write(tmp_path / "c.json", CONFIG)
    run = train_network(
        "unet-jansson",
        [songs],
        out=out,
        budget="12steps",
        config=config,
        modern=modern,
        report=lambda _: None,
    )
    assert (run.steps, run.skipped) == (12, 0)
    assert run.picture.read_bytes().startswith(b"\x89PNG")
    assert list((out / "tensorboard").glob("events*"))
    assert rows(out)[-1]["step"] == "12"
    network = load_network(run.weights)
    assert network.config.depth == 2
    with pytest.raises(ModelError, match="--resume"):
        train_network("unet-jansson", [songs], out=out, config=config, report=lambda _: None)


class KilledError(Exception):
    pass


def test_killed_at_any_step_it_ends_where_an_unbroken_run_ends(songs: Path, tmp_path: Path) -> None:
    config = write(tmp_path / "c.json", WAVE)

    def train(out: Path, steps: int, resume: bool, die_after: int | None = None) -> None:
        calls = 0

        def check() -> None:
            nonlocal calls
            calls += 1
            if die_after is not None and calls > die_after:
                raise KilledError

        train_network(
            "wave-unet-m4", [songs], out=out, budget=f"{steps}steps", resume=resume,
            config=config, device="cpu", report=lambda _: None, check=check,
        )  # fmt: skip

    train(tmp_path / "whole", 9, False)
    with pytest.raises(KilledError):
        train(tmp_path / "broken", 9, False, die_after=4)
    # A half-written file of a crash is in nobody's way.
    (tmp_path / "broken" / "checkpoint.pt.part").write_bytes(b"half")
    train(tmp_path / "broken", 9, True)
    states = [
        torch.load(tmp_path / name / "checkpoint.pt", weights_only=True)
        for name in ("whole", "broken")
    ]
    assert states[0]["step"] == states[1]["step"] == 9
    for key, value in states[0]["module"].items():
        assert torch.allclose(value, states[1]["module"][key], atol=1e-6), key


def test_steps_that_are_not_numbers_are_skipped_and_counted(
    songs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Remixer.example
    count = 0

    def sometimes(self: Remixer, rng: np.random.Generator):
        nonlocal count
        count += 1
        mixture, sources = real(self, rng)
        return (mixture * np.nan if count == 8 else mixture), sources

    monkeypatch.setattr(Remixer, "example", sometimes)
    run = train_network(
        "unet-jansson",
        [songs],
        out=tmp_path / "run",
        budget="6steps",
        config=write(tmp_path / "c.json", CONFIG),
        device="cpu",
        report=lambda _: None,
    )
    assert run.skipped == 1
    state = torch.load(tmp_path / "run" / "checkpoint.pt", weights_only=True)
    assert all(bool(torch.isfinite(v).all()) for v in state["module"].values())


def test_two_processes_train_one_network(songs: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    code = (
        "from pathlib import Path\n"
        "from audio_models.train.network_run import train_network\n"
        f"r = train_network('wave-unet-m4', [Path({str(songs)!r})], out=Path({str(out)!r}),\n"
        f"  budget='4steps', config=Path({str(write(tmp_path / 'c.json', WAVE))!r}),\n"
        "  device='cpu', threads=1, report=lambda _: None)\n"
        "assert r.steps == 4\n"
    )
    script = tmp_path / "job.py"
    script.write_text(code)
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-m", "torch.distributed.run", "--nproc-per-node=2", "--standalone",
         str(script)],
        env={**os.environ, "PYTHONPATH": str(root), "OMP_NUM_THREADS": "1"},
        capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    assert rows(out)[-1]["step"] == "4"
    load_network(out / "best.safetensors")


def talking(seconds: float = 3.0, mouths: bool = False) -> list[TalkingClip]:
    frames = round(seconds * 25)
    rng = np.random.default_rng(1)
    return [
        TalkingClip(
            (60 + rng.standard_normal((frames, 68, 2))).astype(np.float32),
            tone(120 + 10 * n, seconds, n),
            rng.integers(0, 255, (frames, 40, 60, 3), np.uint8) if mouths else None,
        )
        for n in range(4)
    ]


def test_filmed_voices_keep_their_mouths_on_disk(tmp_path: Path) -> None:
    clips = talking(mouths=True)
    save_clips(clips, tmp_path / "c.npz")
    again = load_clips(tmp_path / "c.npz")
    for old, new in zip(clips, again, strict=True):
        assert old.mouth is not None
        assert new.mouth is not None
        assert np.array_equal(old.mouth, new.mouth)
    save_clips(talking(), tmp_path / "d.npz")
    assert load_clips(tmp_path / "d.npz")[0].mouth is None


@pytest.mark.parametrize(("visual", "duets"), [("graph", True), ("video", False)])
def test_ynet_learns_in_step_with_its_pictures(
    visual: str, duets: bool, material: Path  # noqa: F811
) -> None:  # fmt: skip
    sides = [
        open_draws([material], side, 16384, 1, report=lambda _: None) for side in (False, True)
    ]
    recipe = Recipe(validation_examples=1)
    clips = talking(mouths=visual == "video")
    task = YNetTask(visual, duets, clips, sides[0], sides[1], recipe)  # type: ignore[arg-type]
    batch = task.batch(2, np.random.default_rng(3))
    assert batch["sources"].shape == (2, 3, 65535)
    shape = (2, 3, 100, 96, 96) if visual == "video" else (2, 2, 100, 68)
    assert batch["picture"].shape == shape
    if visual == "video":
        return  # its network is too large for a test
    module = task.module.train()
    task.loss(module, batch).backward()
    for name, parameter in module.named_parameters():
        assert parameter.grad is not None, name
        assert bool(torch.isfinite(parameter.grad).all()), name
    with pytest.raises(TrainingDataError, match="--mouths"):
        YNetTask("video", False, talking(), sides[0], sides[1], recipe)


def test_wrong_requests_get_one_sentence(songs: Path, tmp_path: Path) -> None:
    def train(model: str, data: list[Path], settings: dict | None = None) -> None:
        config = None if settings is None else write(tmp_path / "c.json", settings)
        train_network(model, data, out=tmp_path / "run", config=config, report=lambda _: None)

    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(ModelError, match="cannot be trained"):
        train("solovox", [songs])
    with pytest.raises(TrainingDataError, match="no training material"):
        train("unet-jansson", [empty])
    with pytest.raises(TrainingDataError, match="There is no"):
        train("unet-jansson", [tmp_path / "nowhere"])
    with pytest.raises(ModelError, match="no setting"):
        train("unet-jansson", [songs], {"network": {"colour": 1}})
    with pytest.raises(ModelError, match="nothing else"):
        train("unet-jansson", [songs], {"colour": {}})
    with pytest.raises(TrainingDataError, match="train landmarks"):
        train("ynet-g", [songs])
