"""Everything written can be read: contrast by WCAG 2 in both schemes, 4.5 for text, 3 for marks."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor

from app.gui.theme import DARK, LIGHT, Tone, singer_colour

TEXT, MARK = 4.5, 3.0
GROUNDS = ("window", "panel", "raised")


def luminance(colour: QColor) -> float:
    """Relative luminance, WCAG 2.2."""

    def linear(value: float) -> float:
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(v) for v in (colour.redF(), colour.greenF(), colour.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str | QColor, other: str | QColor) -> float:
    """1 for equal colours to 21 for black on white."""
    high, low = sorted((luminance(QColor(one)), luminance(QColor(other))), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_the_measure_itself() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21, abs=0.01)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("tone", [DARK, LIGHT], ids=["dark", "light"])
def test_all_text_can_be_read(tone: Tone) -> None:
    pairs = [(ink, ground) for ink in ("text", "faint") for ground in GROUNDS]
    pairs += [("text", ground) for ground in ("problem", "remark", "notice")]
    pairs += [(ink, ground) for ink in ("warn", "bad", "good") for ground in ("window", "panel")]
    pairs += [("on_accent", "accent")]
    weak = {
        pair: round(found, 2)
        for pair in pairs
        if (found := contrast(getattr(tone, pair[0]), getattr(tone, pair[1]))) < TEXT
    }
    assert not weak


@pytest.mark.parametrize("tone", [DARK, LIGHT], ids=["dark", "light"])
def test_focus_and_edges_can_be_seen(tone: Tone) -> None:
    pairs = [("accent", ground) for ground in GROUNDS] + [("wave", "window"), ("faint", "raised")]
    weak = {
        pair: round(found, 2)
        for pair in pairs
        if (found := contrast(getattr(tone, pair[0]), getattr(tone, pair[1]))) < MARK
    }
    assert not weak


@pytest.mark.parametrize("index", range(6))
def test_singers_colours_can_be_read_where_they_are_written(index: int) -> None:
    bright, deep = singer_colour(index), singer_colour(index, on_light=True)
    assert contrast(bright, DARK.panel) >= TEXT
    assert contrast(deep, LIGHT.panel) >= TEXT
    assert contrast("#101113", bright) >= TEXT, "the name on a chosen face"
    assert contrast(bright, "#282828") >= TEXT, "the name of another face, on its dark label"
