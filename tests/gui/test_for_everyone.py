"""Keyboard alone, screen readers, other languages, right to left."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from editor import Editor
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QScrollBar,
    QTabBar,
    QWidget,
)

from app.demo import DemoClip
from app.gui.theme import set_scheme

CONTROLS = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QTabBar,
)


def spoken(widget: QWidget) -> str:
    """What a screen reader calls a control."""
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name) if interface is not None else ""


def controls(window: QWidget) -> Iterator[QWidget]:
    """Visible, enabled controls that the program's own code made."""
    for widget in window.findChildren(QWidget):
        if not isinstance(widget, CONTROLS) or isinstance(widget, QScrollBar):
            continue
        if widget.window() is not window or not (widget.isVisible() and widget.isEnabled()):
            continue
        if widget.objectName().startswith(("qt_", "face_")):
            continue  # parts of compound controls; faces are reached on the canvas itself
        if isinstance(widget.parent(), CONTROLS):
            continue
        yield widget


def reachable(window: QWidget) -> set[QWidget]:
    """What Tab comes past, from any start: Qt's chain is a ring."""
    found, widget = set(), window
    while True:
        widget = widget.nextInFocusChain()
        if widget is window or widget is None:
            return found
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            found.add(widget.focusProxy() or widget)
            found.add(widget)


def describe(widget: QWidget) -> str:
    return f"{type(widget).__name__} {widget.objectName() or widget.parent()}"


@pytest.fixture
def windows(editor: Editor, demo_clip: DemoClip) -> Iterator[list[QWidget]]:
    """The main window with a clip and each page of its preferences."""
    editor.open(demo_clip.path)
    editor.player.pause()
    editor.click_face("A")
    preferences = editor.window.preferences
    with editor.qtbot.waitSignal(preferences.models_known, timeout=60_000):
        preferences.show_preferences()
    pages = preferences._pages
    assert pages is not None
    yield [editor.window, pages]
    pages.hide()


def _each_view(windows: list[QWidget], editor: Editor) -> Iterator[QWidget]:
    main, pages = windows
    for tab in range(editor.window.side_tabs.count()):
        editor.window.side_tabs.setCurrentIndex(tab)
        QApplication.processEvents()
        yield main
    for row in range(pages.list.count()):  # type: ignore[attr-defined]
        pages.list.setCurrentRow(row)  # type: ignore[attr-defined]
        QApplication.processEvents()
        yield pages


def test_every_control_has_a_name_and_is_reached_by_tab(
    windows: list[QWidget], editor: Editor
) -> None:
    nameless, unreached, seen = set(), set(), set()
    for window in _each_view(windows, editor):
        ring = reachable(window)
        for widget in controls(window):
            seen.add(widget)
            if not spoken(widget).strip():
                nameless.add(describe(widget))
            if widget not in ring:
                unreached.add(describe(widget))
    assert len(seen) > 40
    assert not nameless
    assert not unreached


def test_tab_really_goes_round(windows: list[QWidget], editor: Editor) -> None:
    window = editor.window
    window.activateWindow()
    editor.until(window.isActiveWindow)
    window.canvas.setFocus(Qt.FocusReason.TabFocusReason)
    visited = []
    for _ in range(150):
        editor.qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
        visited.append(window.focusWidget())
        if visited[-1] is window.canvas and len(set(visited)) > 5:
            break
    assert visited[-1] is window.canvas, "the way round must not end in a trap"
    assert len(set(visited)) > 10


@pytest.fixture
def themed(qapp: QApplication) -> Iterator[None]:
    """The program's own looks; tests otherwise do without."""
    sheet, palette = qapp.styleSheet(), qapp.palette()
    set_scheme(qapp, "dark")
    yield
    set_scheme(qapp, "system")
    qapp.setStyleSheet(sheet)
    qapp.setPalette(palette)


@pytest.mark.usefixtures("themed")
def test_focus_changes_how_a_control_looks(windows: list[QWidget], editor: Editor) -> None:
    same, seen = set(), set()
    for window in _each_view(windows, editor):
        window.activateWindow()
        editor.until(window.isActiveWindow)
        ring = reachable(window)
        for widget in controls(window):
            if widget not in ring or widget in seen:
                continue
            window.setFocus()
            QApplication.processEvents()
            before = widget.grab().toImage()
            widget.setFocus(Qt.FocusReason.TabFocusReason)
            QApplication.processEvents()
            seen.add(widget)
            if widget.hasFocus() and widget.grab().toImage() == before:
                same.add(describe(widget))
            widget.clearFocus()
    assert len(seen) > 40
    assert not same


def test_faces_are_spoken_and_can_be_pressed(editor: Editor, demo_clip: DemoClip) -> None:
    editor.open(demo_clip.path)
    editor.player.pause()
    editor.click_face("A")
    canvas = editor.window.canvas
    handles = {name: canvas.findChild(QAbstractButton, f"face_{name}") for name in "AB"}
    assert spoken(handles["A"]) == "Singer A, selected"
    assert spoken(handles["B"]) == "Singer B"
    interface = QAccessible.queryAccessibleInterface(handles["A"])
    assert interface.state().checked
    rect = canvas.face_rect("A")
    assert rect is not None
    assert handles["A"].geometry() == rect.toAlignedRect()
    handles["B"].click()
    assert editor.session.selected == ("B",)
    assert spoken(handles["A"]) == "Singer A"
    assert spoken(handles["B"]) == "Singer B, selected"
    parent = QAccessible.queryAccessibleInterface(canvas)
    names = [parent.child(n).text(QAccessible.Text.Name) for n in range(parent.childCount())]
    assert names == ["Singer A", "Singer B, selected"]
