"""Whose voice is whose: how well separated voices agree with the mouths in the picture.

Agreement goes both ways. The mouth movement that a voice would make is correlated with the one a
face shows, on each component of mouth shape with the slow part (pose, smile) removed, and as the
plain opening; the loudness that the face lets expect is correlated with the voice's, with and
without its slow part. Sums run over the whole clip, so evidence adds up. Ownership is then a
posterior over all assignments of voices to visible people or to somebody unseen: a doubtful choice
becomes a mixture instead of a swap.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from audio_models.base import FACE_FPS
from audio_models.lips import high_pass

LAGS = (-1, 0, 1)
"""Face frames by which a face may be late against its sound beside the measured lag."""
OPENING_SHARE = 0.5
"""Weight of the plain correlation of the mouth's opening beside the moving components."""
LEVEL_SHARE = 0.5
"""Weight of each of the two correlations of loudness."""
UNSEEN_SCORE = 0.7
"""Agreement that says nothing: strangers' voices reach 0.2 to 1.0, the more they leak into each
other; a person's own reaches 1.3 (people unseen in training, three seconds)."""
UNREADABLE = 0.15
"""Share of faces whose lips are hard to read (profile, mumbling, out of sync): their own voice
agrees little more than a stranger's, which bounds what low agreement can say."""
UNREADABLE_SLOPE = 0.1
"""Slope for such faces, against that of clear ones; at 0.3 they lose what clear ones gain."""
UNREADABLE_SCORE = 0.3
"""Agreement that says nothing about such a face."""
SLOPE = 10.0
"""Log odds per unit of agreement after `SLOPE_SECONDS`; grows with the root of the time."""
SLOPE_SECONDS = 3.0
MAX_SLOPE = 30.0
IDLE_FACE = 4.0
"""Log odds against a face with moving lips having no voice at all."""
TWO_VOICES = 0.5
"""Agreement that the second voice of one face has to bring on top: only when a voice was split."""
SHARED_VOICE = 2.5
"""Log odds against two people being in one output, as when the separator told nothing apart."""
LEAST_SHARE = 0.1
"""Before anything is known of lips, the energy that sounds while they move is as likely theirs as
any other: odds go with it, down to this. What a separator leaves in an output that it has no voice
for so goes to nobody. Where lips are read well they outweigh it by far."""
_NOTHING = 1e-9
MOVED_SECONDS = 0.5
"""Lip movement that makes a face count as moving."""
STILL_COST = 2.0
"""Log odds against ownership for each second in which a voice sounds and the lips are still."""
ANCHOR_ODDS = 6.0
"""Log odds for ownership for each second in which the user said so and only this voice sounds."""
MAX_ANCHOR = 20.0


@dataclass(frozen=True)
class Observation:
    """What one chunk says, all at 25 frames per second over the same T frames."""

    heard: Tensor
    """(J, C, T) mouth components expected from each separated voice."""
    seen: Tensor
    """(F, C, T) mouth components of each face."""
    heard_levels: Tensor
    """(J, B, T) loudness of each voice in a few bands, log10 of power."""
    seen_levels: Tensor
    """(F, B, T) loudness that each face lets expect."""
    valid: Tensor
    """(F, T) bool: the face is in the picture."""
    still: Tensor
    """(F, T) bool: the lips do not move."""
    loudness: Tensor
    """(J, T) power of each voice against the loudest moment of the clip, 0 to 1."""
    anchor: Tensor
    """(F, T) 1 where the user said that this person sounds, -1 where not, else 0."""

    def swapped(self) -> Observation:
        """The same with the voices in the other order."""
        return replace(
            self,
            heard=self.heard.flip(0),
            heard_levels=self.heard_levels.flip(0),
            loudness=self.loudness.flip(0),
        )

    def between(self, first: int, stop: int) -> Observation:
        """A stretch of it."""
        part = slice(first, stop)
        return Observation(
            self.heard[..., part],
            self.seen[..., part],
            self.heard_levels[..., part],
            self.seen_levels[..., part],
            self.valid[:, part],
            self.still[:, part],
            self.loudness[:, part],
            self.anchor[:, part],
        )


