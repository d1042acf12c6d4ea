"""A network that only hears, run over sound in memory: for scoring, not for users' clips."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from audio_models.registry import LoadedModel

Sound = NDArray[np.float32]


@dataclass(frozen=True)
class SoundArray:
    """Sound in memory as the driver reads it."""

    sound: Sound
    sample_rate: int

    @property
    def channels(self) -> int:
        """Number of channels."""
        return self.sound.shape[0]

    @property
    def samples(self) -> int:
        """Length."""
        return self.sound.shape[1]

    def read(self, start: int, stop: int) -> Sound:
        """(C, stop - start) samples."""
        return self.sound[:, start:stop]


def hear(model: LoadedModel, mixture: Sound, rate: int, check: Callable[[], None]) -> Sound:
    """The voice (C, N) of a mixture (C, N) at any rate."""
    from audio_models.base import FaceInput
    from audio_models.driver import separate

    nobody = FaceInput(np.zeros((0, 68, 2), np.float32), np.zeros(0, bool), np.zeros(0, np.float32))
    source = SoundArray(mixture, rate)
    blocks = separate(model, source, [nobody], [0], 0, source.samples, check=check)
    return np.concatenate([block.voices[0] for block in blocks], 1)
