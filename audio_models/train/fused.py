"""Trains `FusedYNet` on what the separator makes of random mixtures, with mouths heard from voices.

Every voice is a target. Its mouth is what the lip model expects of the clean voice, disturbed as
real faces are: drift, movement of other origin, components that say nothing, up to two frames too
late, not seen at all. Whose voice is whose is given rightly, doubtfully or wrongly, and for a
stretch the voices may be exchanged, as a separator does after a pause, so that the network learns
when to move a mask towards the mouth. The masks of both people are trained as they
are used, jointly.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from audio_models.base import FACE_FPS, HOP
from audio_models.fused import FusedConfig, FusedYNet, jointly, mouth_track, save_fused
from audio_models.lips import LipRegressor
from audio_models.losses import soft_snr_db
from audio_models.separator_base import Separator
from audio_models.stft import stft
from audio_models.train.budget import Budget, Clock
from audio_models.train.material import SAMPLE_RATE, Pack
from audio_models.train.mixer import KINDS, Mixer

FRAMES = 192
BATCH = 6
_KIND_SHARES = (0.45, 0.35, 0.20, 0.0, 0.0)
_RATE = 1e-3
_WARM_UP = 100
_EMA = 0.995
_RIGHT, _DOUBTFUL = 0.7, 0.2
"""Shares of examples whose owners are told rightly and doubtfully; the others are exchanged."""
_EXCHANGED = 0.35
"""Share of examples with a stretch in which the two voices are exchanged."""
_STRETCH_FRAMES = (20, 100)
_UNSEEN = 0.1
_ONE_FACE = 0.4
"""Share of two-voice mixtures in which only one person is seen."""
_MOST_LATE = 2
_REPORT_EVERY = 100
_VALIDATION_BATCHES = 12


@dataclass(frozen=True)
class FusedFigures:
    """What the network gives on held-out people, with mouths as in training."""

    before: float
    """Loss of the masks it is given, in dB."""
    after: float
    """Loss of its own."""
    steps: int
    seconds: float


@dataclass(frozen=True)
class FusedBatch:
    """F people of one kind of mixture, flattened over the batch: B = mixtures x F."""

    spectrum: Tensor
    """(B, 512, T) complex mixture."""
    voice: Tensor
    """(B, 512, T) complex spectrum of the person's voice."""
    own: Tensor
    """(B, 512, T) the mask before."""
    rest: Tensor
    mouth: Tensor
    """(B, components, K)."""
    faces: int


class FusedBatches:
    """Draws batches; all mixtures of one have the same number of visible people."""

    def __init__(
        self, mixer: Mixer, separator: Separator, lips: LipRegressor, seed: int, batch: int = BATCH
    ) -> None:
        self._mixer, self._separator, self._lips = mixer, separator, lips
        self._rng = np.random.default_rng(seed)
        self._batch = batch

    @torch.no_grad()
    def next(self) -> FusedBatch:
        """The next batch."""
        rng = self._rng
        kind = KINDS[rng.choice(len(KINDS), p=_KIND_SHARES)]
        two = kind.startswith("two voices")
        faces = 2 if two and rng.random() >= _ONE_FACE else 1
        examples = [self._mixer.example_of(kind, rng) for _ in range(self._batch)]
        voices = torch.from_numpy(np.stack([_present_first(e.voices) for e in examples]))
        mixture = stft(torch.from_numpy(np.stack([e.mixture for e in examples])))
        truth = stft(voices)
        with torch.autocast("cpu", torch.bfloat16):
            split = self._separator(mixture)
        split = _as_in_truth(split, truth, mixture)
        weights = torch.from_numpy(np.stack([_owners(rng) for _ in examples]))[:, :faces]
        own = torch.einsum("bfj,bjnt->bfnt", weights, _exchanged(split[:, :2], rng))
        frames = round((FRAMES - 1) * HOP * FACE_FPS / SAMPLE_RATE)
        power = truth[:, :faces].abs().square().flatten(0, 1)
        mouths = self._lips.mouth_from_sound(power, frames).numpy()
        seen = mouth_track(torch.from_numpy(np.stack([disturbed(m, rng) for m in mouths])))
        dark = torch.from_numpy(rng.random(len(seen)) < _UNSEEN)
        return FusedBatch(
            mixture[:, None].expand(-1, faces, -1, -1).flatten(0, 1),
            truth[:, :faces].flatten(0, 1),
            own.flatten(0, 1),
            split[:, 2:].expand(-1, faces, -1, -1).flatten(0, 1),
            seen * ~dark[:, None, None],
            faces,
        )


