"""Which samples are shown, and what the ruler says about them."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest

from app.gui.ruler_ticks import ClipTime, clip_time
from app.gui.viewport import LEAST_SPAN, Viewport
from app.timecode import Timecode

RATE = 48_000
HOUR = 3600 * RATE


def test_the_anchor_stays_where_it_is_while_zooming() -> None:
    view = Viewport.whole(0, HOUR)
    for factor in (2.0, 1.7, 3.0, 0.6, 5.0):
        anchor = view.start + view.span // 3
        zoomed = view.zoomed(factor, anchor)
        assert zoomed.x_of(anchor, 1200) == pytest.approx(view.x_of(anchor, 1200), abs=0.5)
        view = zoomed


def test_zoom_ends_at_single_samples_and_at_the_whole_clip() -> None:
    view = Viewport.whole(-100, HOUR)
    for _ in range(60):
        view = view.zoomed(2.0, HOUR // 2)
    assert view.span == LEAST_SPAN
    assert view.start <= HOUR // 2 <= view.stop
    for _ in range(60):
        view = view.zoomed(0.5, HOUR // 2)
    assert view == Viewport.whole(-100, HOUR)
    assert view.is_whole


def test_scrolling_stops_at_the_ends() -> None:
    view = Viewport.whole(0, 1000).zoomed(4, 500)
    assert view.moved(-5000).start == 0
    assert view.moved(5000).stop == 1000


def test_places_and_samples_are_each_others_inverse() -> None:
    view = Viewport(0, HOUR, 12_345, 1000)
    for sample in (12_345, 12_846, 13_345):
        assert view.sample_at(view.x_of(sample, 900.0), 900.0) == sample


def test_the_page_turns_only_when_the_playhead_leaves_it() -> None:
    view = Viewport(0, HOUR, 0, RATE)
    assert view.following(RATE - 1) is view
    turned = view.following(RATE)
    assert turned.start < RATE < turned.stop
    assert turned.start > 0


def test_a_range_is_shown_with_air_around_it() -> None:
    view = Viewport.whole(0, HOUR).showing(10 * RATE, 20 * RATE)
    assert view.start < 10 * RATE < 20 * RATE < view.stop
    assert view.span < 12 * RATE


def test_drop_frame_labels_stand_on_the_frames_they_name() -> None:
    ntsc = Fraction(30000, 1001)
    time = clip_time(RATE, Fraction(0), Fraction(0), Fraction(0), "00:59:50;00", ntsc)
    assert time.timecode is not None
    view = Viewport(0, HOUR, 0, 60 * RATE)
    ticks = list(time.ticks(view, 1200, 100))
    assert [text for _, text in ticks[:3]] == ["00:59:50;00", "00:59:55;00", "01:00:00;00"]
    first = Timecode.parse("00:59:50;00", ntsc)
    for sample, text in ticks:
        frames = Timecode.parse(text, ntsc).frame - first.frame
        assert sample == -(-frames * 1001 * RATE // 30000)
        assert time.text(sample) == text


def test_the_minute_without_its_first_two_labels_has_no_tick_there() -> None:
    ntsc = Fraction(30000, 1001)
    time = clip_time(RATE, Fraction(0), Fraction(0), Fraction(0), "00:00:59;28", ntsc)
    labels = [text for _, text in time.ticks(Viewport(0, HOUR, 0, RATE // 3), 1200, 100)]
    assert labels[:3] == ["00:00:59;28", "00:00:59;29", "00:01:00;02"]


def test_timecode_counts_from_the_picture_not_from_the_sound() -> None:
    """The sound begins half a second after the picture."""
    time = clip_time(RATE, Fraction(1, 2), Fraction(0), Fraction(0), "10:00:00:00", Fraction(25))
    assert time.text(0) == "10:00:00:12"
    assert time.text(RATE // 2) == "10:00:01:00"
    assert time.text(RATE // 2 - 1) == "10:00:00:24"


def test_without_timecode_the_ruler_counts_from_the_start_of_the_clip() -> None:
    time = ClipTime(RATE, origin=Fraction(1, 2), zero=Fraction(0))
    ticks = dict(time.ticks(Viewport(-RATE // 2, 10 * RATE, -RATE // 2, 5 * RATE), 1000, 100))
    assert ticks[RATE // 2] == "0:01"
    assert time.text(0) == "0:00.500"


@pytest.mark.parametrize("span", [LEAST_SPAN, 500, 9_000, 700_000, 50_000_000, HOUR])
@pytest.mark.parametrize("code", [None, "01:00:00:00"])
def test_labels_never_stand_too_close_and_never_too_far(span: int, code: str | None) -> None:
    time = clip_time(RATE, Fraction(0), Fraction(0), Fraction(0), code, Fraction(25))
    view = Viewport(0, HOUR, 1000, span)
    ticks = list(time.ticks(view, 1200, 90))
    assert len({text for _, text in ticks}) == len(ticks)
    places = [view.x_of(sample, 1200) for sample, _ in ticks]
    assert all(b - a >= 89 for a, b in pairwise(places))
    assert len(ticks) >= (2 if span > 40_000 or code is None else 0)


def test_an_unreadable_timecode_is_left_out() -> None:
    time = clip_time(RATE, Fraction(0), Fraction(0), Fraction(0), "nonsense", Fraction(25))
    assert time.timecode is None