class Moments:
    """Weighted first and second moments of paired tracks: correlations that can be added up."""

    def __init__(self, sums: Tensor | None = None) -> None:
        self._sums = sums

    @property
    def empty(self) -> bool:
        """True before anything was added."""
        return self._sums is None

    @classmethod
    def of(cls, x: Tensor, y: Tensor, weight: Tensor) -> Moments:
        """Moments over the last axis; the three broadcast against each other."""
        parts = [weight, weight * x, weight * y, weight * x * x, weight * y * y, weight * x * y]
        full = torch.broadcast_tensors(*parts)
        return cls(torch.stack([p.sum(-1) for p in full]).double())

    def plus(self, other: Moments, keep: float = 1.0) -> Moments:
        """Both together, this one's weight times ``keep``."""
        if self._sums is None:
            return other
        if other._sums is None:
            return self
        return Moments(keep * self._sums + other._sums)

    def swapped(self, axis: int) -> Moments:
        """The order of two entries along an axis of the tracks reversed."""
        return Moments(None if self._sums is None else self._sums.flip(axis + 1))

    def count(self) -> Tensor:
        """Sum of weights."""
        if self._sums is None:
            raise ValueError("nothing was observed")
        return self._sums[0]

    def correlation(self) -> Tensor:
        """Pearson's r; 0 where a track does not vary."""
        if self._sums is None:
            raise ValueError("nothing was observed")
        n, x, y, xx, yy, xy = self._sums
        n = n.clamp_min(1e-9)
        vx, vy = xx / n - (x / n) ** 2, yy / n - (y / n) ** 2
        covariance = xy / n - x * y / n**2
        varies = (vx > 1e-6) & (vy > 1e-6)
        r = covariance / (vx.clamp_min(1e-6) * vy.clamp_min(1e-6)).sqrt()
        return torch.where(varies, r, torch.zeros_like(r)).float()


@dataclass(frozen=True)
class Evidence:
    """Running agreement of F faces with J voices."""

    moving: Moments
    """Of high-passed components: (F, J, lags, C)."""
    opening: Moments
    """Of the first component as it is: (F, J)."""
    level: Moments
    """Of loudness as it is and high-passed: (F, J, 2, B)."""
    against: Tensor
    """(F, J) seconds in which the voice sounded while the lips were still."""
    moved: Tensor
    """(F,) seconds of moving lips."""
    sounded: Tensor
    """(F, J) energy of the voice while the lips moved."""
    anchored: Tensor
    """(F, J) log odds by the user's word; it does not fade."""

    @classmethod
    def of(cls, observation: Observation, first: int = 0) -> Evidence:
        """Evidence of the frames from ``first`` on; earlier ones only serve the filters."""
        heard, seen = high_pass(observation.heard), high_pass(observation.seen)
        usable = (observation.valid & ~observation.still).float()
        audible = (observation.loudness.amax(0) > 1e-4).float()
        frames = seen.shape[-1]
        counted = torch.zeros(frames)
        counted[first:] = 1.0
        by_lag = []
        for lag in LAGS:
            here = slice(max(0, -lag), frames - max(0, lag))
            there = slice(max(0, lag), frames - max(0, -lag))
            weight = usable[:, there] * (audible * counted)[here]
            by_lag.append(
                Moments.of(
                    heard[None, ..., here], seen[:, None, :, there], weight[:, None, None]
                )._sums
            )
        moving = Moments(torch.stack([s for s in by_lag if s is not None], 3))
        weight = (usable * audible * counted)[:, None]
        opening = Moments.of(observation.heard[None, :, 0], observation.seen[:, None, 0], weight)
        levels = [observation.heard_levels, observation.seen_levels]
        voices, faces = (torch.stack([x, high_pass(x)], 1) for x in levels)
        level = Moments.of(voices[None], faces[:, None], weight[:, :, None, None])
        still = (observation.valid & observation.still).float() * counted
        sounding = (observation.loudness > 0.01).float()
        return cls(
            moving,
            opening,
            level,
            torch.einsum("ft,jt->fj", still, sounding) / FACE_FPS,
            (usable * counted).sum(-1) / FACE_FPS,
            torch.einsum("ft,jt->fj", usable * counted, observation.loudness),
            _by_word(observation, counted),
        )

    def plus(self, other: Evidence, keep: float = 1.0) -> Evidence:
        """Both together, this one's weight times ``keep``."""
        return Evidence(
            self.moving.plus(other.moving, keep),
            self.opening.plus(other.opening, keep),
            self.level.plus(other.level, keep),
            keep * self.against + other.against,
            keep * self.moved + other.moved,
            keep * self.sounded + other.sounded,
            self.anchored + other.anchored,
        )

    def swapped(self) -> Evidence:
        """The same with the two voices exchanged."""
        return Evidence(
            self.moving.swapped(1),
            self.opening.swapped(1),
            self.level.swapped(1),
            self.against.flip(1),
            self.moved,
            self.sounded.flip(1),
            self.anchored.flip(1),
        )

    def scores(self, reliability: Tensor) -> Tensor:
        """(F, J) agreement, about 0 for a stranger's voice and up to 2.5 for one's own.

        Args:
            reliability: (C,) weights of the components, summing to one.
        """
        moving = (self.moving.correlation() @ reliability).amax(-1)
        level = self.level.correlation().mean(-1).sum(-1)
        return moving + OPENING_SHARE * self.opening.correlation() + LEVEL_SHARE * level

    def slope(self) -> Tensor:
        """(F, 1) log odds per unit of agreement for each face, by how long its lips moved."""
        grown = SLOPE * (self.moved / SLOPE_SECONDS).clamp_min(0.0).sqrt()
        return grown.clamp_max(MAX_SLOPE)[:, None]

    def log_odds(self, reliability: Tensor) -> Tensor:
        """(F, J) for each voice being the face's against its being anybody else's."""
        scores, slope = self.scores(reliability), self.slope()
        voices = scores.shape[1]
        clear = slope * (scores - UNSEEN_SCORE) + math.log(1.0 - UNREADABLE)
        hard = UNREADABLE_SLOPE * slope * (scores - UNREADABLE_SCORE) + math.log(UNREADABLE)
        by_word = self.anchored.clamp(-MAX_ANCHOR, MAX_ANCHOR)
        sounded = self.sounded + _NOTHING
        by_energy = torch.log(voices * sounded / sounded.sum(1, keepdim=True) + LEAST_SHARE)
        return torch.logaddexp(clear, hard) + by_energy - STILL_COST * self.against + by_word


