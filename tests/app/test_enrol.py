"""Where a person is heard alone: from lips, from the ear, and from the editor's word."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import torch

from app.edits import Anchor
from app.enrol import Heard, Lips, listen
from app.lanes import Axis

RATE = 48000
SECONDS = 20
FRAMES = SECONDS * 25
AXIS = Axis(Fraction(0), FRAMES, 0, FRAMES, RATE)


class Sound:
    """Noise at one level all along."""

    sample_rate, channels, samples = RATE, 2, SECONDS * RATE

    def read(self, start: int, stop: int) -> np.ndarray:
        noise = np.random.default_rng(start).standard_normal((2, stop - start))
        return (0.1 * noise).astype(np.float32)


class Splitter(torch.nn.Module):
    """Gives the first output ``share`` of the voice; nothing to the rest."""

    def __init__(self, share: float) -> None:
        super().__init__()
        self.share = torch.nn.Parameter(torch.tensor(share))

    def forward(self, spectrum: torch.Tensor) -> torch.Tensor:
        one = torch.ones(spectrum.shape)
        return torch.stack([self.share * one, (1 - self.share) * one, 0 * one], 1)


def _lips(*talks: tuple[int, int], absent: tuple[int, int] = (0, 0)) -> Lips:
    """Lips that move between seconds, of a person out of the picture in between others."""
    motion = np.full(FRAMES, 0.01, np.float32)
    valid = np.ones(FRAMES, np.bool_)
    for first, last in talks:
        motion[first * 25 : last * 25] = 0.6
    valid[absent[0] * 25 : absent[1] * 25] = False
    return Lips(valid, motion)


def _listen(*rows: Lips, share: float = 0.95, anchors: Any = ()) -> Heard:
    splitter: Any = Splitter(share)
    return listen(Sound(), AXIS, rows, splitter, anchors)


def test_the_only_moving_lips_own_the_sound() -> None:
    heard = _listen(_lips((0, 8), (15, 20)), _lips((5, 15)))
    # Talk of one second's average: half a second at each end of a stretch is not counted.
    assert heard.seconds(0) == pytest.approx(5 + 5, abs=1.6)
    assert heard.seconds(1) == pytest.approx(15 - 8, abs=1.0)


def test_nobody_is_alone_while_both_talk() -> None:
    heard = _listen(_lips((0, 20)), _lips((0, 20)))
    assert heard.seconds(0) == heard.seconds(1) == 0


def test_a_person_out_of_the_picture_might_speak_so_the_ear_decides() -> None:
    rows = _lips((0, 10)), _lips(absent=(0, 10))
    assert _listen(*rows, share=0.95).seconds(0) > 8
    assert _listen(*rows, share=0.6).seconds(0) == 0
    present = _lips((0, 10)), _lips()
    assert _listen(*present, share=0.6).seconds(0) > 8


def test_the_editors_word_counts_more_than_lips() -> None:
    rows = _lips((0, 20)), _lips((0, 20))
    only = Anchor("B", 4 * RATE, 9 * RATE, "only")
    assert _listen(*rows, anchors=[(1, only)]).seconds(1) == pytest.approx(5, abs=0.1)
    alone = _lips((0, 20)), _lips()
    denied = Anchor("A", 0, 12 * RATE, "not")
    assert _listen(*alone, anchors=[(0, denied)]).seconds(0) == pytest.approx(8, abs=0.6)


def test_sound_without_moving_lips_is_somebody_unseen_or_background() -> None:
    heard = _listen(_lips((0, 8)), _lips())
    seconds = sum(len(part) for part in heard.unseen) / 16384
    assert seconds == pytest.approx(12, abs=1.0)
    assert len(heard.background) > 0
