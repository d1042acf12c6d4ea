"""Training of the lip model on clips of one filmed person: mouth from sound, then the reverse.

One person's face is enough to learn how a mouth follows sound, but his voice is not: pitch,
formants, microphone, room and pace are drawn anew for every example.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from audio_models.base import BINS, FACE_FPS, HOP, SAMPLE_RATE
from audio_models.errors import ModelError
from audio_models.lips import (
    FEATURE_RATE,
    MOUTH_POINTS,
    LipConfig,
    LipRegressor,
    at_rate,
    high_pass,
    mel_bands,
    normalise_mel,
)
from audio_models.stft import stft
from audio_models.train.lip_levels import level_correlation, train_levels

HELD_OUT_EVERY = 12
"""Each so many-th clip is kept from training and measured."""
_FRAMES = 100
_BATCH = 16
_WARPS = 0.8, 1.25
_PACES = 0.85, 1.2


@dataclass(frozen=True)
class TalkingClip:
    """One filmed utterance: registered landmarks and sound from the same first instant."""

    landmarks: NDArray[np.float32]
    """(T, 68, 2) pixels of the 96 x 128 face image at 25 frames per second."""
    sound: NDArray[np.float32]
    """(S,) mono at 16384 Hz."""
    mouth: NDArray[np.uint8] | None = None
    """(T, 40, 60, 3) RGB mouths out of the face images, for models that look at the picture."""


@dataclass(frozen=True)
class LipFigures:
    """Correlation of predicted and real mouth tracks on held-out clips."""

    components: tuple[float, ...]
    high_passed: tuple[float, ...]
    loudness: float
    """Of the loudness that the mouth lets expect and the voice's, over bands and clips."""
    seconds: float
    """Training time."""


def save_clips(clips: Sequence[TalkingClip], path: Path) -> None:
    """Write clips as a compressed npz (16-bit sound)."""
    sound = np.concatenate([c.sound for c in clips])
    mouths = [c.mouth for c in clips if c.mouth is not None]
    np.savez_compressed(
        path,
        **({"mouths": np.concatenate(mouths)} if len(mouths) == len(clips) else {}),
        landmarks=np.concatenate([c.landmarks for c in clips]).astype(np.float32),
        frames=np.array([len(c.landmarks) for c in clips]),
        sound=np.round(np.clip(sound, -1, 1) * 32767).astype(np.int16),
        samples=np.array([len(c.sound) for c in clips]),
    )


def load_clips(path: Path) -> list[TalkingClip]:
    """Read what `save_clips` wrote.

    Raises:
        ModelError: the file is missing or holds something else.
    """
    try:
        with np.load(path, allow_pickle=False) as stored:
            landmarks, frames = stored["landmarks"], stored["frames"]
            sound, samples = stored["sound"], stored["samples"]
            mouths = stored["mouths"] if "mouths" in stored.files else None
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(
            f"{path} holds no landmarks of talking clips; make it with 'train landmarks'."
        ) from error
    faces = np.split(landmarks, np.cumsum(frames)[:-1])
    voices = np.split(sound.astype(np.float32) / 32767, np.cumsum(samples)[:-1])
    pictures: list[NDArray[np.uint8] | None] = [None] * len(faces)
    if mouths is not None:
        pictures = list(np.split(mouths, np.cumsum(frames)[:-1]))
    return [TalkingClip(f, v, m) for f, v, m in zip(faces, voices, pictures, strict=True)]


def fit_components(faces: Sequence[NDArray[np.float32]], count: int) -> tuple[Tensor, Tensor]:
    """Mean shape and whitening basis of mouth movements around each clip's own median.

    Returns:
        (50,) mean over clips of the median shape and (count, 50) basis: a shape minus the mean
        times its transpose gives components of unit variance, strongest first.
    """
    shapes = [f[:, list(MOUTH_POINTS)].reshape(len(f), -1).astype(np.float64) for f in faces]
    medians = np.stack([np.median(s, axis=0) for s in shapes])
    moves = np.concatenate([s - m for s, m in zip(shapes, medians, strict=True)])
    values, vectors = np.linalg.eigh(moves.T @ moves / len(moves))
    strongest = np.argsort(values)[::-1][:count]
    basis = vectors[:, strongest] / np.sqrt(values[strongest])
    # Fix the sign: more positive = lower lip further down.
    down = MOUTH_POINTS.index(57) * 2 + 1
    basis *= np.where(basis[down] < 0, -1.0, 1.0)
    return (
        torch.from_numpy(medians.mean(0).astype(np.float32)),
        torch.from_numpy(basis.T.astype(np.float32).copy()),
    )


