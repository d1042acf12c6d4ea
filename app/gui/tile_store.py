"""Pieces of a large drawing, fetched as they come into sight; no Qt."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

_AT_ONCE = 2
"""Requests under way at the same time."""


class TileStore(Generic[K, V]):
    """Keeps the tiles used last; what is asked for last is fetched first."""

    def __init__(self, fetch: Callable[[K], None], capacity: int) -> None:
        """``fetch`` starts a request that ends in `put` or `failed`."""
        self._fetch = fetch
        self._capacity = capacity
        self._kept: OrderedDict[K, V] = OrderedDict()
        self._wanted: dict[K, None] = {}
        self._under_way: set[K] = set()
        self._hopeless: set[K] = set()
        self.version = 0
        """Grows with every tile that comes."""

    def get(self, key: K) -> V | None:
        """Give a tile, or ask for it and give None."""
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        if key not in self._under_way and key not in self._hopeless:
            self._wanted.pop(key, None)
            self._wanted[key] = None
            self._start()
        return None

    def forget_wanted(self) -> None:
        """What was asked for and not yet started is out of sight."""
        self._wanted.clear()

    def put(self, key: K, tile: V) -> None:
        """Take a fetched tile."""
        self._under_way.discard(key)
        self._kept[key] = tile
        while len(self._kept) > self._capacity:
            self._kept.popitem(last=False)
        self.version += 1
        self._start()

    def failed(self, key: K) -> None:
        """Note that a tile can't be had; it isn't asked for again."""
        self._under_way.discard(key)
        self._hopeless.add(key)
        self._start()

    def _start(self) -> None:
        while self._wanted and len(self._under_way) < _AT_ONCE:
            key, _ = self._wanted.popitem()
            self._under_way.add(key)
            self._fetch(key)
