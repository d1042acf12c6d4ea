"""Filmed people, where a folder of clips lies beside the project."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from vision import STILL_MOTION, FaceScan, features_at, scan_faces, second_quality
from vision.landmarks import follow_face

RATE = Fraction(1, 25)


def _pictures(path: Path, count: int) -> list[np.ndarray]:
    pictures = []
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            if len(pictures) == count:
                break
            pictures.append(frame.to_ndarray(format="rgb24"))
    return pictures


def _scan(pictures: list[np.ndarray]) -> FaceScan:
    height, width = pictures[0].shape[:2]
    return scan_faces(enumerate(pictures), (width, height), RATE, len(pictures))


@pytest.mark.parametrize(
    ("name", "centres"),
    [
        ("two_debate1", [(174, 111), (456, 116)]),
        ("two_debate_us", [(188, 88), (495, 109)]),
        # four panels and a portrait of 4 % of the width beside them
        ("four_panel", [(186, 66), (206, 198), (435, 76), (433, 210), (594, 212)]),
    ],
)
def test_everybody_is_found_and_kept(
    shared_dir: Path, name: str, centres: list[tuple[int, int]]
) -> None:
    scan = _scan(_pictures(shared_dir / "clips" / "two_face" / f"{name}.mkv", 50))
    assert scan.cuts == ()
    assert len(scan.tracks) == len(centres)
    found = [t.boxes[0, :2] + t.boxes[0, 2:] / 2 for t in scan.tracks]
    for centre in centres:
        assert min(np.hypot(*(place - centre)) for place in found) < 25, centre
    for track in scan.tracks:
        assert len(track.pts) == 50
        assert track.seen.mean() > 0.95


def test_talking_and_frozen_faces_are_far_apart(shared_dir: Path) -> None:
    clips = sorted((shared_dir / "clips" / "av").glob("*.mkv"))
    assert len(clips) == 11
    rng = np.random.default_rng(5)
    for path in clips:
        pictures = _pictures(path, 75)
        scan = _scan(pictures)
        (track,) = scan.tracks
        assert track.seen.all()
        features = features_at(track, scan, Fraction(0), 75)
        assert features.motion.max() > 2.5 * STILL_MOTION, path.name
        assert max(s.activity for s in second_quality(track, scan, features)) == 1.0
        height, width = pictures[0].shape[:2]
        frozen = []
        for k in range(27):  # the camera shakes, zooms and rolls; the face doesn't move
            turn = cv2.getRotationMatrix2D((width / 2, height / 2), 2 * np.sin(k / 8), 1 + k / 900)
            turn[:, 2] += (0.02 * width * np.sin(k / 7), 0.02 * height * np.cos(k / 9))
            moved = cv2.warpAffine(
                pictures[40], turn, (width, height), borderMode=cv2.BORDER_REPLICATE
            )
            noisy = moved + rng.normal(0, 3, moved.shape)
            frozen.append(np.clip(noisy, 0, 255).astype(np.uint8))
        scan = _scan(frozen)
        still = features_at(scan.tracks, scan, Fraction(0), 27)
        assert still.motion.max() < STILL_MOTION, path.name


def test_single_face_entry_agrees_with_the_scan(shared_dir: Path) -> None:
    pictures = _pictures(shared_dir / "clips" / "av" / "talk_vr1.mkv", 20)
    points, seen = follow_face(pictures)
    assert seen.all()
    (track,) = _scan(pictures).tracks
    # Both settle within a few frames, whatever box the detector began with.
    assert np.abs(points - track.landmarks)[5:].max() < 0.5
