"""Agreement of voices and mouths: sums that add up, and who owns which voice."""

from __future__ import annotations

import numpy as np
import torch
from mouthing import opening_track
from torch import Tensor

from audio_models.agreement import Evidence, Moments, Observation, ownership

ONE = torch.ones(1)


def _track(seed: int, seconds: float = 4.0) -> Tensor:
    return torch.from_numpy(opening_track(seed, seconds))


def _observed(
    heard: list[Tensor],
    seen: list[Tensor],
    still: tuple[int, ...] = (),
    loudness: tuple[float, ...] = (0.5, 0.5),
    words: tuple[int, ...] = (),
) -> Observation:
    frames = len(heard[0])
    motionless = torch.zeros(len(seen), frames, dtype=torch.bool)
    motionless[list(still)] = True
    return Observation(
        heard=torch.stack(heard)[:, None],
        seen=torch.stack(seen)[:, None],
        heard_levels=torch.stack(heard)[:, None].clamp_min(0.05).log10(),
        seen_levels=torch.stack(seen)[:, None].clamp_min(0.05).log10(),
        valid=torch.ones(len(seen), frames, dtype=torch.bool),
        still=motionless,
        loudness=torch.tensor(loudness)[: len(heard), None].repeat(1, frames),
        anchor=torch.tensor(words or [0.0] * len(seen)).float()[:, None].repeat(1, frames),
    )


def _own(heard: list[Tensor], seen: list[Tensor], still: tuple[int, ...] = ()) -> Tensor:
    return ownership(Evidence.of(_observed(heard, seen, still)), ONE)


def test_moments_add_up_to_the_correlation_of_the_whole() -> None:
    random = np.random.default_rng(0)
    x, y = (torch.from_numpy(random.standard_normal((2, 300))) for _ in range(2))
    y = y + x
    weight = torch.from_numpy(random.uniform(0, 1, 300))
    parts = [Moments.of(x[:, s], y[:, s], weight[s]) for s in (slice(0, 90), slice(90, 300))]
    r = parts[0].plus(parts[1]).correlation()
    for row in range(2):
        cov = np.cov(x[row], y[row], aweights=weight.numpy())
        assert abs(float(r[row]) - cov[0, 1] / np.sqrt(cov[0, 0] * cov[1, 1])) < 1e-5
    assert Moments.of(x, torch.ones(300), torch.ones(300)).correlation().abs().max() == 0.0


def test_scores_are_high_for_ones_own_voice_even_a_frame_late() -> None:
    own, other = _track(1), _track(2)
    late = own.roll(1)
    scores = Evidence.of(_observed([own, other], [late, other])).scores(ONE)
    assert scores.shape == (2, 2)
    assert float(scores[0, 0]) > 1.2
    assert float(scores[1, 1]) > 2.4
    assert float(scores[0, 1]) < 0.5
    assert float(scores[1, 0]) < 0.5


def test_slow_drift_of_the_face_does_not_hide_the_match() -> None:
    own, other = _track(1), _track(2)
    drift = own + torch.linspace(0.0, 6.0, len(own))
    weights = _own([own, other], [drift])
    assert float(weights[0, 0]) > 0.9
    assert float(weights[0, 1]) < 0.1


def test_two_faces_get_their_own_voices_and_swapped_faces_the_swapped_ones() -> None:
    own, other = _track(1), _track(2)
    weights = _own([own, other], [own, other])
    assert weights.diagonal().min() > 0.95
    swapped = _own([own, other], [other, own])
    assert torch.allclose(swapped, weights.flip(0), atol=1e-5)


def test_a_clear_face_leaves_the_other_voice_to_the_unreadable_one() -> None:
    own, other = _track(1), _track(2)
    weights = _own([own, other], [own, _track(7)])
    assert float(weights[0, 0]) > 0.9
    assert float(weights[1, 1]) > 0.7
    assert float(weights[1, 0]) < 0.1


def test_the_voice_of_somebody_unseen_is_nobodys() -> None:
    own, other = _track(1), _track(2)
    weights = _own([other, own], [own])
    assert float(weights[0, 1]) > 0.9
    assert float(weights[0, 0]) < 0.1