def disturbed(mouth: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    """A mouth heard from a voice (components, K) as a face might show it, same shape."""
    components, frames = mouth.shape
    late = int(rng.integers(-1, _MOST_LATE + 1))
    mouth = np.roll(mouth, late, axis=1)
    mouth = mouth * rng.uniform(0.35, 1.4, (components, 1))
    size = float(np.sqrt(np.mean(mouth**2))) + 1e-3
    drift = np.cumsum(rng.standard_normal((components, frames)), axis=1)
    drift -= drift.mean(axis=1, keepdims=True)
    drift /= np.sqrt(np.mean(drift**2)) + 1e-6
    kernel = np.hanning(7) / np.hanning(7).sum()
    loose = rng.standard_normal((components, frames + 6))
    loose = np.stack([np.convolve(row, kernel, "valid") for row in loose])
    loose /= np.sqrt(np.mean(loose**2))
    jitter = rng.standard_normal((components, frames))
    return np.asarray(
        mouth
        + size * rng.uniform(0.0, 1.2) * drift
        + size * rng.uniform(0.3, 1.3) * loose
        + size * rng.uniform(0.0, 0.3) * jitter,
        np.float32,
    )


def _present_first(voices: NDArray[np.float32]) -> NDArray[np.float32]:
    return voices if np.abs(voices[0]).max() > 0 else voices[::-1].copy()


def _as_in_truth(split: Tensor, truth: Tensor, mixture: Tensor) -> Tensor:
    """(B, 3, 512, T) masks with the two voices in the order of (B, 2, 512, T) true ones."""
    voices = split[:, :2] * mixture[:, None]
    error = (voices[:, :, None] - truth[:, None]).abs().square().sum((3, 4))
    crossed = error[:, 0, 1] + error[:, 1, 0] < error[:, 0, 0] + error[:, 1, 1]
    order = torch.where(crossed[:, None], torch.tensor([1, 0, 2]), torch.tensor([0, 1, 2]))
    return split[torch.arange(len(split))[:, None], order]


def _exchanged(voices: Tensor, rng: np.random.Generator) -> Tensor:
    """(B, 2, 512, T) masks, in some of them a stretch in the other order."""
    voices = voices.clone()
    for pair in voices:
        if rng.random() < _EXCHANGED:
            frames = pair.shape[-1]
            length = min(frames, int(rng.integers(*_STRETCH_FRAMES)))
            first = int(rng.integers(frames - length + 1))
            part = slice(first, first + length)
            pair[..., part] = pair[..., part].flip(0)
    return voices


def _owners(rng: np.random.Generator) -> NDArray[np.float32]:
    """(2, 2) shares of two people in two voices: right, doubtful or wrong."""
    draw = rng.random()
    if draw < _RIGHT:
        share = rng.uniform(0.9, 1.0)
    elif draw < _RIGHT + _DOUBTFUL:
        share = rng.uniform(0.3, 0.7)
    else:
        share = rng.uniform(0.0, 0.1)
    return np.array([[share, 1.0 - share], [1.0 - share, share]], np.float32)


def mask_loss(mask: Tensor, batch: FusedBatch) -> Tensor:
    """Mean softened error-to-voice ratio of masks (B, 512, T), dB."""
    mixture = batch.spectrum.abs().square().sum((1, 2))
    error = (mask * batch.spectrum - batch.voice).abs().square().sum((1, 2))
    target = batch.voice.abs().square().sum((1, 2))
    return soft_snr_db(error, target, mixture).mean()


def fused_masks(model: FusedYNet, batch: FusedBatch) -> Tensor:
    """(B, 512, T) of the network, people of one mixture jointly."""
    with torch.autocast("cpu", torch.bfloat16):
        masks = model(batch.spectrum, batch.own, batch.rest, batch.mouth)
    return jointly(masks.unflatten(0, (-1, batch.faces))).flatten(0, 1)


def train_fused(
    pack: Pack,
    separator: Separator,
    lips: LipRegressor,
    out: Path,
    budget: str = "25m",
    *,
    config: FusedConfig | None = None,
    seed: int = 6,
    batch: int = BATCH,
    report: Callable[[str], None] = print,
    check: Callable[[], None] = lambda: None,
) -> FusedFigures:
    """Train on the training people of a pack, the separator and the lip model as they are.

    Raises:
        ModelError: ``budget`` is neither a processor time nor a number of steps.
    """
    limit = Budget.parse(budget)
    torch.manual_seed(seed)
    model, average = FusedYNet(config), FusedYNet(config)
    average.load_state_dict(model.state_dict())
    optimiser = torch.optim.AdamW(model.parameters(), _RATE, weight_decay=0.01, betas=(0.9, 0.98))
    samples = (FRAMES - 1) * HOP
    batches = FusedBatches(Mixer(pack, False, samples), separator, lips, seed, batch)
    clock, began, step = Clock(0.0, processor=True), time.monotonic(), 0
    gains: list[float] = []
    while (used := limit.progress(clock.seconds(), step)) < 1.0:
        check()
        for group in optimiser.param_groups:
            decay = 0.5 * (1.0 + np.cos(np.pi * used))
            group["lr"] = _RATE * min(1.0, (step + 1) / _WARM_UP) * decay
        drawn = batches.next()
        model.train()
        loss = mask_loss(fused_masks(model, drawn), drawn)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 5.0)
        optimiser.step()
        step += 1
        _follow(average, model, min(_EMA, step / (step + 10)))
        gains.append(float(mask_loss(drawn.own, drawn)) - float(loss.detach()))
        if step % _REPORT_EVERY == 0:
            report(f"step {step}, {100 * used:.0f} %: {np.mean(gains[-_REPORT_EVERY:]):+.2f} dB")
    held_out = FusedBatches(Mixer(pack, True, samples, 0.25), separator, lips, 3, batch)
    before, after = measure(average.eval(), held_out)
    save_fused(average, out, step=str(step), minutes=f"{clock.seconds() / 60:.1f}")
    return FusedFigures(before, after, step, time.monotonic() - began)


@torch.no_grad()
def measure(model: FusedYNet, batches: FusedBatches) -> tuple[float, float]:
    """Mean loss of the masks before and after on some batches, dB."""
    drawn = [batches.next() for _ in range(_VALIDATION_BATCHES)]
    before = [mask_loss(batch.own, batch) for batch in drawn]
    after = [mask_loss(fused_masks(model, batch), batch) for batch in drawn]
    return float(torch.stack(before).mean()), float(torch.stack(after).mean())


@torch.no_grad()
def _follow(average: nn.Module, model: nn.Module, keep: float) -> None:
    """Move an average of the weights; counters of batch norm are copied."""
    now = model.state_dict()
    for name, value in average.state_dict().items():
        if value.is_floating_point():
            value.lerp_(now[name], 1.0 - keep)
        else:
            value.copy_(now[name])
