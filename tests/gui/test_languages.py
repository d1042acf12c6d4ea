"""German is whole, compiled and shown; right-to-left is laid out as a mirror, time is not."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from types import ModuleType

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QMenu, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from app.gui.language import TRANSLATIONS, set_language
from app.gui.main_window import MainWindow
from app.gui.sizes import size_text
from app.gui.stages import STAGES, stage_text
from app.gui.theme import set_scheme


def _load_script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("update", TRANSLATIONS / "update.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


SCRIPT = _load_script()
GERMAN = TRANSLATIONS / "solovox_de.ts"
FIELD = re.compile(r"\{[^}]*\}|%\d")


@pytest.fixture
def german(qapp: QApplication) -> Iterator[None]:
    set_language(qapp, "de")
    yield
    set_language(qapp, "en")


@pytest.fixture
def fresh(qtbot: QtBot) -> Iterator[MainWindow]:
    """A window of its own, made in the language and direction of the moment."""
    window = MainWindow()
    window.resize(1280, 720)
    window.show()
    yield window
    window.close()
    window.deleteLater()


def test_every_text_is_translated_with_the_same_fields() -> None:
    texts, known = SCRIPT.texts_of(SCRIPT.SOURCES), SCRIPT.read(GERMAN)
    assert len(texts) > 300
    missing = [source for key in texts if not known.get(key) for source in key[1:]]
    assert not missing, "run resources/translations/update.py and translate these"
    for key in texts:
        assert sorted(FIELD.findall(key[1])) == sorted(FIELD.findall(known[key])), key[1]


def test_the_script_finds_every_way_to_give_a_text(tmp_path: Path) -> None:
    (tmp_path / "module.py").write_text(
        "class Panel:\n"
        "    def __init__(self):\n"
        "        self.tr('one ' 'text')\n"
        "X = QT_TRANSLATE_NOOP('Table', 'two')\n"
        "def f():\n"
        "    return _tr('three'), QCoreApplication.translate('There', 'four')\n"
        "def _tr(text):\n"
        "    return QCoreApplication.translate('Module', text)\n"
    )
    assert sorted(SCRIPT.texts_of(tmp_path)) == [
        ("Module", "three"),
        ("Panel", "one text"),
        ("Table", "two"),
        ("There", "four"),
    ]


def test_the_script_keeps_what_is_translated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "solovox_de.ts"
    monkeypatch.setattr(SCRIPT, "texts_of", lambda _folder: [("A", "one"), ("A", "two")])
    SCRIPT.write(path, {("B", "one"): "eins", ("B", "gone"): "fort"}, {}, "de")
    assert SCRIPT.update(path) == ["two"]
    assert SCRIPT.read(path) == {
        ("A", "one"): "eins",
        ("A", "two"): "",
        ("B", "one"): "eins",
        ("B", "gone"): "fort",
    }
    assert path.with_suffix(".qm").is_file()


def test_what_is_shipped_is_compiled_from_the_texts(tmp_path: Path) -> None:
    tool = Path(sys.executable).with_name("pyside6-lrelease")
    made = tmp_path / "made.qm"
    subprocess.run([str(tool), str(GERMAN), "-qm", str(made)], check=True, capture_output=True)
    assert made.read_bytes() == GERMAN.with_suffix(".qm").read_bytes()


def _shown(window: MainWindow) -> Iterator[str]:
    """Every text of the window: menus, buttons, labels, tool tips, accessible names."""
    for menu in window.menuBar().findChildren(QMenu):
        yield menu.title()
        for action in menu.actions():
            yield from (action.text(), action.toolTip().split(" (")[0])
    for widget in window.findChildren(QWidget):
        if isinstance(widget, QLabel | QAbstractButton):
            yield widget.text()
        yield from (widget.toolTip().split(" (")[0], widget.accessibleName())


@pytest.mark.usefixtures("german")
def test_the_whole_window_speaks_german(fresh: MainWindow) -> None:
    assert fresh.named_actions["open"].text() == "Öffnen …"
    assert next(menu.title() for menu in fresh.menuBar().findChildren(QMenu)) == "&Datei"
    english = {
        source: translation
        for (_, source), translation in SCRIPT.read(GERMAN).items()
        if translation and translation != source
    }
    spoken = {text for text in _shown(fresh) if text}
    assert len(spoken) > 60
    # A German text may be the English word for something else ("Start", "Name").
    assert not (spoken & english.keys()) - set(english.values())
    assert stage_text(STAGES[0]) == "Gesichter werden gesucht"
    assert size_text(16_300_000) == "16,3 MB"


def test_an_unknown_language_of_the_system_is_english(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Elsewhere:
        @staticmethod
        def system() -> QLocale:
            return QLocale("fi_FI")

        def __new__(cls, name: str) -> QLocale:  # type: ignore[misc]
            return QLocale(name)

    monkeypatch.setattr("app.gui.language.QLocale.system", Elsewhere.system)
    assert set_language(qapp, "system").language() == QLocale.Language.English
    monkeypatch.setattr("app.gui.language.QLocale.system", lambda: QLocale("de_AT"))
    assert set_language(qapp, "system").name() == "de_AT"
    set_language(qapp, "en")


def _left(widget: QWidget, window: QWidget) -> int:
    return widget.mapTo(window, widget.rect().topLeft()).x()


def test_right_to_left_mirrors_the_window_but_not_time(
    qapp: QApplication, fresh: MainWindow, qtbot: QtBot
) -> None:
    def order() -> list[str]:
        places = {
            "singers": _left(fresh.singers, fresh),
            "canvas": _left(fresh.canvas, fresh),
            "side": _left(fresh.side_tabs, fresh),
        }
        return sorted(places, key=lambda name: places[name])

    assert order() == ["singers", "canvas", "side"]
    before = fresh.grab().toImage()
    fresh.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    qtbot.wait(50)
    assert order() == ["side", "canvas", "singers"]
    assert fresh.grab().toImage() != before
    buttons = [fresh.findChild(QAbstractButton, f"button_{n}") for n in ("previous_frame", "play")]
    places = [_left(button, fresh) for button in buttons]
    assert places == sorted(places), "transport and lanes follow time, which runs to the right"


@pytest.mark.parametrize("opened", [False, True])
@pytest.mark.parametrize("direction", list(Qt.LayoutDirection)[:2], ids=lambda d: d.name)
def test_the_arrow_of_advanced_stands_apart_from_its_text(
    qapp: QApplication, fresh: MainWindow, direction: Qt.LayoutDirection, opened: bool
) -> None:
    sheet, palette = qapp.styleSheet(), qapp.palette()
    set_scheme(qapp, "dark")
    try:
        fresh.setLayoutDirection(direction)
        fresh.side_tabs.setCurrentIndex(1)
        fresh.shape.advanced.setChecked(opened)
        qapp.processEvents()
        image = fresh.shape.advanced.grab().toImage()
        ground = image.pixel(image.width() // 2, 2)
        rows = range(2, image.height() - 2)
        inked = [
            x for x in range(2, image.width() - 2) if any(image.pixel(x, y) != ground for y in rows)
        ]
    finally:
        fresh.shape.advanced.setChecked(False)
        fresh.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        set_scheme(qapp, "system")
        qapp.setStyleSheet(sheet)
        qapp.setPalette(palette)
    gaps = [(after - x, x) for x, after in pairwise(inked)]
    width, place = max(gaps)
    assert width >= 4, "no letters of a word stand that far apart"
    arrow_is_left = place < image.width() // 2
    assert arrow_is_left == (direction == Qt.LayoutDirection.LeftToRight)


@pytest.mark.parametrize("language", ["en", "de"])
def test_no_panel_is_wider_than_its_column(
    qapp: QApplication, language: str, request: pytest.FixtureRequest
) -> None:
    sheet, palette = qapp.styleSheet(), qapp.palette()
    set_language(qapp, language)
    set_scheme(qapp, "light")
    try:
        window: MainWindow = request.getfixturevalue("fresh")
        window.shape.advanced.click()
        for index in range(window.side_tabs.count()):
            window.side_tabs.setCurrentIndex(index)
            area = window.side_tabs.widget(index)
            assert isinstance(area, QScrollArea)
            panel = area.widget()
            room = window.side_tabs.width() - area.verticalScrollBar().sizeHint().width()
            assert panel.minimumSizeHint().width() <= room, panel.objectName()
    finally:
        set_language(qapp, "en")
        set_scheme(qapp, "system")
        qapp.setStyleSheet(sheet)
        qapp.setPalette(palette)
