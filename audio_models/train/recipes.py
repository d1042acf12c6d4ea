"""How networks are trained: what their authors name, and a modern alternative for all."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, fields, replace
from enum import Enum
from typing import Any

import torch
from torch import nn

from audio_models.cnn_mask import CNNMaskConfig
from audio_models.errors import ModelError
from audio_models.jansson import JanssonConfig
from audio_models.networks import NetworkConfig
from audio_models.tf_unet import TFUNetConfig
from audio_models.train.remix import Augmentation


class Optimiser(str, Enum):
    """Kinds of gradient descent."""

    ADAM = "adam"
    ADAMW = "adamw"
    RMSPROP = "rmsprop"
    SGD = "sgd"


class Schedule(str, Enum):
    """How the rate goes over the budget."""

    CONSTANT = "constant"
    GEOMETRIC = "geometric"
    """From ``rate`` to ``final_rate``."""
    TWO_ROUNDS = "two rounds"
    """``rate`` until validation stalls or 80 % of the budget is used, then ``final_rate`` with
    twice the batch."""
    COSINE = "cosine"
    """Warm-up, then a half cosine to ``final_rate``."""


SECOND_ROUND = 0.8
WARM_UP_STEPS = 200


@dataclass(frozen=True)
class Recipe:
    """Everything about a training but the network and the data."""

    optimiser: Optimiser = Optimiser.ADAM
    rate: float = 1e-4
    final_rate: float = 1e-4
    schedule: Schedule = Schedule.CONSTANT
    batch: int = 4
    momentum: float = 0.0
    weight_decay: float = 0.0
    clip: float = 0.0
    """Largest norm of the gradient; 0 for no limit."""
    ema: float = 0.0
    """Decay of the average of the weights that is validated and kept; 0 for none."""
    bf16: bool = False
    patience: int = 20
    """Validations without a better score before the second round."""
    validation_examples: int = 12
    validate_s: float = 120.0
    checkpoint_s: float = 60.0
    seed: int = 1
    augmentation: Augmentation = field(default_factory=Augmentation)

    def rate_at(self, step: int, progress: float, second_round: bool) -> float:
        """The rate at a step, ``progress`` of the budget being used."""
        if self.schedule is Schedule.GEOMETRIC:
            return self.rate * (self.final_rate / self.rate) ** min(1.0, progress)
        if self.schedule is Schedule.TWO_ROUNDS:
            return self.final_rate if second_round else self.rate
        if self.schedule is Schedule.COSINE:
            fall = 0.5 * (1.0 + math.cos(math.pi * min(1.0, progress)))
            warm = min(1.0, (step + 1) / WARM_UP_STEPS)
            return warm * (self.final_rate + (self.rate - self.final_rate) * fall)
        return self.rate

    def build_optimiser(self, module: nn.Module) -> torch.optim.Optimizer:
        """The optimiser over all parameters of a module; norms and biases do not decay."""
        matrices = [p for p in module.parameters() if p.ndim > 1]
        others = [p for p in module.parameters() if p.ndim <= 1]
        groups: list[dict[str, Any]] = [
            {"params": matrices, "weight_decay": self.weight_decay},
            {"params": others, "weight_decay": 0.0},
        ]
        if self.optimiser is Optimiser.SGD:
            return torch.optim.SGD(groups, self.rate, momentum=self.momentum)
        if self.optimiser is Optimiser.RMSPROP:
            return torch.optim.RMSprop(groups, self.rate, momentum=self.momentum)
        if self.optimiser is Optimiser.ADAMW:
            return torch.optim.AdamW(groups, self.rate, betas=(0.9, 0.98))
        return torch.optim.Adam(groups, self.rate)


def reference_recipe(config: NetworkConfig) -> Recipe:
    """What the authors of a network name, or what is usual where they name nothing."""
    if isinstance(config, JanssonConfig):
        return Recipe()
    if isinstance(config, TFUNetConfig):
        return Recipe(
            optimiser=Optimiser.RMSPROP,
            rate=5e-4,
            final_rate=1e-4,
            schedule=Schedule.GEOMETRIC,
            augmentation=Augmentation(gain=(1.0, 1.0), speed=0.0, swap=False),
        )
    if isinstance(config, CNNMaskConfig):
        return Recipe(rate=1e-3, final_rate=1e-3, batch=8)
    return Recipe(
        final_rate=1e-5,
        schedule=Schedule.TWO_ROUNDS,
        batch=16,
        augmentation=Augmentation(speed=0.0, swap=False),
    )


YNET_RECIPE = Recipe(
    optimiser=Optimiser.SGD,
    rate=0.01,
    final_rate=0.01,
    momentum=0.8,
    weight_decay=1e-5,
    batch=10,
)


def modern_recipe(reference: Recipe) -> Recipe:
    """AdamW with warm-up and cosine, averaged weights, bfloat16, clipped gradients."""
    return replace(
        reference,
        optimiser=Optimiser.ADAMW,
        rate=1e-3,
        final_rate=1e-5,
        schedule=Schedule.COSINE,
        weight_decay=0.01,
        clip=5.0,
        ema=0.999,
        bf16=True,
        augmentation=Augmentation(),
    )


def changed_recipe(recipe: Recipe, changes: dict[str, Any]) -> Recipe:
    """A recipe with fields taken from JSON values.

    Raises:
        ModelError: a field is unknown or its value cannot be used.
    """
    known = {f.name: getattr(recipe, f.name) for f in fields(recipe)}
    for name, value in changes.items():
        if name not in known:
            raise ModelError(
                f"'{name}' is no setting of a training; the settings are {', '.join(known)}."
            )
        old = known[name]
        try:
            if isinstance(old, Augmentation):
                listed: dict[str, Any] = {
                    k: tuple(v) if isinstance(v, list) else v for k, v in value.items()
                }
                known[name] = replace(old, **listed)
            else:
                known[name] = type(old)(value)
        except (TypeError, ValueError, AttributeError) as error:
            raise ModelError(f"'{value}' is no value for the setting {name}.") from error
    return Recipe(**known)
