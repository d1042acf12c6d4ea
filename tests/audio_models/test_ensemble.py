"""Listening at several speeds."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from audio_models.base import HOP, N_FFT, SAMPLE_RATE
from audio_models.ensemble import SpeedEnsemble
from audio_models.separator import Separator, SeparatorConfig


class _Half(Separator):
    """Below 2 kHz (of what it hears) and the first second is voice one, above is voice two.

    What it calls one and two changes with every call.
    """

    def __init__(self, edge_bins: list[float], edge_frames: list[float]) -> None:
        super().__init__(SeparatorConfig(width=8, layers=1))
        self.bins, self.frames, self.calls = edge_bins, edge_frames, 0

    def forward(self, spectrum: Tensor) -> Tensor:
        low = torch.arange(spectrum.shape[1])[:, None] < self.bins[self.calls]
        early = torch.arange(spectrum.shape[2])[None] < self.frames[self.calls]
        one = (low & early).float().expand(len(spectrum), -1, -1)
        two = 0.75 * (1 - one)
        pair = [one, two] if self.calls % 2 == 0 else [two, one]
        self.calls += 1
        return torch.stack([*pair, 0.25 * (1 - one)], 1)


def _spectrum(seconds: float = 2.0, batch: int = 2) -> Tensor:
    torch.manual_seed(0)
    sound = torch.randn(batch, int(seconds * SAMPLE_RATE))
    return torch.stft(sound, N_FFT, HOP, window=torch.hann_window(N_FFT), return_complex=True)


def test_passes_meet_in_frequency_in_time_and_in_order() -> None:
    speeds = (0.9, 1.1)
    network = _Half([128, 128 / 0.9, 128 / 1.1], [64, 64 * 0.9, 64 * 1.1])
    spectrum = _spectrum()
    masks = SpeedEnsemble(network, speeds)(spectrum)
    assert network.calls == 3
    assert masks.shape == (2, 3, 512, spectrum.shape[-1])
    assert torch.allclose(masks.sum(1), torch.ones(()), atol=1e-5)
    one = masks[:, 0]
    assert float(one[:, :126, :62].min()) > 0.99
    assert float(one[:, 131:].max()) < 0.01
    assert float(one[:, :, 67:].max()) < 0.01


def test_what_it_hears_is_the_same_sound_at_another_pitch() -> None:
    heard: list[Tensor] = []

    class Listening(Separator):
        def forward(self, spectrum: Tensor) -> Tensor:
            heard.append(spectrum)
            return torch.full((len(spectrum), 3, *spectrum.shape[1:]), 1 / 3)

    time = torch.arange(2 * SAMPLE_RATE) / SAMPLE_RATE
    sound = torch.sin(2 * torch.pi * 1000 * time)[None]
    window = torch.hann_window(N_FFT)
    spectrum = torch.stft(sound, N_FFT, HOP, window=window, return_complex=True)
    SpeedEnsemble(Listening(SeparatorConfig(width=8, layers=1)), (0.8, 1.25))(spectrum)
    peaks = [int(s[0, :, 20:-20].abs().mean(-1).argmax()) * SAMPLE_RATE / N_FFT for s in heard]
    assert peaks == pytest.approx([1000, 1250, 800], abs=12)
    levels = [float(s[0, :, 20:-20].abs().amax(0).mean()) for s in heard]
    assert levels[1:] == pytest.approx([levels[0]] * 2, rel=0.15)
    assert [s.shape[-1] for s in heard] == pytest.approx([129, 103, 161], abs=1)


@pytest.mark.parametrize("samples", [1, HOP - 1, HOP, 3 * HOP + 17])
def test_short_sounds_keep_their_frames(samples: int) -> None:
    sound = torch.nn.functional.pad(torch.ones(1, samples), (N_FFT, 0))
    window = torch.hann_window(N_FFT)
    spectrum = torch.stft(sound, N_FFT, HOP, window=window, return_complex=True)
    network = Separator(SeparatorConfig(width=16, layers=1)).eval()
    with torch.inference_mode():
        masks = SpeedEnsemble(network)(spectrum)
    assert masks.shape[-1] == spectrum.shape[-1]
    assert bool(torch.isfinite(masks).all())
