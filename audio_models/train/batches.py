"""Mixtures by number: a step's batch follows from the seed, its number and the process."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import Dataset

from audio_models.train.material import Pack
from audio_models.train.mixer import KINDS, Example, Mixer


class MixtureBatches(Dataset[dict[str, Tensor]]):
    """Batch number -> tensors; seed, number and rank of the process always give the same batch."""

    def __init__(
        self, mixer: Mixer, batch: int, seed: int, simple_steps: int = 0, rank: int = 0
    ) -> None:
        """The first `simple_steps` batches hold two voices and nothing else."""
        self.mixer, self.batch, self.seed, self.simple_steps = mixer, batch, seed, simple_steps
        self.rank = rank

    def __getitem__(self, step: int) -> dict[str, Tensor]:
        rng = np.random.default_rng((self.seed, step, self.rank))
        if step < self.simple_steps:
            return stack([self.mixer.example_of(KINDS[0], rng) for _ in range(self.batch)])
        return stack([self.mixer.example(rng) for _ in range(self.batch)])


def stack(examples: list[Example]) -> dict[str, Tensor]:
    """`mixture` (B, N) and `voices` (B, 2, N)."""
    return {
        "mixture": torch.from_numpy(np.stack([e.mixture for e in examples])),
        "voices": torch.from_numpy(np.stack([e.voices for e in examples])),
    }


def held_out_set(
    pack: Pack, samples: int, per_kind: dict[str, int], seed: int = 7
) -> list[tuple[str, Example]]:
    """A fixed set of mixtures of held-out people and pieces, lightly changed."""
    mixer = Mixer(pack, held_out=True, samples=samples, strength=0.25)
    return [
        (kind, mixer.example_of(kind, np.random.default_rng((seed, i, KINDS.index(kind)))))
        for kind, count in per_kind.items()
        for i in range(count)
    ]
