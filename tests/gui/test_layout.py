"""The window at the smallest supported size, and its lanes beside a real clip."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from editor import Editor
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel, QScrollArea, QToolBar, QToolButton, QWidget

from app.demo import DemoClip
from app.gui.lane_rows import StripRow, WaveRow
from app.gui.lanes_view import LanesView
from app.gui.main_split import MainSplit
from app.gui.ruler_ticks import clip_time
from app.gui.ruler_view import RulerView


@pytest.fixture
def duet(editor: Editor, demo_clip: DemoClip) -> Editor:
    editor.window.resize(1280, 720)
    editor.open(demo_clip.path)
    editor.player.pause()
    editor.until(lambda: editor.window.lanes.outline.ready >= demo_clip.samples)
    return editor


def test_everything_is_in_sight_at_1280_by_720(duet: Editor) -> None:
    window = duet.window
    assert window.size().width() == 1280
    assert window.size().height() == 720
    assert window.canvas.height() >= 250
    # The rows come with the sound's outline, after the picture.
    duet.until(lambda: window.timeline.height() >= 120)
    for part in (window.canvas, window.timeline, window.transport, window.singers, window.job_bar):
        corner = part.mapTo(window, part.rect().bottomRight())
        assert window.rect().contains(corner), part.objectName()
    for button in window.singers.findChildren(QToolButton):
        if button.isVisible():
            assert button.accessibleName() or button.text()


def test_the_ruler_stays_in_line_with_lanes_that_scroll(duet: Editor) -> None:
    timeline = duet.window.timeline
    split = duet.window.findChild(MainSplit)
    assert split is not None
    split.dragged = True
    split.setSizes([10_000, 1])
    area = timeline.findChild(QScrollArea, "lanes_area")
    assert area is not None
    duet.player.seek(3 * 48_000)
    duet.until(area.verticalScrollBar().isVisible)
    sample = duet.session.clip.audio.samples // 2 if duet.session.clip else 0
    ruler, lanes = timeline.ruler, timeline.lanes

    def across(part: RulerView | LanesView) -> int:
        return part.mapTo(timeline, QPoint(round(part.x_of(sample)), 0)).x()

    duet.until(lambda: ruler.width() == lanes.width())
    assert across(ruler) == across(lanes)
    playhead = timeline.findChild(QWidget, "playhead")
    assert playhead is not None
    there = lanes.mapTo(timeline, QPoint(round(lanes.x_of(duet.player.position)), 0)).x()
    assert abs(playhead.geometry().center().x() - there) <= 1
    split.dragged = False
    split.fit()


def test_rows_follow_choice_and_results(duet: Editor) -> None:
    rows: list[tuple[object, ...]] = []
    duet.window.lanes.rows_changed.connect(lambda shown, _rate: rows.append(shown))
    duet.click_face("A")
    duet.isolate()

    def computed() -> bool:
        voice = rows[-1][1] if rows and len(rows[-1]) == 4 else None
        return isinstance(voice, WaveRow) and voice.outline.ready == voice.outline.samples

    duet.until(computed)
    original, voice, lips, other = rows[-1]
    assert isinstance(original, WaveRow)
    assert isinstance(voice, WaveRow)
    assert voice.behind is original.outline
    assert isinstance(lips, StripRow)
    assert isinstance(other, StripRow)
    assert not other.known
    lanes = duet.window.timeline.lanes
    x = round(lanes.x_of(duet.control.player.position // 2))
    assert lanes.told_at(QPoint(x, 70)).endswith("the original behind it")
    if lips.known:
        assert all(0 <= score <= 1 for score in lips.agreement.values())


def test_zoom_by_keys_goes_down_to_samples_and_back(duet: Editor) -> None:
    lanes = duet.window.lanes
    duet.player.seek(48_000)
    for _ in range(30):
        duet.key(Qt.Key.Key_Plus)
    assert lanes.view.span < 100
    assert lanes.view.start <= 48_000 <= lanes.view.stop
    assert duet.window.timeline.ruler.labels()
    duet.until(lambda: lanes.outline.samples_between(47_990, 48_010) is not None)
    duet.trigger("zoom_all")
    assert lanes.view.is_whole
    duet.control.set_range(48_000, 96_000)
    duet.key(Qt.Key.Key_Z)
    assert lanes.view.start < 48_000
    assert 96_000 < lanes.view.stop < 110_000
    duet.trigger("zoom_all")


def test_the_spectrogram_comes_from_the_engine(duet: Editor) -> None:
    lanes = duet.window.lanes
    before = lanes.spectrogram.version
    duet.trigger("spectrogram")
    try:
        duet.until(lambda: lanes.spectrogram.version > before)

        def colours() -> int:
            shown = duet.window.timeline.lanes.grab().toImage()
            return len({shown.pixel(x, 30) for x in range(200, shown.width() - 50, 7)})

        duet.until(lambda: colours() > 5)
    finally:
        duet.trigger("spectrogram")


def test_the_source_timecode_stands_beside_the_clock(duet: Editor) -> None:
    label = duet.window.transport.findChild(QLabel, "timecode_label")
    assert label is not None
    assert label.text() == "", "the demo clip has none"
    lanes = duet.window.lanes
    lanes.time = clip_time(
        48_000, Fraction(0), Fraction(0), Fraction(0), "10:00:00:00", Fraction(25)
    )
    duet.player.seek(48_000)
    assert label.text() == "10:00:01:00"


def test_the_tool_bar_holds_the_steps_in_their_order(duet: Editor) -> None:
    bar = duet.window.findChild(QToolBar, "tool_bar")
    assert bar is not None
    steps = [f"button_{name}" for name in ("open", "find", "isolate", "compare", "export")]
    buttons = [b for b in bar.findChildren(QToolButton) if b.objectName() in steps]
    assert [b.objectName() for b in sorted(buttons, key=lambda b: b.x())] == steps
    assert all(b.isVisible() and not b.icon().isNull() for b in buttons)
    find = buttons[[b.objectName() for b in buttons].index("button_find")]
    assert not find.isEnabled(), "everybody was found already"


def test_a_clip_that_was_opened_is_played_by_space(duet: Editor) -> None:
    button = duet.window.findChild(QToolButton, "button_open")
    assert button is not None
    button.setFocus()
    duet.open(duet.session.clip.path if duet.session.clip else Path())
    assert duet.window.canvas.hasFocus()
    duet.player.pause()
    duet.key(Qt.Key.Key_Space)
    assert duet.player.playing
