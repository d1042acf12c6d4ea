"""What is heard next: the original or the mix of the lanes, sample by sample; no Qt."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from app import fullness
from app.errors import CancelledError
from app.gui.lane_mixer import LaneMixer, Levels, pad
from app.gui.sound_blocks import FRAMES, SHORTEST_LOOP_S, Block, BlockReader, Order
from app.gui.voice_buffer import VoiceBuffer
from app.mix import Heard
from app.shape import Shaping

if TYPE_CHECKING:
    from app.media.probe import AudioInfo
    from app.shape import Source

_AHEAD_S = 0.5
_FADE_S = 0.008
"""Cross-fade at every jump and switch: long enough not to click, too short to notice."""


@dataclass(frozen=True)
class Pulled:
    """A block for the device."""

    sound: NDArray[np.float32]
    """(N, 2) float32, interleaved frames."""
    sample: int | None
    """Clip sample of the first frame; None when nothing is played."""
    serial: int
    """Number of the order that the block belongs to."""
    step: int = 1
    """Samples from one frame to the next."""
    levels: Levels = field(default_factory=dict)
    """Levels of the lanes in this block."""


class SoundFeed:
    """Decodes the original ahead in a thread of its own and mixes at the last moment.

    All lanes are always at the same sample, so a switch is a cross-fade and nothing else. Where
    the isolated voices aren't computed yet the original is heard. Whatever was heard fades out
    beneath what comes next, so no order clicks.
    """

    def __init__(
        self,
        path: Path,
        audio: AudioInfo,
        on_problem: Callable[[Exception], None],
        begin: bool = True,
    ) -> None:
        """``on_problem`` is called on the decoding thread when it must give up.

        Without ``begin`` nothing is decoded before `begin` is called.
        """
        self._on_problem = on_problem
        self._path = path
        self._audio = audio
        rate = audio.sample_rate
        self._ahead_blocks = max(2, int(_AHEAD_S * rate / FRAMES))
        self._fade = max(1, int(_FADE_S * rate))
        self._mixer = LaneMixer(self._fade, Shaping(rate))
        self._changed = threading.Condition()
        self._queue: deque[Block] = deque()
        self._offset = 0
        self._order = Order(0)
        self._serial = 0
        self._playing = False
        self._closed = False
        self._risen = 0
        self._falling = np.zeros((2, 0), np.float32)
        self._thread = threading.Thread(target=self._run, daemon=True, name="sound-feed")
        if begin:
            self.begin()

    def begin(self) -> None:
        """Start to decode, unless it was closed before."""
        if not self._closed:
            self._thread.start()

    @property
    def serial(self) -> int:
        """Number of the latest order."""
        return self._serial

    @property
    def waiting(self) -> bool:
        """True while there is something to play that isn't decoded yet."""
        return self._playing and not self._queue

    def set_voices(self, voices: Mapping[str, VoiceBuffer]) -> None:
        """Choose the voices of the mix, by singer."""
        with self._changed:
            self._mixer.voices = dict(voices)

    def set_heard(self, heard: Heard) -> None:
        """Choose between original and mix, and the levels of the lanes."""
        self._mixer.heard = heard

    def set_shaping(self, shaping: Shaping) -> None:
        """Shape the voices like this from the next block on."""
        self._mixer.shaping = shaping

    def isolated_at(self, sample: int) -> bool:
        """True when the mix exists at this sample."""
        voices = self._mixer.voices.values()
        return bool(voices) and all(voice.start <= sample < voice.ready for voice in voices)

    def play(self, sample: int, step: int = 1, loop: tuple[int, int] | None = None) -> None:
        """Give sound from ``sample`` on; ``step`` 2 is double speed, -1 backwards.

        A ``loop`` is repeated once its end (or, backwards, its start) is reached from inside.
        """
        if loop is not None and loop[1] - loop[0] < SHORTEST_LOOP_S * self._audio.sample_rate:
            loop = None
        self._take(Order(sample, step, loop))

    def play_grain(self, sample: int, samples: int) -> None:
        """Give a short piece of sound, then silence."""
        self._take(Order(sample, limit=max(samples, 1)))

    def stop(self) -> None:
        """Give silence."""
        self._take(None)

    def close(self) -> None:
        """Tell the decoding thread to end; it does so after the block it is at."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def join(self, timeout_s: float = 2.0) -> None:
        """Wait for the decoding thread to end, after `close`."""
        if self._thread.ident is not None:
            self._thread.join(timeout_s)

    def pull(self, count: int) -> Pulled:
        """Take up to ``count`` frames; silence while stopped or when decoding lags."""
        with self._changed:
            if not self._playing or not self._queue:
                sound = self._with_falling(np.zeros((2, count), np.float32))
                return Pulled(np.ascontiguousarray(sound.T), None, self._serial)
            block, offset = self._queue[0], self._offset
            count = min(count, block.frames - offset)
            sound, levels = self._mixer.mix(block, offset, count)
            if self._risen < self._fade:
                sound = sound * np.minimum(
                    np.arange(self._risen, self._risen + count, dtype=np.float32) / self._fade, 1
                )
                self._risen += count
            sound = self._with_falling(sound)
            self._offset += count
            if self._offset == block.frames:
                self._leave(block)
            return Pulled(
                np.ascontiguousarray(sound.T), block.sample(offset), self._serial, block.step,
                levels,
            )  # fmt: skip

    def _leave(self, block: Block) -> None:
        """Go on to the next block."""
        if block.ends:
            self._fall()
        self._queue.popleft()
        self._offset = 0
        self._playing = not block.last
        self._changed.notify_all()

    def _take(self, order: Order | None) -> None:
        with self._changed:
            self._fall()
            self._mixer.settle()
            self._queue.clear()
            self._offset = 0
            self._serial += 1
            self._playing = order is not None
            self._order = order or self._order
            self._changed.notify_all()

    def _fall(self) -> None:
        """Let what is heard now fade out beneath what comes next."""
        if self._playing and self._queue:
            fall = np.arange(self._fade, 0, -1, dtype=np.float32) / self._fade
            self._falling = self._mixer.onward(self._queue[0], self._offset) * fall
        self._risen = 0

    def _with_falling(self, sound: NDArray[np.float32]) -> NDArray[np.float32]:
        count = min(sound.shape[1], self._falling.shape[1])
        if count:
            sound = sound.copy()
            sound[:, :count] += self._falling[:, :count]
            self._falling = self._falling[:, count:]
        return sound

    def _run(self) -> None:
        from app.media.audio import AudioReader

        try:
            with AudioReader(self._path, self._audio, self._check) as reader:
                self._decode(reader)
        except CancelledError:
            return
        except Exception as error:
            self._on_problem(error)
            self._decode(_Silence(self._audio.channels))  # the picture plays on

    def _check(self) -> None:
        """A far place of a long clip takes a while to find; nobody waits for it after closing."""
        if self._closed:
            raise CancelledError

    def _wanting(self) -> bool:
        queue = self._queue
        return len(queue) < self._ahead_blocks and not (queue and queue[-1].last)

    def _decode(self, source: Source) -> None:
        reader, read = BlockReader(source, self._order, 0), -1
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._closed or (self._playing and self._wanting()))
                if self._closed:
                    return
                serial, order = self._serial, self._order
            if serial != read:
                margin = fullness.reach(self._audio.sample_rate) + pad(order.step, self._fade)
                reader, read = BlockReader(source, order, margin), serial
            block = reader.next()
            with self._changed:
                if serial == self._serial:
                    self._queue.append(block)


class _Silence:
    """What is heard of a clip whose sound can't be read any more."""

    def __init__(self, channels: int) -> None:
        self._channels = channels

    def read(self, start: int, stop: int) -> NDArray[np.float32]:
        return np.zeros((self._channels, stop - start), np.float32)
