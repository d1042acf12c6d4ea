"""What the other processes of a test's training do; they import it by name."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch

from audio_models.separator_bands import BandConfig
from audio_models.train.loop import Training, TrainingConfig
from audio_models.train.material import open_pack
from audio_models.train.workers import Workers, workers

TINY = BandConfig(width=16, layers=2, dilations=(1, 2), waist=16)
LEARNING = TrainingConfig(batch=2, frames=48, simple_steps=2, warm_up=2, clip=1e9)


@dataclass(frozen=True)
class Place:
    """Where a test keeps its material, its packs and what the processes leave."""

    material: Path
    cache: Path
    out: Path


def training_of(place: Place, team: Workers) -> Training:
    """A run at its first step."""
    torch.set_num_threads(1)
    pack = open_pack(place.material, cache=place.cache, report=lambda _: None)
    return Training(pack, place.out, TINY, LEARNING, team, lambda _: None)


def take_a_step(place: Place, join: Callable[[], None] = lambda: None) -> None:
    """Leave gradient and weights of the team's first step in a file of this process."""
    join()
    with workers("cpu") as team:
        training = training_of(place, team)
        loss = training.update(next(training.batches(0)), 1e-3)
        left = {
            "loss": loss,
            "gradient": [p.grad for p in training.model.parameters()],
            "weights": [p.detach() for p in training.model.parameters()],
        }
        torch.save(left, place.out / f"{team.rank}.pt")


def die(place: Place, join: Callable[[], None]) -> None:
    """Join and end without a word, as a process does that the system stops."""
    join()
    with workers("cpu"):
        os._exit(9)


def dawdle(place: Place, join: Callable[[], None]) -> None:
    """Say where this process is, and never get ready."""
    (place.out / "pid").write_text(str(os.getpid()))
    time.sleep(600)
