"""Describes the people of a scene for the project file; no Qt."""

from __future__ import annotations

from app.gui.scene import FacePath, Scene, SingerCard
from app.project.people import KnownSinger


def known_singers(scene: Scene) -> tuple[KnownSinger, ...]:
    """Where and when each singer of a scene is seen."""
    paths = {path.track: path for path in scene.paths}
    described = []
    for card in scene.singers:
        own = [paths[track] for track in card.tracks if track in paths]
        own = [path for path in own if len(path.times)]
        if own:
            described.append(_describe(card, own))
    return tuple(described)


def _describe(card: SingerCard, paths: list[FacePath]) -> KnownSinger:
    count = sum(len(path.times) for path in paths)
    x, y, width, height = sum(path.boxes.sum(axis=0, dtype=float) for path in paths) / count
    return KnownSinger(
        card.id,
        float(min(path.times[0] for path in paths)),
        float(max(path.times[-1] for path in paths)),
        (float(x), float(y), float(width), float(height)),
    )
