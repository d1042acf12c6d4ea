"""A separator learns two voices it has heard alone, each for an output of its own."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from audio_models.adapt import AdaptOptions, Enrolment, adapt
from audio_models.base import SAMPLE_RATE
from audio_models.separator_stack import StackConfig, StackSeparator
from audio_models.train.validate import separate_signals, si_sdr


def _voice(pitch: float, seconds: float, seed: int) -> np.ndarray:
    """Syllables of a harmonic tone that wanders around a pitch."""
    rng = np.random.default_rng(seed)
    n = int(seconds * SAMPLE_RATE)
    time = np.arange(n) / SAMPLE_RATE
    drift = np.interp(
        time, np.arange(0, seconds + 1, 0.5), rng.normal(0, 0.04, int(seconds * 2) + 2)
    )
    phase = 2 * np.pi * np.cumsum(pitch * (1 + drift)) / SAMPLE_RATE
    sound = sum(np.sin(k * phase) / k for k in range(1, 8))
    syllables = 0.5 + 0.5 * np.sin(2 * np.pi * rng.uniform(2, 4) * time + rng.uniform(0, 6))
    return np.asarray(0.1 * sound * syllables, np.float32)


def test_two_voices_come_apart_in_the_order_of_the_enrolment() -> None:
    torch.manual_seed(0)
    small = StackSeparator(StackConfig(width=48, layers=2, dilations=(1, 2))).eval()
    enrolment = Enrolment(([_voice(110, 8, 1)], [_voice(260, 8, 2)]))
    steps: list[int] = []
    options = AdaptOptions(steps=60, batch=4, seconds=1.0, rate=3e-3, bf16=False)
    learnt = adapt(small, enrolment, options, report=lambda done, _total: steps.append(done))
    assert steps == list(range(1, 61))
    low, high = _voice(112, 2, 8), _voice(255, 2, 9)
    parts = separate_signals(learnt, torch.from_numpy(low + high)[None])[0].numpy()
    assert si_sdr(low, parts[0]) > si_sdr(low, low + high) + 3
    assert si_sdr(high, parts[1]) > si_sdr(high, low + high) + 3


def test_the_general_separator_stays_as_it_was() -> None:
    small = StackSeparator(StackConfig(width=16, layers=1, dilations=(1,))).eval()
    before = [parameter.clone() for parameter in small.parameters()]
    enrolment = Enrolment(([_voice(110, 4, 1)], [_voice(260, 4, 2)]))
    adapt(small, enrolment, AdaptOptions(steps=2, batch=2, seconds=1.0, bf16=False))
    assert all(torch.equal(a, b) for a, b in zip(before, small.parameters(), strict=True))


def test_too_little_to_learn_from_is_refused_and_a_cancel_goes_through() -> None:
    small = StackSeparator(StackConfig(width=16, layers=1, dilations=(1,)))
    with pytest.raises(ValueError, match="alone"):
        adapt(small, Enrolment(([_voice(110, 1, 1)], [_voice(260, 8, 2)])))

    def stop() -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        adapt(small, Enrolment(([_voice(110, 4, 1)], [_voice(260, 4, 2)])), check=stop)
