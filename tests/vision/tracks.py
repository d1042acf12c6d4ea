"""Synthetic tracks with known lips, as a scan would give them."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from vision import FaceScan, FaceTrack
from vision.register import mean_face

EYES = float(np.hypot(*(mean_face()[45] - mean_face()[36])))


def opening_at(seconds: np.ndarray) -> np.ndarray:
    """Lip opening in eye distances: syllables of irregular rate, never periodic in a clip."""
    t = np.asarray(seconds, dtype=np.float64)
    return 0.12 + 0.05 * np.sin(2 * np.pi * 2.7 * t) + 0.04 * np.sin(2 * np.pi * 1.234 * t)


def make_track(
    pts: list[int],
    time_base: Fraction,
    *,
    id: int = 0,
    opening: np.ndarray | None = None,
    scale: float = 0.4,
    seen: np.ndarray | None = None,
    **changed: object,
) -> FaceTrack:
    """A frontal, sharp, well lit face, whose lower lip follows ``opening`` (default: the curve
    above at the true times) while the head sways, turns and comes nearer."""
    count = len(pts)
    seconds = np.array([float(p * time_base) for p in pts])
    if opening is None:
        opening = opening_at(seconds)
    points = np.repeat(mean_face()[None].astype(np.float64), count, axis=0)
    points[:, [65, 66, 67], 1] = points[:, [63, 62, 61], 1] + EYES * opening[:, None]
    points[:, [65, 66, 67], 0] = points[:, [63, 62, 61], 0]
    points[:, [56, 57, 58], 1] += EYES * (opening[:, None] - 0.1)
    angle = 0.2 * np.sin(seconds)
    zoom = scale * (1 + 0.1 * np.sin(0.7 * seconds))
    turn = np.stack(
        [
            np.stack([zoom * np.cos(angle), -zoom * np.sin(angle)], axis=-1),
            np.stack([zoom * np.sin(angle), zoom * np.cos(angle)], axis=-1),
        ],
        axis=-2,
    )
    points = np.einsum("tij,tpj->tpi", turn, points)
    points += np.stack([200 + 40 * np.sin(0.9 * seconds), 80 + 5 * seconds], axis=-1)[:, None]
    low, high = points.min(axis=1), points.max(axis=1)
    values: dict[str, object] = {
        "boxes": np.concatenate([low, high - low], axis=1).astype(np.float32),
        "landmarks": points.astype(np.float32),
        "seen": np.ones(count, dtype=bool) if seen is None else seen,
        "blur": np.full(count, 60, dtype=np.float32),
        "pose": np.zeros((count, 2), dtype=np.float32),
        "luminance": np.full(count, 0.5, dtype=np.float32),
        "occlusion": np.zeros(count, dtype=np.float32),
        "descriptor": np.eye(1, 8, dtype=np.float32)[0],
        "thumbnail": np.zeros((96, 96, 3), dtype=np.uint8),
    }
    values.update(changed)
    return FaceTrack(id=id, shot=0, pts=np.array(pts, dtype=np.int64), **values)  # type: ignore[arg-type]


def make_scan(*tracks: FaceTrack, time_base: Fraction) -> FaceScan:
    """A scan of nothing but these tracks."""
    first = min(int(track.pts[0]) for track in tracks)
    last = max(int(track.pts[-1]) for track in tracks)
    return FaceScan((640, 360), time_base, first, last, len(tracks[0].pts), (), tracks)
