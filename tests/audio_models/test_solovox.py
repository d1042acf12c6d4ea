"""The default model on synthetic duets: a voice low, a voice high, each moving its own lips."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from duets import CROSSING, SECONDS, BandSeparator, Duet
from mouthing import BandSpeaker, LoudnessLips, face, landmarks, opening_track
from torch import Tensor

from audio_models.base import BINS, FACE_FPS, SAMPLE_RATE, FaceInput
from audio_models.errors import ModelError
from audio_models.fused import FUSED_FILE, FusedConfig, FusedYNet, save_fused
from audio_models.lips import LIPS_FILE, LipConfig, LipRegressor, save_lips
from audio_models.separator import save_separator
from audio_models.separator_bands import BandConfig
from audio_models.separator_bands import BandSeparator as BandNetwork
from audio_models.separator_stack import StackConfig, StackSeparator
from audio_models.solovox import BANDS_FILE, SolovoxEstimator, build
from audio_models.speaker import SPEAKER_FILE, SpeakerConfig, SpeakerEmbedding, save_speaker


@pytest.fixture(scope="module")
def duet() -> Duet:
    return Duet()


def _masks(
    duet: Duet, faces: list[FaceInput], separator: BandSeparator | None = None
) -> tuple[list[Tensor], SolovoxEstimator]:
    estimator = SolovoxEstimator(
        separator or BandSeparator(), LoudnessLips(), BandSpeaker(), len(faces)
    )  # type: ignore[arg-type]
    with torch.inference_mode():
        return [estimator.masks(chunk) for chunk in duet.chunks(faces)], estimator


def _share(mask: Tensor) -> float:
    """Mean mask of the low half minus that of the high half: 0.8 = low voice, -0.8 = high."""
    return float(mask[:CROSSING].mean() - mask[CROSSING:].mean())


def test_every_face_gets_its_own_voice_and_masks_add_up(duet: Duet) -> None:
    results, _ = _masks(duet, duet.faces)
    for masks, chunk in zip(results, duet.chunks(duet.faces), strict=True):
        assert masks.shape == (2, BINS, chunk.spectrum.shape[1])
        assert _share(masks[0]) > 0.6
        assert _share(masks[1]) < -0.6
        assert float(masks.sum(0).max()) <= 1.0 + 1e-5


def test_swapped_faces_swap_the_voices(duet: Duet) -> None:
    straight, _ = _masks(duet, duet.faces)
    swapped, _ = _masks(duet, duet.faces[::-1])
    for one, other in zip(straight, swapped, strict=True):
        assert torch.allclose(one, other.flip(0), atol=1e-4)


def test_the_order_of_voices_is_held_from_chunk_to_chunk(duet: Duet) -> None:
    steady, _ = _masks(duet, duet.faces)
    exchanging, _ = _masks(duet, duet.faces, BandSeparator((False, True, True)))
    for one, other in zip(steady, exchanging, strict=True):
        assert torch.allclose(one, other, atol=1e-4)


def test_one_run_of_the_separator_serves_any_number_of_faces(duet: Duet) -> None:
    separator = BandSeparator()
    stranger = face(opening_track(9, SECONDS))
    results, _ = _masks(duet, [*duet.faces, stranger, stranger], separator)
    assert separator.runs == 3
    assert results[-1].shape[0] == 4
    assert _share(results[-1][0]) > 0.6
    assert results[-1][2].abs().max() < 0.2


def test_one_visible_face_leaves_the_unseen_voice_out(duet: Duet) -> None:
    results, _ = _masks(duet, duet.faces[1:])
    assert _share(results[-1][0]) < -0.7
    low = results[-1][0][:CROSSING].mean()
    assert float(low) < 0.15


def test_a_frozen_mouth_fades_out(duet: Duet) -> None:
    still = FaceInput(
        landmarks(np.full(SECONDS * FACE_FPS, 0.3, np.float32)),
        np.ones(SECONDS * FACE_FPS, bool),
        np.full(SECONDS * FACE_FPS, 0.01, np.float32),
    )
    results, _ = _masks(duet, [still, duet.faces[1]])
    assert float(results[0][0].abs().max()) < 0.05
    assert float(results[-1][0].abs().max()) < 0.001
    assert _share(results[-1][1]) < -0.6


def test_somebody_never_in_the_picture_gets_what_nobody_visible_owns(duet: Duet) -> None:
    nobody = replace(duet.faces[0], valid=np.zeros(SECONDS * FACE_FPS, bool))
    alone, _ = _masks(duet, [nobody])
    assert torch.allclose(alone[-1][0], torch.ones(1), atol=1e-5)
    beside, _ = _masks(duet, [nobody, duet.faces[1]])
    assert _share(beside[-1][0]) > 0.6


def test_who_leaves_the_picture_keeps_the_voice(duet: Duet) -> None:
    valid = np.arange(SECONDS * FACE_FPS) < 8 * FACE_FPS
    left = replace(
        duet.faces[0],
        valid=valid,
        landmarks=duet.faces[0].landmarks * valid[:, None, None],
        motion=duet.faces[0].motion * valid,
    )
    results, _ = _masks(duet, [left, duet.faces[1]])
    assert _share(results[-1][0]) > 0.6


def test_agreement_is_told_second_by_second(duet: Duet) -> None:
    _, estimator = _masks(duet, [duet.faces[0], face(opening_track(9, SECONDS))])
    seconds = [entry.second for entry in estimator.agreement if entry.face == 0]
    assert seconds == list(range(SECONDS))
    mean = [np.mean([e.score for e in estimator.agreement if e.face == k]) for k in (0, 1)]
    assert mean[0] > 0.8
    assert mean[1] < 0.5


def test_silence_and_the_first_moment_give_finite_masks(duet: Duet) -> None:
    chunk = duet.chunks(duet.faces)[0]
    silent = replace(chunk, spectrum=torch.zeros_like(chunk.spectrum))
    estimator = SolovoxEstimator(BandSeparator(), LoudnessLips(), BandSpeaker(), 2)  # type: ignore[arg-type]
    with torch.inference_mode():
        assert torch.isfinite(estimator.masks(silent).abs()).all()
        masks = estimator.masks(duet.chunks(duet.faces)[1])
    assert _share(masks[0]) > 0.6


def test_weights_are_read_from_one_folder(tmp_path: Path, duet: Duet) -> None:
    torch.manual_seed(0)
    config = StackConfig(layers=1)
    path = tmp_path / "solovox-separator.safetensors"
    save_separator(StackSeparator(config), path)
    with pytest.raises(ModelError, match="bands"):
        build(path, torch.device("cpu"), False)
    save_separator(BandNetwork(BandConfig(width=16, layers=2, waist=8)), tmp_path / BANDS_FILE)
    with pytest.raises(ModelError, match="lips"):
        build(path, torch.device("cpu"), False)
    save_lips(LipRegressor(LipConfig(bands=16, width=8, components=2)), tmp_path / LIPS_FILE)
    with pytest.raises(ModelError, match="speaker"):
        build(path, torch.device("cpu"), False)
    save_speaker(SpeakerEmbedding(SpeakerConfig(bands=16, width=8)), tmp_path / SPEAKER_FILE)
    with pytest.raises(ModelError, match="fused"):
        build(path, torch.device("cpu"), False)
    small = FusedConfig(widths=(4, 8, 8), components=2, visual_width=8)
    save_fused(FusedYNet(small), tmp_path / FUSED_FILE)
    calls: list[int] = []
    starter = build(path, torch.device("cpu"), False)
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
        masks = starter(2, lambda: calls.append(1)).masks(duet.chunks(duet.faces)[0])
    assert masks.shape[:2] == (2, BINS)
    assert torch.isfinite(masks.abs()).all()
    assert calls


def test_a_word_about_the_end_of_a_clip_decides_its_start_in_a_second_run(duet: Duet) -> None:
    still = [replace(f, motion=np.zeros_like(f.motion) + 0.2) for f in duet.faces]
    blank = [replace(f, landmarks=np.repeat(f.landmarks[:1], len(f.valid), 0)) for f in still]
    word = np.zeros(SECONDS * FACE_FPS, np.int8)
    word[-8 * FACE_FPS :] = 1
    said = [replace(blank[0], anchor=word), replace(blank[1], anchor=-word)]
    voices = duet.voices[0].copy()
    alone = Duet.__new__(Duet)
    alone.faces = said
    high = duet.voices[1].copy()
    high[-8 * SAMPLE_RATE :] = 0.0
    alone.voices = [voices, high]
    first, listening = _masks(alone, said)
    assert abs(_share(first[0][0])) < 0.4
    separator = BandSeparator()
    estimator = SolovoxEstimator(
        separator,  # type: ignore[arg-type]
        LoudnessLips(),
        BandSpeaker(),  # type: ignore[arg-type]
        2,
        known=listening.anchored,
    )
    with torch.inference_mode():
        second = [estimator.masks(chunk) for chunk in alone.chunks(said)]
    assert _share(second[0][0]) > 0.6
    assert _share(second[0][1]) < -0.3
