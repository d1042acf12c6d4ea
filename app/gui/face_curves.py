"""When each singer is in the picture and moves the lips, from the window's light scene; no Qt."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from app.face_curve import CURVE_FPS, FaceCurve
from app.gui.scene import FacePath, Scene

if TYPE_CHECKING:
    from app.media.probe import AudioInfo


def face_curves(scene: Scene, audio: AudioInfo) -> dict[str, FaceCurve]:
    """Lay every singer's paths on 25 frames a second from the first sample on.

    Lips are known only once the search for faces is complete; until then there is nothing.
    """
    if not scene.complete:
        return {}
    count = -(-audio.samples * CURVE_FPS // audio.sample_rate) + 1
    origin = float(audio.start)
    return {
        card.id: _curve([path for path in scene.paths_of(card.id) if len(path.times)],
                        origin, count)
        for card in scene.singers
    }  # fmt: skip


def _curve(paths: list[FacePath], origin: float, count: int) -> FaceCurve:
    visible = np.zeros(count, np.bool_)
    motion = np.zeros(count, np.float32)
    for path in paths:
        first = round((float(path.times[0]) - origin) * CURVE_FPS)
        last = round((float(path.times[-1]) - origin) * CURVE_FPS) + 1
        visible[max(0, first) : max(0, last)] = True
        if path.lips is None:
            motion[max(0, first) : max(0, last)] = np.inf  # nothing is known against them
            continue
        at = round((path.lips.start - origin) * CURVE_FPS)
        low, high = max(0, at), min(count, at + len(path.lips.motion))
        if low < high:
            motion[low:high] = np.maximum(motion[low:high], path.lips.motion[low - at : high - at])
    return FaceCurve(visible, motion)
