"""The 68 iBUG points taken from MediaPipe's face mesh."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vision.types import FloatArray

JAW = (127, 234, 93, 132, 58, 136, 150, 176, 152, 400, 379, 365, 288, 361, 323, 454, 356)
BROWS = (70, 63, 105, 66, 107, 336, 296, 334, 293, 300)
NOSE = (168, 197, 5, 4, 98, 97, 2, 326, 327)
EYES = (33, 160, 158, 133, 153, 144, 362, 385, 387, 263, 373, 380)
OUTER_LIPS = (61, 39, 37, 0, 267, 269, 291, 405, 314, 17, 84, 181)
INNER_LIPS = (78, 82, 13, 312, 308, 317, 14, 87)

MESH_INDEX = np.array((*JAW, *BROWS, *NOSE, *EYES, *OUTER_LIPS, *INNER_LIPS), dtype=np.intp)
"""(68,) mesh vertex of each iBUG point.

One vertex per point, so that no point is smoothed against another; the set is its own mirror
image about the face's midline. Jaw vertices lie on the 3-D edge of the face: in profile they stay
on the head instead of following the visible outline.
"""

MIRROR = np.array(
    (
        *range(16, -1, -1),
        *range(26, 16, -1),
        *range(27, 31),
        *range(35, 30, -1),
        *(45, 44, 43, 42, 47, 46, 39, 38, 37, 36, 41, 40),
        *(54, 53, 52, 51, 50, 49, 48, 59, 58, 57, 56, 55),
        *(64, 63, 62, 61, 60, 67, 66, 65),
    ),
    dtype=np.intp,
)
"""(68,) the iBUG point that each point becomes when the picture is mirrored left to right."""


def mesh_to_68(mesh: NDArray[np.floating]) -> FloatArray:
    """Pick the iBUG points from a mesh (468 or 478, D); returns (68, D) in the same units."""
    return np.asarray(mesh[MESH_INDEX], dtype=np.float32)
