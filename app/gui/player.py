"""Transport: one position in samples that sound, picture and playhead follow."""

from __future__ import annotations

import time
from collections.abc import Mapping
from fractions import Fraction

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from app.errors import AppError
from app.gui.audio_output import AudioOutput
from app.gui.engine_jobs import ClipView
from app.gui.faults import report_fault
from app.gui.frame_feed import FrameFeed, Picture
from app.gui.silent_output import SilentOutput
from app.gui.sound_feed import SoundFeed
from app.gui.voice_buffer import VoiceBuffer
from app.mix import Heard
from app.shape import Shaping

_TICK_MS = 15
_DEVICE_PATIENCE_S = 5.0
"""A device that hasn't played anything after this time counts as absent."""
_GRAIN_S = 0.08
"""Sound at the playhead while it is dragged."""
_PICTURE_LAG_S = Fraction(1, 2)
"""A picture further behind than this at double speed is caught up with instead of decoded."""


class Player(QObject):
    """Plays one clip. Positions are samples at the source rate after the first audible sample."""

    picture_shown = Signal(object)
    """`Picture`."""
    moved = Signal(int)
    playing_changed = Signal(bool)
    speed_changed = Signal(int)
    """1 = as recorded, 2 and 4 faster, negative backwards, 0 = standing."""
    metered = Signal(object)
    """`Levels` of what was heard since the last time."""
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
        self._silent: SilentOutput | None = None
        self._rate = 1
        self._audio_start = Fraction(0)
        self._frame_length = Fraction(1, 25)
        self._first = self._last = 0
        self._position = 0
        self._playing = False
        self._step = 1
        self._snap = False
        """After a step back, to go to the first sample of the frame once its time is known."""
        self._loop: tuple[int, int] | None = None
        self.scrub_sound = True
        """A short piece of sound is heard wherever the standing playhead is moved to."""
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
    def speed(self) -> int:
        """Playing speed, negative backwards; 0 while the clip stands."""
        return self._step if self._playing else 0

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
        self._frame_length = 1 / clip.video.frame_rate
        self._frames = FrameFeed(clip.path, clip.info, self._on_problem, self._view, begin=False)
        self._sound = SoundFeed(clip.path, clip.audio, self._on_problem, begin=False)
        # Opening keeps this thread busy for a moment; decoding would take the processor from it.
        for feed in (self._frames, self._sound):
            QTimer.singleShot(0, feed.begin)
        self._silent = SilentOutput(self._sound, self._rate)
        self._output.open(self._sound, self._rate)
        self.seek(clip.first)

    def settle(self, clip: ClipView) -> None:
        """Take the exact length of the clip at hand."""
        self._first, self._last = clip.first, clip.last
        self._frame_length = 1 / clip.video.frame_rate

    def close_clip(self) -> None:
        """Let go of the clip."""
        self.pause()
        self._timer.stop()
        self._output.open(None, 0)
        for feed in (self._frames, self._sound):
            if feed is not None:
                feed.close()
        self._frames = self._sound = self._silent = self._shown = None

    def close(self) -> None:
        """Let go of everything and wait for the decoding threads."""
        feeds = (self._frames, self._sound)
        self.close_clip()
        self._output.close()
        for feed in feeds:
            if feed is not None:
                feed.join()

    def play(self, step: int = 1) -> None:
        """Run from the playhead; ``step`` is the speed, negative backwards.

        From the end it runs from the start, backwards from the start from the end; with a loop
        it runs inside of it.
        """
        if self._sound is None or (self._playing and step == self._step):
            return
        begin, end = self._loop or (self._first, self._last)
        beyond = self._position >= end - 1 if step > 0 else self._position <= begin
        if beyond or (self._loop and not begin <= self._position <= end):
            self.seek(begin if step > 0 else end)
        was_playing, self._playing, self._step = self._playing, True, step
        self._start_sound()
        self._timer.start()
        if not was_playing:
            self.playing_changed.emit(True)
        self.speed_changed.emit(step)

    def pause(self) -> None:
        """Stand still."""
        if not self._playing:
            return
        self._playing = False
        if self._silent is not None:
            self._silent.rest()
        if self._sound is not None:
            self._sound.stop()
        if self._frames is not None and self._step != 1:
            self._frames.seek(self.media_time(self._position))
        self.playing_changed.emit(False)
        self.speed_changed.emit(0)
        self.metered.emit({})

    def set_loop(self, loop: tuple[int, int] | None) -> None:
        """Repeat what lies between two samples; None for no repeat."""
        if loop == self._loop:
            return
        self._loop = loop
        if self._playing:
            if loop is not None and not loop[0] <= self._position < loop[1]:
                self.seek(loop[0])
            else:
                self._start_sound()

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
        self._snap = False
        self._position = min(max(sample, self._first), self._last)
        self._frames.seek(self.media_time(self._position))
        if self._playing:
            self._start_sound()
        self._timer.start()
        self.moved.emit(self._position)

    def sound_here(self) -> None:
        """Where the clip stands, hear a short piece of what is at the playhead."""
        if self._sound is not None and self.scrub_sound and not self._playing:
            self._sound.play_grain(self._position, round(_GRAIN_S * self._rate))

    def step(self, frames: int) -> None:
        """Pause and show the next (+1) or previous (-1) frame.

        Where the frame at the playhead is still being decoded, its neighbours' exact times aren't
        known yet, and the playhead goes by the length of a frame.
        """
        if self._frames is None:
            return
        self.pause()
        target = self.media_time(self._position) + frames * self._frame_length
        if self._shown is not None and not self._frames.seeking:
            if frames > 0:
                target = self._frames.next_time() or target
            else:
                target = self._shown.time - Fraction(1, 1000)
        self.seek(self._sample_at(target))
        self._snap = frames < 0
        self.sound_here()

    def set_view(self, width: int, height: int) -> None:
        """Take the room there is for the picture, in pixels of the screen."""
        self._view = (max(1, width), max(1, height))
        if self._frames is not None:
            self._frames.set_view(*self._view)
            if not self._playing:
                self._frames.seek(self.media_time(self._position))  # the same frame, as sharp
                self._timer.start()

    def set_heard(self, heard: Heard) -> None:
        """Choose between original and mix, and the levels of the lanes."""
        if self._sound is not None:
            self._sound.set_heard(heard)

    def set_shaping(self, shaping: Shaping) -> None:
        """Choose how the voices are shaped."""
        if self._sound is not None:
            self._sound.set_shaping(shaping)

    def set_voices(self, voices: Mapping[str, VoiceBuffer]) -> None:
        """Choose the voices of the mix, by singer."""
        if self._sound is not None:
            self._sound.set_voices(voices)

    def media_time(self, sample: int) -> Fraction:
        """Media time of a sample, seconds."""
        return self._audio_start + Fraction(sample, self._rate)

    def _sample_at(self, media_time: Fraction) -> int:
        # Rounded up: the frame at that time must be the one shown at the sample.
        return -int(-(media_time - self._audio_start) * self._rate // 1)

    def _start_sound(self) -> None:
        assert self._sound is not None
        self._asked_at = time.monotonic()
        self._sound.play(self._position, self._step, self._loop)

    def _on_output_opened(self, name: str) -> None:
        self._has_output = bool(name)
        if self._playing and self._sound is not None:
            self._start_sound()
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
            self._follow_sound()
        self._show_picture(self._frames, self.media_time(self._position))
        if self._playing and self._at_end():
            self.pause()
        if not self._playing and not self._frames.seeking:
            self._timer.stop()

    def _at_end(self) -> bool:
        """Nothing more is to come; where a loop ends there, it goes on at its other end."""
        begin, end = self._loop or (self._last, self._first)
        if self._step > 0:
            return self._position >= self._last > end
        return self._position <= self._first < begin

    def _follow_sound(self) -> None:
        output = self._output if self._has_output else self._silent
        assert output is not None
        assert self._frames is not None
        if self._silent is not None and not self._has_output:
            self._silent.advance()
        heard = output.position()
        self.metered.emit(output.levels())
        if heard is None:
            if self._has_output and time.monotonic() - self._asked_at > _DEVICE_PATIENCE_S:
                self._output.suspend()  # were it to wake up now, it would be out of step
                self._on_output_opened("")
            return
        position = min(max(heard, self._first), self._last)
        if position != self._position:
            if self._step > 0 and position < self._position:
                self._frames.seek(self.media_time(position))  # around the loop
            self._position = position
            self.moved.emit(position)

    def _show_picture(self, frames: FrameFeed, time: Fraction) -> None:
        """Show the frame that is due; backwards, and where decoding lags, by seeking to it."""
        if self._playing and not frames.seeking:
            late = self._shown is not None and time - self._shown.time > _PICTURE_LAG_S
            if self._step < 0 or (self._step > 1 and late):
                frames.seek(time)
        picture = frames.take(float(time))
        if picture is not None:
            self._shown = picture
            self.picture_shown.emit(picture)
            if self._snap and not self._playing:
                self._snap = False
                self._position = max(self._first, self._sample_at(picture.time))
                self.moved.emit(self._position)
