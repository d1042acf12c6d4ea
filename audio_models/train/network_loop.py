"""One loop for every network: resumable at any moment, within a budget, on one device or many."""

from __future__ import annotations

import copy
import json
import math
import os
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel

from audio_models.errors import ModelError
from audio_models.train.budget import Budget, Clock
from audio_models.train.journal import Journal
from audio_models.train.recipes import SECOND_ROUND, Recipe, Schedule, changed_recipe
from audio_models.train.task import SCORE, Task
from audio_models.train.workers import Workers

CHECKPOINT = "checkpoint.pt"
BEST = "best.safetensors"
LAST = "last.safetensors"
_EMA_WARM_UP = 10


class _Objective(nn.Module):
    """The loss as a module, as parallel training wants it."""

    def __init__(self, task: Task) -> None:
        super().__init__()
        self.module, self._loss = task.module, task.loss

    def forward(self, batch: Mapping[str, Tensor]) -> Tensor:
        """The mean loss of a batch."""
        return self._loss(self.module, batch)


class NetworkTraining:
    """State of one training: weights, their average, optimiser, counters."""

    def __init__(
        self,
        task: Task,
        title: str,
        out: Path,
        recipe: Recipe,
        workers: Workers,
        report: Callable[[str], None],
    ) -> None:
        self._task, self._title, self._out = task, title, out
        self._workers, self._report = workers, report
        self.recipe = recipe
        self.step = self.skipped = self.stalled = 0
        self.second_round = False
        self.spent = 0.0
        self.best = -math.inf
        self._build()

    def _build(self) -> None:
        device = self._workers.device
        self._task.module.to(device).train()
        self._average = None
        if self.recipe.ema:
            self._average = copy.deepcopy(self._task.module).eval().requires_grad_(False)
        self._optimiser = self.recipe.build_optimiser(self._task.module)
        self._objective: nn.Module = _Objective(self._task)
        if self._workers.count > 1:
            ids = [device.index] if device.type == "cuda" else None
            self._objective = DistributedDataParallel(self._objective, device_ids=ids)

    @property
    def kept(self) -> nn.Module:
        """The weights that are validated and written."""
        return self._average if self._average is not None else self._task.module

    def resume(self) -> bool:
        """Go on from the folder's checkpoint, if there is one; its recipe stays in force.

        Raises:
            ModelError: the checkpoint belongs to another network.
        """
        path = self._out / CHECKPOINT
        if not path.is_file():
            return False
        state = torch.load(path, map_location=self._workers.device, weights_only=True)
        self.recipe = changed_recipe(Recipe(), json.loads(state["recipe"]))
        try:
            self._task.module.load_state_dict(state["module"])
        except RuntimeError as error:
            raise ModelError(
                f"{path} belongs to a network of another shape; give the same configuration or "
                "another --out."
            ) from error
        self._build()
        if self._average is not None:
            self._average.load_state_dict(state["average"])
        self._optimiser.load_state_dict(state["optimiser"])
        for name in ("step", "skipped", "stalled", "second_round", "spent", "best"):
            setattr(self, name, state[name])
        return True

    def save(self, seconds: float) -> None:
        """Write the checkpoint and the weights as they are, each atomically."""
        self.spent = seconds
        state: dict[str, Any] = {
            "module": self._task.module.state_dict(),
            "average": None if self._average is None else self._average.state_dict(),
            "optimiser": self._optimiser.state_dict(),
            "recipe": json.dumps(asdict(self.recipe)),
        }
        for name in ("step", "skipped", "stalled", "second_round", "spent", "best"):
            state[name] = getattr(self, name)
        partial = self._out / (CHECKPOINT + ".part")
        torch.save(state, partial)
        os.replace(partial, self._out / CHECKPOINT)
        self._task.save(self.kept, self._out / LAST, self._facts())

    def _facts(self, **more: str) -> dict[str, str]:
        return {"step": str(self.step), "minutes": f"{self.spent / 60:.1f}", **more}

    def update(self, batch: Mapping[str, Tensor], rate: float) -> float | None:
        """One step; None when loss or gradient was not finite, and the step was skipped."""
        device = self._workers.device
        for group in self._optimiser.param_groups:
            group["lr"] = rate
        self._optimiser.zero_grad(set_to_none=True)
        # A batch that is not a number spoils the norms' statistics as well as the gradient.
        buffers = [buffer.clone() for buffer in self._task.module.buffers()]
        moved = {name: value.to(device, non_blocking=True) for name, value in batch.items()}
        with torch.autocast(device.type, torch.bfloat16, enabled=self.recipe.bf16):
            loss = self._objective(moved)
        loss.backward()
        limit = self.recipe.clip or math.inf
        norm = torch.nn.utils.clip_grad_norm_(self._task.module.parameters(), limit)
        if self._workers.any(not bool(torch.isfinite(norm) and torch.isfinite(loss))):
            self.skipped += 1
            with torch.no_grad():
                for buffer, before in zip(self._task.module.buffers(), buffers, strict=True):
                    buffer.copy_(before)
            return None
        self._optimiser.step()
        if self._average is not None:
            self._follow()
        return float(loss.detach())

    @torch.no_grad()
    def _follow(self) -> None:
        """Move the average towards the weights; norms' statistics are taken as they are."""
        assert self._average is not None
        decay = min(self.recipe.ema, (1 + self.step) / (_EMA_WARM_UP + self.step))
        pairs = zip(self._average.parameters(), self._task.module.parameters(), strict=True)
        for average, current in pairs:
            average.lerp_(current, 1.0 - decay)
        buffers = zip(self._average.buffers(), self._task.module.buffers(), strict=True)
        for kept, seen in buffers:
            kept.copy_(seen)

    def run(
        self,
        budget: Budget,
        check: Callable[[], None] = lambda: None,
        processor_time: bool = False,
    ) -> None:
        """Train until the budget is used, then validate and save.

        ``check`` is called every step and may raise to stop; what was learnt is then saved.
        ``processor_time`` counts the time of this process's cores, which other work on the
        machine does not stretch.
        """
        clock = Clock(self.spent, processor_time)
        journal = Journal(self._out, self.step) if self._workers.leads else None
        saved = validated = clock.seconds()
        losses: list[float] = []
        try:
            while self._workers.agree(budget.progress(clock.seconds(), self.step) < 1.0):
                check()
                seconds = clock.seconds()
                loss = self._one_step(budget.progress(seconds, self.step))
                if loss is not None:
                    losses.append(loss)
                if journal is None:
                    continue
                seconds = clock.seconds()
                if seconds - validated >= self.recipe.validate_s:
                    self._validate(journal, seconds, losses)
                    losses, validated = [], clock.seconds()
                if seconds - saved >= self.recipe.checkpoint_s:
                    self.save(clock.seconds())
                    saved = clock.seconds()
        except BaseException:
            if journal is not None:
                self.save(clock.seconds())
                journal.close(self._title)
            raise
        if journal is not None:
            if not journal.rows or journal.rows[-1]["step"] < self.step:
                self._validate(journal, clock.seconds(), losses)
            self.save(clock.seconds())
            journal.close(self._title)

    def _one_step(self, progress: float) -> float | None:
        """Draw the batch that belongs to this step and learn from it."""
        recipe = self.recipe
        if recipe.schedule is Schedule.TWO_ROUNDS and not self.second_round:
            stalled = self._workers.agree(self.stalled >= recipe.patience)
            self.second_round = stalled or progress >= SECOND_ROUND
        size = recipe.batch * (2 if self.second_round else 1)
        rng = np.random.default_rng((recipe.seed, self._workers.rank, self.step))
        rate = recipe.rate_at(self.step, progress, self.second_round)
        loss = self.update(self._task.batch(size, rng), rate)
        self.step += 1
        return loss

    def _validate(self, journal: Journal, seconds: float, losses: list[float]) -> None:
        self.spent = seconds
        module = self.kept
        module.eval()
        figures = self._task.validate(module)
        if module is self._task.module:
            module.train()
        row: dict[str, float] = {"step": self.step, "minutes": round(seconds / 60, 3)}
        if losses:
            row["loss"] = sum(losses) / len(losses)
        row |= {"skipped": self.skipped, **figures}
        journal.add(row)
        better = figures[SCORE] > self.best
        self.stalled = 0 if better else self.stalled + 1
        if better:
            self.best = figures[SCORE]
            facts = self._facts(**{SCORE: f"{self.best:.3f}"})
            self._task.save(module, self._out / BEST, facts)
        self._report(
            f"{self._title}: step {self.step}, {seconds / 60:.1f} min, "
            f"loss {row.get('loss', math.nan):.4g}, improvement {figures[SCORE]:+.2f} dB"
            f"{' (best)' if better else ''}"
            f"{f', {self.skipped} steps skipped' if self.skipped else ''}"
        )
