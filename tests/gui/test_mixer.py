"""Mixer and shape panel in a real window: every move is heard, is an edit and can be undone."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from editor import Editor
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QSlider, QToolButton

from app.demo import DemoClip
from app.edits import LaneMix, Shape
from app.gui.fader import level_at, place_of
from app.gui.level_meter import LevelMeter
from app.gui.shape_panel import ShapePanel
from app.mix import Heard
from app.shape import Shaping


@pytest.fixture
def isolated(editor: Editor, demo_clip: DemoClip) -> Editor:
    """Both singers of the demo clip, isolated and heard, standing."""
    editor.open(demo_clip.path)
    editor.player.pause()
    editor.control.choose(("A", "B"))
    if editor.session.can_isolate():
        editor.isolate()
    editor.control.set_isolated(True)
    return editor


@pytest.fixture
def sent(editor: Editor, monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """What the player was last told."""
    told: dict[str, object] = {}
    player = editor.player
    set_heard, set_shaping = player.set_heard, player.set_shaping

    def hear(heard: Heard) -> None:
        told["heard"] = heard
        set_heard(heard)

    def shape(shaping: Shaping) -> None:
        told["shaping"] = shaping
        set_shaping(shaping)

    monkeypatch.setattr(player, "set_heard", hear)
    monkeypatch.setattr(player, "set_shaping", shape)
    return told


def test_strips_solo_mute_and_level_are_edits_and_are_heard(
    isolated: Editor, sent: dict[str, Heard]
) -> None:
    mixer, session = isolated.window.mixer, isolated.session
    assert list(mixer.strips) == ["original", "A", "B", "rest"]
    isolated.qtbot.mouseClick(mixer.strips["A"].solo, Qt.MouseButton.LeftButton)
    assert session.edits.mix == {"A": LaneMix(solo=True)}
    assert sent["heard"].lanes == {"A": 1.0}
    isolated.qtbot.mouseClick(mixer.strips["A"].solo, Qt.MouseButton.LeftButton)
    isolated.qtbot.mouseClick(mixer.strips["B"].mute, Qt.MouseButton.LeftButton)
    assert sent["heard"].lanes == {"A": 1.0, "rest": 0.0}
    field = mixer.strips["A"].fader.field
    field.setFocus()
    field.selectAll()
    isolated.qtbot.keyClicks(field, "-20")
    isolated.qtbot.keyClick(field, Qt.Key.Key_Return)
    assert session.edits.mix["A"].gain_db == -20
    assert sent["heard"].lanes["A"] == pytest.approx(0.1)
    mixer.strips["rest"].fader.slider.setValue(place_of(-6))
    assert session.edits.shape.rest_gain_db == -6
    assert isolated.window.shape.rest.field.value() == -6, "both places show the one level"
    isolated.control.replace_edits("Undo", replace(session.edits, mix={}, shape=Shape()))
    assert not mixer.strips["B"].mute.isChecked()
    assert mixer.strips["A"].fader.field.value() == 0
    assert mixer.strips["rest"].fader.field.text() == "off"
    assert sent["heard"].lanes == {"A": 1.0, "B": 1.0, "rest": 0.0}


def test_solo_of_a_voice_shows_the_mix_and_solo_of_the_original_the_original(
    isolated: Editor, sent: dict[str, Heard]
) -> None:
    isolated.control.set_isolated(False)
    assert not sent["heard"].isolated
    isolated.window.mixer.strips["B"].solo.click()
    assert sent["heard"].isolated
    assert isolated.window.named_actions["compare"].isChecked()
    assert sent["heard"].lanes == {"B": 1.0}
    isolated.window.mixer.strips["B"].solo.click()
    isolated.window.mixer.strips["original"].solo.click()
    assert sent["heard"].lanes == {"original": 1.0}
    isolated.window.mixer.strips["original"].solo.click()


def test_a_dragged_slider_is_one_step_of_undo(isolated: Editor) -> None:
    slider = isolated.window.shape.fullness
    for value in range(50, 20, -3):
        slider.setValue(value)
    assert isolated.session.edits.shape.fullness == 0.23
    isolated.trigger("undo")
    assert isolated.session.edits.shape.fullness == 0.5
    assert slider.value() == 50


def test_the_meters_show_what_is_heard(isolated: Editor, demo_clip: DemoClip) -> None:
    mixer, rate = isolated.window.mixer, demo_clip.sample_rate
    for strip in mixer.strips.values():
        strip.meter.reset()
    mixer.sum.reset()
    isolated.player.seek(rate)
    isolated.player.play()
    isolated.until(lambda: isolated.player.position > 2 * rate)
    isolated.player.pause()
    stop = isolated.player.position + rate // 10
    for singer in "AB":
        wave = isolated.session.voices[singer].read(rate, stop)
        loudest = 20 * math.log10(float(np.abs(wave).max()))
        assert mixer.strips[singer].meter.highest <= loudest + 0.01
        assert mixer.strips[singer].meter.highest > loudest - 12
    assert mixer.strips["original"].meter.highest == -math.inf
    assert mixer.strips["rest"].meter.highest == -math.inf
    assert mixer.sum.highest > -60
    isolated.until(lambda: max(mixer.sum.shown) == -60)


def test_the_shape_panel_says_how_voices_are_shaped(
    isolated: Editor, sent: dict[str, Shaping]
) -> None:
    panel, session = isolated.window.shape, isolated.session
    rate = session.clip.audio.sample_rate if session.clip is not None else 0
    panel.gate.click()
    assert session.edits.shape.gate
    panel.off_screen.setCurrentIndex(1)
    panel.off_screen.activated.emit(1)
    assert session.edits.off_screen == "silence"
    panel.fullness.setValue(20)
    assert sent["shaping"].fullness == 0.2
    exported = isolated.window.export.shaping()
    assert exported is not None
    assert exported.fullness == 0.2, "what is heard is what is exported"
    assert exported.passing.keys() == sent["shaping"].passing.keys() != set()
    panel.fade.setValue(200)
    assert sent["shaping"].fades is None, "the whole clip doesn't fade"
    isolated.control.set_range(rate, 2 * rate)
    assert sent["shaping"].fades == (rate, 2 * rate)
    assert sent["shaping"].fade == rate // 5
    panel.reset.click()
    assert session.edits.shape == Shape()
    assert session.edits.off_screen == "model"
    assert not panel.gate.isChecked()
    isolated.control.clear_range()


def test_another_model_leaves_the_voices_for_coming_back(isolated: Editor) -> None:
    panel, session = isolated.window.shape, isolated.session
    voice = session.voices["A"]
    panel.advanced.setChecked(True)
    isolated.until(lambda: panel.model.count() > 1)
    items = [panel.model.itemData(index) for index in range(panel.model.count())]
    assert panel.model.currentData() == "solovox"
    other = items.index("ynet-g")
    assert not panel.model.model().index(other, 0).flags() & Qt.ItemFlag.ItemIsEnabled
    isolated.window.mix.set_model("ynet-g")
    assert session.missing() == ["A", "B"]
    assert not isolated.player.isolated_here
    isolated.trigger("undo")
    assert panel.model.currentData() == "solovox"
    assert session.missing() == []
    assert session.voices["A"] is voice
    panel.advanced.setChecked(False)


def test_every_control_is_reached_by_tab_and_has_a_name(isolated: Editor) -> None:
    kinds = (QSlider, QAbstractSpinBox, QComboBox, QToolButton)
    for panel in (isolated.window.mixer, isolated.window.shape):
        for kind in kinds:
            for control in panel.findChildren(kind):
                assert control.focusPolicy() & Qt.FocusPolicy.TabFocus, control
                assert control.accessibleName() or control.text(), control
        for meter in panel.findChildren(LevelMeter):
            assert meter.accessibleName()
    names = [strip.solo.accessibleName() for strip in isolated.window.mixer.strips.values()]
    assert names == ["Solo Original", "Solo Singer A", "Solo Singer B", "Solo Rest"]


def test_faders_have_room_where_levels_are_set_and_reset_on_a_double_click(
    isolated: Editor,
) -> None:
    for level in (-60.0, -33.0, -12.5, -6.0, -0.5, 0.0, 6.0, 12.0):
        assert level_at(place_of(level)) == pytest.approx(level, abs=0.15)
    assert place_of(-math.inf) == 0
    assert level_at(0) == -math.inf
    fader = isolated.window.mixer.strips["A"].fader
    fader.slider.setValue(300)
    assert isolated.session.edits.mix["A"].gain_db < -20
    middle = QPoint(fader.slider.width() // 2, fader.slider.height() // 2)
    isolated.qtbot.mouseDClick(fader.slider, Qt.MouseButton.LeftButton, pos=middle)
    assert isolated.session.edits.mix == {}


def test_the_column_can_be_put_away(isolated: Editor) -> None:
    assert isolated.window.side_tabs.isVisible()
    isolated.trigger("side_tabs")
    assert not isolated.window.side_tabs.isVisible()
    isolated.trigger("side_tabs")
    assert isolated.window.findChildren(ShapePanel)
