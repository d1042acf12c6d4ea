"""The Export tab as its user meets it: choose, see the names, export, drag the files out."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree as ET

import av
import pytest
import soundfile
from editor import SLOW_MS, Editor
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QDrag, QGuiApplication
from PySide6.QtWidgets import QComboBox, QWidget

from app.demo import DemoClip
from app.edits import ExportSettings, LaneMix
from app.media.audio import AudioReader
from app.media.probe import probe


@pytest.fixture
def clip(demo_clip: DemoClip, tmp_path: Path) -> Path:
    """A private copy of the demo clip, so that exports beside it don't meet."""
    path = tmp_path / "duet.mkv"
    path.write_bytes(demo_clip.path.read_bytes())
    return path


def click(editor: Editor, widget: QWidget) -> None:
    """Press a control in the Export tab, scrolled to where it can be seen."""
    area = editor.window.side_tabs.currentWidget()
    area.ensureWidgetVisible(widget)  # type: ignore[attr-defined]
    place = QPoint(12, widget.height() // 2)
    editor.qtbot.mouseClick(widget, Qt.MouseButton.LeftButton, pos=place)


def pick(editor: Editor, box: QComboBox, data: str) -> None:
    """Choose an entry with the keyboard."""
    box.setFocus()
    while box.currentData() != data:
        before = box.currentIndex()
        down = box.findData(data) > before
        editor.qtbot.keyClick(box, Qt.Key.Key_Down if down else Qt.Key.Key_Up)
        assert box.currentIndex() != before
    box.activated.emit(box.currentIndex())


def names(editor: Editor) -> list[str]:
    return editor.window.export_panel.preview.text().splitlines()


def test_names_are_shown_while_one_chooses(editor: Editor, clip: Path) -> None:
    editor.open(clip)
    panel = editor.window.export_panel
    editor.trigger("export")
    assert editor.window.side_tabs.currentWidget().widget() is panel  # type: ignore[attr-defined]
    editor.until(lambda: names(editor) == ["Choose a singer first."])
    assert not panel.button.isEnabled()
    editor.click_face("A")
    editor.until(lambda: names(editor) == ["duet_Singer-A_isolated.wav"])
    assert panel.button.text() == "Isolate and export"
    click(editor, panel.rest)
    click(editor, panel.timelines["fcpxml"])
    click(editor, panel.video)
    pick(editor, panel.container, ".mp4")
    pick(editor, panel.format, "flac")
    editor.until(
        lambda: (
            names(editor)
            == [
                "duet_Singer-A_isolated.flac",
                "duet_rest.flac",
                "duet_Singer-A_isolated.mp4",
                "duet_timeline.fcpxml",
            ]
        )
    )
    panel.template.selectAll()
    editor.qtbot.keyClicks(panel.template, "{singer} of {clip")
    editor.until(lambda: names(editor)[0] == "Singer-A of {clip.flac")
    assert editor.session.edits.export.name == "{clip}_{singer}_{kind}", "typing is no act yet"
    editor.qtbot.keyClicks(panel.template, "}}{who}")
    editor.until(lambda: "There is no {who} in names" in names(editor)[0])
    assert not panel.button.isEnabled()
    for _ in "}{who}":
        editor.qtbot.keyClick(panel.template, Qt.Key.Key_Backspace)
    editor.qtbot.keyClick(panel.template, Qt.Key.Key_Return)
    editor.until(lambda: names(editor)[0] == "Singer-A of duet.flac")
    assert editor.session.edits.export.name == "{singer} of {clip}"


def test_every_choice_is_an_act_that_can_be_undone(editor: Editor, clip: Path) -> None:
    editor.open(clip)
    editor.trigger("export")
    panel = editor.window.export_panel
    click(editor, panel.rest)
    panel.handles.setValue(12)
    pick(editor, panel.handle_unit, "seconds")
    pick(editor, panel.loudness, "custom")
    assert panel.lufs.isVisible()
    panel.lufs.setValue(-18.5)
    click(editor, panel.limit)
    click(editor, panel.mixer)
    assert editor.session.edits.export == ExportSettings(
        rest=True,
        handles=Fraction(12),
        handle_unit="seconds",
        loudness="custom",
        lufs=-18.5,
        true_peak=-1.0,
        mixer=True,
    )
    while editor.session.edits.export != ExportSettings():
        editor.trigger("undo")
    assert not panel.rest.isChecked()
    assert not panel.limit.isChecked()
    assert not panel.lufs.isVisible()
    assert panel.handles.value() == 0
    assert panel.handle_unit.currentData() == "frames"


def test_one_press_isolates_and_exports_for_an_editing_program(
    editor: Editor, tmp_path: Path, demo_clip: DemoClip
) -> None:
    editor.open(demo_clip.path)
    editor.trigger("export")
    panel = editor.window.export_panel
    panel.set_folder(tmp_path / "new" / "stems")
    editor.click_face("A")
    editor.player.pause()
    rate = demo_clip.sample_rate
    editor.control.set_range(rate + 100, 2 * rate)
    for box in (panel.rest, panel.timelines["xml"], panel.timelines["edl"]):
        click(editor, box)
    panel.handles.setValue(5)
    pick(editor, panel.loudness, "ebu")
    editor.until(lambda: panel.button.text() == "Isolate and export" and len(names(editor)) == 4)
    with editor.qtbot.waitSignal(editor.window.export.exported, timeout=SLOW_MS) as written:
        click(editor, panel.button)
    delivery = written.args[0]
    folder = tmp_path / "new" / "stems"
    assert sorted(path.name for path in folder.iterdir()) == [
        "duet_Singer-A_isolated.wav",
        "duet_rest.wav",
        "duet_timeline.edl",
        "duet_timeline.xml",
    ]
    first = (25 - 5) * rate // 25
    for file in delivery.files[:2]:
        assert soundfile.info(file.output.path).frames == 35 * rate // 25
        assert file.loudness.integrated == pytest.approx(-23.0, abs=0.05)
        with av.open(str(file.output.path)) as media:
            assert int(media.metadata["time_reference"]) == first
    xml = ET.parse(folder / "duet_timeline.xml").getroot()
    item = xml.find(".//audio/track/clipitem")
    assert item is not None
    place = [item.findtext(name) for name in ("start", "end", "in", "out")]
    assert place == ["25", "50", "5", "30"]
    shown = [item.text() for item in panel.finished.list.all_items()]
    assert shown[0].startswith("duet_Singer-A_isolated.wav\n−23.0 LUFS · true peak −")
    assert shown[-1] == "duet_timeline.edl\ntimeline"
    editor.until(lambda: names(editor)[0] == "duet_Singer-A_isolated_02.wav")


def test_finished_files_are_dragged_and_copied_out(
    editor: Editor, clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor.open(clip)
    editor.click_face("A")
    editor.isolate()
    (path,) = editor.export()
    finished = editor.window.export_panel.finished
    assert finished.isVisible()
    assert editor.window.side_tabs.currentWidget().widget() is editor.window.export_panel  # type: ignore[attr-defined]
    dragged: list[tuple[list[str], Qt.DropAction]] = []

    def drop(drag: QDrag, actions: Qt.DropAction, *_: object) -> Qt.DropAction:
        dragged.append(([url.toLocalFile() for url in drag.mimeData().urls()], actions))
        return Qt.DropAction.CopyAction

    monkeypatch.setattr(QDrag, "exec", drop)
    finished.list.item(0).setSelected(True)
    finished.list.startDrag(Qt.DropAction.CopyAction)
    assert dragged == [([str(path)], Qt.DropAction.CopyAction)]
    assert path.is_file(), "what was dragged out stays"
    editor.until(lambda: finished.copy.height() > 10)  # the panel lays itself out
    editor.qtbot.mouseClick(finished.copy, Qt.MouseButton.LeftButton)
    urls = QGuiApplication.clipboard().mimeData().urls()
    assert [url.toLocalFile() for url in urls] == [str(path)]
    shown: list[Path] = []
    monkeypatch.setattr("app.gui.finished_files.show_in_folder", shown.append)
    editor.qtbot.mouseClick(finished.reveal, Qt.MouseButton.LeftButton)
    assert shown == [path]
    path.unlink()
    assert finished.list.mimeData(finished.list.all_items()).urls() == []
    editor.open(clip)
    assert not finished.isVisible()


def test_a_format_that_cannot_hold_the_sound_is_said_before(editor: Editor, clip: Path) -> None:
    editor.open(clip)
    editor.click_face("A")
    panel = editor.window.export_panel
    known = editor.session.clip
    assert known is not None
    # As if the clip had been recorded at 96 kHz.
    editor.session.clip = replace(known, audio=replace(known.audio, sample_rate=96000))
    editor.trigger("export")
    pick(editor, panel.format, "mp3")
    editor.until(lambda: "MP3 cannot hold sound at 96000 Hz" in names(editor)[0])
    assert "choose FLAC or WAV" in names(editor)[0]
    assert not panel.button.isEnabled()
    pick(editor, panel.format, "flac")
    editor.until(panel.button.isEnabled)
    editor.session.clip = known


def test_cancelling_an_export_leaves_nothing(
    editor: Editor, clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor.open(clip)
    editor.click_face("B")
    editor.isolate()
    before = sorted(clip.parent.iterdir())
    editor.trigger("export_now")
    assert editor.control.busy == "deliver"
    editor.control.cancel()
    editor.until(lambda: not editor.control.busy)
    left = sorted(clip.parent.iterdir())
    # So short an export may be through before the cancel reaches it; then it is whole.
    assert left == before or soundfile.info(left[0]).frames == 192000


def test_a_fade_and_the_mixer_reach_the_file(editor: Editor, clip: Path) -> None:
    editor.open(clip)
    editor.click_face("A")
    editor.isolate()
    (plain,) = editor.export()
    edits = editor.session.edits
    quieter = replace(edits, mix={"A": LaneMix(gain_db=-6.0)})
    editor.control.replace_edits("Mix", quieter)
    editor.window.export.change(replace(edits.export, mixer=True))
    (mixed,) = editor.export()
    loud, _ = soundfile.read(plain)
    quiet, _ = soundfile.read(mixed)
    factor = 10 ** (-6 / 20)
    assert abs(quiet - factor * loud).max() <= 2**-22
    assert abs(loud).max() > 0.01


def test_everything_has_a_name_and_is_reached_by_tab(editor: Editor, clip: Path) -> None:
    editor.open(clip)
    editor.click_face("A")
    editor.trigger("export")
    panel = editor.window.export_panel
    editor.until(panel.button.isEnabled)
    wanted = [
        widget
        for widget in panel.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible()
        and widget.isEnabled() and widget.objectName() != "qt_spinbox_lineedit"
    ]  # fmt: skip
    assert len(wanted) > 15
    for widget in wanted:
        assert widget.accessibleName() or widget.text(), widget.objectName()  # type: ignore[attr-defined]
    reached: list[QWidget] = []
    panel.button.setFocus()
    for _ in range(80):
        focus = QGuiApplication.focusObject()
        if focus in reached:
            break
        if isinstance(focus, QWidget):
            reached.append(focus)
        editor.qtbot.keyClick(editor.window.focusWidget(), Qt.Key.Key_Tab)
    assert set(wanted) <= set(reached)


def test_a_video_has_all_chosen_voices_first(editor: Editor, clip: Path) -> None:
    editor.open(clip)
    editor.click_face("A")
    editor.click_face("B", shift=True)
    editor.isolate()
    editor.window.export.change(ExportSettings(voices=False, video=".mov"))
    (output,) = editor.export()
    info = probe(output)
    assert output.name == "duet_Singer-A-+-Singer-B_isolated.mov"
    assert [stream.samples for stream in info.audio] == [192000] * 3
    with av.open(str(output)) as media:
        titles = [stream.metadata.get("handler_name") for stream in media.streams.audio]
    assert titles[:2] == ["Singer A", "Singer B"]
    with AudioReader(output, info.audio[2]) as last, AudioReader(clip) as original:
        assert (last.read(0, 1000) == original.read(0, 1000)).all()
