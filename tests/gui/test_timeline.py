"""Lanes and ruler: what is drawn where, zoom, scroll, range and playhead by mouse."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QColor, QImage, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.gui.lane_rows import StripRow, WaveRow
from app.gui.lanes_view import LanesView
from app.gui.ruler_ticks import ClipTime
from app.gui.scene import FacePath, LipTrace
from app.gui.sound_outline import FINEST, SoundOutline
from app.gui.spectrogram_view import SpectrogramPainter
from app.gui.theme import DARK
from app.gui.timeline import Timeline
from app.gui.viewport import Viewport

RATE = 48_000
LAST = 10 * RATE
RED = QColor("#ff0000")
GREEN = QColor("#00c000")


@pytest.fixture
def tiles() -> list[tuple[int, int]]:
    return []


@pytest.fixture
def timeline(qtbot: QtBot, tiles: list[tuple[int, int]]) -> Timeline:
    names = ("zoom_in", "zoom_out", "zoom_all", "spectrogram")
    actions = {}
    for name in names:
        actions[name] = QAction(name)
        actions[name].setObjectName(f"action_{name}")
    timeline = Timeline(actions, SpectrogramPainter(tiles.append))
    timeline.actions_kept = actions  # type: ignore[attr-defined]
    qtbot.addWidget(timeline)
    timeline.resize(1126, 240)
    timeline.show()
    timeline.set_time(ClipTime(RATE))
    timeline.set_view(Viewport.whole(0, LAST))
    timeline.set_range(0, LAST)
    return timeline


def _outline(loud: tuple[float, float], ready: float = 10.0) -> SoundOutline:
    """±0.8 between two seconds, known up to ``ready``."""
    outline = SoundOutline(LAST, lambda a, b: np.zeros((2, b - a), np.float32))
    entries = np.zeros((2, round(ready * RATE) // FINEST), np.float32)
    part = slice(round(loud[0] * RATE / FINEST), round(loud[1] * RATE / FINEST))
    entries[0, part], entries[1, part] = -0.8, 0.8
    outline.add(0, entries)
    return outline


def _wave(loud: tuple[float, float], ready: float = 10.0, **more: object) -> WaveRow:
    return WaveRow("v", "Voice", RED, _outline(loud, ready), 0, LAST, **more)  # type: ignore[arg-type]


def _strips(agreement: dict[int, float] | None = None) -> StripRow:
    """In the picture from second 2 to 8, a bridged gap from 4 to 5, lips moving from 6 on."""
    times = np.arange(2, 8, 0.04)
    boxes = np.tile(np.array([0.1, 0.1, 0.1, 0.1], np.float32), (len(times), 1))
    seen = (times < 4) | (times >= 5)
    moving = times >= 6
    lips = LipTrace(
        2.0,
        np.where(moving, 0.4, 0.0).astype(np.float32),
        np.where(moving, 0.8, 0.0).astype(np.float32),
        np.ones(6, np.float32),
        ((),) * 6,
    )
    path = FacePath(1, times, boxes, seen, (times * 1000).astype(np.int64), lips)
    return StripRow("s", "Singer A", GREEN, (path,), 0.0, RATE, agreement or {}, bool(agreement))


def _x(timeline: Timeline, second: float) -> int:
    return round(timeline.lanes.x_of(second * RATE))


def _shown(lanes: LanesView) -> QImage:
    return lanes.grab().toImage()


def _count(image: QImage, x: int, rows: range, colour: QColor) -> int:
    return sum(QColor(image.pixel(x, y)) == colour for y in rows)


def test_the_envelope_is_drawn_where_the_sound_is(timeline: Timeline) -> None:
    """Loud from second 4 to 6, computed up to second 5."""
    timeline.set_rows([_wave((4, 6), ready=5)], RATE)
    image = _shown(timeline.lanes)
    rows = range(0, 58)
    assert _count(image, _x(timeline, 4.5), rows, RED) > 30
    assert 1 <= _count(image, _x(timeline, 2.0), rows, RED) <= 3
    assert _count(image, _x(timeline, 5.5), rows, RED) == 0


def test_the_isolated_voice_lies_over_the_original(timeline: Timeline) -> None:
    timeline.set_rows([_wave((4, 5), behind=_outline((4, 7)))], RATE)
    image = _shown(timeline.lanes)
    only_original = [QColor(image.pixel(_x(timeline, 6), y)) for y in range(12, 24)]
    assert RED not in only_original
    assert all(colour.value() > QColor(DARK.window).value() for colour in only_original)
    assert _count(image, _x(timeline, 4.5), range(12, 24), RED) == 12


def test_strips_show_face_gap_and_lips(timeline: Timeline) -> None:
    timeline.set_rows([_strips()], RATE)
    image = _shown(timeline.lanes)
    face, lips = range(4, 9), range(14, 32)
    assert _count(image, _x(timeline, 3), face, GREEN) == 5
    assert _count(image, _x(timeline, 1), face, GREEN) == 0
    hatched = [_count(image, x, face, GREEN) for x in range(_x(timeline, 4.2), _x(timeline, 4.8))]
    assert 0 < sum(hatched) < 4 * len(hatched), "hatched, not filled"
    ground = QColor(image.pixel(_x(timeline, 1), 20))
    assert _count(image, _x(timeline, 7), lips, ground) < 4
    assert _count(image, _x(timeline, 3), lips, ground) > 14


def test_agreement_differs_in_pattern_and_is_told(timeline: Timeline) -> None:
    timeline.set_rows([_strips({3: 0.8, 6: 0.2, 7: 0.03})], RATE)
    image = _shown(timeline.lanes)
    rows = range(37, 46)

    def colours(second: float) -> int:
        field = range(_x(timeline, second + 0.2), _x(timeline, second + 0.8))
        return len({image.pixel(x, y) for x in field for y in rows})

    assert colours(3) == 1, "full"
    assert colours(6) >= 2, "dotted"
    assert colours(7) >= 2, "crossed"
    told = timeline.lanes.told_at(QPoint(_x(timeline, 7.5), 40))
    assert "Lips and sound don't agree here" in told
    assert "0.03" in told
    assert "Lips moving" in told
    assert "Lips and voice agree (0.80" in timeline.lanes.told_at(QPoint(_x(timeline, 3.5), 40))
    assert "bridged" in timeline.lanes.told_at(QPoint(_x(timeline, 4.5), 5))
    assert "Not in the picture" in timeline.lanes.told_at(QPoint(_x(timeline, 9.5), 5))


def test_a_click_moves_the_playhead_and_dragging_scrubs(qtbot: QtBot, timeline: Timeline) -> None:
    timeline.set_rows([_wave((0, 1))], RATE)
    asked: list[int] = []
    held: list[bool] = []
    timeline.seek_asked.connect(asked.append)
    timeline.scrubbing.connect(held.append)
    lanes = timeline.lanes
    qtbot.mousePress(lanes, Qt.MouseButton.LeftButton, pos=QPoint(_x(timeline, 3), 20))
    qtbot.mouseMove(lanes, QPoint(_x(timeline, 5), 20))
    qtbot.mouseRelease(lanes, Qt.MouseButton.LeftButton)
    assert asked[0] == pytest.approx(3 * RATE, abs=LAST / 1000)
    assert asked[-1] == pytest.approx(5 * RATE, abs=LAST / 1000)
    assert held == [True, False]


def test_in_and_out_are_dragged_in_the_ruler(qtbot: QtBot, timeline: Timeline) -> None:
    ranges: list[tuple[int, int]] = []
    timeline.range_asked.connect(lambda start, stop: ranges.append((start, stop)))
    timeline.set_range(2 * RATE, 8 * RATE)
    ruler = timeline.ruler
    qtbot.mousePress(ruler, Qt.MouseButton.LeftButton, pos=QPoint(_x(timeline, 2), 15))
    qtbot.mouseMove(ruler, QPoint(_x(timeline, 4), 15))
    qtbot.mouseRelease(ruler, Qt.MouseButton.LeftButton)
    assert ranges[-1][0] == pytest.approx(4 * RATE, abs=LAST / 1000)
    assert ranges[-1][1] == 8 * RATE
    qtbot.mousePress(ruler, Qt.MouseButton.LeftButton, pos=QPoint(_x(timeline, 8), 15))
    qtbot.mouseMove(ruler, QPoint(_x(timeline, 1), 15))
    assert ranges[-1] == (2 * RATE, 2 * RATE + 1)


def _turn(timeline: Timeline, second: float, notches: int, key: Qt.KeyboardModifier) -> None:
    place = QPointF(_x(timeline, second), 20)
    event = QWheelEvent(
        place,
        timeline.lanes.mapToGlobal(place),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        key,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(timeline.lanes, event)


def test_the_wheel_zooms_at_the_mouse_and_scrolls_with_shift(timeline: Timeline) -> None:
    timeline.set_rows([_wave((0, 1))], RATE)
    zooms: list[tuple[float, int]] = []
    scrolls: list[int] = []
    timeline.zoom_asked.connect(lambda factor, anchor: zooms.append((factor, anchor)))
    timeline.scroll_asked.connect(scrolls.append)
    _turn(timeline, 4, 1, Qt.KeyboardModifier.ControlModifier)
    _turn(timeline, 4, -1, Qt.KeyboardModifier.AltModifier)
    assert zooms[0][0] > 1 > zooms[1][0]
    assert zooms[0][1] == pytest.approx(4 * RATE, abs=LAST / 1000)
    _turn(timeline, 4, -2, Qt.KeyboardModifier.ShiftModifier)
    assert scrolls
    assert scrolls[0] > 0


def test_the_scroll_bar_appears_with_the_zoom_and_moves_the_view(timeline: Timeline) -> None:
    bar = timeline._bar
    assert not bar.isVisible()
    timeline.set_view(Viewport(0, LAST, 2 * RATE, 2 * RATE))
    assert bar.isVisible()
    asked: list[int] = []
    timeline.scroll_asked.connect(asked.append)
    bar.setValue(bar.maximum())
    assert asked[-1] == pytest.approx(6 * RATE, abs=10)


def test_single_samples_can_be_seen(timeline: Timeline) -> None:
    """A square wave of two samples up, two down, at 60 samples across the lanes."""
    outline = SoundOutline(
        LAST, lambda a, b: np.tile(np.where(np.arange(a, b) % 4 < 2, 0.9, -0.9), (2, 1))
    )
    outline.add(0, np.tile(np.array([[-0.9], [0.9]], np.float32), LAST // FINEST))
    timeline.set_view(Viewport(0, LAST, RATE, 60))
    timeline.set_rows([WaveRow("v", "V", RED, outline, 0, LAST)], RATE)
    image = _shown(timeline.lanes)

    def height(sample: int) -> float:
        x = round(timeline.lanes.x_of(sample))
        lit = [y for y in range(58) if QColor(image.pixel(x, y)).red() > 150]
        return float(np.mean(lit))

    first = RATE + 20
    assert height(first) < 15
    assert height(first + 1) < 15
    assert height(first + 2) > 43
    assert height(first + 3) > 43


def test_the_playhead_moves_without_drawing_the_lanes(
    qtbot: QtBot, timeline: Timeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    timeline.set_rows([_wave((0, 1)), _strips()], RATE)
    qtbot.wait(50)
    timeline.grab()
    drawn: list[int] = []
    monkeypatch.setattr(timeline.lanes, "draw", lambda: drawn.append(1))
    monkeypatch.setattr(timeline.ruler, "draw", lambda: drawn.append(1))
    head = timeline._playhead
    for second in range(1, 9):
        timeline.set_position(second * RATE)
        qtbot.wait(5)
        middle = head.x() + head.width() / 2
        assert middle == pytest.approx(timeline.lanes.x_of(second * RATE), abs=1)
    assert not drawn
    monkeypatch.undo()
    timeline.set_view(Viewport(0, LAST, 0, RATE))
    assert not head.isVisible()


def test_only_the_row_that_changed_is_drawn_again(
    timeline: Timeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    voice, strips = _wave((0, 1)), _strips()
    timeline.set_rows([voice, strips], RATE)
    timeline.lanes.grab()
    drawn: list[str] = []
    real = timeline.lanes._draw_row

    def note(painter: object, row: WaveRow | StripRow, ratio: float) -> None:
        drawn.append(row.key)
        real(painter, row, ratio)  # type: ignore[arg-type]

    monkeypatch.setattr(timeline.lanes, "_draw_row", note)
    voice.outline.add(0, np.ones((2, 4), np.float32))
    timeline.set_rows([voice, _strips()], RATE)
    timeline.lanes.grab()
    assert drawn == ["v"]


def test_the_spectrogram_asks_for_tiles_and_draws_them(
    timeline: Timeline, tiles: list[tuple[int, int]]
) -> None:
    timeline.set_rows([_wave((0, 1), spectrogram=True)], RATE)
    before = _shown(timeline.lanes)
    assert tiles
    painter: SpectrogramPainter = timeline.lanes._spectrogram
    wanted: set[tuple[int, int]] = set()
    while tiles:
        wanted.add(tiles[-1])
        painter.put(tiles.pop(), np.full((128, 256), 255, np.uint8))
        timeline.lanes.refresh()
        after = _shown(timeline.lanes)
    place = (_x(timeline, 5), 30)
    assert QColor(before.pixel(*place)).value() < 60
    assert QColor(after.pixel(*place)).value() > 230
    assert len({level for level, _ in wanted}) == 2, "a coarser level stands in"


def test_labels_fit_into_the_ruler(timeline: Timeline) -> None:
    labels = timeline.ruler.labels()
    assert [text for _, text in labels[:3]] == ["0:00", "0:01", "0:02"]
    timeline.set_time(ClipTime(RATE, origin=Fraction(5)))
    assert timeline.ruler.labels()[0][1] == "0:05"
