"""Which stretches of a clip the network sees, and how their masks become one mask over time.

Everything lies on whole seconds, where sample indices are integers at every rate: R t at the
source, 16384 t at the models, 64 t in STFT frames, 25 t in face frames.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from audio_models.base import HOP, SAMPLE_RATE

FRAMES_PER_SECOND = SAMPLE_RATE // HOP
CHUNK_STEP_S = 4
"""Chunks last a multiple of this, the unit of Y-Net, and never less."""
OVERLAP_S = 2
"""Least overlap of two chunks: a second of run-in, the fade, and what is left as run-out."""
GUARD_S = 1
"""The last second of a chunk is not used before the next chunk is known; the fade starts there."""
FADE_FRAMES = FRAMES_PER_SECOND // 2


@dataclass(frozen=True)
class Span:
    """Seconds ``start`` to ``stop`` of the stream."""

    start: int
    stop: int


class ChunkPlan:
    """Lays chunks over the seconds ``begin`` to ``end``: a short one first, then longer ones.

    The first is short so that the first sound comes early; ``largest`` may be lowered on the way
    when memory runs out.
    """

    def __init__(self, begin: int, end: int, largest: int) -> None:
        self._begin, self._end = begin, end
        self.largest = max(CHUNK_STEP_S, largest // CHUNK_STEP_S * CHUNK_STEP_S)

    def after(self, previous: Span | None) -> Span | None:
        """The chunk that follows, or None when the previous one reaches the end."""
        if previous is None:
            return Span(self._begin, self._begin + CHUNK_STEP_S)
        if previous.stop >= self._end:
            return None
        start = previous.stop - OVERLAP_S
        grown = min(self.largest, previous.stop - previous.start + CHUNK_STEP_S)
        needed = -(-(self._end - start) // CHUNK_STEP_S) * CHUNK_STEP_S
        if needed <= grown:
            # The last chunk ends with the clip and looks further back instead of into nothing.
            start = max(self._begin, self._end - needed)
            return Span(start, start + needed)
        return Span(start, start + grown)

    def halve(self) -> bool:
        """Use chunks of half the length from now on; False when they are the shortest already."""
        if self.largest <= CHUNK_STEP_S:
            return False
        self.largest = max(CHUNK_STEP_S, self.largest // 2 // CHUNK_STEP_S * CHUNK_STEP_S)
        return True


class MaskTimeline:
    """Masks of successive chunks, faded into each other with weights that sum to one."""

    def __init__(self) -> None:
        self._masks: Tensor | None = None
        self._base = 0
        rise = (torch.arange(FADE_FRAMES) + 0.5) / FADE_FRAMES
        self._rise = torch.sin(0.5 * torch.pi * rise) ** 2

    def add(self, span: Span, masks: Tensor) -> None:
        """Append (K, 512, T) masks of a chunk that starts no later than the last one ended."""
        start = span.start * FRAMES_PER_SECOND
        if self._masks is None:
            self._masks, self._base = masks, start
            return
        known_end = self._base + self._masks.shape[-1]
        fade = known_end - GUARD_S * FRAMES_PER_SECOND
        old = self._masks[..., : fade - self._base + FADE_FRAMES]
        new = masks[..., fade - start :]
        faded = torch.lerp(old[..., -FADE_FRAMES:], new[..., :FADE_FRAMES], self._rise.to(old))
        self._masks = torch.cat([old[..., :-FADE_FRAMES], faded, new[..., FADE_FRAMES:]], -1)

    def between(self, start: int, stop: int) -> Tensor:
        """(K, 512, stop - start) masks of these frames; the ends repeat beyond what is known."""
        if self._masks is None:
            raise ValueError("no masks were added")
        index = torch.arange(start, stop) - self._base
        return self._masks[..., index.clamp(0, self._masks.shape[-1] - 1)]

    def forget_before(self, frame: int) -> None:
        """Drop what is no longer needed, so that memory does not grow."""
        if self._masks is not None and frame > self._base:
            self._masks = self._masks[..., frame - self._base :].clone()
            self._base = frame


def final_until(span: Span, last: bool) -> int:
    """Second up to which masks are final once this chunk is in."""
    return span.stop if last else span.stop - GUARD_S
