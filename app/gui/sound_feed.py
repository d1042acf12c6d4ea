"""What is heard next: original and isolated voice, sample by sample side by side; no Qt."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from app.gui.downmix import to_stereo
from app.gui.voice_buffer import VoiceBuffer

if TYPE_CHECKING:
    from app.media.probe import AudioInfo

_BLOCK = 2048
_AHEAD_S = 0.5
_FADE_S = 0.008
"""Cross-fade between original and isolated: long enough not to click, too short to notice."""


@dataclass(frozen=True)
class Pulled:
    """A block for the device."""

    sound: NDArray[np.float32]
    """(N, 2) float32, interleaved frames."""
    sample: int | None
    """Clip sample of the first frame; None when the block is silence."""
    serial: int
    """Number of the seek that the block belongs to."""


class SoundFeed:
    """Decodes the original ahead in a thread of its own and mixes at the last moment.

    Both lanes are always at the same sample, so a switch is a cross-fade and nothing else. Where
    the isolated voice isn't computed yet the original is heard.
    """

    def __init__(
        self, path: Path, audio: AudioInfo, on_problem: Callable[[Exception], None]
    ) -> None:
        """``on_problem`` is called on the decoding thread when it must give up."""
        self._on_problem = on_problem
        self._path = path
        self._audio = audio
        rate = audio.sample_rate
        self._ahead_blocks = max(2, int(_AHEAD_S * rate / _BLOCK))
        self._fade = max(1, int(_FADE_S * rate))
        self._changed = threading.Condition()
        self._queue: deque[tuple[int, NDArray[np.float32]]] = deque()
        self._next = 0
        self._serial = 0
        self._playing = False
        self._closed = False
        self._voices: tuple[VoiceBuffer, ...] = ()
        self._isolated = False
        self._gain = 0.0
        self._thread = threading.Thread(target=self._run, daemon=True, name="sound-feed")
        self._thread.start()

    @property
    def serial(self) -> int:
        """Number of the latest seek."""
        return self._serial

    def set_voices(self, voices: Sequence[VoiceBuffer]) -> None:
        """Choose the voices whose sum is the isolated lane."""
        self._voices = tuple(voices)

    def set_isolated(self, isolated: bool) -> None:
        """Hear the isolated lane, or the original."""
        self._isolated = isolated

    def isolated_at(self, sample: int) -> bool:
        """True when the isolated lane exists at this sample."""
        voices = self._voices
        return bool(voices) and all(voice.start <= sample < voice.ready for voice in voices)

    def play(self, sample: int) -> None:
        """Give sound from ``sample`` on."""
        with self._changed:
            self._queue.clear()
            self._next = sample
            self._serial += 1
            self._playing = True
            self._changed.notify_all()

    def stop(self) -> None:
        """Give silence."""
        with self._changed:
            self._playing = False
            self._serial += 1
            self._queue.clear()

    def close(self) -> None:
        """Tell the decoding thread to end; it does so after the block it is at."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def join(self, timeout_s: float = 2.0) -> None:
        """Wait for the decoding thread to end, after `close`."""
        self._thread.join(timeout_s)

    def pull(self, count: int) -> Pulled:
        """Take up to ``count`` frames; silence while stopped or when decoding lags."""
        with self._changed:
            serial = self._serial
            if not self._playing or not self._queue:
                return Pulled(np.zeros((count, 2), np.float32), None, serial)
            sample, original = self._queue.popleft()
            if original.shape[1] > count:
                self._queue.appendleft((sample + count, original[:, count:]))
                original = original[:, :count]
            self._changed.notify_all()
        mixed = self._mix(sample, original)
        return Pulled(np.ascontiguousarray(mixed.T), sample, serial)

    def _mix(self, start: int, original: NDArray[np.float32]) -> NDArray[np.float32]:
        voices = self._voices
        stop = start + original.shape[1]
        weights = self._weights(start, stop, voices)
        if not weights.any():
            return original
        voice = np.zeros_like(original)
        for buffer in voices:
            voice += to_stereo(buffer.read(start, stop))
        return original + weights * (voice - original)

    def _weights(
        self, start: int, stop: int, voices: tuple[VoiceBuffer, ...]
    ) -> NDArray[np.float32]:
        """(N,) share of the isolated lane; it moves by at most one fade's slope per sample."""
        weights = np.zeros(stop - start, np.float32)
        low, high = start, start
        if self._isolated and voices:
            low = min(max(start, *(voice.start for voice in voices)), stop)
            high = max(min(stop, *(voice.ready - self._fade for voice in voices)), low)
        for first, last, target in ((start, low, 0.0), (low, high, 1.0), (high, stop, 0.0)):
            if last > first:
                ramp = np.arange(1, last - first + 1, dtype=np.float32) / self._fade
                if target > self._gain:
                    part = np.minimum(self._gain + ramp, target)
                else:
                    part = np.maximum(self._gain - ramp, target)
                weights[first - start : last - start] = part
                self._gain = float(part[-1])
        return weights

    def _run(self) -> None:
        try:
            self._decode()
        except Exception as error:
            self._on_problem(error)

    def _decode(self) -> None:
        from app.media.audio import AudioReader

        with AudioReader(self._path, self._audio) as reader:
            while True:
                with self._changed:
                    self._changed.wait_for(
                        lambda: (
                            self._closed
                            or (self._playing and len(self._queue) < self._ahead_blocks)
                        )
                    )
                    if self._closed:
                        return
                    serial, start = self._serial, self._next
                block = to_stereo(reader.read(start, start + _BLOCK))
                with self._changed:
                    if serial == self._serial:
                        self._queue.append((start, block))
                        self._next = start + _BLOCK
