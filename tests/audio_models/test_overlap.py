"""The plan of chunks and the mask over time."""

from __future__ import annotations

from itertools import pairwise

import pytest
import torch

from audio_models.overlap import (
    FADE_FRAMES,
    FRAMES_PER_SECOND,
    GUARD_S,
    OVERLAP_S,
    ChunkPlan,
    MaskTimeline,
    Span,
    final_until,
)


def spans(begin: int, end: int, largest: int) -> list[Span]:
    plan = ChunkPlan(begin, end, largest)
    result: list[Span] = []
    span = plan.after(None)
    while span is not None:
        result.append(span)
        span = plan.after(span)
    return result


@pytest.mark.parametrize("largest", [4, 8, 12])
@pytest.mark.parametrize("begin", [0, 7])
def test_plans_cover_everything(begin: int, largest: int) -> None:
    for length in range(1, 60):
        end = begin + length
        plan = spans(begin, end, largest)
        assert plan[0] == Span(begin, begin + 4)
        assert plan[-1].stop >= end
        # Nothing beyond the end, unless the whole range is shorter than the chunk.
        assert plan[-1].stop == end or plan[-1].start == begin
        for before, after in pairwise(plan):
            assert (after.stop - after.start) % 4 == 0
            assert after.stop - after.start <= largest
            assert before.start <= after.start <= before.stop - OVERLAP_S
            assert after.stop > before.stop
            # A chunk is heard for a second before anything of it is used.
            assert after.start <= final_until(before, last=False) - GUARD_S


def test_growth_and_halving() -> None:
    assert [s.stop - s.start for s in spans(0, 60, 12)] == [4, 8, 12, 12, 12, 12, 12]
    plan = ChunkPlan(0, 100, 12)
    assert plan.halve()
    assert plan.largest == 4
    assert not plan.halve()
    assert ChunkPlan(0, 9, 10).largest == 8


def test_fade_between_chunks() -> None:
    timeline = MaskTimeline()
    with pytest.raises(ValueError, match="no masks"):
        timeline.between(0, 1)
    timeline.add(Span(3, 7), torch.zeros(1, 2, 4 * FRAMES_PER_SECOND))
    timeline.add(Span(5, 13), torch.ones(1, 2, 8 * FRAMES_PER_SECOND))
    values = timeline.between(0, 15 * FRAMES_PER_SECOND)[0, 0]
    fade = final_until(Span(3, 7), last=False) * FRAMES_PER_SECOND
    assert not values[:fade].any()
    assert values[fade + FADE_FRAMES :].eq(1).all()
    rise = values[fade : fade + FADE_FRAMES]
    assert torch.allclose(rise + rise.flip(0), torch.ones(FADE_FRAMES), atol=1e-6)
    assert rise.diff().min() > 0
    timeline.forget_before(8 * FRAMES_PER_SECOND)
    assert timeline.between(0, 10 * FRAMES_PER_SECOND).eq(1).all()
