"""Learning a clip's own voices: the separator, fine-tuned for a minute on who is heard in the clip.

A network that must tell any two strangers apart has half of its difficulty in not knowing them.
Once every person has been heard alone for some seconds, those stretches are mixed with each other
anew and a copy of the separator learns exactly these voices, each in an output of its own. That
also settles whose voice is whose, for the whole clip and without lips.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from audio_models.base import HOP, SAMPLE_RATE
from audio_models.losses import soft_snr_db, spectrum_of
from audio_models.separator_base import Separator
from audio_models.train import augment

Signal = NDArray[np.float32]
Report = Callable[[int, int], None]

LEAST_SECONDS = 2.5
"""Of a person alone, below which their voice cannot be learnt."""
_SPEED = 0.08
_GAIN_DB = 5.0
_TONE_DB = 3.0
_ALONE = 0.1
"""Share of the mixtures in which one of the two is silent."""


@dataclass(frozen=True)
class Enrolment:
    """What was heard of two voices, each alone, and of neither; mono at 16384 Hz.

    The second "voice" may be several people: everyone the first is to be told from.
    """

    voices: tuple[Sequence[Signal], Sequence[Signal]]
    background: Sequence[Signal] = ()

    def seconds(self) -> tuple[float, float]:
        """Length of what was heard of each."""
        first, second = (sum(len(part) for part in parts) / SAMPLE_RATE for parts in self.voices)
        return first, second

    def level(self) -> float:
        """RMS of all voices together."""
        sounds = np.concatenate([part for parts in self.voices for part in parts])
        return max(1e-5, float(np.sqrt(np.mean(sounds**2))))


@dataclass(frozen=True)
class AdaptOptions:
    """How long and how fast to learn."""

    steps: int = 100
    batch: int = 8
    seconds: float = 2.0
    rate: float = 3e-4
    bf16: bool = True
    seed: int = 1


def adapt(
    separator: Separator,
    enrolment: Enrolment,
    options: AdaptOptions | None = None,
    *,
    report: Report | None = None,
    check: Callable[[], None] = lambda: None,
) -> Separator:
    """A copy of the separator whose output k is voice k of the enrolment.

    Args:
        report: told the steps done and in all.
        check: called before every step; raises to cancel.

    Raises:
        ValueError: one of the voices was heard for less than `LEAST_SECONDS`.
    """
    options = options or AdaptOptions()
    if min(enrolment.seconds()) < LEAST_SECONDS:
        raise ValueError("each voice must be heard alone for a few seconds")
    rng = np.random.default_rng(options.seed)
    samples = int(options.seconds * SAMPLE_RATE) // HOP * HOP
    device = next(separator.parameters()).device
    model = copy.deepcopy(separator.learner()).train()
    average = copy.deepcopy(separator.learner())
    optimiser = torch.optim.AdamW(
        model.parameters(), lr=options.rate, betas=(0.9, 0.98), weight_decay=0.01
    )
    for step in range(options.steps):
        check()
        batch = [_mixture(enrolment, samples, rng) for _ in range(options.batch)]
        mixtures, voices = (np.stack(parts) for parts in zip(*batch, strict=True))
        sounds = torch.from_numpy(mixtures).to(device), torch.from_numpy(voices).to(device)
        loss = _loss(model, *sounds, options.bf16)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 5.0)
        for group in optimiser.param_groups:
            group["lr"] = options.rate * _schedule(step, options.steps)
        optimiser.step()
        weight = 1.0 / min(step + 1, max(2, options.steps // 4))
        with torch.no_grad():
            torch._foreach_lerp_(list(average.parameters()), list(model.parameters()), weight)
        if report is not None:
            report(step + 1, options.steps)
    return separator.taught(average).eval()


def _schedule(step: int, steps: int) -> float:
    """Short warm-up, then half a cosine."""
    warm = min(1.0, (step + 1) / max(1, steps // 10))
    return warm * (0.05 + 0.95 * 0.5 * (1 + math.cos(math.pi * step / steps)))


def _loss(model: Separator, mixtures: Tensor, voices: Tensor, bf16: bool) -> Tensor:
    """Mean over the batch of the softened error-to-target ratio of both voices, dB."""
    spectra = spectrum_of(torch.cat([mixtures[:, None], voices], 1)).transpose(2, 3)
    mixture = spectra[:, 0].contiguous()
    with torch.autocast(mixtures.device.type, torch.bfloat16, enabled=bf16):
        masks = model.frame_masks(mixture)[:, :, :2]
    heard = torch.view_as_real(mixture)
    truth = torch.view_as_real(spectra[:, 1:])
    mix_energy = heard.square().sum((1, 2, 3))
    losses = []
    for number in range(2):
        error = (masks[:, :, number, :, None] * heard - truth[:, number]).square().sum((1, 2, 3))
        energy = truth[:, number].square().sum((1, 2, 3))
        losses.append(soft_snr_db(error, energy, mix_energy))
    return torch.stack(losses).mean()


def _mixture(enrolment: Enrolment, samples: int, rng: np.random.Generator) -> tuple[Signal, Signal]:
    """A new mixture (N,) and its two voices (2, N), about RMS 1 each."""
    voices = np.stack([_draw(parts, samples, rng) for parts in enrolment.voices])
    background = np.zeros(samples, np.float32)
    if enrolment.background and rng.random() < 0.7:
        background = _draw(enrolment.background, samples, rng, voice=False) / enrolment.level()
    alone = rng.random()
    if alone < 2 * _ALONE:
        voices[int(alone < _ALONE)] = 0.0
    voices *= 10 ** (rng.uniform(-_GAIN_DB, _GAIN_DB, (2, 1)) / 20)
    if not background.any() and rng.random() < 0.3:
        level = 10 ** (rng.uniform(-50, -25) / 20)
        background = rng.standard_normal(samples, np.float32) * np.float32(level)
    voices = voices.astype(np.float32)
    return np.asarray(voices.sum(0) + background, np.float32), voices


def _draw(
    parts: Sequence[Signal],
    samples: int,
    rng: np.random.Generator,
    voice: bool = True,
) -> Signal:
    """A random stretch of ``samples``, repeated where there is less; a voice has RMS 1."""
    lengths = np.asarray([len(part) for part in parts], float)
    source = parts[rng.choice(len(parts), p=lengths / lengths.sum())]
    speed = rng.uniform(1 - _SPEED, 1 + _SPEED)
    need = int(samples * speed)
    start = int(rng.integers(max(1, len(source) - need + 1)))
    sound = np.resize(source[start : start + need], need)
    if need != samples:
        sound = augment.change_speed(sound, samples)
    if not voice:
        return np.asarray(sound, np.float32)
    if rng.random() < 0.6:
        sound = augment.filtered(sound, rng, _TONE_DB, False, reverberant=rng.random() < 0.2)
    rms = float(np.sqrt(np.mean(sound**2)))
    return np.asarray(sound / max(rms, 1e-5), np.float32)
