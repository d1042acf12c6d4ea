"""Separates songs whose stems are known, and scores the result beside masks that know the stems."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.errors import BadInputError, NotPossibleError
from app.hearing import hear
from app.jobs import CancelToken, OnProgress, ProgressClock
from app.song_report import SongEvaluation, draw_patches, draw_scores
from app.song_scores import SongScore, Sound, score_song

if TYPE_CHECKING:
    from audio_models.registry import LoadedModel
    from audio_models.train.songs import Song

STAGE = "Scoring songs"
MIXTURE = "mixture"
RATIO = "ideal ratio mask"
BINARY = "ideal binary mask"


@dataclass(frozen=True)
class SongOptions:
    """What to score and what to draw."""

    models: tuple[str, ...]
    device: str = "auto"
    griffin_lim: int = 0
    """Rounds with which magnitude networks make their phase; they are scored both ways."""
    songs: int | None = None
    """Only so many, in order of name."""
    seconds: float | None = None
    """Only so much of each song, from its middle."""
    plots: Path | None = None
    """Folder for the plots."""


@dataclass(frozen=True)
class _Song:
    name: str
    voice: Sound
    music: Sound
    rate: int


def evaluate_songs(
    folder: Path,
    options: SongOptions,
    *,
    on_progress: OnProgress | None = None,
    token: CancelToken | None = None,
) -> SongEvaluation:
    """Score models, the mixture and ideal masks on the songs of a folder.

    Songs of a ``test`` folder are taken where there is one, else all. Raises `BadInputError` when
    there are no songs or a model needs faces, `NotPossibleError` without museval.
    """
    token = token or CancelToken()
    systems, device = _systems(options, token)
    songs = _songs(folder, options)
    clock = ProgressClock(STAGE, len(songs) * (len(systems) + 3), on_progress)
    scores: list[SongScore] = []
    if options.plots is not None:
        options.plots.mkdir(parents=True, exist_ok=True)
    for song in _read(songs, options):
        truths = {"vocals": song.voice, "accompaniment": song.music}
        for system, voice in _estimates(song, systems):
            token.check()
            rest = song.voice + song.music - voice
            estimates = {"vocals": voice, "accompaniment": rest}
            scores.append(score_song(song.name, system, truths, estimates, song.rate))
            if options.plots is not None and system != MIXTURE:
                name = re.sub(r"[^\w-]+", "_", f"{song.name}_{system}") + ".png"
                title = f"{song.name}: {system}"
                draw_patches(song.voice, voice, song.rate, options.plots / name, title)
            clock.update(len(scores))
    evaluation = SongEvaluation(device, tuple(scores))
    if options.plots is not None:
        draw_scores(evaluation, options.plots / "scores.png")
    return evaluation


Separate = Callable[[Sound, int], Sound]


def _systems(options: SongOptions, token: CancelToken) -> tuple[list[tuple[str, Separate]], str]:
    """Name and function of each system that hears the mixture only."""
    from app.paths import models_dir
    from audio_models.device import choose_device
    from audio_models.errors import ModelError
    from audio_models.store import load_model

    found: list[tuple[str, Separate]] = []
    try:
        device = choose_device(options.device)
        for model_id in options.models:
            model = load_model(model_id, models_dir(), device)
            network = model.network
            if network is None:
                raise BadInputError(
                    f"{model_id} follows a face, which songs do not show; choose another model."
                )
            found.append((model_id, _runner(model, 0, token)))
            if options.griffin_lim and network.magnitude_only:
                name = f"{model_id}, Griffin-Lim {options.griffin_lim}"
                found.append((name, _runner(model, options.griffin_lim, token)))
    except ModelError as error:
        raise BadInputError(str(error)) from error
    return found, device.description


def _runner(model: LoadedModel, iterations: int, token: CancelToken) -> Separate:
    def run(mixture: Sound, rate: int) -> Sound:
        assert model.network is not None
        model.network.griffin_lim_iterations = iterations
        return hear(model, mixture, rate, token.check)

    return run


def _estimates(song: _Song, systems: Sequence[tuple[str, Separate]]) -> Iterator[tuple[str, Sound]]:
    """Every system's voice, the mixture and the ideal masks first."""
    import torch

    from audio_models.oracle import ideal_binary, ideal_ratio

    mixture = song.voice + song.music
    # As SiSEC has it: no processing gives each of four stems a quarter of the mixture.
    yield MIXTURE, mixture / 4
    sources = torch.from_numpy(song.voice), torch.from_numpy(song.music)
    yield RATIO, ideal_ratio(*sources).numpy()
    yield BINARY, ideal_binary(*sources).numpy()
    for name, run in systems:
        yield name, run(mixture, song.rate)


def _songs(folder: Path, options: SongOptions) -> list[Song]:
    from audio_models.train.songs import find_songs

    if not folder.is_dir():
        raise BadInputError(f"There is no folder {folder}; give the folder of the songs.")
    songs = find_songs(folder)
    if any(song.test for song in songs):
        songs = [song for song in songs if song.test]
    if not songs:
        raise BadInputError(
            f"{folder} holds no songs with stems; give MUSDB18, MUSDB18-HQ or pairs named vocals "
            "and accompaniment."
        )
    return songs[: options.songs]


def _read(songs: Sequence[Song], options: SongOptions) -> Iterator[_Song]:
    import tempfile

    from audio_models.errors import ModelError
    from audio_models.train.material import TrainingDataError
    from audio_models.train.songs import SongDraws, stored

    rate, channels = 44100, 2
    for song in songs:
        with tempfile.TemporaryDirectory() as scratch:
            cache = Path(scratch)
            draws = SongDraws([song], rate, channels, cache)
            try:
                samples = len(stored(song.parts["vocals"], rate, channels, cache))
                place = 0.0
                if options.seconds is not None:
                    samples, place = min(samples, round(options.seconds * rate)), 0.5
                voice, music = (
                    draws.draw_from(song, name, samples, place)
                    for name in ("vocals", "accompaniment")
                )
            except (ModelError, TrainingDataError) as error:
                raise NotPossibleError(str(error)) from error
        yield _Song(song.name, voice, music, rate)
