"""The training loop of the separator: resumable at any moment, budgeted by time."""

from __future__ import annotations

import csv
import json
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path

import torch
from torch import Tensor

from audio_models.base import HOP, SAMPLE_RATE
from audio_models.losses import batch_loss
from audio_models.separator import (
    SeparatorConfig,
    kind_of,
    load_separator,
    make_separator,
    of_kind,
    save_separator,
)
from audio_models.train.batches import MixtureBatches, held_out_set
from audio_models.train.budget import Clock
from audio_models.train.material import Pack
from audio_models.train.mixer import Example, Mixer
from audio_models.train.optimisers import optimisers
from audio_models.train.validate import VALIDATION_COUNTS, score_examples
from audio_models.train.workers import Workers
from audio_models.weights import part_facts

CHECKPOINT = "checkpoint.pt"
WEIGHTS = "separator.safetensors"
LOG = "validation.csv"
_EMA = 0.999
_EMA_EVERY = 4


@dataclass(frozen=True)
class TrainingConfig:
    """What a run learns with; a resumed run keeps its own."""

    batch: int = 8
    """Mixtures of a step, for each process."""
    frames: int = 192
    rate: float = 5e-4
    warm_up: int = 200
    simple_steps: int = 300
    """First steps with two voices only: silent targets at the start lead to one-sided outputs."""
    decay_share: float = 0.2
    weight_decay: float = 0.01
    clip: float = 5.0
    seed: int = 1
    strength: float = 1.0
    """How often voices and music are changed against the recipe; 0 leaves them as recorded. Little
    of it in the end, while the rate falls, brings a separator closer to voices as they are."""
    left_out: tuple[str, ...] = ()
    """Groups of voices (`audio_models.train.mixer.GROUP_SHARES`) that are not used."""


