"""Any channel layout to the two channels of the monitor output."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_SIDE = 2**-0.5
"""-3 dB for centre and surrounds (ITU-R BS.775-3, annex 4); the LFE channel is left out."""
_MATRICES = {
    6: [[1, 0, _SIDE, 0, _SIDE, 0], [0, 1, _SIDE, 0, 0, _SIDE]],
    8: [[1, 0, _SIDE, 0, _SIDE, 0, _SIDE, 0], [0, 1, _SIDE, 0, 0, _SIDE, 0, _SIDE]],
}


def to_stereo(block: NDArray[np.float32]) -> NDArray[np.float32]:
    """Mix (C, N) down or up to (2, N): 5.1 and 7.1 in the usual order by BS.775, else the mean."""
    channels = block.shape[0]
    if channels == 2:
        return block
    if channels in _MATRICES:
        return np.asarray(_MATRICES[channels], np.float32) @ block
    mono = block.mean(axis=0, keepdims=True)
    return np.repeat(mono, 2, axis=0)