class _Examples:
    """Draws augmented batches: two sentences after another, voice and pace changed."""

    def __init__(self, clips: Sequence[TalkingClip], model: LipRegressor, seed: int) -> None:
        self._random = np.random.default_rng(seed)
        self._bands = mel_bands(model.config.bands)
        # Square root of the magnitude in half precision: 190 MB for 50 minutes.
        self._spectra = [stft(torch.from_numpy(c.sound)).abs().sqrt().half() for c in clips]
        self._tracks = []
        for clip in clips:
            track = model.mouth_from_face(torch.from_numpy(clip.landmarks))
            self._tracks.append(track - track.median(-1, keepdim=True).values)

    def batch(self) -> tuple[Tensor, Tensor]:
        """Mel bands (B, bands, 400) and mouth tracks (B, components, 100)."""
        pairs = [self._example() for _ in range(_BATCH)]
        return torch.stack([p[0] for p in pairs]), torch.stack([p[1] for p in pairs])

    def _example(self) -> tuple[Tensor, Tensor]:
        draw = self._random
        warp, pace = (float(np.exp(draw.uniform(*np.log(x)))) for x in (_WARPS, _PACES))
        # Half of the time the voice is changed as by tape speed: pitch follows the pace.
        if draw.random() < 0.5:
            warp = float(np.clip(pace * np.exp(draw.normal(0, 0.05)), *_WARPS))
        sounds, tracks, have = [], [], 0
        while have < _FRAMES:
            index = int(draw.integers(len(self._tracks)))
            frames = int(self._tracks[index].shape[-1] / pace)
            level = 10 ** draw.uniform(-0.6, 0.6)
            sounds.append(level * self._voice(index, warp, pace, frames))
            tracks.append(at_rate(self._tracks[index], FACE_FPS, FACE_FPS / pace, frames))
            have += frames
        offset = int(draw.integers(have - _FRAMES + 1))
        mel = torch.cat(sounds, -1)[:, 4 * offset : 4 * (offset + _FRAMES)]
        track = torch.cat(tracks, -1)[:, offset : offset + _FRAMES]
        return normalise_mel(self._colour(mel)), track

    def _voice(self, index: int, warp: float, pace: float, frames: int) -> Tensor:
        """Mel powers (bands, 4 frames) of one sentence with frequencies times ``warp``."""
        power = self._spectra[index].float().pow(4)
        warped = at_rate(self._bands, warp, 1.0, BINS) if warp != 1.0 else self._bands
        mel = warped @ power
        return at_rate(mel, SAMPLE_RATE / HOP, FEATURE_RATE / pace, 4 * frames)

    def _colour(self, mel: Tensor) -> Tensor:
        """Microphone, room and noise on mel powers (bands, T)."""
        draw = self._random
        bands = mel.shape[0]
        knots = torch.from_numpy(draw.normal(0, 4, 6).astype(np.float32))
        gain = at_rate(knots[None], 5 / (bands - 1), 1.0, bands)[0]
        mel = mel * 10 ** (gain[:, None] / 10)
        if draw.random() < 0.5:
            decay = float(np.log(1e6) / (draw.uniform(0.1, 0.7) * FEATURE_RATE))
            length = 40
            tail = torch.exp(-decay * torch.arange(length, dtype=torch.float32))
            tail[1:] *= float(draw.uniform(0.02, 0.3))
            mel = torch.nn.functional.conv1d(
                torch.nn.functional.pad(mel[:, None], (length - 1, 0)), tail.flip(0)[None, None]
            )[:, 0]
        if draw.random() < 0.8:
            level = mel.mean() * 10 ** (-draw.uniform(0.5, 4.5))
            tilt = torch.linspace(0, float(draw.uniform(-3, 1)), bands)[:, None]
            bursts = torch.from_numpy(draw.gamma(2.0, 0.5, mel.shape).astype(np.float32))
            mel = mel + level * bursts * 10**tilt / (10**tilt).mean()
        return mel


