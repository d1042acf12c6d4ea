"""What the default model's figures are to be read against: limits above it and simpler ways below.

Everything here is computed from the sound alone, mono at the model's rate: an ideal mask that
knows the truth, the separator whose output the truth chooses, and the model without any face.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from app.chosen_model import load_chosen
from app.errors import BadInputError
from app.isolation import IsolateOptions, Parts
from app.jobs import CancelToken, OnProgress, ProgressClock
from app.mixtures import SILENT_KIND, Mixture

if TYPE_CHECKING:
    import torch

    from audio_models.solovox import SolovoxStarter

Signal = NDArray[np.float32]
STAGE = "Yardsticks"


@dataclass(frozen=True)
class Yardstick:
    """One mixture; improvements of SI-SDR over the mixture in dB."""

    mixture: Mixture
    ideal_mask: float
    """|target| / (|target| + |others|) in every bin: what real masks of this resolution allow."""
    best_output: float
    """The better of the separator's two voices, chosen by the truth."""
    no_face: float
    """The model when nobody is seen: both voices without the rest."""


def measure(
    mixtures: Sequence[Mixture],
    *,
    device: str = "auto",
    separator: Path | None = None,
    on_progress: OnProgress | None = None,
    token: CancelToken | None = None,
) -> list[Yardstick]:
    """Measure every mixture that has a voice to find.

    ``separator`` replaces the default model's own. Raises `BadInputError` when a model or a sound
    cannot be read.
    """
    from audio_models.solovox import SolovoxStarter

    token = token or CancelToken()
    model, _ = load_chosen(IsolateOptions(device=device, parts=Parts(separator=separator)))
    starter = model.starter
    assert isinstance(starter, SolovoxStarter)
    voiced = [mixture for mixture in mixtures if mixture.kind != SILENT_KIND]
    clock = ProgressClock(STAGE, len(voiced), on_progress)
    results = []
    for number, mixture in enumerate(voiced):
        token.check()
        results.append(_measure_one(mixture, starter))
        clock.update(number + 1)
    return results


def read_mono(path: Path) -> Signal:
    """A sound file as mono at the model's rate; raises `BadInputError` when it is none."""
    import soundfile
    import soxr

    from audio_models.base import SAMPLE_RATE

    try:
        sound, rate = soundfile.read(path, dtype="float32", always_2d=True)
    except soundfile.SoundFileError as error:
        raise BadInputError(f"{path} is not a sound file; build the mixtures again.") from error
    return np.asarray(soxr.resample(sound.mean(axis=1), rate, SAMPLE_RATE), np.float32)


def read_mono_clip(path: Path) -> Signal:
    """A clip's whole sound as mono at the model's rate; raises `BadInputError` without one."""
    import soxr

    from app.media.audio import AudioReader
    from audio_models.base import SAMPLE_RATE

    with AudioReader(path) as reader:
        sound = reader.read(0, reader.samples).mean(axis=0)
        return np.asarray(soxr.resample(sound, reader.sample_rate, SAMPLE_RATE), np.float32)


def _measure_one(mixture: Mixture, starter: SolovoxStarter) -> Yardstick:
    import torch

    from audio_models.base import HOP, N_FFT
    from audio_models.metrics import si_sdr

    target, others = read_mono(mixture.target), read_mono(mixture.others)
    whole = target + others
    before = si_sdr(target, whole)
    window = torch.hann_window(N_FFT)

    def spectrum(sound: Signal) -> torch.Tensor:
        return torch.stft(torch.from_numpy(sound), N_FFT, HOP, window=window, return_complex=True)

    def gain(mask: torch.Tensor) -> float:
        estimate = torch.istft(mask * spectrum(whole), N_FFT, HOP, window=window, length=len(whole))
        return si_sdr(target, estimate.numpy()) - before

    voice, rest = spectrum(target).abs(), spectrum(others).abs()
    with torch.inference_mode():
        outputs = starter.separator(spectrum(whole)[None])[0]
    return Yardstick(
        mixture,
        ideal_mask=gain(voice / (voice + rest).clamp_min(1e-9)),
        best_output=max(gain(outputs[0]), gain(outputs[1])),
        no_face=gain(outputs[0] + outputs[1]),
    )