def test_without_agreement_both_voices_are_given_in_part() -> None:
    weights = torch.cat([_own([_track(3), _track(4)], [_track(s)]) for s in range(20, 30)])
    assert weights.min() > 0.02
    assert float((weights[:, 0] - weights[:, 1]).abs().mean()) < 0.5
    assert float(weights.sum(1).min()) > 0.8


def test_a_voice_split_into_two_goes_to_one_face() -> None:
    own = _track(1)
    assert _own([own, 0.5 * own], [own]).min() > 0.9


def test_still_lips_own_no_voice() -> None:
    own, other = _track(1), _track(2)
    weights = _own([own, other], [torch.zeros_like(own)], still=(0,))
    assert weights.max() < 0.05


def test_weights_of_all_faces_never_exceed_one() -> None:
    tracks = [_track(seed) for seed in range(6)]
    weights = _own(tracks[:2], tracks)
    assert weights.sum(0).max() <= 1.0 + 1e-6
    assert weights.min() >= 0.0


def test_evidence_adds_up_over_a_clip() -> None:
    """Faint agreement decides nothing in a second and everything in half a minute."""
    random = torch.Generator().manual_seed(0)
    own, other = _track(1, 32.0), _track(2, 32.0)
    noisy = own + 0.6 * torch.randn(len(own), generator=random)
    whole = _observed([own, other], [noisy])
    first = Evidence.of(whole.between(0, 25))
    total = first
    for begin in range(25, 800, 25):
        total = total.plus(Evidence.of(whole.between(begin - 13, begin + 25), first=13))
    assert abs(float(total.moved[0]) - 32.0) < 1e-3
    early, late = ownership(first, ONE)[0], ownership(total, ONE)[0]
    assert float(late[0] - late[1]) > 0.9
    assert float(late[0] - late[1]) > float(early[0] - early[1])


def test_exchanged_evidence_is_evidence_of_exchanged_voices() -> None:
    own, other, seen = _track(1), _track(2), [_track(1), _track(3)]
    here = Evidence.of(_observed([own, other], seen)).swapped()
    there = Evidence.of(_observed([own, other], seen).swapped())
    assert torch.allclose(here.scores(ONE), there.scores(ONE))
    assert torch.allclose(here.against, there.against)


def test_the_users_word_outweighs_lips() -> None:
    own, other = _track(1), _track(2)
    by_lips = _own([own, other], [own, other])
    assert float(by_lips[0, 0]) > 0.9
    # Said: the first person is not heard where the first voice sounds alone, the second is.
    said = _observed([own, other], [own, other], loudness=(0.5, 0.001), words=(-1, 1))
    by_word = ownership(Evidence.of(said), ONE)
    assert float(by_word[0, 0]) < 0.1
    assert float(by_word[1, 0]) > 0.9


def test_a_word_does_not_fade_and_follows_exchanged_voices() -> None:
    own, other = _track(1), _track(2)
    said = Evidence.of(_observed([own, other], [own, other], (), (0.5, 0.001), (1, 0)))
    later = said.plus(Evidence.of(_observed([own, other], [own, other])), keep=0.01)
    assert torch.allclose(later.anchored, said.anchored)
    assert torch.allclose(said.swapped().anchored, said.anchored.flip(1))
    assert float(said.anchored[0, 0]) > 5


def test_in_ignorance_of_lips_the_louder_voice_is_theirs_and_clear_lips_overrule_it() -> None:
    own, other, face = _track(1), _track(2), _track(3)
    doubtful = ownership(Evidence.of(_observed([own, other], [face], loudness=(0.5, 0.05))), ONE)
    even = ownership(Evidence.of(_observed([own, other], [face])), ONE)
    assert float(doubtful[0, 0] - doubtful[0, 1]) > float(even[0, 0] - even[0, 1]) + 0.3
    clear = ownership(Evidence.of(_observed([own, other], [other], loudness=(0.5, 0.05))), ONE)
    assert float(clear[0, 1]) > 0.9
    silent = Evidence.of(_observed([own, other], [face], loudness=(0.0, 0.0)))
    assert silent.log_odds(ONE).isfinite().all()
