"""Hearing in a real window: speeds, loop, scrubbing, A/B while a key is held, silent device."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from editor import Editor
from PySide6.QtCore import QPoint, Qt

from app.demo import DemoClip
from app.gui.hear_control import HOLD_S
from app.gui.sound_feed import SoundFeed


@pytest.fixture
def at_clip(editor: Editor, demo_clip: DemoClip) -> Editor:
    """The demo clip, standing at one second."""
    editor.open(demo_clip.path)
    editor.player.pause()
    editor.player.seek(demo_clip.sample_rate)
    return editor


def _goes(editor: Editor, samples: int) -> None:
    """Wait until the playhead has gone by so much, negative = back."""
    start = editor.player.position
    way = 1 if samples > 0 else -1
    editor.until(lambda: (editor.player.position - start) * way > abs(samples))


def test_j_k_l_play_at_speeds_in_both_directions(at_clip: Editor, demo_clip: DemoClip) -> None:
    editor, rate = at_clip, demo_clip.sample_rate
    label = editor.window.findChild(object, "speed_label")
    for key, speed, text in (
        (Qt.Key.Key_L, 1, ""),
        (Qt.Key.Key_L, 2, "2×"),
        (Qt.Key.Key_L, 4, "4×"),
        (Qt.Key.Key_L, 4, "4×"),
        (Qt.Key.Key_J, -1, "◀ 1×"),
        (Qt.Key.Key_J, -2, "◀ 2×"),
        (Qt.Key.Key_K, 0, ""),
        (Qt.Key.Key_J, -1, "◀ 1×"),
        (Qt.Key.Key_L, 1, ""),
        (Qt.Key.Key_K, 0, ""),
    ):
        if speed:
            editor.player.seek(2 * rate)
        editor.key(key)
        assert editor.player.speed == speed
        assert label.text() == text
        if speed:
            _goes(editor, speed * rate // 20)
    position = editor.player.position
    editor.qtbot.wait(60)
    assert editor.player.position == position


def test_the_picture_follows_backwards(at_clip: Editor, demo_clip: DemoClip) -> None:
    shown: list[float] = []
    at_clip.player.picture_shown.connect(lambda picture: shown.append(float(picture.time)))
    at_clip.player.seek(3 * demo_clip.sample_rate)
    at_clip.until(lambda: bool(shown))
    at_clip.key(Qt.Key.Key_J)
    at_clip.until(lambda: shown[-1] < 2.3)
    at_clip.until(lambda: not at_clip.player.playing)
    assert at_clip.player.position <= 0
    at_clip.until(lambda: shown[-1] == pytest.approx(0, abs=0.05))


def test_a_loop_stays_inside_the_range(at_clip: Editor, demo_clip: DemoClip) -> None:
    rate = demo_clip.sample_rate
    at_clip.control.set_range(rate, rate + rate // 4)
    places: list[int] = []
    at_clip.player.moved.connect(places.append)
    at_clip.trigger("loop")
    at_clip.player.seek(3 * rate)
    at_clip.trigger("play")
    at_clip.until(lambda: sum(b < a for a, b in pairwise(places)) >= 4)
    assert at_clip.player.playing
    inside = places[places.index(rate) :]
    assert min(inside) >= rate
    assert max(inside) <= rate + rate // 4
    at_clip.trigger("loop")
    at_clip.until(lambda: at_clip.player.position > rate + rate // 2)


def test_dragging_the_playhead_is_heard(
    at_clip: Editor, monkeypatch: pytest.MonkeyPatch, demo_clip: DemoClip
) -> None:
    grains: list[int] = []
    shown: list[object] = []
    at_clip.player.picture_shown.connect(shown.append)
    play = SoundFeed.play_grain

    def note(feed: SoundFeed, sample: int, samples: int) -> None:
        grains.append(sample)
        play(feed, sample, samples)

    monkeypatch.setattr(SoundFeed, "play_grain", note)
    wave = at_clip.window.timeline.lanes
    places = [wave.x_of(demo_clip.sample_rate * n // 4) for n in (4, 5, 6, 7, 8)]
    y = wave.height() - 20
    at_clip.qtbot.mousePress(wave, Qt.MouseButton.LeftButton, pos=QPoint(round(places[0]), y))
    for x in places[1:]:
        at_clip.qtbot.mouseMove(wave, QPoint(round(x), y))
        at_clip.qtbot.wait(15)
    at_clip.qtbot.mouseRelease(wave, Qt.MouseButton.LeftButton, pos=QPoint(round(places[-1]), y))
    end = at_clip.player.position
    assert end == pytest.approx(2 * demo_clip.sample_rate, rel=0.02)
    at_clip.until(lambda: grains[-1] == end)
    assert 2 <= len(grains) <= 5
    at_clip.until(lambda: not at_clip.window.hear.scrubbing)
    heard = len(grains)
    for on in (False, True):
        at_clip.window.named_actions["scrub_sound"].setChecked(on)
        position = at_clip.player.position
        shown.clear()
        at_clip.key(Qt.Key.Key_Left)
        assert at_clip.player.position < position
        assert len(grains) == heard + on
        at_clip.until(lambda: bool(shown))


def test_a_pressed_key_switches_and_a_held_key_switches_back(at_clip: Editor) -> None:
    editor, window = at_clip, at_clip.window
    editor.click_face("A")
    editor.isolate()
    compare = window.named_actions["compare"]
    assert compare.isChecked(), "who isolates wants to hear the voice"
    target = window.focusWidget() or window
    for held_s, stays in ((0.0, True), (HOLD_S + 0.1, False)):
        before = compare.isChecked()
        editor.qtbot.keyPress(target, Qt.Key.Key_A)
        assert compare.isChecked() != before
        assert editor.control.isolated == compare.isChecked()
        time.sleep(held_s)
        editor.qtbot.keyRelease(target, Qt.Key.Key_A)
        assert (compare.isChecked() != before) == stays
    window.named_actions["compare"].setChecked(True)
    editor.key(Qt.Key.Key_A)
    assert not compare.isChecked()


def test_seconds_are_skipped(at_clip: Editor, demo_clip: DemoClip) -> None:
    rate = demo_clip.sample_rate
    at_clip.key(Qt.Key.Key_Right, shift=True)
    assert at_clip.player.position == 2 * rate
    at_clip.key(Qt.Key.Key_Left, shift=True)
    assert at_clip.player.position == rate
