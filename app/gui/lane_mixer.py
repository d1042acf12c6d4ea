"""Sums the lanes of a block sample by sample, with levels that never jump; no Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.gui import varispeed
from app.gui.downmix import to_stereo
from app.gui.sound_blocks import Block
from app.gui.voice_buffer import VoiceBuffer
from app.mix import ORIGINAL, Heard
from app.shape import REST, Shaping, fade_curve, shape_voice, sum_of

Sound = NDArray[np.float32]
Levels = dict[str, tuple[float, float]]
"""Lane -> highest absolute value in the left and right channel."""

SUM = "sum"
"""Name of the level of all lanes together."""


@dataclass(frozen=True)
class _Lanes:
    """A block's lanes at playing speed, a fade longer than the block."""

    block: Block
    sounds: dict[str, Sound]
    low: int
    high: int
    """Frames between which the mix can be heard; fading out begins at ``high``."""


class LaneMixer:
    """Original and mix over the same samples; all its attributes may be replaced at any time."""

    def __init__(self, fade: int, shaping: Shaping) -> None:
        """``fade`` is the number of frames of a cross-fade."""
        self.voices: Mapping[str, VoiceBuffer] = {}
        """Voices of the mix by singer."""
        self.heard = Heard()
        self.shaping = shaping
        self._fade = fade
        self._weight = 0.0
        self._gains: dict[str, float] = {}
        self._outer = 1.0
        self._shown = shaping
        self._original: tuple[Block, Sound] | None = None
        self._lanes: _Lanes | None = None

    def mix(self, block: Block, offset: int, count: int) -> tuple[Sound, Levels]:
        """Give (2, count) frames of a block and the levels of the lanes in them."""
        part = slice(offset, offset + count)
        weight = self._weights(block, offset, count)
        outer = self._ramp(self._outer, self.heard.original, count)
        self._outer = float(outer[-1])
        original = (outer * (1 - weight)) * self._original_of(block)[:, part]
        if not weight.any():
            self._gains = dict(self.heard.lanes)  # nobody hears them move
            return original, {ORIGINAL: _peaks(original), SUM: _peaks(original)}
        levels: Levels = {}
        total = original
        for name, sound in self._lanes_of(block).sounds.items():
            before, target = self._gains.get(name, 0.0), self.heard.lanes.get(name, 0.0)
            if not before and not target:
                continue
            gains = self._ramp(before, target, count)
            self._gains[name] = float(gains[-1])
            lane = (gains * weight) * sound[:, part]
            levels[name] = _peaks(lane)
            total = total + lane
        if not weight.all():
            levels[ORIGINAL] = _louder(_peaks(original), levels.get(ORIGINAL, (0.0, 0.0)))
        levels[SUM] = _peaks(total)
        return total, levels

    def onward(self, block: Block, offset: int) -> Sound:
        """Give (2, fade) frames as they would go on from ``offset``, to be faded out."""
        part = slice(offset, offset + self._fade)
        total = self._outer * (1 - self._weight) * self._original_of(block)[:, part]
        if self._weight:
            for name, sound in self._lanes_of(block).sounds.items():
                total = total + self._weight * self._gains.get(name, 0.0) * sound[:, part]
        return np.asarray(total, np.float32)

    def settle(self) -> None:
        """Take the latest shape at once: what is mixed next lies elsewhere."""
        self._shown = self.shaping

    def _weights(self, block: Block, offset: int, count: int) -> Sound:
        """(N,) share of the mix; it moves by at most one fade's slope per frame."""
        low = high = 0
        if self.heard.isolated and self.voices:
            low, high = self._lanes_of(block).low, self._lanes_of(block).high
        low, high = (min(max(edge - offset, 0), count) for edge in (low, high))
        weights = np.zeros(count, np.float32)
        for first, last, target in ((0, low, 0.0), (low, high, 1.0), (high, count, 0.0)):
            if last > first:
                weights[first:last] = self._ramp(self._weight, target, last - first)
                self._weight = float(weights[last - 1])
        return weights

    def _ramp(self, value: float, target: float, count: int) -> Sound:
        """(N,) values that go straight to ``target`` within one fade."""
        if value == target:
            return np.full(count, target, np.float32)
        slope = max(1.0, value, target) / self._fade * np.sign(target - value)
        path = value + slope * np.arange(1, count + 1)
        limit = np.minimum if target > value else np.maximum
        return limit(path, target).astype(np.float32)

    def _original_of(self, block: Block) -> Sound:
        if self._original is None or self._original[0] is not block:
            pad = self._pad(block)
            low = block.start - pad - block.at
            sound = block.sound[:, low : low + block.stop - block.start + 2 * pad]
            self._original = block, self._played(block, sound)
        return self._original[1]

    def _lanes_of(self, block: Block) -> _Lanes:
        if self._lanes is not None and self._lanes.block is block:
            return self._lanes
        shaping, voices = self.shaping, self.voices
        sounds = self._shaped(block, voices, shaping)
        if shaping is not self._shown:
            # A moved slider is heard from this block on; the old shape leaves gradually.
            rise = np.minimum(np.arange(block.frames + self._fade) / block.frames, 1.0)
            old = self._shaped(block, voices, self._shown)
            for name, sound in sounds.items():
                sounds[name] = (old[name] + rise * (sound - old[name])).astype(np.float32)
            self._shown = shaping
        sounds[ORIGINAL] = self._original_of(block)
        low, high = self._known(block, voices, shaping.reach)
        self._lanes = _Lanes(block, sounds, low, high)
        return self._lanes

    def _shaped(
        self, block: Block, voices: Mapping[str, VoiceBuffer], shaping: Shaping
    ) -> dict[str, Sound]:
        pad = self._pad(block)
        start, stop = block.start - pad, block.stop + pad
        low, high = start - shaping.reach, stop + shaping.reach
        heard = block.sound[:, low - block.at : high - block.at]
        shaped = {
            singer: shape_voice(
                heard, voice.read(low, high), low, start, stop, shaping, singer,
                (voice.start, voice.stop),
            )
            for singer, voice in voices.items()
        }  # fmt: skip
        own = block.sound[:, start - block.at : stop - block.at]
        lanes = {**shaped, REST: own - sum_of(shaped, own.shape[0], stop - start)}
        fade = fade_curve(start, stop, shaping)
        return {
            name: self._played(block, sound if fade is None else sound * fade)
            for name, sound in lanes.items()
        }

    def _known(
        self, block: Block, voices: Mapping[str, VoiceBuffer], reach: int
    ) -> tuple[int, int]:
        """Frames of the block where all voices are known."""
        first = max(voice.start for voice in voices.values())
        last = min(v.stop if v.complete else v.ready - reach for v in voices.values())
        speed = abs(block.step)
        if block.step > 0:
            low, high = -(-(first - block.start) // speed), (last - block.start) // speed
        else:
            low, high = -(-(block.stop - last) // speed), (block.stop - first) // speed
        return low, max(low, high - self._fade)

    def _pad(self, block: Block) -> int:
        return pad(block.step, self._fade)

    def _played(self, block: Block, sound: Sound) -> Sound:
        """(2, frames + fade) at playing speed, of sound that is padded by `pad`."""
        around = self._pad(block)
        first = around if block.step > 0 else around + block.stop - block.start - 1
        count = block.frames + self._fade
        return varispeed.at_speed(to_stereo(sound), first, count, block.step)


def pad(step: int, fade: int) -> int:
    """Samples around a block that are needed to play it at a speed and to fade out of it."""
    return varispeed.reach(step) + (fade + 1) * abs(step)


def _peaks(sound: Sound) -> tuple[float, float]:
    left, right = np.abs(sound).max(axis=1)
    return float(left), float(right)


def _louder(one: tuple[float, float], other: tuple[float, float]) -> tuple[float, float]:
    return max(one[0], other[0]), max(one[1], other[1])
