"""A singer's paths on the sound's own time: what gate and off-screen silence go by."""

from __future__ import annotations

from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import numpy as np

from app.gui.face_curves import face_curves
from app.gui.scene import FacePath, LipTrace, Scene, SingerCard


def _path(track: int, first: float, last: float, motion: float | None) -> FacePath:
    times = np.arange(first, last + 1e-9, 0.04)
    count = len(times)
    lips = None
    if motion is not None:
        values = np.full(count, motion, np.float32)
        lips = LipTrace(first, values, values, np.ones(1, np.float32), ((),))
    return FacePath(
        track, times, np.zeros((count, 4), np.float32), np.ones(count, np.bool_), lips=lips
    )


def _card(name: str, *tracks: int) -> SingerCard:
    return SingerCard(name, name, tracks, 1.0, 1.0, np.zeros((96, 96, 3), np.uint8))


def test_paths_lie_where_they_are_seen_counted_from_the_first_sample() -> None:
    audio: Any = SimpleNamespace(samples=10 * 48_000, sample_rate=48_000, start=Fraction(1, 2))
    paths = (_path(1, 0.1, 2.5, 0.05), _path(2, 4.5, 6.5, 0.9), _path(3, 1.5, 3.5, None))
    scene = Scene((_card("A", 1, 2), _card("B", 3)), paths, complete=True)
    curves = face_curves(scene, audio)
    one, other = curves["A"], curves["B"]
    assert one.visible.shape == one.motion.shape == (251,)
    seen = np.flatnonzero(one.visible)
    assert seen[0] == 0, "what lies before the sound is left out"
    np.testing.assert_array_equal(np.flatnonzero(np.diff(seen) > 1), [50])
    assert (seen[50], seen[51], seen[-1]) == (50, 100, 150)
    np.testing.assert_allclose(one.motion[:51], 0.05)
    np.testing.assert_allclose(one.motion[100:151], 0.9)
    assert not one.motion[51:100].any()
    assert (other.motion[25:76] > 1).all(), "unknown lips are never still"
    assert face_curves(Scene((_card("A", 1),), paths), audio) == {}
