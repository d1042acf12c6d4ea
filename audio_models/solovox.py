"""The default model: voices are told apart by ear, and lips say whose voice is whose.

A separator without faces splits every chunk into two voices and the rest, once for all people. The
order of the two is held by what each voice sounds like and from chunk to chunk, agreement of voices
and mouths adds up over the clip, and every person gets the voices in the shares in which they are
probably theirs. Shares of all people and of somebody unseen add up to one, so masks of people and
rest do, too. In the end a small network that sees all this and the mouth looks over each mask.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from audio_models.agreement import Evidence, Observation, ownership
from audio_models.base import FACE_FPS, HOP, SAMPLE_RATE, Chunk, FaceInput
from audio_models.continuity import VoiceOrder, same_order_odds
from audio_models.foretold import weigh_by_level
from audio_models.fused import FUSED_FILE, FusedYNet, load_fused, looked_over
from audio_models.lips import LIPS_FILE, LipRegressor, at_rate, load_lips
from audio_models.presence import STILL_MOTION
from audio_models.separator import load_separator
from audio_models.separator_base import Separator
from audio_models.separator_mean import SeparatorMean
from audio_models.speaker import SPEAKER_FILE, SpeakerEmbedding, load_speaker

BANDS_FILE = "solovox-bands.safetensors"
_SHARES = (0.4, 0.6)
"""Of the stack and of the bands in the masks; best on held-out people of the training data."""
VOICES = 2
MEMORY_S = 60.0
"""Evidence fades with this time constant: a voice's place need not stay one person's for ever."""
_SHARPEN = 4
"""Power of masks by which a bin counts as evidence for the voice that dominates it."""
_LIP_ODDS = 4.0
"""Most that the lips of one chunk may say for or against an exchange, in log odds."""
_FRAME_RATE = SAMPLE_RATE / HOP
_WINDOW_S = 3


@dataclass(frozen=True)
class SecondAgreement:
    """How well one person's lips agree with the voice they were given in one second."""

    second: int
    """Second of the stream."""
    face: int
    score: float
    """1 = clearly the same person, 0 = no sign of it."""


