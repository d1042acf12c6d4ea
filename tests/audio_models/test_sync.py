"""The lag of lips against sound."""

from __future__ import annotations

import numpy as np
import pytest
from mouthing import LoudnessLips, face, opening_track, voice

from audio_models.sync import Lag, measure_lag


def _measured(late: int, seconds: float, noise: float = 0.0, seed: int = 1) -> Lag:
    opening = opening_track(seed, seconds + 2.0)
    sound = voice(opening, 200.0, 3000.0)
    shown = np.roll(opening, late)
    shown = shown + np.float32(noise) * np.random.default_rng(0).standard_normal(len(shown))
    return measure_lag(sound, [face(shown.astype(np.float32))], LoudnessLips())


@pytest.mark.parametrize("late", [-5, -3, 2, 4])
def test_a_clear_lag_is_found_to_the_frame(late: int) -> None:
    lag = _measured(late, 16.0)
    assert lag.frames == late
    assert lag.confidence > 0.95


def test_lips_in_sync_are_left_alone() -> None:
    assert _measured(0, 16.0) == Lag(0, pytest.approx(1.0, abs=0.3))
    assert _measured(1, 2.0).frames == 0


def test_without_enough_evidence_nothing_is_moved() -> None:
    assert _measured(3, 0.5).frames == 0
    assert _measured(3, 8.0, noise=3.0).frames == 0


def test_strangers_lips_have_no_lag() -> None:
    sound = voice(opening_track(1, 20.0), 200.0, 3000.0)
    for seed in range(2, 8):
        assert measure_lag(sound, [face(opening_track(seed, 20.0))], LoudnessLips()).frames == 0


def test_still_and_absent_faces_say_nothing() -> None:
    opening = opening_track(1, 16.0)
    sound = voice(opening, 200.0, 3000.0)
    still = face(np.roll(opening, 3), motion=0.0)
    assert measure_lag(sound, [still], LoudnessLips()) == Lag(0, 0.0)
    assert measure_lag(sound, [], LoudnessLips()) == Lag(0, 0.0)


def test_two_people_share_one_lag() -> None:
    first, second = opening_track(1, 24.0), opening_track(2, 24.0)
    sound = voice(first, 150.0, 1000.0) + voice(second, 1500.0, 4000.0, seed=1)
    faces = [face(np.roll(track, 3)) for track in (first, second)]
    assert measure_lag(sound, faces, LoudnessLips()).frames == 3
