"""Drives the real window through an editor's first minute and notes how it did.

Only the acts of a person are used: the clip is given as the window's argument, faces are clicked,
actions triggered. `app.bench.window_child` runs it as a process of its own.
"""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Callable
from dataclasses import asdict
from fractions import Fraction
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QEventLoop, QObject, QPoint, Qt
from PySide6.QtTest import QTest

from app.bench.child import peak_bytes
from app.errors import NotPossibleError
from app.gui.application import start
from app.gui.frame_feed import Picture
from app.gui.heartbeat import Heartbeat
from app.gui.main_window import MainWindow

_PATIENCE_S = 170.0
_WAIT = QEventLoop.ProcessEventsFlag.WaitForMoreEvents


class _Watch(QObject):
    """Notes when the canvas has painted what."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._picture: Picture | None = None
        self.first: dict[str, float] = {}
        self.painted: list[Fraction] = []
        """Time of every picture that reached the screen, in order."""
        window.controller.player.picture_shown.connect(self._on_picture)
        window.controller.scene_changed.connect(self._on_scene)
        window.canvas.installEventFilter(self)

    def _on_picture(self, picture: Picture) -> None:
        self._picture = picture

    def _on_scene(self) -> None:
        if self._window.controller.session.scene.singers:
            self._first("singer")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self._first("paint")
            if self._picture is not None and self._picture.time not in self.painted[-1:]:
                self._first("picture")
                self.painted.append(self._picture.time)
            scene = self._window.controller.session.scene
            if any(self._window.canvas.face_rect(card.id) for card in scene.singers):
                self._first("face")
        return False

    def _first(self, what: str) -> None:
        self.first.setdefault(what, time.monotonic())


class Drive:
    """One run: acts, waits, measures."""

    def __init__(self, clip: Path, began: float) -> None:
        self._began = began
        self._problems: list[str] = []
        self.application, self.window = start(clip)
        self.heart = Heartbeat(self.window)
        self.watch = _Watch(self.window)
        self.control = self.window.controller
        self.control.problem.connect(self._problems.append)

    def openings(self) -> dict[str, Any]:
        """Open the clip; seconds from the start of the program to paint, picture and face."""
        self._until(lambda: "picture" in self.watch.first)
        start_block = self.heart.take()
        self._until(lambda: "face" in self.watch.first)
        first = {f"first_{what}_s": at - self._began for what, at in self.watch.first.items()}
        return {**first, "start_block": asdict(start_block)}

    def scan(self, limit_s: float = _PATIENCE_S) -> dict[str, Any]:
        """Play while faces are looked for, to the end or for ``limit_s``."""
        ends = time.monotonic() + limit_s
        self._playing_until(
            lambda: (
                time.monotonic() > ends
                or (self.control.session.scene.complete and not self.control.busy)
            )
        )
        return {"scan_block": asdict(self.heart.take())}

    def isolate(self) -> dict[str, Any]:
        """Click a face, press Isolate and play until the voice is whole."""
        player, canvas = self.control.player, self.window.canvas
        singer = self.control.session.scene.singers[0].id
        self._until(lambda: canvas.face_rect(singer) is not None)
        rect = canvas.face_rect(singer)
        assert rect is not None
        place = QPoint(round(rect.center().x()), round(rect.center().y()))
        QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
        clicked = time.monotonic()
        self.application.processEvents()  # nobody presses two things within one turn of the loop
        self.window.named_actions["isolate"].trigger()
        self._playing_until(lambda: player.playing and player.isolated_here)
        heard = time.monotonic()
        self._playing_until(lambda: not self.control.busy)
        return {"first_sound_s": heard - clicked, "isolate_block": asdict(self.heart.take())}

    def play(self, seconds: float) -> dict[str, Any]:
        """Play with nothing else at work; how many frames didn't reach the screen."""
        self.control.player.pause()
        self.control.player.seek(0)
        self.control.player.play()
        self._wait(1.0)
        self.heart.take()
        self.watch.painted.clear()
        self._wait(seconds)
        shown = self.watch.painted
        video = self.control.session.clip
        assert video is not None
        due = round((shown[-1] - shown[0]) * video.video.frame_rate) + 1
        return {
            "play_block": asdict(self.heart.take()),
            "frames_due": due,
            "frames_dropped": due - len(set(shown)),
        }

    def memory(self) -> dict[str, Any]:
        """Most resident bytes of the window's process and of each of its helpers."""
        pids = [os.getpid(), *(child.pid for child in multiprocessing.active_children())]
        peaks = [peak_bytes(pid) for pid in pids if pid is not None]
        return {"peak_bytes": peaks, "screen": self.application.platformName()}

    def close(self) -> None:
        """Close the window."""
        self.window.close()

    def _playing_until(self, condition: Callable[[], bool]) -> None:
        """Wait with the clip playing; it begins anew at its end."""

        def met() -> bool:
            if not self.control.player.playing:
                self.control.player.play()
            return condition()

        self._until(met)

    def _wait(self, seconds: float) -> None:
        ends = time.monotonic() + seconds
        self._until(lambda: time.monotonic() >= ends)

    def _until(self, condition: Callable[[], bool]) -> None:
        ends = time.monotonic() + _PATIENCE_S
        while not condition():
            # Sleeps until an event comes: the heartbeat sees to it that one does.
            self.application.processEvents(_WAIT)
            if self._problems:
                raise NotPossibleError(self._problems[0])
            if time.monotonic() > ends:
                raise NotPossibleError("The window did not get on with its work in time.")


def measure(clip: Path, began: float, play_s: float, limit_s: float | None) -> dict[str, Any]:
    """Run the whole session; ``limit_s`` breaks the scan off and isolates nothing."""
    drive = Drive(clip, began)
    try:
        facts = drive.openings()
        if limit_s is not None:
            facts |= drive.scan(limit_s)
        else:
            facts |= drive.scan()
            facts |= drive.isolate()
            facts |= drive.play(play_s)
        return facts | drive.memory()
    finally:
        drive.close()
