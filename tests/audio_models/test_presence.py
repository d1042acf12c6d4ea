"""Absence, stillness and the sharing of masks between people."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from driver_parts import ArraySource, constant, face, model, voices

from audio_models.base import Chunk, FaceInput
from audio_models.driver import SeparateOptions, separate
from audio_models.presence import (
    STILL_GAIN,
    STILL_MOTION,
    Presence,
    share_masks,
)

RATE = 16000


def level(
    voice: np.ndarray, sound: np.ndarray, start: float, stop: float, rate: int = RATE
) -> float:
    part = slice(round(start * rate), round(stop * rate))
    return float(np.std(voice[..., part]) / np.std(sound[..., part]))


def isolate(faces: list, masks: object, targets: list[int], **options: object) -> np.ndarray:
    seconds = len(faces[0].valid) / 25
    sound = voices(RATE, seconds).sum(0)
    stream = separate(
        masks if not callable(masks) else model(masks, joint_by_sum=True),
        ArraySource(sound, RATE),
        faces,
        targets,
        0,
        sound.shape[1],
        SeparateOptions(**options),
    )
    return np.concatenate([block.voices for block in stream], -1)


def test_out_of_the_picture() -> None:
    person = face(10.0)
    person.valid[100:200] = False
    sound = voices(RATE, 10.0).sum(0)
    kept = isolate([person], model(constant(0.5)), [0])
    gone = isolate([person], model(constant(0.5)), [0], no_face="silence")
    assert level(kept[0], sound, 4.5, 7.5) == pytest.approx(0.5, rel=1e-3)
    assert not gone[0][:, round(4.3 * RATE) : round(7.7 * RATE)].any()
    for start, stop in ((0.5, 3.5), (8.5, 9.5)):
        assert level(gone[0], sound, start, stop) == pytest.approx(0.5, rel=1e-3)


def test_still_lips_are_nearly_silent_and_come_back_in_time() -> None:
    person = face(12.0)
    person.motion[75:175] = 0.5 * STILL_MOTION
    person.motion[225:250] = 0.0  # one second: a held note
    sound = voices(RATE, 12.0).sum(0)
    voice = isolate([person], model(constant(1.0)), [0])
    assert level(voice[0], sound, 3.4, 6.6) == pytest.approx(STILL_GAIN, rel=0.2)
    for start, stop in ((0.2, 2.9), (7.1, 11.8)):
        assert level(voice[0], sound, start, stop) == pytest.approx(1.0, abs=0.002)
    off = isolate([person], model(constant(1.0)), [0], still_motion=0.0)
    assert level(off[0], sound, 3.4, 6.6) == pytest.approx(1.0, abs=1e-4)


def test_gain_curves_are_smooth() -> None:
    person = face(10.0)
    person.motion[100:] = 0.0
    gain = Presence([person], "silence").gain(0, 640)[0]
    assert float(gain[:253].min()) == 1.0
    assert float(gain[270:620].max()) == pytest.approx(STILL_GAIN)
    # 200 ms are 12.8 STFT frames.
    assert float(gain.diff().abs().max()) < 0.3
    assert int((gain.diff().abs() > 1e-3).sum()) >= 10
    outside = Presence([person], "silence").gain(10 * 64 + 10, 64)
    assert not outside.any()
    assert Presence([person], "model").gain(10 * 64 + 10, 64).eq(1).all()


def test_the_last_face_frame_lasts_as_long_as_any() -> None:
    """99 frames last 3.96 s, so nothing fades before."""
    person = face(3.96)
    gain = Presence([person], "silence").gain(0, 64 * 4)[0]
    assert gain[: int(3.96 * 64)].eq(1).all()
    assert gain[-1] < 0.5
    nobody = FaceInput(person.landmarks[:0], person.valid[:0], person.motion[:0])
    assert not Presence([nobody], "silence").gain(0, 256).any()


def test_shares_of_two_active_people_add_up_to_one() -> None:
    generator = torch.Generator().manual_seed(0)
    for kind in (torch.float32, torch.complex64):
        masks = 0.3 + 0.7 * torch.rand(2, 512, 32, generator=generator)
        if kind is torch.complex64:
            masks = masks * torch.exp(0.15j * torch.randn(2, 512, 32, generator=generator))
        shared = share_masks(masks, torch.ones(2, 32))
        assert torch.allclose(shared.sum(0), torch.ones(512, 32, dtype=kind), atol=1e-5)
        ratio = shared[0] / masks[0]
        assert torch.allclose(ratio, shared[1] / masks[1], atol=1e-5)


def test_sharing_leaves_the_lone_and_the_inactive_alone() -> None:
    masks = torch.rand(3, 512, 8)
    activity = torch.tensor([[1.0], [0.0], [0.0]]).expand(3, 8)
    assert torch.allclose(share_masks(masks, activity), masks)
    activity = torch.tensor([[1.0], [1.0], [0.0]]).expand(3, 8)
    shared = share_masks(masks, activity)
    assert torch.equal(shared[2], masks[2])
    loud = masks[:2].sum(0) > 0.2
    assert torch.allclose(shared[:2].sum(0)[loud], torch.tensor(1.0), atol=1e-5)


def test_sharing_does_not_lift_the_accompaniment() -> None:
    """Bins that no face claims stay with the rest, and opposite phases don't explode."""
    small = torch.full((2, 512, 4), 0.001)
    assert float(share_masks(small, torch.ones(2, 4)).abs().max()) < 0.1
    opposite = torch.stack([torch.full((512, 4), 1.0 + 0j), torch.full((512, 4), -0.99 + 0j)])
    assert float(share_masks(opposite, torch.ones(2, 4)).abs().max()) <= 1.0 + 1e-5


def test_joint_masks_in_the_driver() -> None:
    """Of two moving faces with masks 0.9 and 0.6 the first gets 0.6; alone or unjoined 0.9."""
    sound = voices(RATE, 10.0).sum(0)
    first, second = face(10.0), face(10.0)
    second.motion[125:] = 0.0
    second.landmarks[:] = 60.0
    seen: list[int] = []

    def masks(chunk: Chunk) -> torch.Tensor:
        seen.append(len(chunk.faces))
        values = [0.9 if f.landmarks.max() < 55 else 0.6 for f in chunk.faces]
        return torch.stack([torch.full(chunk.spectrum.shape, v) for v in values])

    voice = isolate([first, second], masks, [0])
    assert level(voice[0], sound, 0.5, 4.5) == pytest.approx(0.6, rel=1e-3)
    assert level(voice[0], sound, 5.5, 9.5) == pytest.approx(0.9, rel=1e-3)
    assert set(seen) == {2}
    seen.clear()
    alone = isolate([first, second], masks, [0], joint=False)
    assert level(alone[0], sound, 0.5, 4.5) == pytest.approx(0.9, rel=1e-3)
    assert set(seen) == {1}
    both = isolate([first, second], masks, [1, 0])
    assert level(both[0], sound, 0.5, 4.5) == pytest.approx(0.4, rel=1e-3)
    assert np.array_equal(both[1], voice[0])
