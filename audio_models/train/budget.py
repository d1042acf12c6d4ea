"""How long a training may take: a time, or a number of steps."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass

from audio_models.errors import ModelError
from audio_models.train.run import parse_budget


@dataclass(frozen=True)
class Budget:
    """Seconds or steps over all resumptions; exactly one is given."""

    seconds: float | None = None
    steps: int | None = None

    @classmethod
    def parse(cls, text: str) -> Budget:
        """``20m``, ``2h``, ``300s`` or ``5000steps``.

        Raises:
            ModelError: the text is neither.
        """
        match = re.fullmatch(r"(\d+)\s*steps?", text.strip().lower())
        if match is not None:
            if int(match[1]) == 0:
                raise ModelError("A training of no steps learns nothing; give a larger budget.")
            return cls(steps=int(match[1]))
        try:
            return cls(seconds=parse_budget(text))
        except ModelError as error:
            raise ModelError(
                f"'{text}' is no budget; write it like 20m, 2h, 300s or 5000steps."
            ) from error

    def progress(self, seconds: float, steps: int) -> float:
        """The part that is used, 1 or more when there is none left."""
        if self.steps is not None:
            return steps / self.steps
        return seconds / (self.seconds or 1.0)


class Clock:
    """Seconds of training so far, over all resumptions."""

    def __init__(self, before: float, processor: bool = False, processes: int = 1) -> None:
        """With ``processor`` the seconds of cores count, not those that pass.

        They are this process's, times the ``processes`` that do the same work.
        """
        self._now = time.process_time if processor else time.monotonic
        self._times = processes if processor else 1
        self._before, self._start = before, self._now()

    def seconds(self) -> float:
        """Time used."""
        return self._before + self._times * (self._now() - self._start)
