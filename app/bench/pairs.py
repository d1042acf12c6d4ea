"""Measures the default model on every pair of the people of a folder, in memory.

Two voices at one level, with both faces seen and with one: 55 pairs of eleven people say more about
a small change than a few mixtures do, and faces are looked for only once.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from app.chosen_model import load_chosen
from app.clip import Clip
from app.errors import BadInputError, NotPossibleError
from app.isolation import IsolateOptions
from app.jobs import CancelToken, OnProgress, ProgressClock
from app.lanes import Axis, follow
from app.singers import choose
from app.whole_job import find_faces
from app.yardsticks import read_mono_clip
from vision.types import FEATURE_FPS

if TYPE_CHECKING:
    from audio_models.base import FaceInput
    from audio_models.registry import LoadedModel

STAGE = "Pairs"
LONGEST_S = 12
"""As much as the model looks at in one go."""
_RMS = 0.1


@dataclass(frozen=True)
class Talker:
    """One clip's person."""

    name: str
    sound: NDArray[np.float32]
    """(N,) mono at the model's rate, RMS 0.1."""
    face: FaceInput


@dataclass(frozen=True)
class PairScore:
    """One pair: improvement of SI-SDR of each person in dB."""

    names: tuple[str, str]
    both_seen: tuple[float, float]
    one_seen: tuple[float, float]
    """Each with nobody else in the picture."""


def bench_pairs(
    folder: Path,
    options: IsolateOptions | None = None,
    *,
    on_progress: OnProgress | None = None,
    token: CancelToken | None = None,
) -> list[PairScore]:
    """Score every pair of the clips (.mkv) of a folder, one speaking face each.

    ``options`` may name parts of the default model to try. Raises `BadInputError` when there are
    not two clips, or a part cannot be read.
    """
    token = token or CancelToken()
    model, _ = load_chosen(options or IsolateOptions())
    if model.starter is None:
        raise BadInputError(f"The model {model.spec.id} only hears; it takes no faces.")
    paths = sorted(folder.glob("*.mkv"))
    if len(paths) < 2:
        raise BadInputError(
            f"{folder} holds no two clips (.mkv); give the folder of clips with one speaking face "
            "each."
        )
    clock = ProgressClock(STAGE, len(paths) + len(paths) * (len(paths) - 1) // 2, on_progress)
    talkers = []
    for number, path in enumerate(paths):
        talkers.append(_talker(path, token))
        clock.update(number + 1)
    scores = []
    for number, pair in enumerate(itertools.combinations(talkers, 2)):
        token.check()
        scores.append(_score(model, pair, token))
        clock.update(len(paths) + number + 1)
    return scores


def lines(scores: Sequence[PairScore]) -> list[str]:
    """Means for people."""
    both = np.array([score.both_seen for score in scores])
    one = np.array([score.one_seen for score in scores])
    error = both.mean(axis=1).std() / np.sqrt(len(both))
    return [
        f"{len(scores)} pairs, improvement of SI-SDR in dB (standard error {error:.2f}):",
        f"both faces seen {both.mean():+.2f}, one face seen {one.mean():+.2f}",
    ]


def _talker(path: Path, token: CancelToken) -> Talker:
    faces = find_faces(path, token=token)
    if not faces.singers:
        raise NotPossibleError(f"No face was found in {path}; take the clip out of the folder.")
    (singer,) = choose(faces.singers)
    audio = Clip.open(path).require_audio()
    axis = Axis.over(audio)
    tracks = {track.id: track for track in faces.scan.tracks}
    lane = follow([tracks[n] for n in singer.tracks], faces.scan, axis, token.check)
    sound = read_mono_clip(path)
    level = max(1e-6, float(np.sqrt(np.mean(sound**2))))
    return Talker(path.stem, sound * np.float32(_RMS / level), lane.face)


def _score(model: LoadedModel, pair: tuple[Talker, Talker], token: CancelToken) -> PairScore:
    from audio_models.base import SAMPLE_RATE
    from audio_models.metrics import si_sdr

    samples = min(LONGEST_S * SAMPLE_RATE, *(len(talker.sound) for talker in pair))
    voices = [talker.sound[:samples] for talker in pair]
    mixture = voices[0] + voices[1]
    faces = [_cut(talker.face, samples * FEATURE_FPS // SAMPLE_RATE) for talker in pair]
    before = [si_sdr(voice, mixture) for voice in voices]
    both = _estimates(model, mixture, faces, token)
    alone = [_estimates(model, mixture, [face], token)[0] for face in faces]
    gains = [
        tuple(si_sdr(v, e) - b for v, e, b in zip(voices, found, before, strict=True))
        for found in (both, alone)
    ]
    return PairScore((pair[0].name, pair[1].name), gains[0], gains[1])  # type: ignore[arg-type]


def _cut(face: FaceInput, frames: int) -> FaceInput:
    from audio_models.base import FaceInput

    landmarks = np.asarray(face.landmarks[:frames])
    return FaceInput(landmarks, face.valid[:frames], face.motion[:frames])


def _estimates(
    model: LoadedModel, mixture: NDArray[np.float32], faces: list[FaceInput], token: CancelToken
) -> list[NDArray[np.float32]]:
    """The voice of each face, from one chunk."""
    import torch

    from audio_models.base import HOP, Chunk
    from audio_models.stft import istft, stft

    spectrum = stft(torch.from_numpy(mixture))[:, : len(mixture) // HOP]
    chunk = Chunk(spectrum.to(model.device), 0, len(mixture), 0, faces)
    with torch.inference_mode():
        masks = model.start(len(faces), token.check).masks(chunk).float().cpu()
    return [istft(mask * spectrum, len(mixture)).numpy() for mask in masks]
