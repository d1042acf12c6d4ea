"""What the training loop is told about a model: examples, loss, score, weights."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

import numpy as np
import torch
from torch import Tensor, nn

from audio_models.metrics import si_sdr
from audio_models.networks import save_network
from audio_models.sound_network import SoundNetwork, Window, centre
from audio_models.train.recipes import Recipe
from audio_models.train.remix import PLAIN, Draws, Remixer

SCORE = "si_sdr_improvement"
"""What the best checkpoint is chosen by: dB of the voice, the mean over held-out mixtures."""
_SILENT = 1e-4


class Task(Protocol):
    """A model in training."""

    module: nn.Module

    def batch(self, size: int, rng: np.random.Generator) -> dict[str, Tensor]:
        """Examples, on the CPU."""
        ...

    def loss(self, module: nn.Module, batch: Mapping[str, Tensor]) -> Tensor:
        """The mean loss of a batch on the module's device."""
        ...

    def validate(self, module: nn.Module) -> dict[str, float]:
        """Figures of held-out examples, `SCORE` among them."""
        ...

    def save(self, module: nn.Module, path: Path, facts: Mapping[str, str]) -> None:
        """Write weights that the program can run."""
        ...


class SoundTask:
    """A `SoundNetwork` that learns from random mixtures."""

    def __init__(
        self,
        model_id: str,
        network: SoundNetwork,
        learnt: list[Draws],
        held_out: list[Draws],
        recipe: Recipe,
    ) -> None:
        self.module: nn.Module = network
        self._model_id = model_id
        names, channels = network.sources, network.channels
        self._remixer = Remixer(learnt, names, channels, network.patch.input, recipe.augmentation)
        self._window = _for_validation(network)
        remixer = Remixer(held_out, names, channels, self._window.input, PLAIN)
        rngs = (np.random.default_rng((7, n)) for n in range(recipe.validation_examples))
        self._held_out = [remixer.example(rng) for rng in rngs]

    def batch(self, size: int, rng: np.random.Generator) -> dict[str, Tensor]:
        """``mixture`` (B, C, N) and ``sources`` (B, S, C, N)."""
        examples = [self._remixer.example(rng) for _ in range(size)]
        return {
            "mixture": torch.from_numpy(np.stack([mixture for mixture, _ in examples])),
            "sources": torch.from_numpy(np.stack([sources for _, sources in examples])),
        }

    def loss(self, module: nn.Module, batch: Mapping[str, Tensor]) -> Tensor:
        """The loss the network's authors name."""
        assert isinstance(module, SoundNetwork)
        return module.training_loss(batch["mixture"], batch["sources"])

    @torch.inference_mode()
    def validate(self, module: nn.Module) -> dict[str, float]:
        """Improvement of the voice and the loss on held-out mixtures."""
        assert isinstance(module, SoundNetwork)
        device = next(module.parameters()).device
        gains: list[float] = []
        length = self._window.answer or self._window.input
        for mixture, sources in self._held_out:
            estimate = module(torch.from_numpy(mixture)[None].to(device))
            found = centre(estimate[0, module.voice], self._window.output).float().cpu().numpy()
            heard = _middle(mixture, length, self._window.output)
            truth = _middle(sources[module.voice], length, self._window.output)
            if np.sqrt(np.mean(truth**2)) < _SILENT:
                continue
            gains.append(si_sdr(truth, found) - si_sdr(truth, heard))
        return {SCORE: float(np.mean(gains)) if gains else 0.0}

    def save(self, module: nn.Module, path: Path, facts: Mapping[str, str]) -> None:
        """Weights with their configuration."""
        assert isinstance(module, SoundNetwork)
        save_network(module, path, self._model_id, facts)


def _for_validation(network: SoundNetwork) -> Window:
    """The window for separating, but not more than training gives where that is long."""
    short = network.window.input <= 12 * network.sample_rate
    return network.window if short else network.patch


def _middle(sound: np.ndarray, length: int, samples: int) -> np.ndarray:
    """The part of (C, N) that the middle of an answer of ``length`` stands for."""
    start = (sound.shape[-1] - length) // 2 + (length - samples) // 2
    return sound[..., start : start + samples]
