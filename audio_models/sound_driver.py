"""The driver for networks that only hear: any rate and channels in, the voice and the rest out.

The sound goes to the network's rate, window after window on a fixed grid of samples counted from
the start of the stream, and the voice comes back through the same full-band stage as a mask's.
Memory does not depend on the clip's length.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from audio_models.base import AudioSource
from audio_models.device import is_out_of_memory, release_memory
from audio_models.errors import ModelError
from audio_models.fullband import CARRY_BAND_HZ, SoundWindow, full_band, smoothed_share
from audio_models.registry import LoadedModel
from audio_models.sound_network import SoundNetwork
from audio_models.transform import Transform

FloatArray = NDArray[np.float32]
Report = Callable[[float, float], None]

_CONTEXT_S = 1
"""Seconds beyond a block that resampling wants to see."""
_LONGEST_BLOCK_S = 4
_SILENCE = 1e-7
"""Peak below which a window is silent and the network is not asked."""
_CARRY = Transform(1024, 256)
_CARRY_BAND = tuple(hz / 8192 for hz in CARRY_BAND_HZ)
"""Part of the band that the network and the source share which decides about all above it."""
_FLOOR = 1e-12


@dataclass(frozen=True)
class SoundBlock:
    """A stretch of the result; ``voice`` + ``rest`` is the original."""

    start: int
    voice: FloatArray
    """(C, N)."""
    rest: FloatArray
    """(C, N)."""


class SoundJob:
    """One separation."""

    def __init__(
        self,
        model: LoadedModel,
        network: SoundNetwork,
        audio: AudioSource,
        span: tuple[int, int],
        bf16: bool,
        check: Callable[[], None],
    ) -> None:
        self._model, self._network, self._bf16, self._check = model, network, bf16, check
        self._start, self._stop = span
        self._rate, self._model_rate = audio.sample_rate, network.sample_rate
        self._position = self._start // self._rate
        self._end = -(-self._stop // self._rate)
        window = network.window
        first = (self._position - _CONTEXT_S) * self._model_rate
        self._number = (first - window.fade) // window.step
        begin = (self._number * window.step - window.margin) // self._model_rate
        self._sound = SoundWindow(audio, begin, self._model_rate)
        self._groups = channel_groups(self._sound.heard, network.channels)
        self._voice = np.zeros((audio.channels, 0), np.float32)
        self._base = self._number * window.step
        """Sample of the stream, at the network's rate, that ``_voice`` begins with."""

    def blocks(self, report: Report | None) -> Iterator[SoundBlock]:
        """The voice and the rest, without a gap."""
        window, total = self._network.window, (self._stop - self._start) / self._rate
        while self._position < self._end:
            self._check()
            self._add_window()
            # The last samples of a window may still fade into the next one.
            final = self._number * window.step // self._model_rate - _CONTEXT_S
            until = min(self._end, final)
            while self._position < until:
                self._check()
                stop = min(until, self._position + _LONGEST_BLOCK_S)
                self._sound.extend(stop + 2 * _CONTEXT_S, self._check)
                yield self._block(self._position, stop)
                self._position = stop
                if report is not None:
                    done = min(self._stop, stop * self._rate) - self._start
                    report(done / self._rate, total)
            self._forget()

    def _add_window(self) -> None:
        """Ask the network about the next window and fade its voice into what is known."""
        window = self._network.window
        start = self._number * window.step
        first = start - window.margin
        self._sound.extend(-(-(first + window.input) // self._model_rate), self._check)
        voice = self._ask(self._sound.model_samples(first, first + window.input))
        shared = self._voice.shape[1] - (start - self._base)
        if shared > 0:
            rise = np.sin(0.5 * np.pi * (np.arange(shared) + 0.5) / shared).astype(np.float32) ** 2
            known = self._voice[:, -shared:]
            voice[:, :shared] = known + rise * (voice[:, :shared] - known)
            self._voice = self._voice[:, :-shared]
        self._voice = np.concatenate([self._voice, voice], 1)
        self._number += 1

    def _ask(self, mixture: FloatArray) -> FloatArray:
        """(C, window.input) -> (C, window.output) voice; silence for channels no group holds."""
        window = self._network.window
        voice = np.zeros((mixture.shape[0], window.output), np.float32)
        if np.abs(mixture).max(initial=0.0) < _SILENCE:
            return voice
        batch = torch.from_numpy(np.stack([mixture[list(group)] for group in self._groups]))
        answers = self._run_or_smaller(batch)[..., window.unused : window.unused + window.output]
        for group, answer in zip(self._groups, answers.numpy(), strict=True):
            if len(set(group)) < len(group):
                voice[group[0]] = answer.mean(0)
            else:
                voice[list(group)] = answer
        return np.nan_to_num(voice, posinf=0.0, neginf=0.0)

    def _run_or_smaller(self, batch: torch.Tensor) -> torch.Tensor:
        """All channels at once; when memory runs out, one group after the other."""
        try:
            return self._run(batch)
        except (RuntimeError, MemoryError) as error:
            if not (isinstance(error, MemoryError) or is_out_of_memory(error)):
                raise
        release_memory(self._model.device)
        try:
            return torch.cat([self._run(part) for part in batch.split(1)])
        except (RuntimeError, MemoryError) as error:
            if not (isinstance(error, MemoryError) or is_out_of_memory(error)):
                raise
            raise ModelError(
                "There is not enough memory for this model; close other programs or choose "
                "another model."
            ) from error

    def _run(self, batch: torch.Tensor) -> torch.Tensor:
        """(G, channels, N) -> (G, channels, N') voices on the CPU."""
        self._check()
        device = self._model.device
        with torch.inference_mode(), torch.autocast(device.type, torch.bfloat16, self._bf16):
            answer = self._network(batch.to(device))[:, self._network.voice]
        return answer.to("cpu", torch.float32)

    def _block(self, start: int, stop: int) -> SoundBlock:
        begin, end = start - _CONTEXT_S, stop + _CONTEXT_S
        first = begin * self._model_rate - self._base
        low = self._voice[:, first : first + (end - begin) * self._model_rate]
        mixture, heard = self._sound.model_rate(begin, end), self._sound.heard
        band = min(1.0, self._rate / self._model_rate)
        gain = carry_share(low[heard], mixture[heard], band)
        rates = (self._model_rate, self._model_rate / _CARRY.hop)
        original, voices = full_band(self._sound, low[None], gain[None], rates, start, stop)
        cut = slice(
            max(0, self._start - start * self._rate),
            min(self._stop, stop * self._rate) - start * self._rate,
        )
        voice = np.ascontiguousarray(voices[0, :, cut])
        rest = np.ascontiguousarray(original[:, cut] - voice)
        return SoundBlock(start * self._rate + cut.start, voice, rest)

    def _forget(self) -> None:
        """Drop what no later window or block needs."""
        window = self._network.window
        next_input = (self._number * window.step - window.margin) // self._model_rate
        keep = self._position - _CONTEXT_S
        self._sound.forget_before(min(keep, next_input))
        drop = min(keep * self._model_rate, self._number * window.step) - self._base
        if drop > 0:
            self._voice, self._base = self._voice[:, drop:].copy(), self._base + drop


def channel_groups(heard: list[int], channels: int) -> list[tuple[int, ...]]:
    """Which channels go through the network together.

    A mono network hears each by itself. A stereo network hears the first two as a pair, and every
    further one, or a single one, twice.
    """
    if channels == 1:
        return [(c,) for c in heard]
    if len(heard) < 2:
        return [(c,) * channels for c in heard]
    return [(heard[0], heard[1]), *((c,) * channels for c in heard[2:])]


def carry_share(voice: FloatArray, mixture: FloatArray, band: float = 1.0) -> FloatArray:
    """(T,) part of the mixture's power, high in the network's band, that is the voice's.

    Args:
        voice, mixture: (C, N) at the network's rate.
        band: part of the network's band that the source fills.
    """
    low, high = (round(share * band * _CARRY.bins) for share in _CARRY_BAND)
    spectra = [_CARRY.forward(torch.from_numpy(s))[:, low:high] for s in (voice, mixture)]
    part = (spectra[0] * spectra[1].conj()).real.sum((0, 1))
    whole = spectra[1].abs().square().sum((0, 1)) + _FLOOR
    return smoothed_share(part[None], whole)[0]
