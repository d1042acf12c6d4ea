"""Spectrograms of a mixture, the true voice and what the default model gives, side by side."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.isolation import IsolateOptions
from app.mixtures import Mixture
from app.singers import choose
from app.whole_job import find_faces, isolate_voices
from app.yardsticks import read_mono

Signal = NDArray[np.float32]
_RANGE_DB = 70.0


def draw_estimate(mixture: Mixture, picture: Path) -> None:
    """Isolate the target of a mixture and draw it between mixture and truth."""
    import soxr

    from audio_models.base import SAMPLE_RATE

    found = find_faces(mixture.clip)
    voices = isolate_voices(
        mixture.clip, found, lambda people: choose(people, mixture.place), IsolateOptions()
    )
    estimate = soxr.resample(voices.sounds[0].mean(axis=0), voices.sample_rate, SAMPLE_RATE)
    target, others = read_mono(mixture.target), read_mono(mixture.others)
    sounds = {"mixture": target + others, "true voice": target, "given voice": estimate}
    draw(sounds, SAMPLE_RATE, picture)


def draw(sounds: dict[str, Signal], rate: int, picture: Path) -> None:
    """Draw named sounds on one scale, 0 dB = the loudest bin of the first, up to 5 kHz."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot
    from scipy.signal import stft

    figure, axes = pyplot.subplots(
        1, len(sounds), figsize=(4 * len(sounds), 3.4), sharey=True, layout="constrained"
    )
    top = 0.0
    for plot, (name, sound) in zip(axes, sounds.items(), strict=True):
        frequency, time, bins = stft(sound, rate, nperseg=1024, noverlap=768)
        power = np.abs(bins) ** 2
        top = top or float(power.max())
        level = 10 * np.log10(power / top + 1e-12)
        plot.pcolormesh(
            time, frequency / 1000, level, vmin=-_RANGE_DB, vmax=0, cmap="magma", rasterized=True
        )
        plot.set_ylim(0, 5)
        plot.set_title(name)
        plot.set_xlabel("s")
    axes[0].set_ylabel("kHz")
    figure.colorbar(axes[0].collections[0], ax=axes, label="dB")
    figure.savefig(picture, dpi=100)
    pyplot.close(figure)