def _by_word(observation: Observation, counted: Tensor) -> Tensor:
    """(F, J) log odds from what the user said: a voice counts by how far it drowns the other."""
    loudness = observation.loudness
    share = loudness / loudness.sum(0).clamp_min(1e-9)
    sounding = (loudness.amax(0) > 1e-3).float() * counted
    word = observation.anchor * sounding
    return ANCHOR_ODDS * torch.einsum("ft,jt->fj", word, 2.0 * share - 1.0) / FACE_FPS


def ownership(evidence: Evidence, reliability: Tensor) -> Tensor:
    """Posterior probability (F, J) that each voice belongs to each face; the rest is unseen.

    Every assignment of each voice to a face, to two faces or to somebody unseen is weighed.
    Agreement counts against `UNSEEN_SCORE`; a face with moving lips seldom has no voice at all,
    and seldom both. A voice of two faces belongs to each by half.
    """
    gain = evidence.log_odds(reliability).tolist()
    moving = (evidence.moved / MOVED_SECONDS).clamp_max(1.0).tolist()
    double = (-TWO_VOICES * evidence.slope()[:, 0]).tolist()
    faces, voices = evidence.against.shape
    crowd = max(0.0, sum(moving) - voices)  # with more mouths than voices some must be idle
    owners = [(), *((k,) for k in range(faces)), *itertools.combinations(range(faces), 2)]
    assignments = list(itertools.product(owners, repeat=voices))
    scores = []
    for assignment in assignments:
        score = 0.0
        for voice, people in enumerate(assignment):
            score += sum(gain[face][voice] for face in people)
            score -= SHARED_VOICE if len(people) == 2 else 0.0
        times = [sum(face in people for people in assignment) for face in range(faces)]
        idle = sum(moving[face] for face in range(faces) if times[face] == 0)
        score -= IDLE_FACE * max(0.0, idle - crowd)
        score += sum(max(0, times[face] - 1) * double[face] for face in range(faces))
        scores.append(score)
    weights = torch.zeros(faces, voices)
    for probability, assignment in zip(torch.tensor(scores).softmax(0), assignments, strict=True):
        for voice, people in enumerate(assignment):
            for face in people:
                weights[face, voice] += probability / len(people)
    return weights
