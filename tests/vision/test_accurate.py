from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import torch
from scenes import Place, film

from vision import VisionError, scan_faces
from vision.accurate import (
    WEIGHTS_FILE,
    accurate_landmarks,
    find_weights,
    keep_weights,
    weights_folder,
)

SIZE = (480, 270)


@pytest.fixture(autouse=True)
def _own_torch_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))


def test_missing_weights_are_named_with_their_folder(tmp_path: Path) -> None:
    folder = tmp_path / "torch" / "hub" / "checkpoints"
    assert weights_folder() == folder
    with pytest.raises(VisionError) as error:
        find_weights()
    assert WEIGHTS_FILE in str(error.value)
    assert str(folder) in str(error.value)
    with pytest.raises(VisionError, match="elsewhere"):
        find_weights(tmp_path / "elsewhere" / "fan.pth")
    with pytest.raises(VisionError, match=WEIGHTS_FILE):
        scan_faces([], SIZE, Fraction(1, 25), landmarks="accurate")


def test_weights_are_found_in_torchs_folder_and_by_path(tmp_path: Path) -> None:
    folder = weights_folder()
    folder.mkdir(parents=True)
    (folder / WEIGHTS_FILE).write_bytes(b"x")
    (tmp_path / "own.pth").write_bytes(b"x")
    assert find_weights() == folder / WEIGHTS_FILE
    assert find_weights(tmp_path / "own.pth") == tmp_path / "own.pth"


def test_a_file_without_fan_weights_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "wrong.pth"
    torch.save({"layer": torch.zeros(3)}, path)
    with pytest.raises(VisionError, match="holds no FAN weights"):
        accurate_landmarks(path)
    path.write_text("not even a checkpoint")
    with pytest.raises(VisionError, match="holds no FAN weights"):
        accurate_landmarks(path)
    with pytest.raises(VisionError, match="holds no FAN weights"):
        keep_weights(path)
    assert not weights_folder().exists()


def test_the_network_places_the_points_inside_the_face_found(tmp_path: Path) -> None:
    """Random weights: the points mean nothing, but they are FAN's, near the face, and complete."""
    from face_alignment.models import FAN

    torch.manual_seed(0)
    path = tmp_path / "random.pth"
    torch.save(FAN(4).state_dict(), path)
    frames = list(film(2, SIZE, [lambda k: Place(240, 130, 90)]))
    calls = 0

    class Counting:
        def __init__(self, inner) -> None:
            self.inner = inner

        def locate(self, image, region):
            nonlocal calls
            calls += 1
            return self.inner.locate(image, region)

        def close(self) -> None:
            self.inner.close()

    assert keep_weights(path) == weights_folder() / WEIGHTS_FILE
    make = accurate_landmarks()
    scan = scan_faces(enumerate(frames), SIZE, Fraction(1, 10), landmarks=lambda: Counting(make()))
    mesh = scan_faces(enumerate(frames), SIZE, Fraction(1, 10))
    assert calls == 3  # a new face takes two passes
    (track,), (plain,) = scan.tracks, mesh.tracks
    assert np.abs(track.boxes - plain.boxes).max() < 1
    assert np.abs(track.landmarks - plain.landmarks).max() > 5
    centre = track.boxes[0, :2] + track.boxes[0, 2:] / 2
    assert np.abs(track.landmarks[0] - centre).max() < 1.5 * track.boxes[0, 2:].max()
