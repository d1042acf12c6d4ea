"""Tells before anything is computed that somebody's lips don't belong to the sound.

Among other voices and music nothing is certain: lips and loudness hardly go together even where
they belong together. But lips that move on and on where nothing at all is heard are certain. The
rest has to be listened to: a few stretches, well chosen, tell before the whole is computed.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from app.face_curve import CURVE_FPS, STILL_MOTION, FaceCurve

MOVING = 0.4
"""Lip motion of somebody who talks or sings; see `FaceCurve.motion`."""
SILENT = 0.02
"""Level against the loud parts of the sound (their 95th percentile) below which nothing is heard;
rooms and recorders are never quite silent."""
_NOTHING = 1e-3
"""Full scale 1: a sound that never gets louder than this is no sound."""
_LEAD = CURVE_FPS // 5
"""Frames that lips move before a sound and after it."""
LEAST_SECONDS = 2
"""Of twenty faces that talk or listen, in fourteen clips of one or several people, 3 to 10 s each,
none moves the lips for a single frame of such silence."""
LEAST_SHARE = 0.25
"""Of all visible movement."""
STRETCH_S = 8
"""Length of the pieces that are listened to: the default model's chunks are no longer."""
ENOUGH_S = 12
"""Seconds of one person's moving lips that are listened to, if there are so many."""
MOST_STRETCHES = 8


def lips_without_sound(face: FaceCurve, level: NDArray[np.float32]) -> bool:
    """Whether visible lips move for seconds while the clip is silent.

    ``level`` is the largest magnitude of the sound in each frame of ``face``, (T,), full scale 1.
    """
    silent = level < max(_NOTHING, SILENT * float(np.percentile(level, 95)))
    around = np.pad(silent, _LEAD, mode="edge")
    silent = np.lib.stride_tricks.sliding_window_view(around, 2 * _LEAD + 1).all(axis=1)
    moving = _moves(face, MOVING)
    unheard = int((moving & silent).sum())
    return unheard >= LEAST_SECONDS * CURVE_FPS and unheard >= LEAST_SHARE * int(moving.sum())


def where_to_listen(faces: Mapping[str, FaceCurve], seconds: int) -> list[tuple[int, int]]:
    """Choose stretches of a clip in which everybody's lips move a good deal.

    ``faces`` begin with the sound, which lasts ``seconds``. Gives first second and end of each
    stretch, in order, not touching each other; those who move their lips least come last and may
    be left out in a crowd.
    """
    blocks = -(-seconds // STRETCH_S)
    moving = [_seconds_moving(face, blocks) for face in faces.values()]
    chosen: set[int] = set()
    for own in sorted(moving, key=lambda each: -float(each.sum())):
        for block in np.argsort(-own, kind="stable"):
            enough = sum(own[list(chosen)]) >= ENOUGH_S
            if enough or own[block] < 1 or len(chosen) == MOST_STRETCHES:
                break
            chosen.add(int(block))
    stretches: list[tuple[int, int]] = []
    for block in sorted(chosen):
        start, stop = block * STRETCH_S, min(seconds, (block + 1) * STRETCH_S)
        if stretches and stretches[-1][1] == start:
            start = stretches.pop()[0]
        stretches.append((start, stop))
    return stretches


def _seconds_moving(face: FaceCurve, blocks: int) -> NDArray[np.float64]:
    """Seconds of visible movement in each block of the clip."""
    frames = STRETCH_S * CURVE_FPS
    moves = _moves(face, STILL_MOTION)[: blocks * frames]
    moves = np.pad(moves, (0, blocks * frames - len(moves)))
    return np.asarray(moves.reshape(blocks, frames).sum(axis=1) / CURVE_FPS)


def _moves(face: FaceCurve, least: float) -> NDArray[np.bool_]:
    """Where lips are seen to move at least so much; unknown motion is none."""
    return np.asarray(face.visible & np.isfinite(face.motion) & (face.motion >= least))
