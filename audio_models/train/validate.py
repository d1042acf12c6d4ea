"""Scores on held-out people: SI-SDR improvement under the better order of the two voices."""

from __future__ import annotations

import itertools
from collections import defaultdict

import numpy as np
import torch
from numpy.typing import NDArray

from audio_models.base import HOP, N_FFT
from audio_models.separator_base import Separator
from audio_models.train.mixer import Example

VALIDATION_COUNTS = {
    "two voices": 40,
    "two voices + music": 24,
    "voice + music": 24,
    "voice": 6,
    "music": 6,
}
_LONGEST_BATCH = 8


def si_sdr(reference: NDArray[np.float32], estimate: NDArray[np.float32]) -> float:
    """Scale-invariant SDR in dB of Le Roux et al. 2019 for two signals (N,), means removed."""
    r = reference.astype(np.float64) - reference.mean()
    e = estimate.astype(np.float64) - estimate.mean()
    projection = (e @ r) / (r @ r + 1e-12) * r
    residual = e - projection
    return float(10 * np.log10((projection @ projection + 1e-12) / (residual @ residual + 1e-12)))


@torch.inference_mode()
def separate_signals(model: Separator, mixtures: torch.Tensor) -> torch.Tensor:
    """(B, N) mixtures at 16384 Hz -> (B, 3, N) voice, voice, rest."""
    window = torch.hann_window(N_FFT, device=mixtures.device)
    spectra = torch.stft(mixtures, N_FFT, HOP, window=window, return_complex=True)
    with torch.autocast(mixtures.device.type, torch.bfloat16):
        masks = model(spectra)
    parts = (masks * spectra[:, None]).flatten(0, 1)
    sounds = torch.istft(parts, N_FFT, HOP, window=window, length=mixtures.shape[-1])
    return sounds.view(*masks.shape[:2], -1)


def score_examples(model: Separator, examples: list[tuple[str, Example]]) -> dict[str, float]:
    """Mean scores by kind.

    For mixtures with a voice: SI-SDR improvement of the present voices in dB; for a voice alone its
    SI-SDR. For music alone: level of the two voice outputs together against the mixture in dB.
    `imbalance`: share of the two-voice mixtures in which one output holds over 95 % of the voices'
    energy (it should be near 0).
    """
    device = next(model.parameters()).device
    scores: dict[str, list[float]] = defaultdict(list)
    lopsided: list[float] = []
    for first in range(0, len(examples), _LONGEST_BATCH):
        part = examples[first : first + _LONGEST_BATCH]
        mixtures = torch.from_numpy(np.stack([e.mixture for _, e in part])).to(device)
        estimates = separate_signals(model, mixtures).cpu().numpy()
        for (kind, example), estimate in zip(part, estimates, strict=True):
            present = [i for i in range(2) if np.abs(example.voices[i]).max() > 0]
            energy = (estimate[:2] ** 2).sum(axis=1)
            if not present:
                mix_energy = float((example.mixture**2).sum())
                scores[kind].append(10 * np.log10(float(energy.sum()) / mix_energy + 1e-9))
                continue
            best = max(
                np.mean([si_sdr(example.voices[i], estimate[order[i]]) for i in present])
                for order in itertools.permutations(range(2))
            )
            start = 0.0
            if kind != "voice":
                start = float(
                    np.mean([si_sdr(example.voices[i], example.mixture) for i in present])
                )
            scores[kind].append(float(best - start))
            if kind == "two voices":
                lopsided.append(float(energy.max() > 0.95 * energy.sum()))
    means = {kind: float(np.mean(values)) for kind, values in scores.items()}
    return means | {"imbalance": float(np.mean(lopsided)) if lopsided else 0.0}
