"""One process or several: data-parallel training, started by ``torchrun`` or by a run itself."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import TypeVar

import torch
from torch import Tensor, distributed

from audio_models.errors import ModelError

_END_S = 5.0
"""What a helper gets to end by itself when the run has used its budget, and what it waits to be
ended when its team is broken."""
_LOOK_S = 0.2
_Told = TypeVar("_Told")


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

    def of_leader(self, value: float) -> float:
        """The leading process's number, in all processes."""
        if self.count == 1:
            return value
        number = torch.tensor([value], dtype=torch.float64, device=self.device)
        distributed.broadcast(number, 0)
        return float(number.item())

    def average(self, tensors: Sequence[Tensor]) -> None:
        """Give every process the mean of all processes' tensors, in place."""
        if self.count == 1:
            return
        flat = torch.cat([tensor.reshape(-1) for tensor in tensors])
        distributed.all_reduce(flat)
        flat /= self.count
        parts = flat.split([tensor.numel() for tensor in tensors])
        for tensor, part in zip(tensors, parts, strict=True):
            tensor.copy_(part.view_as(tensor))

    def any(self, value: bool) -> bool:
        """True in all processes when it is true in one."""
        if self.count == 1:
            return value
        flag = torch.tensor([int(value)], device=self.device)
        distributed.all_reduce(flag, distributed.ReduceOp.MAX)
        return bool(flag.item())


@contextmanager
def workers(device: str) -> Iterator[Workers]:
    """Join the processes of ``torchrun`` or `helpers`, or be alone without them.

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


@contextmanager
def helpers(
    count: int,
    task: Callable[[_Told, Callable[[], None]], object],
    told: _Told,
    check: Callable[[], None] = lambda: None,
) -> Iterator[None]:
    """Have ``count`` more processes of this machine do ``task``; `workers` joins all of them.

    They end with the block: by themselves when it ends well, at once when it raises.

    Args:
        count: how many; with 0 nothing changes.
        task: a function of a module, for it is sent to new interpreters; is given ``told`` and
            what it calls right before it joins.
        told: anything that can be pickled.
        check: called while the others get ready; may raise to stop.

    Raises:
        ModelError: a helper ended before its time.
    """
    if count == 0:
        yield
        return
    context = get_context("spawn")
    ready = [context.Pipe(duplex=False) for _ in range(count)]
    team = {
        "WORLD_SIZE": str(count + 1),
        "MASTER_ADDR": "127.0.0.1",
        "MASTER_PORT": str(_free_port()),
    }
    processes = [
        context.Process(target=_help, args=(team | _place(rank), say, task, told))
        for rank, (_hear, say) in enumerate(ready, 1)
    ]
    mine = team | _place(0)
    before = {name: os.environ.get(name) for name in mine}
    try:
        for process in processes:
            process.start()
        for hear, _say in ready:
            while not hear.poll(_LOOK_S):
                check()
                _all_there(processes)
        os.environ.update(mine)
        try:
            yield
        except RuntimeError:
            # A team breaks when one of its members is gone; that one is the reason to name.
            _all_there(processes)
            raise
        for process in processes:
            process.join(_END_S)
    finally:
        for process in processes:
            if process.pid is not None:
                process.kill()
                process.join()
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _place(rank: int) -> dict[str, str]:
    return {"RANK": str(rank), "LOCAL_RANK": str(rank)}


def _all_there(processes: Sequence[BaseProcess]) -> None:
    if any(process.exitcode for process in processes):
        raise ModelError(
            "A process of this training ended early, most likely for want of memory; go on from "
            "the last checkpoint with fewer --processes."
        )


def _help(
    team: dict[str, str],
    ready: Connection,
    task: Callable[[_Told, Callable[[], None]], object],
    told: _Told,
) -> None:
    # Ctrl-C reaches every process of the terminal; the leading one decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_leader, daemon=True).start()
    os.environ.update(team)
    try:
        task(told, partial(ready.send, None))
    except RuntimeError:
        # Most likely the leading process has left the team, and this one is about to be ended.
        time.sleep(_END_S)
        raise


def _end_with_leader() -> None:
    leader = parent_process()
    if leader is not None:
        leader.join()
        os._exit(1)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
