"""One process or several: torch's own data-parallel training as ``torchrun`` starts it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import distributed

from audio_models.errors import ModelError


@dataclass(frozen=True)
class Workers:
    """This process among those that train together."""

    rank: int
    count: int
    device: torch.device

    @property
    def leads(self) -> bool:
        """The one process that validates and writes."""
        return self.rank == 0

    def agree(self, value: bool) -> bool:
        """The leading process's value, in all processes."""
        if self.count == 1:
            return value
        flag = torch.tensor([int(value)], device=self.device)
        distributed.broadcast(flag, 0)
        return bool(flag.item())

    def any(self, value: bool) -> bool:
        """True in all processes when it is true in one."""
        if self.count == 1:
            return value
        flag = torch.tensor([int(value)], device=self.device)
        distributed.all_reduce(flag, distributed.ReduceOp.MAX)
        return bool(flag.item())


@contextmanager
def workers(device: str) -> Iterator[Workers]:
    """Join the processes of ``torchrun``, or be alone without it.

    Args:
        device: ``auto``, ``cpu`` or ``cuda``; each process takes a card of its own.

    Raises:
        ModelError: CUDA was asked for and is not there.
    """
    if device == "cuda" and not torch.cuda.is_available():
        raise ModelError("There is no CUDA graphics card here; pass --device cpu.")
    cuda = device == "cuda" or (device == "auto" and torch.cuda.is_available())
    count = int(os.environ.get("WORLD_SIZE", "1"))
    if count == 1:
        yield Workers(0, 1, torch.device("cuda" if cuda else "cpu"))
        return
    local = int(os.environ.get("LOCAL_RANK", "0"))
    own = torch.device("cuda", local) if cuda else torch.device("cpu")
    if cuda:
        torch.cuda.set_device(own)
    distributed.init_process_group("nccl" if cuda else "gloo")
    try:
        yield Workers(distributed.get_rank(), count, own)
    finally:
        distributed.destroy_process_group()
