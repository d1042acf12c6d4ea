from __future__ import annotations

import numpy as np
import pytest
import torch

from vision.register import (
    MEAN_RGB,
    STABLE_POINTS,
    STD_RGB,
    face_image,
    mean_face,
    mouth_input,
    register_landmarks,
    similarity,
)


def _moved(points: np.ndarray, angle: float, scale: float, shift: tuple[float, float]):
    turn = scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return points @ turn.T + shift


def test_mean_face_fills_its_rectangle() -> None:
    face = mean_face()
    assert face.shape == (68, 2)
    assert face.min(axis=0) == pytest.approx([0.19, 0.19], abs=0.01)
    assert face.max(axis=0) == pytest.approx([224.49, 244.16], abs=0.01)


def test_registration_undoes_any_similarity() -> None:
    frames = np.stack(
        [_moved(mean_face(), a, s, (30 * a, 9)) for a, s in [(0, 1), (0.4, 2.5), (-2, 0.2)]]
    )
    registered = register_landmarks(frames)
    expected = mean_face() * (96 / 224, 128 / 244)
    assert registered.dtype == np.float32
    assert np.abs(registered - expected).max() < 1e-3


def test_registration_uses_only_the_stable_points() -> None:
    face = mean_face().copy()
    face[48:68] += 7.0
    registered = register_landmarks(face)
    still = mean_face() * (96 / 224, 128 / 244)
    assert np.abs(registered[list(STABLE_POINTS)] - still[list(STABLE_POINTS)]).max() < 1e-4
    assert registered[50, 0] - still[50, 0] == pytest.approx(3.0, abs=1e-4)


def test_similarity_is_the_least_squares_fit() -> None:
    rng = np.random.default_rng(4)
    source, target = rng.normal(size=(5, 2)), rng.normal(size=(5, 2))
    matrix = similarity(source, target)
    # The same problem as an ordinary linear one in (a, b, tx, ty).
    rows, right = [], []
    for (x, y), (u, v) in zip(source, target, strict=True):
        rows += [[x, -y, 1, 0], [y, x, 0, 1]]
        right += [u, v]
    a, b, tx, ty = np.linalg.lstsq(np.array(rows), np.array(right), rcond=None)[0]
    assert matrix == pytest.approx(np.array([[a, -b, tx], [b, a, ty]]))


def test_face_image_brings_points_to_their_place() -> None:
    landmarks = _moved(mean_face(), 0.3, 0.5, (200, 100))
    picture = np.zeros((400, 500, 3), dtype=np.uint8)
    x, y = landmarks[30].round().astype(int)
    picture[y - 1 : y + 2, x - 1 : x + 2, 0] = 255
    face = face_image(picture, landmarks)
    assert face.shape == (128, 96, 3)
    assert face.dtype == np.uint8
    weights = face[..., 0].astype(float)
    rows, columns = np.indices(weights.shape)
    centre = (
        (weights * columns).sum() / weights.sum(),
        (weights * rows).sum() / weights.sum(),
    )
    assert centre == pytest.approx(mean_face()[30] * (96 / 224, 128 / 244), abs=1.0)


def test_face_image_is_black_outside_the_picture() -> None:
    picture = np.full((100, 100, 3), 200, dtype=np.uint8)
    face = face_image(picture, _moved(mean_face(), 0, 0.5, (60, 0)))
    assert (face[:, -20:] == 0).all()
    assert face[64, 10, 0] == 200


def test_mouth_input_equals_torch_interpolation() -> None:
    faces = np.random.default_rng(1).integers(0, 256, (3, 128, 96, 3), dtype=np.uint8)
    values = torch.from_numpy(faces[:, 60:100, 20:80].astype(np.float32) / 255)
    values = (values - torch.tensor(MEAN_RGB)) / torch.tensor(STD_RGB)
    expected = torch.nn.functional.interpolate(
        values.permute(0, 3, 1, 2), (96, 96), mode="bilinear", align_corners=True
    )
    mouth = mouth_input(faces)
    assert mouth.shape == (3, 3, 96, 96)
    assert mouth.dtype == np.float32
    assert np.abs(mouth - expected.permute(1, 0, 2, 3).numpy()).max() < 5e-5
