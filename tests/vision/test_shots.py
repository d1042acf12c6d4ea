from __future__ import annotations

import numpy as np
import skimage.data
from scenes import Place, film

from vision.shots import ShotDetector


def _cuts(frames) -> tuple[list[int], list[int]]:
    detector = ShotDetector()
    cuts, suspected = [], []
    for k, image in enumerate(frames):
        update = detector.update(k, image)
        cuts += update.confirmed
        if update.suspected:
            suspected.append(k)
    return cuts + list(detector.finish()), suspected


def _still(count: int, seed: int, x: float = 200) -> list[np.ndarray]:
    return list(film(count, (320, 180), [lambda k: Place(x + k, 90, 50)], seed))


def test_cuts_are_exact() -> None:
    frames = _still(15, 3) + _still(20, 4) + _still(12, 5)
    cuts, suspected = _cuts(frames)
    assert cuts == [15, 35]
    assert suspected == [15, 35]


def test_cut_near_the_end_is_found() -> None:
    assert _cuts(_still(15, 3) + _still(2, 4))[0] == [15]


def test_flash_is_not_a_cut() -> None:
    frames = _still(30, 3)
    frames[12] = np.full_like(frames[12], 255)
    frames[13] = np.clip(frames[13].astype(int) + 140, 0, 255).astype(np.uint8)
    cuts, suspected = _cuts(frames)
    assert cuts == []
    assert 12 in suspected


def test_fade_of_brightness_is_not_a_cut() -> None:
    frames = [(frame * (1 - 0.03 * k)).astype(np.uint8) for k, frame in enumerate(_still(25, 3))]
    assert _cuts(frames)[0] == []


def test_pan_is_not_a_cut() -> None:
    wide = np.concatenate([skimage.data.coffee(), skimage.data.coffee()[:, ::-1]], axis=1)
    for step in (4, 15, 40):
        place, frames = 0, []
        for k in range(60):
            place += step if k > 15 else 0
            if place + 320 > wide.shape[1]:
                break
            frames.append(wide[100:280, place : place + 320])
        assert _cuts(frames)[0] == [], step
