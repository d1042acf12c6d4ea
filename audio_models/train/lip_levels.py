"""Training of the mouth-to-loudness regressor on clips of one filmed person.

Sound is the easy side here and the face the hard one: faces differ in size, pose, habit and in how
well they are followed. So it is the mouth tracks that are changed for every example, strongly.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from audio_models.lips import LipRegressor, band_levels
from audio_models.stft import stft

if TYPE_CHECKING:
    from audio_models.train.lips import TalkingClip

_FRAMES = 64
_BATCH = 24
_JITTER = 2


class _Examples:
    """Draws mouth tracks as other faces might show them, with the levels of the voice."""

    def __init__(self, clips: Sequence[TalkingClip], model: LipRegressor, seed: int) -> None:
        self._random = np.random.default_rng(seed)
        self._mouths, self._levels = [], []
        bands = model.config.level_bands
        for clip in clips:
            mouth = model.mouth_from_face(torch.from_numpy(clip.landmarks))
            if mouth.shape[-1] >= _FRAMES + 2 * _JITTER:
                power = stft(torch.from_numpy(clip.sound)).abs().square()
                self._mouths.append(mouth - mouth.median(-1, keepdim=True).values)
                self._levels.append(band_levels(power, bands, mouth.shape[-1]))

    def batch(self) -> tuple[Tensor, Tensor]:
        """(B, components, 64) and (B, level_bands, 64)."""
        pairs = [self._example() for _ in range(_BATCH)]
        return torch.stack([p[0] for p in pairs]), torch.stack([p[1] for p in pairs])

    def _example(self) -> tuple[Tensor, Tensor]:
        draw = self._random
        index, other = draw.integers(len(self._mouths), size=2)
        mouth, levels = self._mouths[index], self._levels[index]
        first = int(draw.integers(_JITTER, mouth.shape[-1] - _FRAMES - _JITTER + 1))
        late = first + int(draw.integers(-_JITTER, _JITTER + 1))
        track = mouth[:, late : late + _FRAMES]
        track = track + float(draw.uniform(0.0, 0.8)) * self._mouths[other][:, :_FRAMES]
        return self._other_face(track), levels[:, first : first + _FRAMES]

    def _other_face(self, track: Tensor) -> Tensor:
        """Another person's habits and pose: gains, leaks between components, offsets, drift."""
        count = track.shape[0]
        habit = torch.diag(self._normal(count, scale=0.35).exp())
        leaks = torch.eye(count) + self._normal(count, count, scale=0.12)
        time = torch.linspace(-1.0, 1.0, _FRAMES)
        swing = torch.sin(3.0 * time + float(self._random.uniform(0.0, 6.28)))
        place, slope, sway = (self._normal(count, 1, scale=0.5) for _ in range(3))
        return leaks @ habit @ track + place + slope * time + sway * swing

    def _normal(self, *shape: int, scale: float) -> Tensor:
        return torch.from_numpy(self._random.normal(0.0, scale, shape).astype(np.float32))


def train_levels(
    model: LipRegressor,
    clips: Sequence[TalkingClip],
    *,
    steps: int,
    seed: int,
    check: Callable[[], None] = lambda: None,
) -> float:
    """Train ``model.levels``; its components must be set. Returns the mean error at the end."""
    torch.manual_seed(seed)
    examples = _Examples(clips, model, seed)
    net = model.levels
    optimiser = torch.optim.AdamW(net.parameters(), 2e-3, weight_decay=0.02)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 2e-3, steps)
    running = 0.0
    for step in range(steps):
        check()
        mouth, levels = examples.batch()
        loss = (net(mouth) - levels).abs().mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        running += (1.0 if step == 0 else 0.02) * (float(loss.detach()) - running)
    return running


@torch.no_grad()
def level_correlation(model: LipRegressor, clips: Sequence[TalkingClip]) -> float:
    """Mean correlation over clips of expected and real loudness, averaged over bands."""
    found = []
    for clip in clips:
        mouth = model.mouth_from_face(torch.from_numpy(clip.landmarks))
        power = stft(torch.from_numpy(clip.sound)).abs().square()
        real = band_levels(power, model.config.level_bands, mouth.shape[-1]).mean(0)
        told = model.levels_from_mouth(mouth[None])[0].mean(0)
        found.append(float(torch.corrcoef(torch.stack([real, told]))[0, 1]))
    return float(np.mean(found))
