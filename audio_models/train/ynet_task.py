"""Y-Net in training: filmed voices against music and, for the r variants, against other voices.

The recipe is that of the authors' public code: both sources brought to one level, the target's
drawn from four, the mean squared error of bounded complex masks, loud bins weighing more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from audio_models.base import FACE_FPS, SAMPLE_RATE
from audio_models.metrics import si_sdr
from audio_models.sound_network import MUSIC, VOICE
from audio_models.stft import istft, stft
from audio_models.train.lips import HELD_OUT_EVERY, TalkingClip
from audio_models.train.material import TrainingDataError
from audio_models.train.recipes import Recipe
from audio_models.train.remix import Draws
from audio_models.train.task import SCORE
from audio_models.video_net import MOUTH_COLUMNS, MOUTH_ROWS, mouth_input
from audio_models.ynet import (
    CHUNK_FACE_FRAMES,
    CHUNK_SAMPLES,
    SOURCES,
    Visual,
    YNet,
    mask_of,
)
from audio_models.ynet_loss import BOUND, level_pair, mixture_spectrum, separation_loss, true_mask

LOUDNESS = (0.25, 0.5, 0.75, 1.0)
"""Levels of the target against the other source."""
SECOND_VOICE = 0.5
"""Share of the r variants' examples that another voice sings along in."""


class YNetTask:
    """One variant; ``duets`` makes it an r variant."""

    def __init__(
        self,
        visual: Visual,
        duets: bool,
        clips: Sequence[TalkingClip],
        learnt: list[Draws],
        held_out: list[Draws],
        recipe: Recipe,
    ) -> None:
        """Raises `TrainingDataError` when the clips hold too little, or no mouths for "video"."""
        if visual == "video" and any(clip.mouth is None for clip in clips):
            raise TrainingDataError(
                "The clips hold no pictures of mouths; make them with: train landmarks --mouths"
            )
        known = [c for n, c in enumerate(clips) if n % HELD_OUT_EVERY]
        kept = list(clips[::HELD_OUT_EVERY])
        if not known:
            raise TrainingDataError("There are too few clips of faces to learn from; give more.")
        self.module: nn.Module = YNet(visual)
        self._visual, self._duets = visual, duets
        self._known, self._learnt = known, learnt
        rngs = [np.random.default_rng((7, n)) for n in range(recipe.validation_examples)]
        self._held_out = [self._example(kept, held_out, rng) for rng in rngs]

    def batch(self, size: int, rng: np.random.Generator) -> dict[str, Tensor]:
        """``sources`` (B, 3, N), the target first, ``count`` (B,) of them in use, ``picture``."""
        examples = [self._example(self._known, self._learnt, rng) for _ in range(size)]
        return {
            "sources": torch.stack([sources for sources, _, _ in examples]),
            "count": torch.tensor([count for _, count, _ in examples]),
            "picture": torch.cat([picture for _, _, picture in examples]),
        }

    def _example(
        self, clips: Sequence[TalkingClip], draws: list[Draws], rng: np.random.Generator
    ) -> tuple[Tensor, int, Tensor]:
        voice, picture = _four_seconds(clips, self._visual, rng)
        source = draws[int(rng.integers(len(draws)))]
        music = torch.from_numpy(source.draw(MUSIC, CHUNK_SAMPLES, rng)[0])
        target, other = level_pair(voice, music, float(rng.choice(LOUDNESS)))
        sources = [target, other, torch.zeros(CHUNK_SAMPLES)]
        count = SOURCES
        if self._duets and rng.random() < SECOND_VOICE:
            second = torch.from_numpy(source.draw(VOICE, CHUNK_SAMPLES, rng)[0])
            sources[2] = level_pair(second, target)[0] * float(rng.choice(LOUDNESS))
            count = 3
        return torch.stack(sources), count, picture

    def loss(self, module: nn.Module, batch: Mapping[str, Tensor]) -> Tensor:
        """The weighted error of bounded masks."""
        assert isinstance(module, YNet)
        sources, count = batch["sources"], batch["count"]
        mixture = mixture_spectrum(list(sources.unbind(1))) * 3 / count[:, None, None]
        # True for the undivided mixture, whatever number it was divided by.
        truth = torch.stack(
            [
                true_mask(example[0], spectrum, int(n))
                for example, spectrum, n in zip(sources, mixture, count, strict=True)
            ]
        )
        # Where the mixture is silent to the last bit the division has no answer.
        truth = torch.nan_to_num(truth, 0.0, BOUND, -BOUND)
        return separation_loss(module(mixture, batch["picture"]).float(), truth, mixture)

    @torch.inference_mode()
    def validate(self, module: nn.Module) -> dict[str, float]:
        """Improvement of the target."""
        assert isinstance(module, YNet)
        device = next(module.parameters()).device
        gains = []
        for sources, _, picture in self._held_out:
            whole = sources.sum(0)
            spectrum = stft(whole[None].to(device))
            mask = mask_of(module(spectrum / SOURCES, picture.to(device)))
            found = istft(mask * spectrum, CHUNK_SAMPLES)[0].cpu().numpy()
            truth, heard = sources[0].numpy(), whole.numpy()
            gains.append(si_sdr(truth, found) - si_sdr(truth, heard))
        return {SCORE: float(np.mean(gains))}

    def save(self, module: nn.Module, path: Path, facts: Mapping[str, str]) -> None:
        """Weights as `store` keeps those of published checkpoints."""
        from safetensors.torch import save_file

        tensors = {k: v.detach().cpu().contiguous() for k, v in module.state_dict().items()}
        partial = path.with_name(path.name + ".part")
        save_file(tensors, str(partial), metadata={"source": "train", **facts})
        partial.chmod(0o644)
        partial.replace(path)


def _four_seconds(
    clips: Sequence[TalkingClip], visual: Visual, rng: np.random.Generator
) -> tuple[Tensor, Tensor]:
    """(N,) sound and picture of 100 face frames, from as many clips as it takes."""
    sounds, faces, mouths = [], [], []
    frames = 0
    while frames <= CHUNK_FACE_FRAMES:
        clip = clips[int(rng.integers(len(clips)))]
        # Whole frames only, so that the next clip begins in step.
        count = min(len(clip.landmarks), len(clip.sound) * FACE_FPS // SAMPLE_RATE)
        sounds.append(clip.sound[: _sample(frames + count) - _sample(frames)])
        faces.append(clip.landmarks[:count])
        if visual == "video" and clip.mouth is not None:
            mouths.append(clip.mouth[:count])
        frames += count
    first = int(rng.integers(frames - CHUNK_FACE_FRAMES))
    rows = slice(first, first + CHUNK_FACE_FRAMES)
    sound = np.concatenate(sounds)[_sample(first) :][:CHUNK_SAMPLES]
    sound = np.pad(sound, (0, CHUNK_SAMPLES - len(sound)))
    if visual == "video":
        whole = np.zeros((CHUNK_FACE_FRAMES, 128, 96, 3), np.uint8)
        whole[:, MOUTH_ROWS, MOUTH_COLUMNS] = np.concatenate(mouths)[rows]
        return torch.from_numpy(sound), mouth_input(torch.from_numpy(whole))
    # Whole pixels, as the published weights were trained.
    marks = np.trunc(np.concatenate(faces)[rows]).astype(np.float32)
    return torch.from_numpy(sound), torch.from_numpy(marks).permute(2, 0, 1)[None]


def _sample(frame: int) -> int:
    """First sample of a face frame."""
    return frame * SAMPLE_RATE // FACE_FPS
