"""Walks through the real window as an editor does and takes a picture of every step.

Run as ``python -m app.gui.photograph CLIP FOLDER``: writes ``STEP.png`` files and prints one JSON
object. Only the acts of a person are used; opening is what the file dialog hands over. Scale comes
from ``QT_SCALE_FACTOR``, colours and language from the preferences.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QListWidget, QTabBar, QWidget

from app.errors import NotPossibleError
from app.gui.application import start

_MOMENT_S = 4.3
"""Where the playhead stands in the pictures; everybody's mouth is open there."""
_ALONE_S = (3.35, 4.0)
"""Where the first singer of the demo clip sings alone."""
_SETTLE_S = 0.5
"""Lanes and portraits are drawn this long after the act at the latest."""
_PATIENCE_S = 120.0
_NAP_S = 0.01


class Walk:
    """One window and its pictures."""

    def __init__(self, clip: Path, folder: Path, size: tuple[int, int], mirrored: bool) -> None:
        self._application, self.window = start(None)
        self._clip, self._folder = clip, folder
        self.taken: list[str] = []
        self.control = self.window.controller
        self.window.resize(*size)
        if mirrored:
            self._application.setLayoutDirection(Qt.LayoutDirection.RightToLeft)

    def go(self) -> None:
        """All steps, in the order of an editor's first minutes."""
        self._open()
        self._isolate()
        self._export()
        self._shape()
        self._queue()
        self._others()

    def close(self) -> None:
        """Close the window."""
        self.window.close()

    def _open(self) -> None:
        self._picture("start")
        self.window.take([self._clip])
        session, player = self.control.session, self.control.player
        self._until(lambda: session.scene.complete and not self.control.busy)
        if player.playing:  # by itself, since the clip is open
            self._act("play")
        self._go_to(_MOMENT_S)
        self._until(lambda: not player.playing and self._face("B") is not None)
        self._picture("found")

    def _isolate(self) -> None:
        face = self._face("B")
        assert face is not None
        self._click(self.window.canvas, face)
        self._picture("chosen")
        self._press("button_isolate")
        self._until(lambda: not self.control.busy and self.control.session.can_export())
        self._go_to(_MOMENT_S)
        self._picture("isolated")

    def _export(self) -> None:
        self._press("button_export")
        for name in ("export_timeline_fcpxml", "export_timeline_xml"):
            self._press(name)
        self._picture("export")
        written: list[object] = []
        self.window.export.exported.connect(written.append)
        self._press("export_button")
        self._until(lambda: bool(written) and not self.control.busy)
        self._picture("exported")

    def _shape(self) -> None:
        self.window.banner.hide()
        self._show_tab(self.window.shape)
        for moment, act in zip(_ALONE_S, ("mark_in", "mark_out"), strict=True):
            self._go_to(moment)
            self._act(act)
        self._act("singer_1")
        self._act("only_this")
        self._act("zoom_range")
        for _ in range(3):
            self._act("zoom_out")
        self._press("advanced")
        self._picture("shape")
        self._act("zoom_all")
        self._act("clear_range")

    def _queue(self) -> None:
        other = self._clip.with_name(f"take 2{self._clip.suffix}")
        other.write_bytes(self._clip.read_bytes())
        self.window.take([self._clip, other])
        self._until(lambda: len(self.window.queue.queue.items) == 2)
        self._picture("queue")
        self._press("queue_close")

    def _others(self) -> None:
        broken = self._clip.with_name("notes.mp4")
        broken.write_text("no video")
        self.window.take([broken])
        self._until(lambda: self.window.banner.isVisible())
        self._picture("problem")
        self.window.banner.hide()
        self._act("shortcuts")
        self._picture("shortcuts", self._child("shortcut_sheet"))
        self._act("shortcuts")
        known: list[object] = []
        self.window.preferences.models_known.connect(known.append)
        self._act("preferences")
        pages = self._child("preferences_window")
        self._until(lambda: bool(known))
        rows = pages.findChild(QListWidget, "preferences_pages")
        assert rows is not None
        for row in range(rows.count()):
            rows.setCurrentRow(row)
            self._picture(f"preferences_{row + 1}", pages)

    def _face(self, singer: str) -> QPoint | None:
        rect = self.window.canvas.face_rect(singer)
        return rect.center().toPoint() if rect is not None else None

    def _go_to(self, moment: float) -> None:
        clip, ruler = self.control.session.clip, self.window.timeline.ruler
        assert clip is not None
        sample = clip.first + round(moment * clip.audio.sample_rate)
        self._click(ruler, QPoint(round(ruler.x_of(sample)), ruler.height() // 2))
        self._wait(_SETTLE_S)

    def _show_tab(self, panel: QWidget) -> None:
        tabs = self.window.side_tabs
        bar = tabs.findChild(QTabBar)
        assert bar is not None
        page = next(n for n in range(tabs.count()) if tabs.widget(n).isAncestorOf(panel))  # type: ignore[union-attr]
        self._click(bar, bar.tabRect(page).center())

    def _child(self, name: str) -> QWidget:
        child = self.window.findChild(QWidget, name)
        assert child is not None, name
        return child

    def _press(self, name: str) -> None:
        button = self._child(name)
        assert isinstance(button, QAbstractButton)
        self._until(button.isEnabled)
        button.click()

    def _act(self, name: str) -> None:
        # Keys only reach a window that is active, which needs a window manager.
        self.window.named_actions[name].trigger()

    def _click(self, widget: QWidget, place: QPoint) -> None:
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)

    def _picture(self, step: str, widget: QWidget | None = None) -> None:
        # Whoever reads about the program has a sound device, also where pictures are made.
        self.window.sound_badge.hide()
        self._wait(_SETTLE_S)
        if not (widget or self.window).grab().save(str(self._folder / f"{step}.png")):
            raise OSError(f"The picture {step}.png could not be written to {self._folder}.")
        self.taken.append(step)

    def _wait(self, seconds: float) -> None:
        ends = time.monotonic() + seconds
        self._until(lambda: time.monotonic() >= ends)

    def _until(self, condition: Callable[[], bool]) -> None:
        ends = time.monotonic() + _PATIENCE_S
        while not condition():
            self._application.processEvents()
            time.sleep(_NAP_S)
            if time.monotonic() > ends:
                said = self.window.banner.said() or "it did not get on with its work in time."
                raise NotPossibleError(f"The window could not be photographed: {said}")


def _size(text: str) -> tuple[int, int]:
    width, height = map(int, text.split("x"))
    return width, height


def main(arguments: list[str] | None = None) -> list[str]:
    """Walk and return the names of the pictures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("clip", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--size", type=_size, default=(1280, 800))
    parser.add_argument("--mirrored", action="store_true")
    given = parser.parse_args(arguments)
    walk = Walk(given.clip, given.folder, given.size, given.mirrored)
    try:
        walk.go()
    finally:
        walk.close()
    return walk.taken


if __name__ == "__main__":
    print(json.dumps({"pictures": main()}), flush=True)
