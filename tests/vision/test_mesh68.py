from __future__ import annotations

import numpy as np

from vision.mesh68 import MESH_INDEX, MIRROR, mesh_to_68


def test_points_are_distinct_vertices_of_the_plain_mesh() -> None:
    assert MESH_INDEX.shape == (68,)
    assert len(set(MESH_INDEX.tolist())) == 68
    assert MESH_INDEX.max() < 468


def test_picks_points_in_order() -> None:
    mesh = np.stack([np.arange(478.0), -np.arange(478.0), np.zeros(478)], axis=1)
    points = mesh_to_68(mesh.astype(np.float32))
    assert points.shape == (68, 3)
    assert points[8, 0] == 152  # chin
    assert points[30, 1] == -4  # tip of the nose
    assert points[62, 0] == 13  # inner upper lip


def test_mirror_is_its_own_inverse_and_swaps_sides() -> None:
    assert sorted(MIRROR.tolist()) == list(range(68))
    assert (MIRROR[MIRROR] == np.arange(68)).all()
    assert MIRROR[48] == 54
    assert MIRROR[8] == 8
    assert MIRROR[36] == 45
    assert MIRROR[60] == 64
