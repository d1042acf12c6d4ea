"""Preferences with real widgets: keys change at once, models are checked, settings stay."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from editor import Editor
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QFileDialog, QLabel

from app.gui.models_page import ModelsPage
from app.gui.preferences_control import PreferencesControl
from app.gui.preferences_window import ComputingPage, GeneralPage, PreferencesWindow
from app.gui.shortcuts_page import ShortcutsPage
from app.gui.theme import DARK, LIGHT, current_tone
from app.paths import models_dir
from app.preferences import PreferenceFile, Preferences
from audio_models.store import OWN_FOLDER

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def control(
    editor: Editor, engine_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[PreferencesControl]:
    """The settings, at their defaults before and after, in the folders of the running engine."""
    for name in ("SOLOVOX_DATA_DIR", "SOLOVOX_CONFIG_DIR"):
        monkeypatch.setenv(name, str(engine_folder / name.lower()))
    control = editor.window.preferences
    for path in models_dir().glob("ynet*"):
        path.unlink()
    yield control
    control._file.save(Preferences())
    control.set(**{name: getattr(Preferences(), name) for name in Preferences.__annotations__})
    for window in (control._pages, control._sheet):
        if window is not None:
            window.hide()


@pytest.fixture
def pages(control: PreferencesControl, editor: Editor) -> PreferencesWindow:
    """The open window of settings."""
    with editor.qtbot.waitSignal(control.models_known, timeout=60_000):
        editor.window.named_actions["preferences"].trigger()
    assert control._pages is not None
    assert not control._pages.isModal()
    return control._pages


def _page(pages: PreferencesWindow, kind: type) -> object:
    found = pages.findChild(kind)
    pages.pages.setCurrentWidget(found)
    return found


def _choose_row(page: ShortcutsPage, action: str) -> None:
    for item in page._items():
        if item.data(0, Qt.ItemDataRole.UserRole) == action:
            page.table.setCurrentItem(item)


def _keys(editor: Editor, action: str) -> list[str]:
    return [key.toString() for key in editor.window.named_actions[action].shortcuts()]


def test_a_preset_changes_the_keys_of_the_open_window_and_stays(
    pages: PreferencesWindow, control: PreferencesControl, editor: Editor
) -> None:
    page = _page(pages, ShortcutsPage)
    assert isinstance(page, ShortcutsPage)
    page.preset.setCurrentIndex(page.preset.findText("Premiere Pro"))
    page.preset.activated.emit(page.preset.currentIndex())
    assert _keys(editor, "clear_range") == ["Ctrl+Shift+X"]
    assert "Ctrl+Shift+X" in editor.window.named_actions["clear_range"].toolTip()
    assert control._file.load()[0].preset == "premiere"


def test_a_new_key_works_at_once_and_can_be_taken_back(
    pages: PreferencesWindow, control: PreferencesControl, editor: Editor
) -> None:
    page = _page(pages, ShortcutsPage)
    assert isinstance(page, ShortcutsPage)
    _choose_row(page, "side_tabs")
    page.key.setKeySequence(QKeySequence("Ctrl+Alt+B"))
    editor.qtbot.mouseClick(page.set_key, LEFT)
    assert _keys(editor, "side_tabs") == ["Ctrl+Alt+B"]
    shown = editor.window.side_tabs.isVisible()
    editor.window.activateWindow()
    editor.until(editor.window.isActiveWindow)
    modifiers = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    editor.qtbot.keyClick(editor.window, Qt.Key.Key_B, modifiers)
    assert editor.window.side_tabs.isVisible() is not shown
    editor.window.named_actions["side_tabs"].setChecked(True)
    assert control._file.load()[0].shortcuts == {"side_tabs": ("Ctrl+Alt+B",)}
    editor.qtbot.mouseClick(page.reset, LEFT)
    assert _keys(editor, "side_tabs") == ["F9"]
    assert control._file.load()[0].shortcuts == {}


@pytest.mark.parametrize(("key", "words"), [("Ctrl+O", "Open…"), ("Tab", "between controls")])
def test_a_key_in_use_is_refused_with_a_sentence(
    key: str, words: str, pages: PreferencesWindow, editor: Editor
) -> None:
    page = _page(pages, ShortcutsPage)
    assert isinstance(page, ShortcutsPage)
    _choose_row(page, "play")
    page.key.setKeySequence(QKeySequence(key))
    assert words in page.message.text()
    assert not page.set_key.isEnabled()
    assert not page.add_key.isEnabled()
    page._give(add=False)
    assert _keys(editor, "play") == ["Space"]


def test_actions_are_found_by_name_and_by_key(pages: PreferencesWindow) -> None:
    page = _page(pages, ShortcutsPage)
    assert isinstance(page, ShortcutsPage)
    for text in ("previous fr", "Space"):
        page.search.setText(text)
        visible = [item for item in page._items() if not item.isHidden()]
        assert len(visible) == 1
    page.search.clear()


def test_the_sheet_shows_every_key_in_force(control: PreferencesControl, editor: Editor) -> None:
    control.set(preset="losslesscut")
    editor.qtbot.keyClick(editor.window, "?")
    sheet = control._sheet
    assert sheet is not None
    assert sheet.isVisible()
    rows = sheet.rows()
    assert rows["Previous frame"] == ","
    assert len(rows) == len({action.text() for action in editor.window.named_actions.values()})
    control.set(preset="solovox")
    assert sheet.rows()["Previous frame"] == "Left"
    editor.qtbot.keyClick(sheet, Qt.Key.Key_Escape)
    assert not sheet.isVisible()


def test_models_are_listed_checked_imported_and_removed(
    pages: PreferencesWindow, editor: Editor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = _page(pages, ModelsPage)
    assert isinstance(page, ModelsPage)
    page.list.setCurrentRow(0)
    model = page.chosen()
    assert model is not None
    assert model.id == "solovox"
    assert "MIT" in page.about.text()
    assert "Gives the voice" in page.card.toPlainText()
    weights = OWN_FOLDER / "solovox-separator.safetensors"
    if weights.is_file():
        assert hashlib.sha256(weights.read_bytes()).hexdigest() in page.about.text()
        assert not page.remove.isEnabled()
        editor.qtbot.mouseClick(page.verify, LEFT)
        editor.until(lambda: "SHA-256 is right" in page.about.text())
    row = next(n for n in range(page.list.count()) if page.list.item(n).data(256) == "ynet-g")
    page.list.setCurrentRow(row)
    assert "y_net_g7.pth" in page.about.text()
    assert not page.verify.isEnabled()
    checkpoint = _ynet_checkpoint(tmp_path / "y_net_g7.pth")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(checkpoint), ""))
    editor.qtbot.mouseClick(page.take, LEFT)
    editor.until(lambda: "imported" in page.list.item(row).text())
    editor.qtbot.mouseClick(page.verify, LEFT)
    editor.until(lambda: "SHA-256 is right" in page.about.text())
    stored = models_dir() / "ynet-g.safetensors"
    data = bytearray(stored.read_bytes())
    data[-1] ^= 1
    stored.write_bytes(data)
    editor.qtbot.mouseClick(page.verify, LEFT)
    editor.until(lambda: "damaged" in page.list.item(row).text())
    editor.qtbot.mouseClick(page.remove, LEFT)
    assert stored.is_file(), "one press only asks"
    editor.qtbot.mouseClick(page.remove, LEFT)
    editor.until(lambda: not stored.exists() and "no weights yet" in page.list.item(row).text())


def test_a_wrong_file_is_refused_with_a_sentence(
    pages: PreferencesWindow, editor: Editor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = _page(pages, ModelsPage)
    assert isinstance(page, ModelsPage)
    wrong = tmp_path / "song.pth"
    wrong.write_bytes(b"la la la")
    row = next(n for n in range(page.list.count()) if page.list.item(n).data(256) == "ynet-m")
    page.list.setCurrentRow(row)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(wrong), ""))
    editor.qtbot.mouseClick(page.take, LEFT)
    message = pages.findChild(QLabel, "preferences_message")
    editor.until(lambda: "song.pth" in message.text())
    assert "--id" not in message.text()
    assert page.take.isEnabled(), "another file can be tried"


def test_device_precision_and_cache(
    pages: PreferencesWindow, control: PreferencesControl, editor: Editor
) -> None:
    page = _page(pages, ComputingPage)
    assert isinstance(page, ComputingPage)
    editor.until(lambda: page.device.findData("cpu") > 0)
    told: list[str] = []
    editor.control.device_known.connect(told.append)
    page.device.setCurrentIndex(page.device.findData("cpu"))
    page.device.activated.emit(page.device.currentIndex())
    editor.until(lambda: bool(told))
    assert told[0].startswith("CPU")
    page.limit.setValue(4)
    kept = control._file.load()[0]
    assert (kept.device, kept.cache_gb) == ("cpu", 4)
    editor.until(lambda: "used in" in page.used.text())


def test_colours_change_at_once(pages: PreferencesWindow) -> None:
    page = _page(pages, GeneralPage)
    assert isinstance(page, GeneralPage)
    for scheme, tone in (("light", LIGHT), ("dark", DARK)):
        page.scheme.setCurrentIndex(page.scheme.findData(scheme))
        assert current_tone() is tone


def test_settings_that_cannot_be_written_are_told_and_not_taken(
    pages: PreferencesWindow, control: PreferencesControl, monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:  # fmt: skip
    monkeypatch.setattr(control, "_file", PreferenceFile(tmp_path / "gone"))
    assert not control.set(cache_gb=77)
    assert control.preferences.cache_gb != 77
    assert "could not be written" in pages.message.text()
    monkeypatch.undo()


def _ynet_checkpoint(path: Path) -> Path:
    """A checkpoint as the authors publish them, with untrained weights."""
    import torch

    from audio_models.ynet import YNet

    torch.save(YNet("graph").state_dict(), path)
    return path
