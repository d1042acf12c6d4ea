"""Lanes: what is drawn where, seeking and the range by mouse."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from app.gui.voice_buffer import PEAK_SAMPLES
from app.gui.waveform_view import SoundLane, WaveformView

RATE = 48_000
LAST = 10 * RATE
RED = QColor("#ff0000")


@pytest.fixture
def view(qtbot: QtBot) -> WaveformView:
    view = WaveformView()
    qtbot.addWidget(view)
    view.resize(1126, 140)
    view.show()
    view.set_clip(0, LAST, RATE)
    view.set_range(0, LAST)
    return view


def _press(qtbot: QtBot, view: WaveformView, x: float, y: int) -> None:
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(round(x), y))


def test_the_envelope_is_drawn_where_the_sound_is(view: WaveformView) -> None:
    """Loud from second 4 to 6, computed up to second 5."""
    peaks = np.zeros((2, -(-LAST // PEAK_SAMPLES)), np.float32)
    loud = slice(4 * RATE // PEAK_SAMPLES, 6 * RATE // PEAK_SAMPLES)
    peaks[0, loud], peaks[1, loud] = -0.8, 0.8
    view.set_lanes([SoundLane("Voice", RED, peaks, 0, LAST, 5 * RATE)])
    shown = view.grab().toImage()

    def red_rows(second: float) -> int:
        x = round(view.x_of(round(second * RATE)))
        return sum(QColor(shown.pixel(x, y)) == RED for y in range(30, 140))

    assert red_rows(4.5) > 60
    assert 1 <= red_rows(2.0) <= 3
    assert red_rows(5.5) == 0


def test_a_click_moves_the_playhead(qtbot: QtBot, view: WaveformView) -> None:
    with qtbot.waitSignal(view.seek_asked, timeout=1000) as asked:
        _press(qtbot, view, view.x_of(3 * RATE), 80)
    assert asked.args is not None
    assert asked.args[0] == pytest.approx(3 * RATE, abs=LAST / 1000)


def test_the_flags_of_the_range_can_be_dragged(qtbot: QtBot, view: WaveformView) -> None:
    ranges: list[tuple[int, int]] = []
    view.range_asked.connect(lambda start, stop: ranges.append((start, stop)))
    view.set_range(2 * RATE, 8 * RATE)
    _press(qtbot, view, view.x_of(2 * RATE), 15)
    qtbot.mouseMove(view, QPoint(round(view.x_of(4 * RATE)), 15))
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton)
    assert ranges[-1][0] == pytest.approx(4 * RATE, abs=LAST / 1000)
    assert ranges[-1][1] == 8 * RATE
    _press(qtbot, view, view.x_of(8 * RATE), 15)
    qtbot.mouseMove(view, QPoint(round(view.x_of(1 * RATE)), 15))
    assert ranges[-1] == (2 * RATE, 2 * RATE + 1)


def test_only_the_strips_of_the_playhead_are_painted_when_it_moves(
    qtbot: QtBot, view: WaveformView, monkeypatch: pytest.MonkeyPatch
) -> None:
    view.grab()
    drawn: list[int] = []
    monkeypatch.setattr(view, "_draw_lanes", lambda: drawn.append(1))
    for second in range(1, 9):
        view.set_position(second * RATE)
        qtbot.wait(5)
    assert not drawn
