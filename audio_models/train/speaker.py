"""Trains the speaker embedding: stretches of one voice in one recording against all other voices.

What holds inside one clip is enough: speed, vocal tract, tone and room are drawn anew for every
voice, so each is a new person, and leaks of another voice or music, as a separator leaves them, are
mixed in. The loss is the symmetric contrastive one of CLIP (Radford et al. 2021) over pairs of
stretches.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from audio_models.speaker import SpeakerConfig, SpeakerEmbedding, audible, save_speaker
from audio_models.stft import stft
from audio_models.train.budget import Budget, Clock
from audio_models.train.material import SAMPLE_RATE, Pack
from audio_models.train.mixer import Mixer

SECONDS = 6
VOICES = 24
"""Voices of one batch."""
STRETCHES = 4
"""Stretches of each voice."""
STRETCH_FRAMES = (24, 80)
"""0.4 to 1.25 s."""
_RATE = 2e-3
_WARM_UP = 50
_LEAK_DB = (-30.0, -5.0)
_MUSIC_DB = (-35.0, -10.0)
_MUSIC_SHARE = 0.4
_VALIDATION_BATCHES = 6
_VALIDATE_EVERY_S = 60.0


@dataclass(frozen=True)
class SpeakerFigures:
    """How well held-out people are told apart."""

    pairs_right: float
    """Share of pairs of voices, a stretch of each at two times, that are matched rightly."""
    same: float
    """Mean cosine of two stretches of one voice."""
    different: float
    """Mean cosine of stretches of two voices."""
    steps: int
    seconds: float


class _Batches:
    """Voices with leaks, and where in each something sounds."""

    def __init__(self, mixer: Mixer, seed: int) -> None:
        self._mixer = mixer
        self._rng = np.random.default_rng(seed)

    def next(self) -> tuple[Tensor, Tensor]:
        """Power spectra (B, 512, T), and weights of frames for stretches (B, STRETCHES, T)."""
        rng = self._rng
        voices = np.stack([self._mixer.voice(rng)[0] for _ in range(VOICES)])
        leaks = 10 ** (rng.uniform(*_LEAK_DB, (VOICES, 1)) / 20) * np.roll(voices, -1, axis=0)
        mixed = voices + leaks
        for row in mixed:
            if rng.random() < _MUSIC_SHARE:
                row += self._mixer.accompaniment(rng) * 10 ** (rng.uniform(*_MUSIC_DB) / 20)
        power = stft(torch.from_numpy(mixed.astype(np.float32))).abs().square()
        energy = stft(torch.from_numpy(voices)).abs().square().sum(1).numpy()
        chosen = np.stack([_stretches(row, rng) for row in energy])
        heard = power.sum(1)
        return power, audible(heard, heard.amax(1, True))[:, None] * torch.from_numpy(chosen)


def _stretches(energy: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Places (STRETCHES, T) in different parts of a voice in which it mostly sounds."""
    frames = len(energy)
    length = int(rng.integers(*STRETCH_FRAMES))
    sounds = np.concatenate([[0], np.cumsum(energy > 1e-3 * energy.max())])
    share = (sounds[length:] - sounds[:-length]) / length
    usable = np.flatnonzero(share > 0.4)
    if len(usable) == 0:
        usable = np.arange(len(share))
    chosen = np.zeros((STRETCHES, frames), np.float32)
    for row, part in zip(chosen, np.array_split(usable, STRETCHES), strict=True):
        first = int(rng.choice(part if len(part) else usable))
        row[first : first + length] = 1.0
    rng.shuffle(chosen)
    return chosen


def train_speaker(
    pack: Pack,
    out: Path,
    budget: str = "15m",
    *,
    config: SpeakerConfig | None = None,
    seed: int = 5,
    report: Callable[[str], None] = print,
    check: Callable[[], None] = lambda: None,
) -> SpeakerFigures:
    """Train an embedding on the training people of a pack and write it to ``out``.

    Raises:
        ModelError: ``budget`` is neither a processor time nor a number of steps.
    """
    limit = Budget.parse(budget)
    torch.manual_seed(seed)
    model = SpeakerEmbedding(config)
    sharpness = nn.Parameter(torch.tensor(2.3))
    optimiser = torch.optim.AdamW([*model.parameters(), sharpness], _RATE, weight_decay=0.02)
    batches = _Batches(Mixer(pack, False, SECONDS * SAMPLE_RATE), seed)
    clock, told, step = Clock(0.0, processor=True), 0.0, 0
    began = time.monotonic()
    while (used := limit.progress(clock.seconds(), step)) < 1.0:
        check()
        for group in optimiser.param_groups:
            decay = 0.5 * (1.0 + np.cos(np.pi * used))
            group["lr"] = _RATE * min(1.0, (step + 1) / _WARM_UP) * decay
        power, weight = batches.next()
        embedded = model(power, weight)
        loss = contrast(embedded, sharpness.exp())
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        step += 1
        if time.monotonic() - told > _VALIDATE_EVERY_S:
            told = time.monotonic()
            figures = measure(model, Mixer(pack, True, SECONDS * SAMPLE_RATE, 0.25))
            report(
                f"step {step}, {100 * used:.0f} %: loss {float(loss.detach()):.2f}, "
                f"{100 * figures[0]:.1f} % of held-out pairs right"
            )
    figures = measure(model, Mixer(pack, True, SECONDS * SAMPLE_RATE, 0.25))
    save_speaker(model, out, step=str(step))
    return SpeakerFigures(*figures, steps=step, seconds=time.monotonic() - began)


def contrast(embedded: Tensor, sharpness: Tensor) -> Tensor:
    """Contrastive loss of (B, K, size): every two stretches of a voice find each other."""
    right = torch.arange(len(embedded))
    losses = []
    for first, second in itertools.combinations(range(embedded.shape[1]), 2):
        logits = sharpness * (embedded[:, first] @ embedded[:, second].T)
        losses += [F.cross_entropy(logits, right), F.cross_entropy(logits.T, right)]
    return torch.stack(losses).mean()


@torch.no_grad()
def measure(model: SpeakerEmbedding, mixer: Mixer) -> tuple[float, float, float]:
    """Share of pairs matched rightly, mean cosine of the same and of different voices."""
    batches = _Batches(mixer, 3)
    right, same, different = [], [], []
    for _ in range(_VALIDATION_BATCHES):
        embedded = model(*batches.next())
        cosine = embedded[:, 0] @ embedded[:, 1].T
        own = cosine.diag()
        # Against a voice that leaks into neither of the two.
        other = torch.arange(VOICES).roll(-5)
        crossed = cosine[torch.arange(VOICES), other] + cosine[other, torch.arange(VOICES)]
        right.append((own + own[other] > crossed).float().mean())
        same.append(own.mean())
        different.append(0.5 * crossed.mean())
    return tuple(float(torch.stack(values).mean()) for values in (right, same, different))  # type: ignore[return-value]
