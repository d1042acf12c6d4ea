"""Transport: one position in samples that sound, picture and playhead follow."""

from __future__ import annotations

import time
from collections.abc import Sequence
from fractions import Fraction

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from app.errors import AppError
from app.gui.audio_output import AudioOutput
from app.gui.clock import SilentClock
from app.gui.engine_jobs import ClipView
from app.gui.faults import report_fault
from app.gui.frame_feed import FrameFeed, Picture
from app.gui.sound_feed import SoundFeed
from app.gui.voice_buffer import VoiceBuffer

_TICK_MS = 15
_DEVICE_PATIENCE_S = 5.0
"""A device that hasn't played anything after this time counts as absent."""


class Player(QObject):
    """Plays one clip. Positions are samples at the source rate after the first audible sample."""

    picture_shown = Signal(object)
    """`Picture`."""
    moved = Signal(int)
    playing_changed = Signal(bool)
    output_changed = Signal(str)
    """Name of the sound device; "" when the silent clock is at work."""
    problem = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._output = AudioOutput(self)
        self._output.opened.connect(self._on_output_opened)
        self._has_output = False
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._tick)
        self._frames: FrameFeed | None = None
        self._sound: SoundFeed | None = None
        self._clock = SilentClock(1)
        self._rate = 1
        self._audio_start = Fraction(0)
        self._first = self._last = 0
        self._position = 0
        self._playing = False
        self._asked_at = 0.0
        self._shown: Picture | None = None
        self._view = (960, 540)

    @property
    def position(self) -> int:
        """Current sample."""
        return self._position

    @property
    def playing(self) -> bool:
        """True while the clip runs."""
        return self._playing

    @property
    def isolated_here(self) -> bool:
        """True when the isolated lane exists at the playhead; at the end, just before it."""
        place = min(self._position, self._last - 1)
        return self._sound is not None and self._sound.isolated_at(place)

    def warm_up(self) -> None:
        """Load what playing needs, before there is a clip."""
        self._output.warm_up()

    def open(self, clip: ClipView) -> None:
        """Take a clip and show its first picture."""
        self.close_clip()
        self._rate, self._audio_start = clip.audio.sample_rate, clip.audio.start
        self._first, self._last = clip.first, clip.last
        self._clock = SilentClock(self._rate)
        self._frames = FrameFeed(clip.path, clip.info, self._on_problem, self._view)
        self._sound = SoundFeed(clip.path, clip.audio, self._on_problem)
        self._output.open(self._sound, self._rate)
        self.seek(clip.first)

    def close_clip(self) -> None:
        """Let go of the clip."""
        self.pause()
        self._timer.stop()
        self._output.open(None, 0)
        for feed in (self._frames, self._sound):
            if feed is not None:
                feed.close()
        self._frames = self._sound = self._shown = None

    def close(self) -> None:
        """Let go of everything and wait for the decoding threads."""
        feeds = (self._frames, self._sound)
        self.close_clip()
        self._output.close()
        for feed in feeds:
            if feed is not None:
                feed.join()

    def play(self) -> None:
        """Run from the playhead, or from the start when it is at the end."""
        if self._sound is None or self._playing:
            return
        if self._position >= self._last - 1:
            self.seek(self._first)
        self._playing = True
        self._start_clock()
        self._timer.start()
        self.playing_changed.emit(True)

    def pause(self) -> None:
        """Stand still."""
        if not self._playing:
            return
        self._playing = False
        self._clock.stop()
        if self._sound is not None:
            self._sound.stop()
        self.playing_changed.emit(False)

    def toggle(self) -> None:
        """Play or pause."""
        if self._playing:
            self.pause()
        else:
            self.play()

    def seek(self, sample: int) -> None:
        """Move the playhead, playing or not."""
        if self._frames is None:
            return
        self._position = min(max(sample, self._first), self._last)
        self._frames.seek(self.media_time(self._position))
        if self._playing:
            self._start_clock()
        self._timer.start()
        self.moved.emit(self._position)

    def step(self, frames: int) -> None:
        """Pause and show the next (+1) or previous (-1) frame."""
        if self._frames is None or self._shown is None:
            return
        self.pause()
        if frames > 0:
            target = self._frames.next_time()
            if target is None:
                return
        else:
            target = self._shown.time - Fraction(1, 1000)
        self.seek(self._sample_at(target))

    def set_view(self, width: int, height: int) -> None:
        """Take the room there is for the picture, in pixels of the screen."""
        self._view = (max(1, width), max(1, height))
        if self._frames is not None:
            self._frames.set_view(*self._view)
            if not self._playing:
                self._frames.seek(self.media_time(self._position))  # the same frame, as sharp
                self._timer.start()

    def set_isolated(self, isolated: bool) -> None:
        """Hear the isolated voices, or the original."""
        if self._sound is not None:
            self._sound.set_isolated(isolated)

    def set_voices(self, voices: Sequence[VoiceBuffer]) -> None:
        """Choose what the isolated lane is made of."""
        if self._sound is not None:
            self._sound.set_voices(voices)

    def media_time(self, sample: int) -> Fraction:
        """Media time of a sample, seconds."""
        return self._audio_start + Fraction(sample, self._rate)

    def _sample_at(self, media_time: Fraction) -> int:
        # Rounded up: the frame at that time must be the one shown at the sample.
        return -int(-(media_time - self._audio_start) * self._rate // 1)

    def _start_clock(self) -> None:
        assert self._sound is not None
        self._asked_at = time.monotonic()
        self._sound.play(self._position)
        if not self._has_output:
            self._clock.start(self._position)

    def _on_output_opened(self, name: str) -> None:
        if self._has_output and not name:
            self._clock.start(self._position) if self._playing else None
        self._has_output = bool(name)
        if self._playing and self._sound is not None:
            self._start_clock()
        self.output_changed.emit(name)

    def _on_problem(self, error: Exception) -> None:
        """Called on a decoding thread; the signal crosses over to the window's."""
        if isinstance(error, AppError):
            self.problem.emit(str(error))
        else:
            report_fault(error)

    def _tick(self) -> None:
        if self._frames is None:
            return
        if self._playing:
            self._follow_clock()
        picture = self._frames.take(float(self.media_time(self._position)))
        if picture is not None:
            self._shown = picture
            self.picture_shown.emit(picture)
        if self._playing and self._position >= self._last:
            self.pause()
        if not self._playing and not self._frames.seeking:
            self._timer.stop()

    def _follow_clock(self) -> None:
        if self._has_output:
            heard = self._output.position()
            if heard is None:
                if time.monotonic() - self._asked_at > _DEVICE_PATIENCE_S:
                    self._output.open(None, 0)  # were it to wake up now, it would be out of step
                    self._on_output_opened("")
                return
            position = heard
        else:
            position = self._clock.position()
        position = min(position, self._last)
        if position != self._position:
            self._position = position
            self.moved.emit(position)
