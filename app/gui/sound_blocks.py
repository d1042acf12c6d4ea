"""The clip's own sound in playing order: forwards, backwards, faster, around a loop; no Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from app.shape import Source

FRAMES = 4096
"""Frames of a block: a change of the shape is heard with the next one, after 85 ms at 48 kHz."""
SHORTEST_LOOP_S = 0.05


@dataclass(frozen=True)
class Order:
    """What to play."""

    sample: int
    """Where to begin."""
    step: int = 1
    """Samples from one frame to the next; negative = backwards."""
    loop: tuple[int, int] | None = None
    """First sample and end of what is repeated, once playing is inside."""
    limit: int | None = None
    """End after this many samples."""


@dataclass(frozen=True)
class Block:
    """A stretch of sound that is played through without a jump."""

    start: int
    stop: int
    """Samples start..stop are played."""
    step: int
    at: int
    """Sample of the first column of ``sound``."""
    sound: NDArray[np.float32]
    """(C, M) with as much around the stretch as shaping and fading need."""
    ends: bool
    """What is played next does not go on from here."""
    last: bool
    """Nothing is played after this block."""

    @property
    def frames(self) -> int:
        """Frames that the block gives."""
        return -(-(self.stop - self.start) // abs(self.step))

    def sample(self, frame: int) -> int:
        """Sample that is heard at a frame of the block."""
        if self.step > 0:
            return self.start + frame * self.step
        return self.stop - 1 + frame * self.step


class BlockReader:
    """Reads the blocks of an order one by one."""

    def __init__(self, source: Source, order: Order, margin: int) -> None:
        """``margin`` samples are read around each block."""
        self._source = source
        self._order = order
        self._margin = margin
        self._place = order.sample
        self._left = order.limit

    def next(self) -> Block:
        """Read the next block."""
        order, place = self._order, self._place
        size = FRAMES * abs(order.step)
        if self._left is not None:
            size = min(size, self._left)
            self._left -= size
        ends = last = self._left == 0
        if order.step > 0:
            start, stop = place, place + size
            if order.loop is not None and start < order.loop[1] <= stop:
                stop, ends = order.loop[1], True
            self._place = order.loop[0] if ends and order.loop else stop
        else:
            start, stop = place - size, place
            if order.loop is not None and start <= order.loop[0] < stop:
                start, ends = order.loop[0], True
            self._place = order.loop[1] if ends and order.loop else start
        at = start - self._margin
        sound = self._source.read(at, stop + self._margin)
        return Block(start, stop, order.step, at, sound, ends, last)
