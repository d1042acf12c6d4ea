"""Tells before anything is computed that somebody's lips don't belong to the sound.

Among other voices and music nothing is certain: lips and loudness hardly go together even where
they belong together. But lips that move on and on where nothing at all is heard are certain.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from app.face_curve import CURVE_FPS, FaceCurve

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


def lips_without_sound(face: FaceCurve, level: NDArray[np.float32]) -> bool:
    """Whether visible lips move for seconds while the clip is silent.

    ``level`` is the largest magnitude of the sound in each frame of ``face``, (T,), full scale 1.
    """
    silent = level < max(_NOTHING, SILENT * float(np.percentile(level, 95)))
    around = np.pad(silent, _LEAD, mode="edge")
    silent = np.lib.stride_tricks.sliding_window_view(around, 2 * _LEAD + 1).all(axis=1)
    moving = face.visible & np.isfinite(face.motion) & (face.motion >= MOVING)
    unheard = int((moving & silent).sum())
    return unheard >= LEAST_SECONDS * CURVE_FPS and unheard >= LEAST_SHARE * int(moving.sum())
