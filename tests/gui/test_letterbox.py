"""Geometry of the canvas."""

from __future__ import annotations

import pytest

from app.gui.letterbox import hit_test, letterbox


def test_wide_picture_gets_bars_above_and_below() -> None:
    place = letterbox((1920, 1080), (800, 600))
    assert (place.left, place.top, place.width, place.height) == pytest.approx((0, 75, 800, 450))


def test_tall_picture_gets_bars_at_the_sides() -> None:
    place = letterbox((1080, 1920), (800, 600))
    assert (place.left, place.top) == pytest.approx((231.25, 0))
    assert (place.width, place.height) == pytest.approx((337.5, 600))


def test_to_picture_undoes_to_canvas() -> None:
    place = letterbox((1280, 720), (1000, 1000))
    x, y, width, height = place.to_canvas((0.25, 0.5, 0.1, 0.2))
    assert place.to_picture(x, y) == pytest.approx((0.25, 0.5))
    assert place.to_picture(x + width, y + height) == pytest.approx((0.35, 0.7))


def test_bars_and_empty_canvases_are_outside_the_picture() -> None:
    assert letterbox((1920, 1080), (800, 600)).to_picture(400, 70) is None
    assert letterbox((1920, 1080), (0, 600)).to_picture(0, 0) is None


def test_smallest_box_under_the_point_wins() -> None:
    boxes = {"A": (0.1, 0.1, 0.5, 0.5), "B": (0.3, 0.3, 0.1, 0.1), "C": (0.8, 0.8, 0.1, 0.1)}
    assert hit_test(boxes, 0.35, 0.35) == "B"
    assert hit_test(boxes, 0.2, 0.2) == "A"
    assert hit_test(boxes, 0.7, 0.7) is None
