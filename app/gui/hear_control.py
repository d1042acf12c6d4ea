"""What the transport does: shuttle, loop, scrub, and comparing while a key is held."""

from __future__ import annotations

import time

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication

from app.gui.controller import Controller
from app.gui.varispeed import SPEEDS

_GRAIN_MS = 50
"""Shortest time from one piece of scrubbed sound to the next; each lasts longer than this."""
HOLD_S = 0.3
"""A key held for longer than this goes back when it is let go."""
_LOOP_SETTLES_MS = 120


class HearControl(QObject):
    """Verbs of playing and scrubbing."""

    def __init__(self, controller: Controller) -> None:
        super().__init__(controller)
        self._controller = controller
        self._player = controller.player
        self._looping = False
        self._scrubbed: int | None = None
        self._grains = QTimer(self)
        self._grains.setInterval(_GRAIN_MS)
        self._grains.timeout.connect(self._next_grain)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_LOOP_SETTLES_MS)
        self._settle.timeout.connect(self._set_loop)
        controller.range_changed.connect(self._settle.start)
        controller.clip_changed.connect(self._set_loop)

    def shuttle(self, direction: int) -> None:
        """Play forwards (1) or backwards (-1); again = twice as fast."""
        speed = self._player.speed * direction
        faster = [each for each in SPEEDS if each > speed]
        self._player.play(direction * (faster[0] if faster else SPEEDS[-1]))

    def stop_shuttle(self) -> None:
        """Stand still."""
        self._player.pause()

    def set_loop(self, looping: bool) -> None:
        """Repeat the range, or the whole clip when there is none."""
        self._looping = looping
        self._set_loop()

    def set_scrub_sound(self, heard: bool) -> None:
        """Hear the sound under a dragged playhead and of single frames, or not."""
        self._player.scrub_sound = heard

    def skip(self, seconds: int) -> None:
        """Go on or back by seconds."""
        clip = self._controller.session.clip
        if clip is not None:
            self._player.seek(self._player.position + seconds * clip.audio.sample_rate)
            self._player.sound_here()

    @property
    def scrubbing(self) -> bool:
        """True while pieces of scrubbed sound are still to come."""
        return self._grains.isActive()

    def scrub(self, sample: int) -> None:
        """Move the playhead by hand; where the clip stands its sound is heard on the way."""
        self._player.seek(sample)
        if self._grains.isActive():
            self._scrubbed = sample
        else:
            self._player.sound_here()
            self._grains.start()

    def _next_grain(self) -> None:
        if self._scrubbed is None:
            self._grains.stop()
        else:
            self._scrubbed = None
            self._player.sound_here()

    def _set_loop(self) -> None:
        clip = self._controller.session.clip
        self._player.set_loop(
            self._controller.session.range if self._looping and clip is not None else None
        )


class HoldKey(QObject):
    """Makes a checkable action momentary while its key is held: released late, it goes back."""

    def __init__(self, action: QAction) -> None:
        super().__init__(action)
        self._action = action
        self._since: float | None = None
        action.setAutoRepeat(False)
        action.installEventFilter(self)
        application = QApplication.instance()
        assert application is not None
        application.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if watched is self._action:
            if kind == QEvent.Type.Shortcut:
                self._since = time.monotonic()
        elif self._since is None:
            return False
        elif kind == QEvent.Type.ApplicationDeactivate or (
            kind == QEvent.Type.KeyRelease
            and isinstance(event, QKeyEvent)
            and not event.isAutoRepeat()
            and self._is_own(event)
        ):
            self._released()
        return False

    def _is_own(self, event: QKeyEvent) -> bool:
        return any(shortcut == QKeySequence(event.key()) for shortcut in self._action.shortcuts())

    def _released(self) -> None:
        since, self._since = self._since, None
        if since is not None and time.monotonic() - since > HOLD_S and self._action.isEnabled():
            self._action.toggle()
