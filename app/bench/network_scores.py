"""How well a trained network takes the music away: real filmed voices, and unheard mixtures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from app.hearing import hear
from app.jobs import CancelToken
from app.mixtures import Mixture

if TYPE_CHECKING:
    from audio_models.registry import LoadedModel

MUSIC_KIND = "music"
"""Kind of the mixtures of one filmed voice and music."""
TEST_MIXTURES = 12
TEST_SECONDS = 6
TEST_RATE = 44100
_SEED = 2018


def _loaded(weights: Path) -> LoadedModel:
    from audio_models.device import choose_device
    from audio_models.networks import load_network, read_weights
    from audio_models.registry import LoadedModel, find_model

    device = choose_device("cpu")
    facts, _ = read_weights(weights)
    network = load_network(weights, device.torch_device, device.channels_last)
    spec = find_model(facts["model"])
    return LoadedModel(spec, device.torch_device, device.bf16, network=network)


def on_mixtures(weights: Path, mixtures: Sequence[Mixture], token: CancelToken) -> float | None:
    """Mean SI-SDR improvement on the mixtures of one voice and music; None without any."""
    import soundfile

    from audio_models.metrics import si_sdr

    model = _loaded(weights)
    gains = []
    for mixture in mixtures:
        target, rate = soundfile.read(mixture.target, dtype="float32", always_2d=True)
        others, _ = soundfile.read(mixture.others, dtype="float32", always_2d=True)
        whole = np.ascontiguousarray((target + others).T)
        voice = hear(model, whole, rate, token.check)
        gains.append(si_sdr(target.T, voice) - si_sdr(target.T, whole))
    return float(np.mean(gains)) if gains else None


def on_test_split(weights: Path, folders: Sequence[Path], token: CancelToken) -> float | None:
    """Mean SI-SDR improvement on fixed mixtures of held-out voices and pieces."""
    from audio_models.metrics import si_sdr
    from audio_models.train.remix import PLAIN, Remixer, open_draws

    if not folders:
        return None
    draws = open_draws(folders, True, TEST_RATE, 2, report=lambda _: None)
    remixer = Remixer(draws, ("vocals",), 2, TEST_SECONDS * TEST_RATE, PLAIN)
    model = _loaded(weights)
    gains = []
    for number in range(TEST_MIXTURES):
        token.check()
        mixture, sources = remixer.example(np.random.default_rng((_SEED, number)))
        mixture = np.ascontiguousarray(mixture)
        voice = hear(model, mixture, TEST_RATE, token.check)
        try:
            gains.append(si_sdr(sources[0], voice) - si_sdr(sources[0], mixture))
        except ValueError:  # the voice is silent there
            continue
    return float(np.mean(gains)) if gains else None
