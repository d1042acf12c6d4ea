"""Processes that train one separator together."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
import torch
from teamwork import LEARNING, TINY, Place, dawdle, die, take_a_step, training_of
from test_training import material  # noqa: F401

from audio_models.errors import ModelError
from audio_models.train.batches import MixtureBatches
from audio_models.train.mixer import Mixer
from audio_models.train.run import run_training
from audio_models.train.workers import Workers, helpers, workers
from audio_models.weights import part_facts


@pytest.fixture
def place(material: Path, tmp_path: Path) -> Place:  # noqa: F811
    out = tmp_path / "out"
    out.mkdir()
    return Place(material, tmp_path / "packs", out)


def test_a_step_of_two_processes_follows_the_mean_of_their_gradients(place: Place) -> None:
    alone = training_of(place, Workers(0, 1, torch.device("cpu")))
    mixer = Mixer(alone.pack, held_out=False, samples=47 * 256)
    gradients, losses = [], []
    for rank in range(2):
        batch = MixtureBatches(mixer, LEARNING.batch, LEARNING.seed, LEARNING.simple_steps, rank)[0]
        single = training_of(place, Workers(0, 1, torch.device("cpu")))
        losses.append(single.update(batch, 1e-3))
        gradients.append([p.grad for p in single.model.parameters()])
    assert losses[0] != losses[1]
    with helpers(1, take_a_step, place):
        take_a_step(place)
    left = [torch.load(place.out / f"{rank}.pt") for rank in range(2)]
    assert left[0]["loss"] == pytest.approx(sum(losses) / 2, abs=1e-4)
    for mean, first, second in zip(left[0]["gradient"], *gradients, strict=True):
        assert torch.allclose(mean, (first + second) / 2, atol=1e-6)
    for here, there in zip(left[0]["weights"], left[1]["weights"], strict=True):
        assert torch.equal(here, there)
    assert "WORLD_SIZE" not in os.environ


def test_a_run_counts_the_mixtures_of_all_its_processes(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr("audio_models.train.loop.VALIDATION_COUNTS", {"two voices": 2})
    small = {"batch": 2, "frames": 48, "simple_steps": 2, "warm_up": 2}
    lines: list[str] = []
    both = run_training(
        place.material,
        place.out,
        budget="1s",
        shape=TINY,
        processes=2,
        report=lines.append,
        **small,
    )
    steps = int(part_facts(both.weights)["step"])
    assert both.samples == 4 * steps > 0
    assert int(part_facts(both.weights)["samples"]) == both.samples
    longer = f"{both.seconds + 1:.1f}s"
    more = run_training(place.material, place.out, longer, resume=True, report=lines.append)
    added = int(part_facts(more.weights)["step"]) - steps
    assert more.samples == both.samples + 2 * added > both.samples


def test_a_process_that_ends_early_is_named(place: Place) -> None:
    def go_on_alone() -> None:
        with helpers(1, die, place), workers("cpu") as team:
            team.of_leader(1.0)
            team.average([torch.zeros(3)])

    with pytest.raises(ModelError, match="fewer --processes"):
        go_on_alone()
    assert "RANK" not in os.environ


def test_waiting_for_the_others_can_be_cancelled(place: Place) -> None:
    asked = []

    def check() -> None:
        if (place.out / "pid").is_file():
            asked.append(time.monotonic())
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), helpers(1, dawdle, place, check):
        raise AssertionError("nobody was ready")
    assert time.monotonic() - asked[0] < 1.0
    with pytest.raises(ProcessLookupError):
        os.kill(int((place.out / "pid").read_text()), 0)


def test_a_team_needs_somebody(place: Place) -> None:
    with pytest.raises(ModelError, match="at least one process"):
        run_training(place.material, place.out, processes=0)
