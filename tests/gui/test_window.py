"""The whole way through a real window: open, choose, isolate, compare, export."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from editor import SLOW_MS, Editor
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLineEdit

from app.demo import DemoClip
from app.gui import dialogs
from app.media.probe import probe
from audio_models.metrics import si_sdr


@pytest.fixture
def clip(demo_clip: DemoClip, tmp_path: Path) -> Path:
    """A private copy of the demo clip, so that exports beside it don't meet."""
    path = tmp_path / "duet.mkv"
    path.write_bytes(demo_clip.path.read_bytes())
    return path


def _read(path: Path) -> np.ndarray:
    sound, _ = soundfile.read(path, dtype="float64", always_2d=True)
    return sound.T


def test_the_voice_of_the_clicked_face_lands_on_disk(
    editor: Editor, clip: Path, demo_clip: DemoClip, real_model: None
) -> None:
    mixture = sum(_read(path) for path in (*demo_clip.voices, demo_clip.accompaniment))
    editor.open(clip)
    for number, singer in enumerate("AB"):
        editor.click_face(singer)
        assert editor.session.selected == (singer,)
        editor.isolate()
        output = clip.with_name(f"duet_Singer-{singer}_isolated.wav")
        assert editor.export() == [output]
        voice, truth = _read(output), _read(demo_clip.voices[number])
        other = _read(demo_clip.voices[1 - number])
        assert voice.shape == truth.shape == (2, demo_clip.samples)
        assert si_sdr(truth, voice) > si_sdr(truth, mixture) + 1
        assert si_sdr(truth, voice) > si_sdr(other, voice)