class Training:
    """State of a run: model, moving average, optimiser, counters."""

    def __init__(
        self,
        pack: Pack,
        out: Path,
        model_config: SeparatorConfig,
        config: TrainingConfig,
        team: Workers,
        report: Callable[[str], None],
    ) -> None:
        self.pack, self.out, self.team, self.report = pack, out, team, report
        self.config, self.model_config = config, model_config
        self.step = self.first_step = self.skipped = self.samples = 0
        self.spent = 0.0
        self.processor_s = 0.0
        torch.manual_seed(config.seed)
        self._build()

    def _build(self) -> None:
        self.model = make_separator(self.model_config).to(self.team.device).train()
        self.average = make_separator(self.model_config).to(self.team.device).eval()
        self.average.load_state_dict(self.model.state_dict())
        self.optimisers = optimisers(self.model, self.config.rate, self.config.weight_decay)

    def resume(self) -> bool:
        """Go on from the last checkpoint of the output folder, if there is one."""
        path = self.out / CHECKPOINT
        if not path.is_file():
            return False
        state = torch.load(path, map_location=self.team.device, weights_only=True)
        self.model_config = of_kind(state["kind"], state["model_config"])
        learning = dict(state["config"])
        learning["left_out"] = tuple(learning.get("left_out", ()))
        self.config = TrainingConfig(**learning)
        self._build()
        self.model.load_state_dict(state["model"])
        self.average.load_state_dict(state["average"])
        for optimiser, kept in zip(self.optimisers, state["optimisers"], strict=True):
            optimiser.load_state_dict(kept)
        self.step, self.skipped = state["step"], state["skipped"]
        self.first_step = state.get("first_step", 0)
        self.samples = state.get("samples", self.step * self.config.batch)
        self.spent, self.processor_s = state["spent"], state["processor_s"]
        return True

    def start_from(self, weights: Path) -> None:
        """Take the weights, shape and step number of a finished run; the optimiser starts anew.

        Raises:
            ModelError: the file is missing or holds no separator.
        """
        model = load_separator(weights)
        self.model_config = model.config
        self._build()
        self.model.load_state_dict(model.state_dict())
        self.average.load_state_dict(model.state_dict())
        # The step numbers the batches: going on from it, no mixture is drawn a second time.
        facts = part_facts(weights)
        self.step = self.first_step = int(facts.get("step", 0))
        self.samples = int(facts.get("samples", self.step * self.config.batch))

    def save(self, seconds: float) -> None:
        """Write the checkpoint and the averaged weights, each atomically."""
        self.spent = seconds
        state = {
            "model": self.model.state_dict(),
            "average": self.average.state_dict(),
            "optimisers": [optimiser.state_dict() for optimiser in self.optimisers],
            "kind": kind_of(self.model_config),
            "model_config": asdict(self.model_config),
            "config": asdict(self.config),
            "step": self.step,
            "first_step": self.first_step,
            "samples": self.samples,
            "skipped": self.skipped,
            "spent": seconds,
            "processor_s": self.processor_s,
        }
        partial = self.out / (CHECKPOINT + ".part")
        torch.save(state, partial)
        os.replace(partial, self.out / CHECKPOINT)
        save_separator(
            self.average,
            self.out / WEIGHTS,
            step=str(self.step),
            samples=str(self.samples),
            minutes=f"{self.processor_s / 60:.1f}",
            strength=f"{self.config.strength:g}",
            left_out=",".join(self.config.left_out),
        )

    def rate_at(self, seconds: float, budget: float) -> float:
        """Warm-up, constant, then a linear fall to 2 % over the last part of the budget."""
        warm = min(1.0, (self.step - self.first_step + 1) / self.config.warm_up)
        left = max(0.0, 1.0 - seconds / budget) / self.config.decay_share
        return self.config.rate * warm * max(0.02, min(1.0, left))

    def update(self, batch: dict[str, Tensor], rate: float) -> float | None:
        """One step; None when the loss or its gradient was not finite (the step is skipped)."""
        for optimiser in self.optimisers:
            for group in optimiser.param_groups:
                group["lr"] = rate * group["times"]
            optimiser.zero_grad(set_to_none=True)
        loss = batch_loss(self.model, batch, self.team.device)
        loss.backward()
        loss = loss.detach()
        gradients = [p.grad for p in self.model.parameters() if p.grad is not None]
        self.team.average([*gradients, loss])
        norm = torch.nn.utils.clip_grad_norm_(self.model.parameters(), self.config.clip)
        if not torch.isfinite(norm) or not torch.isfinite(loss):
            self.skipped += 1
            return None
        for optimiser in self.optimisers:
            optimiser.step()
        if self.step % _EMA_EVERY == 0:
            age = self.step - self.first_step
            decay = min(_EMA**_EMA_EVERY, (1 + age) / (10 * _EMA_EVERY + age))
            with torch.no_grad():
                torch._foreach_lerp_(
                    list(self.average.parameters()), list(self.model.parameters()), 1.0 - decay
                )
        return float(loss)

    @cached_property
    def held_out(self) -> list[tuple[str, Example]]:
        """What the run is validated on."""
        return held_out_set(self.pack, 3 * SAMPLE_RATE, VALIDATION_COUNTS)

    def batches(self, workers: int) -> Iterator[dict[str, Tensor]]:
        """Batches from the current step on, without end; made here or by worker processes."""
        mixer = Mixer(
            self.pack,
            held_out=False,
            samples=(self.config.frames - 1) * HOP,
            strength=self.config.strength,
            left_out=self.config.left_out,
        )
        config, rank = self.config, self.team.rank
        dataset = MixtureBatches(mixer, config.batch, config.seed, config.simple_steps, rank)
        if workers == 0:
            step = self.step
            while True:
                yield dataset[step]
                step += 1
        loader = torch.utils.data.DataLoader(
            dataset,
            batch_size=None,
            sampler=range(self.step, 1 << 40),
            num_workers=workers,
            prefetch_factor=4,
            pin_memory=self.team.device.type == "cuda",
        )
        yield from loader

    def run(
        self,
        budget_s: float,
        workers: int = 0,
        processor_time: bool = False,
        checkpoint_s: float = 180.0,
        validate_s: float = 420.0,
        check: Callable[[], None] = lambda: None,
    ) -> None:
        """Train until `budget_s` seconds (over all resumptions) are used, then validate and save.

        With `processor_time` the seconds of the processes' cores count, not those that pass.
        `check` is called every step and may raise to stop; the last checkpoint then stands.
        """
        passing, cores = Clock(self.spent), Clock(self.processor_s, True, self.team.count)
        clock = cores if processor_time else passing
        last_save = last_validation = passing.seconds()
        losses: list[float] = []
        waiting = 0.0
        source = self.batches(workers)
        while (seconds := self.team.of_leader(clock.seconds())) < budget_s:
            check()
            before = time.monotonic()
            batch = next(source)
            waiting += time.monotonic() - before
            loss = self.update(batch, self.rate_at(seconds, budget_s))
            self.step += 1
            self.samples += self.config.batch * self.team.count
            if loss is not None:
                losses.append(loss)
            if not self.team.leads:
                continue
            now = passing.seconds()
            if now - last_validation >= validate_s:
                self.processor_s = cores.seconds()
                self._log(now, losses, waiting)
                losses, waiting, last_validation = [], 0.0, passing.seconds()
            if now - last_save >= checkpoint_s:
                self.processor_s = cores.seconds()
                self.save(passing.seconds())
                last_save = passing.seconds()
        if self.team.leads:
            self.processor_s = cores.seconds()
            self._log(passing.seconds(), losses, waiting)
            self.save(passing.seconds())

    def _log(self, seconds: float, losses: list[float], waiting: float) -> None:
        scores = score_examples(self.average, self.held_out)
        row: dict[str, object] = {
            "step": self.step,
            "samples": self.samples,
            "minutes": round(seconds / 60, 2),
            "processor_minutes": round(self.processor_s / 60, 2),
            "loss": round(sum(losses) / len(losses), 3) if losses else "",
            "data_s": round(waiting, 1),
            "skipped": self.skipped,
        }
        row |= {name: round(value, 3) for name, value in scores.items()}
        path = self.out / LOG
        new = not path.is_file()
        with path.open("a", newline="") as handle:
            writer = csv.DictWriter(handle, list(row))
            if new:
                writer.writeheader()
            writer.writerow(row)
        self.report(json.dumps(row))
