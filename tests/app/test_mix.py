"""Solo, mute, gain and A/B: which lanes are heard and how loud; and the meters' ballistics."""

from __future__ import annotations

import math

import pytest

from app.edits import Edits, LaneMix, Shape
from app.meter import FALL_DB_PER_S, FLOOR_DB, HOLD_S, PeakMeter
from app.mix import heard, with_lane

CHOSEN = Edits(selected=("A", "B"))


def _audible(edits: Edits) -> dict[str, float]:
    return {lane: factor for lane, factor in heard(edits, True).lanes.items() if factor}


def test_at_first_the_mix_is_the_chosen_voices_as_they_are() -> None:
    assert _audible(CHOSEN) == {"A": 1.0, "B": 1.0}
    assert heard(CHOSEN, False).original == 1.0
    assert not heard(CHOSEN, False).isolated


def test_gain_is_exact_and_the_rest_has_its_own() -> None:
    edits = with_lane(CHOSEN, "A", LaneMix(gain_db=20 * math.log10(0.5)))
    edits = Edits(edits.selected, mix=edits.mix, shape=Shape(rest_gain_db=-20))
    assert _audible(edits) == pytest.approx({"A": 0.5, "B": 1.0, "rest": 0.1})


def test_mute_silences_and_solo_silences_the_others() -> None:
    assert _audible(with_lane(CHOSEN, "A", LaneMix(mute=True))) == {"B": 1.0}
    solo = with_lane(CHOSEN, "A", LaneMix(solo=True))
    assert _audible(solo) == {"A": 1.0}
    both = with_lane(solo, "B", LaneMix(solo=True, gain_db=-20))
    assert _audible(both) == pytest.approx({"A": 1.0, "B": 0.1})
    assert _audible(with_lane(solo, "A", LaneMix(solo=True, mute=True))) == {}


def test_the_original_and_a_switched_off_rest_can_be_heard_alone() -> None:
    assert _audible(with_lane(CHOSEN, "original", LaneMix(solo=True))) == {"original": 1.0}
    assert _audible(with_lane(CHOSEN, "rest", LaneMix(solo=True))) == {"rest": 1.0}
    quiet = Edits(("A",), shape=Shape(rest_gain_db=-20), mix={"rest": LaneMix(solo=True)})
    assert _audible(quiet) == pytest.approx({"rest": 0.1})


def test_the_original_can_be_brought_to_the_level_of_the_mix_or_muted() -> None:
    edits = with_lane(CHOSEN, "original", LaneMix(gain_db=-20))
    assert heard(edits, False).original == pytest.approx(0.1)
    assert heard(with_lane(edits, "original", LaneMix(mute=True)), False).original == 0.0


def test_a_lane_set_back_leaves_nothing_behind() -> None:
    edits = with_lane(CHOSEN, "A", LaneMix(gain_db=-3))
    assert with_lane(edits, "A", LaneMix()) == CHOSEN


def test_a_meter_rises_at_once_falls_steadily_and_holds_its_peak() -> None:
    meter = PeakMeter()
    meter.update(0.5, 10.0)
    peak = 20 * math.log10(0.5)
    assert meter.level == meter.hold == meter.highest == pytest.approx(peak)
    meter.update(0.0, 10.5)
    assert meter.level == pytest.approx(peak - FALL_DB_PER_S / 2)
    assert meter.hold == pytest.approx(peak)
    for tenth in range(1, 100):
        meter.update(0.0, 10.5 + tenth / 10)
        if tenth / 10 + 0.5 < HOLD_S - 0.05:
            assert meter.hold == pytest.approx(peak)
    assert meter.settled
    assert meter.level == meter.hold == FLOOR_DB
    assert meter.highest == pytest.approx(peak)
    meter.reset()
    assert meter.highest == -math.inf


def test_a_meter_shows_what_is_beyond_full_scale() -> None:
    meter = PeakMeter()
    meter.update(2.0, 0.0)
    assert meter.level == pytest.approx(6.02, abs=0.01)