def _loss(predicted: Tensor, track: Tensor) -> Tensor:
    """Distance of shapes and of their movements, strong components first."""
    weight = torch.linspace(1.0, 0.4, track.shape[1])[:, None]
    place = (predicted - track).abs()
    moves = (high_pass(predicted) - high_pass(track)).abs()
    speed = (predicted.diff(dim=-1) - track.diff(dim=-1)).abs()
    return (weight * (place + moves)).mean() + (weight * speed).mean()


@torch.no_grad()
def measure(model: LipRegressor, clips: Sequence[TalkingClip]) -> tuple[Tensor, Tensor]:
    """Mean correlation over clips, raw and high-passed, each (components,)."""
    raw, moving = [], []
    for clip in clips:
        face = model.mouth_from_face(torch.from_numpy(clip.landmarks))
        power = stft(torch.from_numpy(clip.sound)).abs().square()
        heard = model.mouth_from_sound(power[None], face.shape[-1])[0]
        raw.append(_correlation(heard, face))
        moving.append(_correlation(high_pass(heard), high_pass(face)))
    return torch.stack(raw).mean(0), torch.stack(moving).mean(0)


def _correlation(a: Tensor, b: Tensor) -> Tensor:
    a, b = a - a.mean(-1, keepdim=True), b - b.mean(-1, keepdim=True)
    return (a * b).sum(-1) / (a.norm(dim=-1) * b.norm(dim=-1)).clamp_min(1e-9)


def train_lips(
    clips: Sequence[TalkingClip],
    *,
    config: LipConfig | None = None,
    steps: int = 2500,
    seed: int = 0,
    report: Callable[[str], None] = print,
    check: Callable[[], None] = lambda: None,
) -> tuple[LipRegressor, LipFigures]:
    """Train a regressor; every twelfth clip is held out and measured.

    Raises:
        ModelError: too few clips to learn from.
    """
    if len(clips) < 2 * HELD_OUT_EVERY:
        raise ModelError(f"{len(clips)} clips are too few to learn lips from; give at least 24.")
    torch.manual_seed(seed)
    held_out = list(clips[::HELD_OUT_EVERY])
    used = [c for i, c in enumerate(clips) if i % HELD_OUT_EVERY]
    model = LipRegressor(config)
    mean, basis = fit_components([c.landmarks for c in used], model.config.components)
    model.mean.copy_(mean)
    model.basis.copy_(basis)
    examples = _Examples(used, model, seed)
    optimiser = torch.optim.AdamW(model.parameters(), 2e-3, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 2e-3, steps, pct_start=0.1)
    started = time.monotonic()
    running = 0.0
    for step in range(steps):
        check()
        mel, track = examples.batch()
        loss = _loss(model(mel), track)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 5.0)
        optimiser.step()
        schedule.step()
        running += 0.02 * (float(loss.detach()) - running) if step else float(loss.detach())
        if step % 250 == 249:
            report(f"step {step + 1} of {steps}: loss {running:.3f}")
    error = train_levels(model, used, steps=steps, seed=seed, check=check)
    report(f"loudness from the mouth: error {error:.2f} powers of ten")
    model.eval()
    raw, moving = measure(model, held_out)
    weight = moving.clamp_min(0.0).square()
    model.reliability.copy_(weight / weight.sum().clamp_min(1e-6))
    seconds = time.monotonic() - started
    loudness = level_correlation(model, held_out)
    return model, LipFigures(tuple(raw.tolist()), tuple(moving.tolist()), loudness, seconds)
