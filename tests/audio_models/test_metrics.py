"""The measures give the numbers that their definitions give for sounds made by hand."""

from __future__ import annotations

import numpy as np
import pytest

from audio_models.metrics import bss_eval, level_db, score, si_sdr


def noises(count: int, samples: int = 16000) -> np.ndarray:
    return np.random.default_rng(4).standard_normal((count, samples))


def test_si_sdr_of_known_noise_is_exact() -> None:
    voice, noise = noises(2)
    voice -= voice.mean()
    noise -= noise.mean()
    noise -= (noise @ voice) / (voice @ voice) * voice  # nothing of the voice in it
    noise *= np.sqrt((voice @ voice) / (noise @ noise)) * 10 ** (-12 / 20)
    assert si_sdr(voice, voice + noise) == pytest.approx(12.0, abs=1e-6)
    assert si_sdr(voice, -0.3 * (voice + noise) + 5.0) == pytest.approx(12.0, abs=1e-6)


def test_two_channels_are_averaged() -> None:
    voice, left, right = noises(3)
    stereo = np.stack([voice + left, voice + right])
    assert si_sdr(np.stack([voice, voice]), stereo) == pytest.approx(
        si_sdr(voice, voice + (left + right) / 2), abs=1e-9
    )


def test_bss_eval_tells_interference_from_artefacts() -> None:
    target, others, artefact = noises(3)
    sdr, sir, sar = bss_eval(target, others, target + 0.1 * others)
    assert sir == pytest.approx(20.0, abs=0.5)
    assert sar > 40
    assert sdr == pytest.approx(20.0, abs=0.5)
    sdr, sir, sar = bss_eval(target, others, target + 0.1 * artefact)
    assert sir > 30
    # 1024 of 16000 dimensions of the artefact are explained by the filters.
    assert sar == pytest.approx(20.0, abs=0.6)
    assert sdr == pytest.approx(20.0, abs=0.6)


def test_filtered_target_is_forgiven_by_sdr_only() -> None:
    target, others = noises(2)
    delayed = np.convolve(target, [0.0, 0.0, 0.7, 0.2])[: len(target)]
    assert bss_eval(target, others, delayed)[0] > 30
    assert si_sdr(target, delayed) < -10


def test_improvement_over_the_mixture() -> None:
    target, others = noises(2)
    gain = score(target, others, target + 0.1 * others).minus(
        score(target, others, target + others)
    )
    assert gain.si_sdr == pytest.approx(20.0, abs=0.5)
    assert gain.sir == pytest.approx(20.0, abs=0.5)


def test_silent_estimate_is_the_worst() -> None:
    target, others = noises(2)
    worst = score(target, others, np.zeros_like(target))
    assert (worst.si_sdr, worst.sdr, worst.sir, worst.sar) == (-100, -100, -100, -100)


def test_level() -> None:
    assert level_db(np.full(100, 0.1)) == pytest.approx(-20.0, abs=1e-6)
    assert level_db(np.zeros((2, 100))) == pytest.approx(-120.0)


def test_refuses_what_has_no_answer() -> None:
    voice, noise = noises(2)
    with pytest.raises(ValueError, match="silent"):
        si_sdr(np.zeros(100), noise[:100])
    with pytest.raises(ValueError, match="silent"):
        bss_eval(np.zeros_like(voice), noise, voice)
    with pytest.raises(ValueError, match="lengths"):
        si_sdr(voice, noise[:-1])
