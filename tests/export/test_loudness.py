"""Loudness against pyloudnorm on the whole sound at once, and peaks that lie between samples."""

from __future__ import annotations

from math import inf

import numpy as np
import pyloudnorm
import pytest

from app.export.loudness import Loudness, LoudnessMeter, channel_weights, gain_for


def measured(sound: np.ndarray, rate: int, layout: str | None = None, size: int = 9973) -> Loudness:
    meter = LoudnessMeter(rate, sound.shape[0], layout)
    for at in range(0, sound.shape[1], size):
        meter.add(sound[:, at : at + size])
    return meter.result()


def swelling_noise(rate: int, channels: int, seconds: float = 3.03) -> np.ndarray:
    """Loud and very quiet parts, so that both gates close."""
    count = int(rate * seconds)
    rng = np.random.default_rng(rate + channels)
    level = 0.1 * np.abs(np.sin(np.arange(count) / rate)) ** 4
    level[: count // 4] = 1e-5
    return (rng.standard_normal((channels, count)) * level).astype(np.float32)


@pytest.mark.parametrize("rate", [11025, 22050, 44100, 48000, 96000])
@pytest.mark.parametrize(("channels", "layout"), [(1, "mono"), (2, "stereo"), (5, "5.0")])
def test_streaming_equals_the_whole(rate: int, channels: int, layout: str) -> None:
    sound = swelling_noise(rate, channels)
    whole = pyloudnorm.Meter(rate).integrated_loudness(sound.T.astype(np.float64))
    assert measured(sound, rate, layout).integrated == pytest.approx(whole, abs=1e-6)
    assert measured(sound, rate, layout, 10**9).integrated == pytest.approx(whole, abs=1e-6)


def test_the_smallest_blocks_do() -> None:
    sound = swelling_noise(8000, 1, 1.5)
    whole = pyloudnorm.Meter(8000).integrated_loudness(sound.T.astype(np.float64))
    assert measured(sound, 8000, "mono", 3).integrated == pytest.approx(whole, abs=1e-6)


def test_a_full_scale_sine_has_the_loudness_of_the_standard() -> None:
    # BS.1770-4: 0 dBFS at 997 Hz in one of the front channels reads -3.01 LKFS; EBU Tech 3341
    # allows meters 0.1 LU.
    sine = np.sin(2 * np.pi * 997 * np.arange(48000 * 5) / 48000).astype(np.float32)[None]
    assert measured(sine, 48000, "mono").integrated == pytest.approx(-3.01, abs=0.1)


def test_the_low_frequency_channel_does_not_count_and_surrounds_count_more() -> None:
    silent = np.zeros((6, 48000 * 3), np.float32)
    tone = 0.1 * np.sin(2 * np.pi * 997 * np.arange(48000 * 3) / 48000).astype(np.float32)
    results = []
    for channel in range(6):
        sound = silent.copy()
        sound[channel] = tone
        results.append(measured(sound, 48000, "5.1(side)").integrated)
    assert results[3] is None
    assert results[1] == pytest.approx(results[0])
    assert results[4] == pytest.approx(results[0] + 10 * np.log10(1.41))
    assert channel_weights(6, None).tolist() == [1.0] * 6


def test_silence_and_shortness_have_no_loudness() -> None:
    silence = measured(np.zeros((2, 48000), np.float32), 48000, "stereo")
    assert silence == Loudness(None, -inf)
    assert measured(swelling_noise(48000, 2)[:, -19000:], 48000, "stereo").integrated is None


@pytest.mark.parametrize("rate", [44100, 48000, 96000])
@pytest.mark.parametrize("size", [5, 4096, 10**9])
def test_a_peak_between_samples_is_found(rate: int, size: int) -> None:
    # A quarter of the rate, sampled 45 degrees off its peaks: samples reach 3 dB less.
    count = rate // 10 if size == 5 else rate
    n = np.arange(count)
    swell = np.minimum(1, np.minimum(n, n[::-1]) / (count // 8))
    sound = (0.5 * swell * np.sin(np.pi / 2 * n + np.pi / 4)).astype(np.float32)[None]
    assert np.abs(sound).max() < 0.36
    assert measured(sound, rate, "mono", size).true_peak == pytest.approx(
        20 * np.log10(0.5), abs=0.1
    )


def test_the_last_samples_count() -> None:
    sound = np.zeros((1, 48000), np.float32)
    sound[0, -2:] = 0.7
    assert measured(sound, 48000).true_peak > 20 * np.log10(0.75)


def test_gains() -> None:
    loud = Loudness(-30.0, -12.0)
    assert gain_for(loud, -23.0, None) == 7.0
    assert gain_for(loud, -10.0, -1.0) == 11.0
    assert gain_for(loud, -40.0, -1.0) == -10.0
    assert gain_for(loud, None, -20.0) == -8.0
    assert gain_for(loud, None, -1.0) == 0.0
    assert gain_for(Loudness(None, -inf), -23.0, -1.0) == 0.0
