"""Playback clocks with a made-up time."""

from __future__ import annotations

import pytest

from app.gui.clock import DeviceClock, PlayedMap, SilentClock


def test_silent_clock_counts_samples_only_while_it_runs() -> None:
    now = [10.0]
    clock = SilentClock(48_000, lambda: now[0])
    clock.start(1000)
    now[0] = 10.5
    assert clock.position() == 25_000
    clock.stop()
    now[0] = 20.0
    assert clock.position() == 25_000
    clock.start(0)
    now[0] = 20.25
    assert clock.position() == 12_000


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


def test_played_frames_map_to_samples_of_the_latest_seek_only() -> None:
    played = PlayedMap()
    played.add(100, None, 0)
    played.add(200, 5000, 1)
    played.add(200, 5200, 1)
    played.add(100, 900, 2)
    assert played.sample_at(50, 1) is None
    assert played.sample_at(150, 1) == 5050
    assert played.sample_at(499, 1) == 5399
    assert played.sample_at(150, 2) is None
    assert played.sample_at(520, 2) == 920
    assert played.sample_at(900, 2) == 1000


def test_played_map_follows_another_device_rate() -> None:
    played = PlayedMap(samples_per_frame=2.0)
    played.add(100, 1000, 1)
    assert played.sample_at(50, 1) == 1100