class SolovoxEstimator:
    """State of the model on one clip; `agreement` grows with every chunk."""

    def __init__(
        self,
        separator: Separator,
        lips: LipRegressor,
        speaker: SpeakerEmbedding,
        faces: int,
        check: Callable[[], None] = lambda: None,
        known: Tensor | None = None,
        fused: FusedYNet | None = None,
    ) -> None:
        """``known`` is `anchored` of an earlier run over the same sound."""
        self._separator, self._lips, self._check = separator, lips, check
        self._fused = fused
        self._known = known
        self._order = VoiceOrder(speaker)
        self._seen = torch.zeros(faces, dtype=torch.bool)
        self._evidence: Evidence | None = None
        self._previous: Tensor | None = None
        self._loudest = 1e-12
        self.agreement: list[SecondAgreement] = []

    @property
    def anchored(self) -> Tensor | None:
        """(faces, 2) log odds of ownership by the user's word so far; None before any chunk."""
        return None if self._evidence is None else self._evidence.anchored

    def masks(self, chunk: Chunk) -> Tensor:
        """(faces, 512, T) masks of the people of ``chunk.faces``, of the separator's type."""
        self._check()
        split = self._separator(chunk.spectrum[None])[0]
        self._check()
        rest = split[VOICES]
        with torch.autocast(chunk.spectrum.device.type, enabled=False):
            split = self._in_order(chunk, split[:VOICES])
            weights, voices, seen = self._assign(chunk, split)
            masks = torch.einsum("fj,jbt->fbt", weights.to(voices), voices)
            unseen = torch.einsum("j,jbt->bt", _unseen(weights).to(voices), voices)
            masks = weigh_by_level(masks, unseen, seen.seen_levels, seen.valid & ~seen.still)
        if self._fused is None:
            return masks
        self._check()
        visible = seen.valid.any(1)
        return looked_over(self._fused, chunk.spectrum, masks, rest, seen.seen, visible)

    def _in_order(self, chunk: Chunk, split: Tensor) -> Tensor:
        """The two masks with each voice in one of them throughout the chunk."""
        before = None
        if self._previous is not None and chunk.overlap_frames:
            before = self._previous[..., -chunk.overlap_frames :]
        turned = self._order.order(split * chunk.spectrum, before).to(split)
        return split + turned * (split.flip(0) - split)

    def _assign(self, chunk: Chunk, split: Tensor) -> tuple[Tensor, Tensor, Observation]:
        """Ownership (F, 2), the two masks in the clip's order, and what was observed."""
        voices = split * chunk.spectrum
        observation = self._observe(chunk.faces, split, voices)
        overlap = chunk.overlap_frames
        first = round(overlap * FACE_FPS / _FRAME_RATE)
        news = Evidence.of(observation, first)
        fresh = chunk.samples / SAMPLE_RATE - overlap / _FRAME_RATE
        keep = math.exp(-fresh / MEMORY_S)
        exchanged = False
        if self._evidence is None or self._previous is None:
            # The whole clip's words hold from its start; this chunk's are among them.
            self._evidence = news if self._known is None else replace(news, anchored=self._known)
        else:
            before = self._previous[..., -overlap:] if overlap else self._previous[..., :0]
            exchanged = self._is_exchanged(before, voices[..., :overlap], self._evidence, news)
            if exchanged:
                split, voices = split.flip(0), voices.flip(0)
                observation, news = observation.swapped(), news.swapped()
            if self._known is not None:
                news = replace(news, anchored=torch.zeros_like(self._known))
            self._evidence = self._evidence.plus(news, keep)
        self._order.learn(exchanged, keep)
        self._previous = voices
        weights = self._shares(self._evidence)
        self._record(chunk, observation, weights, first)
        return weights, split, observation

    def _observe(self, faces: Sequence[FaceInput], split: Tensor, voices: Tensor) -> Observation:
        """Mouths heard and seen over the chunk."""
        frames = len(faces[0].valid) if faces else 0
        energy = voices.abs().square()
        # What both voices hold is no evidence: bins count where one voice dominates.
        share = split.abs().clamp_min(1e-6) ** _SHARPEN
        sharpened = energy * (share / share.sum(0)).square()
        sharpened = sharpened.cpu()
        heard = self._lips.mouth_from_sound(sharpened, frames)
        level = at_rate(energy.sum(1).cpu(), _FRAME_RATE, FACE_FPS, frames)
        self._loudest = max(self._loudest, float(level.max()))
        valid = torch.from_numpy(np.stack([f.valid for f in faces]))
        points = torch.from_numpy(np.stack([f.landmarks[:] for f in faces]))
        seen = torch.stack(
            [self._lips.mouth_from_face(p, v) for p, v in zip(points, valid, strict=True)]
        )
        motion = torch.from_numpy(np.stack([f.motion for f in faces]))
        self._seen |= valid.any(1)
        return Observation(
            heard=heard,
            seen=seen,
            heard_levels=self._lips.levels_from_sound(sharpened, frames),
            seen_levels=self._lips.levels_from_mouth(seen),
            valid=valid,
            still=motion < STILL_MOTION,
            loudness=level / self._loudest,
            anchor=torch.stack([_anchor(face) for face in faces]),
        )

    def _is_exchanged(
        self, before: Tensor, after: Tensor, so_far: Evidence, news: Evidence
    ) -> bool:
        """Whether this chunk's voices come in the other order than the previous chunk's.

        Args:
            before, after: (2, 512, T) estimates of the same frames by both chunks.
            so_far, news: evidence of all earlier chunks, and of this chunk alone.
        """
        known = ownership(so_far, self._lips.reliability)
        gain = news.log_odds(self._lips.reliability)
        by_lips = float(((known[:, 1] - known[:, 0]) * (gain[:, 0] - gain[:, 1])).sum())
        odds = -same_order_odds(before, after, self._loudest)
        return odds + min(_LIP_ODDS, max(-_LIP_ODDS, by_lips)) > 0.0

    def _shares(self, evidence: Evidence) -> Tensor:
        """(F, 2) share of each voice that every person gets.

        People who were never in the picture so far get what belongs to nobody visible.
        """
        weights = ownership(evidence, self._lips.reliability)
        unseen = (1.0 - weights[self._seen].sum(0)).clamp_min(0.0)
        absent = ~self._seen
        weights[absent] = unseen / max(1, int(absent.sum()))
        return weights

    def _record(self, chunk: Chunk, observation: Observation, weights: Tensor, first: int) -> None:
        """Append the agreement of each second that no earlier chunk covered."""
        frames = observation.seen.shape[-1]
        start = chunk.start // SAMPLE_RATE
        for begin in range(first - first % FACE_FPS, frames, FACE_FPS):
            middle = begin + FACE_FPS // 2
            low = max(0, middle - _WINDOW_S * FACE_FPS // 2)
            part = observation.between(low, low + _WINDOW_S * FACE_FPS)
            scores = Evidence.of(part).scores(self._lips.reliability)
            for face in range(len(weights)):
                if observation.valid[face, begin : begin + FACE_FPS].any():
                    owned = weights[face] / weights[face].sum().clamp_min(1e-6)
                    score = float((owned * scores[face]).sum().clamp(0.0, 1.0))
                    second = start + begin // FACE_FPS
                    self.agreement.append(SecondAgreement(second, face, score))


def _anchor(face: FaceInput) -> Tensor:
    if face.anchor is None:
        return torch.zeros(len(face.valid))
    return torch.from_numpy(face.anchor.astype(np.float32))


def _unseen(weights: Tensor) -> Tensor:
    """(J,) share of each voice that is surely nobody's, from (F, J) ownership.

    In doubt, a face's voices share it evenly; that leaves no one else to compete.
    """
    relative = weights / weights.amax(1, keepdim=True).clamp_min(1e-6)
    return (1.0 - relative).prod(0)


@dataclass(frozen=True)
class SolovoxStarter:
    """The weights in memory; called once for each clip."""

    separator: Separator
    lips: LipRegressor
    speaker: SpeakerEmbedding
    known: Tensor | None = None
    """The user's word on a clip, gathered by `SolovoxEstimator.anchored` in a first run."""
    fused: FusedYNet | None = None
    """Looks over the masks at the end, where given."""

    def __call__(self, faces: int, check: Callable[[], None]) -> SolovoxEstimator:
        """New state for a clip with this many faces."""
        return SolovoxEstimator(
            self.separator, self.lips, self.speaker, faces, check, self.known, self.fused
        )


def read_separator(weights: Path, device: torch.device, channels_last: bool) -> Separator:
    """Read a separator onto a device, as `build` does."""
    separator = load_separator(weights, device)
    return separator.to(memory_format=torch.channels_last) if channels_last else separator


def read_separators(weights: Path, device: torch.device, channels_last: bool) -> Separator:
    """Both separators of the default model, the second one from the same folder, as one."""
    files = (weights, weights.with_name(BANDS_FILE))
    members = [read_separator(file, device, channels_last) for file in files]
    return SeparatorMean(members, _SHARES).eval()


def build(weights: Path, device: torch.device, channels_last: bool) -> SolovoxStarter:
    """Read the stack's weights and, from the same folder, those of all other parts.

    Raises:
        ModelError: one of the files is missing or is not what it should be.
    """
    separator = read_separators(weights, device, channels_last)
    lips = load_lips(weights.with_name(LIPS_FILE))
    speaker = load_speaker(weights.with_name(SPEAKER_FILE))
    fused = load_fused(weights.with_name(FUSED_FILE), device)
    return SolovoxStarter(separator, lips, speaker, fused=fused)
