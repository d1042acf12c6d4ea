"""Loudness and true peak of sound that streams past, in bounded memory.

Source: ITU-R BS.1770-4: K-weighting, gated blocks of 400 ms that overlap by 75 %, channel weights;
annex 2 for the true peak by oversampling. The weighting filters are pyloudnorm's, which has them
for every sample rate; its own meter takes the whole sound at once and knows no channel names.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, log10

import numpy as np
from numpy.typing import NDArray

_HOPS_PER_BLOCK = 4
_HOP_S = 0.1
_ABSOLUTE_GATE = -70.0
_RELATIVE_GATE = -10.0
_OFFSET = -0.691
_SURROUND = 1.41
_FULL_RATE = 192_000
"""From this sample rate on, samples lie so close that they show the true peak themselves."""
_TAPS_PER_PHASE = 24
_STRETCH = 1024
"""Samples that are looked at between their instants, or passed over, together."""


@dataclass(frozen=True)
class Loudness:
    """What a sound measures."""

    integrated: float | None
    """LUFS; None for sound that is silent or shorter than 0.4 s."""
    true_peak: float
    """dBTP; minus infinity for silence."""


class LoudnessMeter:
    """Measures blocks of (channels, N) float32 at full scale 1.0."""

    def __init__(self, sample_rate: int, channels: int, layout: str | None = None) -> None:
        """``layout`` is FFmpeg's name; it tells which channels are surrounds or LFE."""
        import pyloudnorm

        self._rate = sample_rate
        stages = pyloudnorm.Meter(sample_rate)._filters.values()
        self._filters = [(stage.b, stage.a) for stage in stages]
        self._states = [np.zeros((channels, max(len(b), len(a)) - 1)) for b, a in self._filters]
        self._weights = channel_weights(channels, layout)
        self._peak = _TruePeak(sample_rate, channels)
        self._at = 0
        self._hop = 0.0
        """Weighted energy of the hop that is being filled."""
        self._hops: list[float] = []

    def add(self, block: NDArray[np.float32]) -> None:
        """Measure the next samples."""
        from scipy.signal import lfilter

        if block.shape[1] == 0:
            return
        self._peak.take(block)
        weighted = block.astype(np.float64)
        for number, (b, a) in enumerate(self._filters):
            weighted, self._states[number] = lfilter(b, a, weighted, zi=self._states[number])
        energy = self._weights @ np.square(weighted)
        begin = 0
        while True:
            bound = self._bound(len(self._hops) + 1) - self._at
            self._hop += float(energy[begin : max(begin, bound)].sum())
            if bound > len(energy):
                break
            self._hops.append(self._hop)
            self._hop, begin = 0.0, bound
        self._at += len(energy)

    def result(self) -> Loudness:
        """What all samples so far measure."""
        return Loudness(self._integrated(), _decibels(self._peak.ended()))

    def _bound(self, hop: int) -> int:
        return int(round(hop * _HOP_S * self._rate, 6))

    def _integrated(self) -> float | None:
        count = len(self._hops) - _HOPS_PER_BLOCK + 1
        if count < 1:
            return None
        sums = np.concatenate([[0.0], np.cumsum(self._hops)])
        energy = (sums[_HOPS_PER_BLOCK:] - sums[:-_HOPS_PER_BLOCK]) / (
            _HOPS_PER_BLOCK * _HOP_S * self._rate
        )
        # Differences of sums may be a rounding below zero in silence.
        blocks = np.maximum(energy, 0.0)
        loud = blocks[blocks > 10 ** ((_ABSOLUTE_GATE - _OFFSET) / 10)]
        if not len(loud):
            return None
        gate = loud.mean() * 10 ** (_RELATIVE_GATE / 10)
        return float(_OFFSET + 10 * np.log10(loud[loud > gate].mean()))


class _TruePeak:
    """Largest magnitude between the samples, by a low-pass at four times the rate."""

    def __init__(self, sample_rate: int, channels: int) -> None:
        from scipy.signal import firwin

        self._factor = 4 if sample_rate < _FULL_RATE / 2 else 2 if sample_rate < _FULL_RATE else 1
        length = self._factor * _TAPS_PER_PHASE + 1
        self._taps = (
            self._factor * firwin(length, 1 / self._factor, window=("kaiser", 8.0))
            if self._factor > 1
            else np.ones(1)
        )
        phases = [self._taps[phase :: self._factor] for phase in range(self._factor)]
        self._most = 1.001 * max(float(np.abs(taps).sum()) for taps in phases)
        """No dense sample is larger than this many times the samples it is made of."""
        self._past = np.zeros((channels, _TAPS_PER_PHASE), np.float32)
        self.value = 0.0

    def take(self, block: NDArray[np.float32]) -> None:
        self.value = max(self.value, float(np.abs(block).max()))
        self._look_between(block)

    def ended(self) -> float:
        """The largest value, should the sound end here."""
        past, value = self._past, self.value
        self._look_between(np.zeros_like(past))
        peak, self._past, self.value = self.value, past, value
        return peak

    def _look_between(self, block: NDArray[np.float32]) -> None:
        """Take the dense samples that ``block`` is the newest part of, loud stretches first.

        The filter can raise a peak only so far: stretches too quiet to pass what is known already
        are left out, nine tenths of a voice.
        """
        sound = np.concatenate([self._past, block], axis=1)
        self._past = sound[:, -_TAPS_PER_PHASE:].copy()
        if self._factor == 1:
            return
        starts = range(0, block.shape[1], _STRETCH)
        stretches = [sound[:, at : at + _STRETCH + _TAPS_PER_PHASE] for at in starts]
        loudest = [float(np.abs(stretch).max()) for stretch in stretches]
        for number in np.argsort(loudest)[::-1]:
            if self._most * loudest[number] <= self.value:
                return
            self.value = max(self.value, self._between(stretches[number]))

    def _between(self, sound: NDArray[np.float32]) -> float:
        """Largest dense sample from the end of the first taps' length on."""
        from scipy.signal import upfirdn

        dense = upfirdn(self._taps, sound, up=self._factor, axis=1)
        known = slice(self._factor * _TAPS_PER_PHASE, self._factor * sound.shape[1])
        return float(np.abs(dense[:, known]).max())


def gain_for(measured: Loudness, target: float | None, ceiling: float | None) -> float:
    """Decibels that bring a sound to ``target`` LUFS without its true peak passing ``ceiling``.

    None = no such demand; sound without a measurable loudness is not made louder.
    """
    gain = 0.0
    if target is not None and measured.integrated is not None:
        gain = target - measured.integrated
    if ceiling is not None:
        gain = min(gain, ceiling - measured.true_peak)
    return gain


def channel_weights(channels: int, layout: str | None) -> NDArray[np.float64]:
    """Weights of BS.1770-4: 1.41 for surrounds, 0 for LFE, 1 for all others."""
    import av
    import av.error

    names: list[str] = []
    if layout:
        try:
            names = [channel.name for channel in av.AudioLayout(layout).channels]
        except (ValueError, av.error.FFmpegError):
            names = []
    if len(names) != channels:
        return np.ones(channels)
    surround = {"SL", "SR", "BL", "BR"}
    return np.array([0.0 if "LFE" in n else _SURROUND if n in surround else 1.0 for n in names])


def _decibels(value: float) -> float:
    return 20 * log10(value) if value > 0 else -inf
