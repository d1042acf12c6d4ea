"""Two outputs that a separator exchanges in the middle are put back; nothing else is touched."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from mouthing import BandSpeaker, opening_track, voice
from torch import Tensor

from audio_models.base import HOP, SAMPLE_RATE
from audio_models.continuity import BLOCK_FRAMES, VoiceOrder
from audio_models.stft import stft

SECONDS = 12
FRAMES = SECONDS * SAMPLE_RATE // HOP
LOW, HIGH = (200.0, 1500.0), (2500.0, 6000.0)


@pytest.fixture(scope="module")
def voices() -> Tensor:
    """(2, 512, T): a low and a high voice, leaking a little, pausing together for half a second
    after 5 and 8 s."""
    clean = []
    for seed, band in enumerate((LOW, HIGH)):
        opening = opening_track(seed, SECONDS)
        for pause in (5, 8):
            opening[25 * pause : 25 * pause + 13] = 0.0
        clean.append(voice(opening, *band, seed=seed))
    sounds = np.stack([clean[0] + 0.1 * clean[1], clean[1] + 0.1 * clean[0]])
    return stft(torch.from_numpy(sounds))[..., :FRAMES]


def _new() -> VoiceOrder:
    return VoiceOrder(BandSpeaker())  # type: ignore[arg-type]


def _order(
    spectra: Tensor, order: VoiceOrder | None = None, before: Tensor | None = None
) -> Tensor:
    return (order or _new()).order(spectra, before)


def _exchanged(voices: Tensor, first: int, stop: int) -> Tensor:
    result = voices.clone()
    result[..., first:stop] = voices.flip(0)[..., first:stop]
    return result


def test_the_right_order_is_left_alone(voices: Tensor) -> None:
    assert _order(voices).abs().max() == 0


def test_an_exchange_between_pauses_is_put_back(voices: Tensor) -> None:
    first, stop = round(5.3 * 64), round(8.3 * 64)
    turned = _order(_exchanged(voices, first, stop))
    assert turned[first + 32 : stop - 32].min() == 1
    assert turned[: first - 32].max() == 0
    assert turned[stop + 32 :].max() == 0
    assert turned.diff().abs().max() < 0.5, "a change fades"


def test_one_voice_alone_is_not_cut_into_two_people(voices: Tensor) -> None:
    alone = torch.stack([voices[0], 0.01 * voices[0]])
    assert _order(alone).max() == 0
    assert _order(_exchanged(alone, 0, 5 * 64))[: 5 * 64 - 16].min() == 1


def test_silence_and_sounds_shorter_than_a_block(voices: Tensor) -> None:
    assert _order(torch.zeros_like(voices)).max() == 0
    assert _order(voices[..., : BLOCK_FRAMES // 2]).shape == (BLOCK_FRAMES // 2,)


def test_an_order_holds_into_later_chunks_without_overlap(voices: Tensor) -> None:
    """Voices known from before decide, however a later chunk begins."""
    order = _new()
    _order(voices[..., : 4 * 64], order)
    order.learn(exchanged=False, keep=1.0)
    later = voices[..., 6 * 64 :]
    assert _order(later.flip(0), order).min() == 1
    order.learn(exchanged=False, keep=1.0)
    assert _order(later, order).max() == 0


def test_a_chunk_that_is_turned_round_is_learnt_that_way(voices: Tensor) -> None:
    order = _new()
    _order(voices[..., : 4 * 64], order)
    order.learn(exchanged=True, keep=1.0)
    assert _order(voices[..., 6 * 64 :], order).min() == 1


def test_the_previous_chunk_speaks_for_voices_that_sound_alike(voices: Tensor) -> None:
    alike = stft(
        torch.from_numpy(np.stack([voice(opening_track(s, SECONDS), *LOW, seed=s) for s in (4, 5)]))
    )[..., :FRAMES]
    order = _new()
    _order(alike[..., : 4 * 64], order)
    order.learn(exchanged=False, keep=1.0)
    before = alike[..., 2 * 64 : 4 * 64]
    assert _order(alike[..., 2 * 64 :], order, before).max() == 0
    assert _order(alike.flip(0)[..., 2 * 64 :], order, before).min() == 1