def test_opening_shows_the_picture_plays_and_finds_the_singers(
    editor: Editor, demo_clip: DemoClip
) -> None:
    with editor.qtbot.waitSignal(editor.control.clip_changed, timeout=SLOW_MS):
        editor.window.open(demo_clip.path)
    assert editor.player.playing
    editor.until(lambda: editor.player.position > demo_clip.sample_rate // 4)
    assert not editor.session.scene.complete or editor.session.scene.singers
    shown = editor.window.canvas.grab().toImage()
    colours = {shown.pixel(x, y) for x in range(0, shown.width(), 9) for y in range(0, 400, 9)}
    assert len(colours) > 200, "a photograph has many colours"
    editor.until(lambda: editor.session.scene.complete)
    assert [singer.name for singer in editor.session.scene.singers] == ["Singer A", "Singer B"]
    editor.until(lambda: editor.window.lanes.outline.ready > 0)
    assert editor.window.windowTitle().startswith("duet.mkv")
    editor.until(lambda: editor.window.device_badge.isVisible())
    assert editor.window.sound_badge.text() == "No sound device"


def test_boxes_lie_on_the_faces(editor: Editor, demo_clip: DemoClip) -> None:
    editor.open(demo_clip.path)
    editor.player.pause()
    width, height = demo_clip.size
    for singer, (x, y, w, h) in zip("AB", demo_clip.boxes, strict=True):
        editor.until(lambda s=singer: editor.window.canvas.face_rect(s) is not None)  # type: ignore[misc]
        rect = editor.window.canvas.face_rect(singer)
        assert rect is not None
        scale = min(editor.window.canvas.width() / width, editor.window.canvas.height() / height)
        left = (editor.window.canvas.width() - width * scale) / 2
        top = (editor.window.canvas.height() - height * scale) / 2
        assert rect.center().x() == pytest.approx(left + (x + w / 2) * scale, abs=0.3 * w * scale)
        assert rect.center().y() == pytest.approx(top + (y + h / 2) * scale, abs=0.3 * h * scale)


def test_finished_parts_are_heard_while_the_rest_is_computed(
    editor: Editor, demo_clip: DemoClip
) -> None:
    editor.open(demo_clip.path)
    editor.click_face("B")
    parts: list[int] = []

    def note() -> None:
        voice = editor.session.voices.get("B")
        if voice is not None and voice.ready > 0 and editor.control.busy == "isolate":
            parts.append(voice.ready)

    editor.control.voices_changed.connect(note)
    editor.isolate()
    voice = editor.session.voices["B"]
    assert parts
    assert parts[0] < demo_clip.samples or len(parts) == 1
    assert voice.complete
    assert voice.stop == demo_clip.samples
    assert editor.window.named_actions["compare"].isChecked(), "the result is what one hears"
    editor.player.seek(demo_clip.samples // 2)
    assert editor.player.isolated_here


def test_comparing_keeps_the_time(editor: Editor, demo_clip: DemoClip) -> None:
    editor.open(demo_clip.path)
    editor.click_face("A")
    editor.isolate()
    editor.player.seek(0)
    editor.player.play()
    editor.until(lambda: editor.player.position > 10_000)
    positions: list[int] = []
    editor.player.moved.connect(positions.append)
    for _ in range(4):
        before, heard = editor.player.position, editor.control.isolated
        editor.key(Qt.Key.Key_A)
        assert editor.control.isolated is not heard
        assert 0 <= editor.player.position - before < demo_clip.sample_rate // 2
        editor.qtbot.wait(60)
    assert editor.player.playing
    steps = np.diff(positions)
    assert steps.min() >= 0, "time must not go back"


def test_cancel_leaves_nothing(editor: Editor, demo_clip: DemoClip) -> None:
    editor.open(demo_clip.path)
    editor.click_face("A")
    editor.trigger("isolate")
    folder = editor.session.voices["A"].path.parent
    assert list(folder.iterdir())
    editor.key(Qt.Key.Key_Escape)
    editor.until(lambda: not editor.control.busy)
    assert editor.session.voices == {}
    assert not list(folder.iterdir())
    assert editor.banner() == ""
    assert editor.window.named_actions["isolate"].isEnabled()


def test_a_taken_name_gets_a_number(editor: Editor, clip: Path) -> None:
    taken = clip.with_name("duet_Singer-A_isolated.wav")
    taken.write_bytes(b"precious")
    editor.open(clip)
    editor.click_face("A")
    editor.isolate()
    (written,) = editor.export()
    assert written == clip.with_name("duet_Singer-A_isolated_02.wav")
    assert written.is_file()
    assert taken.read_bytes() == b"precious"
    assert written.name in editor.banner()


def test_the_range_is_what_is_computed_and_exported(
    editor: Editor, clip: Path, demo_clip: DemoClip
) -> None:
    rate = demo_clip.sample_rate
    editor.open(clip)
    editor.click_face("A")
    editor.player.pause()
    editor.player.seek(rate)
    editor.key(Qt.Key.Key_I)
    editor.player.seek(3 * rate)
    editor.key(Qt.Key.Key_O)
    assert editor.session.range == (rate, 3 * rate)
    editor.isolate()
    voice = editor.session.voices["A"]
    assert (voice.start, voice.stop) == (rate, 3 * rate)
    computed = voice.read(rate, 3 * rate)
    (output,) = editor.export()
    written = _read(output)
    assert written.shape == (2, 2 * rate)
    fade = round(editor.session.edits.shape.fade_ms * rate / 1000)
    inner = slice(fade, -fade)
    np.testing.assert_allclose(written[:, inner], computed[:, inner], atol=2**-23)
    editor.key(Qt.Key.Key_X)
    assert editor.session.range == (0, demo_clip.samples)
    assert not editor.session.can_export()


def test_a_video_is_written_with_the_voice_first(
    editor: Editor, clip: Path, demo_clip: DemoClip
) -> None:
    editor.open(clip)
    editor.click_face("B")
    editor.isolate()
    panel = editor.window.export_panel
    editor.trigger("export")
    editor.qtbot.mouseClick(panel.voices, Qt.MouseButton.LeftButton)
    editor.qtbot.mouseClick(panel.video, Qt.MouseButton.LeftButton)
    (output,) = editor.export()
    assert output == clip.with_name("duet_Singer-B_isolated.mkv")
    info = probe(output)
    assert len(info.audio) == 2
    assert info.audio[0].samples == pytest.approx(demo_clip.samples, abs=1)
    assert info.video is not None
    assert (info.video.width, info.video.height) == demo_clip.size


def test_singers_are_chosen_by_keyboard_alone(editor: Editor, demo_clip: DemoClip) -> None:
    editor.open(demo_clip.path)
    editor.player.pause()
    editor.key(Qt.Key.Key_2)
    assert editor.session.selected == ("B",)
    editor.key(Qt.Key.Key_1)
    assert editor.session.selected == ("A",)
    canvas = editor.window.canvas
    canvas.setFocus(Qt.FocusReason.TabFocusReason)
    editor.until(canvas.hasFocus)
    for _ in range(2):  # the first face may have been reached with the focus itself
        if "Singer B, focused" not in canvas.accessibleDescription():
            editor.key(Qt.Key.Key_Tab)
    editor.key(Qt.Key.Key_Return)
    assert editor.session.selected == ("B",)
    editor.key(Qt.Key.Key_Backtab, shift=True)
    editor.key(Qt.Key.Key_Return, shift=True)
    assert editor.session.selected == ("A", "B")
    selected = editor.window.singers.list.selectionModel().selectedIndexes()
    assert sorted(index.row() for index in selected) == [0, 1]


def test_frames_are_stepped_one_by_one(editor: Editor, demo_clip: DemoClip) -> None:
    shown: list[float] = []
    editor.player.picture_shown.connect(lambda picture: shown.append(float(picture.time)))
    editor.open(demo_clip.path)
    editor.player.pause()
    editor.player.seek(demo_clip.sample_rate)
    editor.until(lambda: bool(shown) and shown[-1] == pytest.approx(1.0))
    for key, time in ((Qt.Key.Key_Right, 1.04), (Qt.Key.Key_Right, 1.08), (Qt.Key.Key_Left, 1.04)):
        editor.qtbot.wait(100)
        editor.key(key)
        editor.until(lambda t=time: shown[-1] == pytest.approx(t, abs=0.002))  # type: ignore[misc]
        first = round(time * demo_clip.sample_rate)
        editor.until(lambda first=first: editor.player.position == first)  # type: ignore[misc]
    assert not editor.player.playing


def test_a_file_can_be_dropped(editor: Editor, clip: Path) -> None:
    path = clip.rename(clip.with_name("dropped.mkv"))
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    copy = Qt.DropAction.CopyAction
    enter = QDragEnterEvent(QPointF(300, 300).toPoint(), copy, data, buttons, keys)
    QApplication.sendEvent(editor.window, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(editor.window, QDropEvent(QPointF(300, 300), copy, data, buttons, keys))
    name = editor.window.windowTitle
    editor.until(lambda: name().startswith(path.name))
    assert editor.session.clip is not None
    assert editor.session.clip.path == path


def test_a_renamed_singer_names_the_file(editor: Editor, clip: Path) -> None:
    editor.open(clip)
    editor.player.pause()
    editor.key(Qt.Key.Key_2)
    people = editor.window.singers.list
    people.setCurrentIndex(people.model().index(1, 0))
    people.edit(people.currentIndex())
    field = people.findChild(QLineEdit)
    assert field is not None
    field.selectAll()
    editor.qtbot.keyClicks(field, "Ai Ono")
    editor.qtbot.keyClick(field, Qt.Key.Key_Return)
    editor.until(lambda: editor.session.scene.singers[1].name == "Ai Ono")
    assert editor.session.selected == ("B",), "letters in a name are no shortcuts"
    editor.isolate()
    (output,) = editor.export()
    assert output == clip.with_name("duet_Ai-Ono_isolated.wav")
    assert output.is_file()


def test_several_singers_give_a_file_each(
    editor: Editor, clip: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = tmp_path / "stems"
    folder.mkdir()
    monkeypatch.setattr(dialogs, "ask_folder", lambda _parent, _proposal: folder)
    editor.open(clip)
    editor.click_face("A")
    editor.click_face("B", shift=True)
    assert editor.session.selected == ("A", "B")
    editor.isolate()
    editor.trigger("export")
    choose = editor.window.export_panel.findChild(object, "export_choose_folder")
    editor.qtbot.mouseClick(choose, Qt.MouseButton.LeftButton)
    editor.export()
    assert sorted(path.name for path in folder.iterdir()) == [
        "duet_Singer-A_isolated.wav",
        "duet_Singer-B_isolated.wav",
    ]
