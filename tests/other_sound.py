"""The pictures of a clip beside a sound that does not belong to them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

Change = Callable[[NDArray[np.int16]], NDArray[np.int16]]


def with_other_sound(clip: Path, path: Path, change: Change) -> Path:
    """Write ``clip``, whose sound is 16-bit PCM, with what ``change`` makes of it, (N, C)."""
    data = clip.read_bytes()
    with av.open(str(clip)) as source:
        stream = source.streams.audio[0]
        channels = stream.codec_context.channels
        packets = [bytes(packet) for packet in source.demux(stream) if packet.size]
    sound = np.frombuffer(b"".join(packets), np.int16).reshape(-1, channels)
    changed = change(sound).astype(np.int16)
    assert changed.shape == sound.shape
    fresh, at = changed.tobytes(), 0
    for packet in packets:  # not compressed, so they stand in the file as they are
        assert data.count(packet) == 1
        data = data.replace(packet, fresh[at : at + len(packet)])
        at += len(packet)
    path.write_bytes(data)
    return path
