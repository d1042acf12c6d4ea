"""Playback clocks with a made-up time."""

from __future__ import annotations

import numpy as np
import pytest

from app.gui.clock import DeviceClock, PlayedMap
from app.gui.sound_feed import Pulled


def test_device_clock_smooths_a_coarse_counter() -> None:
    """A device that reports every 43 ms, up to 20 ms late, still gives an even time."""
    clock = DeviceClock()
    worst = 0.0
    last = 0.0
    for tick in range(600):
        now = tick * 0.01
        period = int(now / 0.043)
        late = 0.02 * ((period * 7) % 3) / 2
        clock.update(max(0.0, period * 0.043 - late), now)
        if tick > 200:
            shown = clock.played(now)
            worst = max(worst, abs((shown - last) - 0.01))
            last = shown
        else:
            last = clock.played(now)
    assert worst < 0.006
    assert last == pytest.approx(5.99, abs=0.06)


def test_device_clock_stands_while_the_device_stands() -> None:
    clock = DeviceClock()
    assert clock.played(5.0) == 0.0
    for tick in range(100):
        clock.update(1.0 + tick * 0.01, tick * 0.01)
    stood = clock.played(1.3)
    assert clock.played(9.0) == stood
    assert stood == pytest.approx(2.14, abs=0.02)


def test_device_clock_never_goes_back() -> None:
    clock = DeviceClock()
    clock.update(1.0, 0.0)
    first = clock.played(0.1)
    clock.update(1.01, 0.1)
    assert clock.played(0.1) >= first


def _pulled(sample: int | None, serial: int, step: int = 1, peak: float = 0.0) -> Pulled:
    levels = {"original": (peak, peak / 2)} if peak else {}
    return Pulled(np.zeros((0, 2), np.float32), sample, serial, step, levels)


def test_played_frames_map_to_samples_of_the_latest_order_only() -> None:
    played = PlayedMap()
    played.add(100, _pulled(None, 0))
    played.add(200, _pulled(5000, 1))
    played.add(200, _pulled(5200, 1))
    played.add(100, _pulled(900, 2))
    assert played.sample_at(50, 1) is None
    assert played.sample_at(150, 1) == 5050
    assert played.sample_at(499, 1) == 5399
    assert played.sample_at(150, 2) is None
    assert played.sample_at(520, 2) == 920
    assert played.sample_at(900, 2) == 1000


def test_played_map_follows_speed_direction_and_another_device_rate() -> None:
    played = PlayedMap(samples_per_frame=2.0)
    played.add(100, _pulled(1000, 1))
    played.add(100, _pulled(5000, 2, step=-4))
    assert played.sample_at(50, 1) == 1100
    assert played.sample_at(110, 2) == 5000 - 10 * 2 * 4


def test_levels_are_given_when_their_sound_is_heard_and_once() -> None:
    played = PlayedMap()
    played.add(100, _pulled(0, 1, peak=0.5))
    played.add(100, _pulled(100, 1, peak=0.25))
    played.add(100, _pulled(200, 1, peak=1.0))
    assert played.levels_until(50) == {"original": (0.5, 0.25)}
    assert played.levels_until(90) == {}
    assert played.levels_until(260) == {"original": (1.0, 0.5)}
    assert played.levels_until(300) == {}
