"""Which of two separated voices goes on where: outputs keep their person through a clip.

A separator looks two seconds around; after a pause its two outputs may come back exchanged. Every
half second both outputs are embedded (`audio_models.speaker`), and the order is sought in which
each output sounds most like itself at all other times, exchanges being cheap in pauses and dear
where both voices sound. With s = +1 or -1 for each block's order and signed sums D = w1 z1 - w2 z2
and d = w1 - w2 of embeddings z and weights w, two blocks fit by s s' (D D' - c d d'): output by
output, cosines count against c, that of people who may as well be one or two.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from audio_models.speaker import SpeakerEmbedding, audible

BLOCK_FRAMES = 32
"""Half a second of STFT frames."""
SAME_PERSON = 0.5
"""Cosine of two stretches that says nothing about whether they are of one person."""
SLOPE = 20.0
"""Log odds per unit of cosine. All numbers here were chosen on mixtures of held-out people of the
training material; half or twice their values make little difference there."""
EXCHANGE_COST = 4.0
"""Log odds against an exchange while both voices sound."""
PAUSE_COST = 1.0
"""The same where one of them is silent."""
OVERLAP_ODDS = 8.0
"""Log odds for the previous chunk's order by a block that both chunks know fully."""
_PAUSE = 3e-3
"""Energy against the loudest moment, below which a voice pauses."""
_LEAST_WEIGHT = 1.0
_FADE_FRAMES = 5
_ROUNDS = 6


@dataclass(frozen=True)
class Portrait:
    """What the outputs sounded like over some time, in their order."""

    difference: Tensor
    """(size,) sum of weighted embeddings, first output minus second."""
    balance: float
    """Sum of weights, first output minus second."""
    weight: float
    """Sum of all weights."""

    def exchanged(self) -> Portrait:
        """The same with the outputs in the other order."""
        return Portrait(-self.difference, -self.balance, self.weight)

    def plus(self, other: Portrait, keep: float = 1.0) -> Portrait:
        """Both together, this one's weight times ``keep``."""
        return Portrait(
            keep * self.difference + other.difference,
            keep * self.balance + other.balance,
            keep * self.weight + other.weight,
        )


