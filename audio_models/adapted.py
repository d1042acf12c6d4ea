"""The default model after it has learnt a clip's own voices (`adapt`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from audio_models.base import Chunk
from audio_models.registry import LoadedModel
from audio_models.separator_base import Separator
from audio_models.solovox import SecondAgreement, SolovoxEstimator, SolovoxStarter


@dataclass(frozen=True)
class LearntVoices:
    """Separators that know people of a clip."""

    separators: Sequence[Separator]
    outputs: Mapping[int, tuple[int, int]]
    """Face -> number of the separator and of its output that holds this person's voice."""

    def over(self, model: LoadedModel) -> LoadedModel:
        """The default model with these voices known; faces without one are served as before."""
        starter = model.starter
        if not isinstance(starter, SolovoxStarter):
            raise TypeError("only the default model learns voices")

        def start(faces: int, check: Callable[[], None]) -> LearntEstimator:
            return LearntEstimator(self, starter(faces, check), check)

        return replace(model, starter=start)


class LearntEstimator:
    """State on one clip."""

    def __init__(
        self, learnt: LearntVoices, general: SolovoxEstimator, check: Callable[[], None]
    ) -> None:
        self._learnt, self._general, self._check = learnt, general, check

    @property
    def agreement(self) -> list[SecondAgreement]:
        """How well lips and voices agree, as the general model heard them."""
        return self._general.agreement

    def masks(self, chunk: Chunk) -> Tensor:
        """(faces, 512, T); masks of learnt voices come first, the others share what is left."""
        masks = self._general.masks(chunk)
        splits = []
        for separator in self._learnt.separators:
            splits.append(separator(chunk.spectrum[None])[0])
            self._check()
        known = sorted(self._learnt.outputs)
        own = torch.stack([splits[n][k] for n, k in (self._learnt.outputs[f] for f in known)])
        own = own.to(masks.dtype)
        # Voices from different separators may claim a bin twice.
        own = own / own.sum(0).clamp_min(1.0)
        masks = masks * (1.0 - own.sum(0)).clamp_min(0.0)
        masks[known] = own
        return masks