class VoiceOrder:
    """Puts the two voices of successive chunks in order; `learn` closes each chunk."""

    def __init__(self, speaker: SpeakerEmbedding) -> None:
        self._speaker = speaker
        self._known: Portrait | None = None
        self._heard: Portrait | None = None
        self._loudest = torch.zeros(())

    def order(self, voices: Tensor, before: Tensor | None = None) -> Tensor:
        """Say where the two outputs are exchanged.

        Args:
            voices: (2, 512, T) complex spectra of a chunk's voices.
            before: (2, 512, K) the previous chunk's, in the clip's order, of the first K frames.

        Returns:
            (T,) 0 where the order is right, 1 where it is exchanged; between the two in fades.
        """
        power = voices.abs().square().float().cpu()
        energy = power.sum(1)
        self._loudest = torch.maximum(self._loudest, energy.amax())
        overlap = 0 if before is None else before.shape[-1]
        embedded, weight = self._embedded(power, energy)
        difference = weight[:, :1] * embedded[:, 0] - weight[:, 1:] * embedded[:, 1]
        balance, total = weight[:, 0] - weight[:, 1], weight.sum(1)
        links = difference @ difference.T - SAME_PERSON * balance[:, None] * balance
        links.fill_diagonal_(0.0)
        known = self._known
        toward = torch.zeros(len(total))
        others = total.sum() - total
        if known is not None:
            toward = difference @ known.difference - SAME_PERSON * balance * known.balance
            others = others + known.weight
        scale = SLOPE / others.clamp_min(_LEAST_WEIGHT)
        toward = scale * toward
        if before is not None and overlap:
            toward = toward + self._overlap_odds(before, voices, len(total))
        signs = _best_order(scale[:, None] * links, toward, self._costs(energy, len(total)))
        fresh = (torch.arange(len(total)) * BLOCK_FRAMES >= overlap).float()
        self._heard = Portrait(
            (signs * fresh) @ difference, float((signs * fresh) @ balance), float(fresh @ total)
        )
        return _faded(signs, energy.sum(0))

    def learn(self, exchanged: bool, keep: float) -> None:
        """Take the latest chunk's voices as known; what was known fades by ``keep``.

        ``exchanged`` says that the whole chunk was turned round after `order`.
        """
        assert self._heard is not None
        heard = self._heard.exchanged() if exchanged else self._heard
        self._known = heard if self._known is None else self._known.plus(heard, keep)

    def _embedded(self, power: Tensor, energy: Tensor) -> tuple[Tensor, Tensor]:
        """Embeddings (K, 2, size) of all blocks and their weights (K, 2), 1 = loud throughout."""
        frames = power.shape[-1]
        blocks = -(-frames // BLOCK_FRAMES)
        number = torch.arange(frames) // BLOCK_FRAMES
        inside = (number == torch.arange(blocks)[:, None]).float()
        # What leaks from the other output says nothing about this one's voice.
        own = (2.0 * energy / energy.sum(0).clamp_min(1e-12)).clamp_max(1.0)
        weight = (own * audible(energy, self._loudest))[:, None] * inside
        with torch.no_grad():
            embedded = self._speaker(power, weight)
        return embedded.transpose(0, 1), weight.sum(-1).T / BLOCK_FRAMES

    def _costs(self, energy: Tensor, blocks: int) -> list[float]:
        """Log odds against an exchange at each border of two blocks."""
        costs = []
        for block in range(1, blocks):
            at = block * BLOCK_FRAMES
            near = energy[:, at - BLOCK_FRAMES // 4 : at + BLOCK_FRAMES // 4].mean(1)
            pause = bool(near.min() < _PAUSE * self._loudest)
            costs.append(PAUSE_COST if pause else EXCHANGE_COST)
        return costs

    def _overlap_odds(self, before: Tensor, voices: Tensor, blocks: int) -> Tensor:
        """(blocks,) log odds for the order in which the chunk before gave the same frames."""
        frames = min(before.shape[-1], voices.shape[-1])
        loudest = max(float(self._loudest), 1e-12)
        odds = torch.zeros(blocks)
        for block in range(-(-frames // BLOCK_FRAMES)):
            part = slice(block * BLOCK_FRAMES, min(frames, (block + 1) * BLOCK_FRAMES))
            odds[block] = same_order_odds(before[..., part], voices[..., part], loudest)
        return odds


def same_order_odds(before: Tensor, after: Tensor, loudest: float) -> float:
    """Log odds for two chunks giving two voices in the same order, not crosswise.

    Args:
        before, after: (2, 512, K) complex spectra of the same frames by both chunks.
        loudest: energy of the loudest moment; frames far below it say little.
    """
    energy = float(before.abs().square().sum() + after.abs().square().sum())
    straight, crossed = ((before - a).abs().square().sum() for a in (after, after.flip(0)))
    heard = min(1.0, 100.0 * energy / max(1, before.shape[-1]) / loudest)
    return OVERLAP_ODDS * heard * float(crossed - straight) / max(energy, 1e-12)


def _best_order(links: Tensor, toward: Tensor, costs: Sequence[float]) -> Tensor:
    """(K,) +1 or -1: the order with the best fit, from several beginnings."""
    starts = [torch.ones(len(toward)), *_directions(links)]
    if bool((toward != 0).any()):
        starts.append(torch.where(toward < 0, -1.0, 1.0))
    best, most = starts[0], float("-inf")
    for signs in starts:
        for _ in range(_ROUNDS):
            better = _path((links @ signs + toward).tolist(), costs)
            settled = bool((better == signs).all())
            signs = better
            if settled:
                break
        changes = (signs[1:] != signs[:-1]).float()
        fit = 0.5 * signs @ links @ signs + 0.5 * signs @ toward - changes @ torch.tensor(costs)
        if float(fit) > most + 1e-6:
            best, most = signs, float(fit)
    if not bool((toward != 0).any()) and float(best.sum()) < 0:
        return -best  # nothing says which voice is first: change as little as possible
    return best


def _directions(links: Tensor) -> list[Tensor]:
    """Orders that the two main directions of likeness suggest."""
    _values, vectors = torch.linalg.eigh(0.5 * (links + links.T))
    return [torch.where(vectors[:, -n] < 0, -1.0, 1.0) for n in (1, 2) if n <= len(links)]


def _path(odds: Sequence[float], costs: Sequence[float]) -> Tensor:
    """(K,) signs of the best path: half the log odds of each block's sign minus the exchanges."""
    scores = (0.5 * odds[0], -0.5 * odds[0])
    came: list[tuple[bool, bool]] = []
    """For each later block and sign, whether the best path to it was exchanged on the way."""
    for gain, cost in zip(odds[1:], costs, strict=True):
        turned = (scores[1] - cost > scores[0], scores[0] - cost > scores[1])
        came.append(turned)
        scores = (
            max(scores[0], scores[1] - cost) + 0.5 * gain,
            max(scores[1], scores[0] - cost) - 0.5 * gain,
        )
    sign = int(scores[1] > scores[0])
    signs = [sign]
    for turned in reversed(came):
        sign ^= int(turned[sign])
        signs.append(sign)
    return torch.tensor([1.0 - 2.0 * s for s in reversed(signs)])


def _faded(signs: Tensor, energy: Tensor) -> Tensor:
    """(T,) exchange of every frame: each change at the quietest moment near its border."""
    exchanged = torch.full((len(energy),), float(signs[0] < 0))
    reach = BLOCK_FRAMES // 2
    for block in range(1, len(signs)):
        if signs[block] == signs[block - 1]:
            continue
        middle = block * BLOCK_FRAMES
        near = energy[middle - reach : middle + reach]
        at = middle - reach + int(near.argmin())
        exchanged[at:] = float(signs[block] < 0)
    kernel = torch.ones(1, 1, _FADE_FRAMES) / _FADE_FRAMES
    padded = torch.nn.functional.pad(exchanged[None, None], [_FADE_FRAMES // 2] * 2, "replicate")
    return torch.nn.functional.conv1d(padded, kernel)[0, 0]
