"""Codec damage: a training sound sent through a lossy codec and back, not shifted in time."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

Signal = NDArray[np.float32]
CODECS = ("aac", "libmp3lame")
KILOBITS = (24, 64)
"""Of mono sound: from hardly bearable to what streams and phones carry."""
_LABEL_HZ = 16000
"""The codecs know no 16384 Hz; they are told the nearest rate, 2 % lower."""
_MOST_DELAY = 4096
_LEAST_LIKENESS = 0.5


def coded(samples: Signal, codec: str, kilobits: int) -> Signal:
    """What a codec makes of a mono sound at this bit rate; the same length and place.

    The delays of encoder and decoder differ between builds of the codecs, so they are measured:
    the result is put where it agrees best with the original. Where it hardly does (silence), the
    original comes back.
    """
    import av

    encoder = av.CodecContext.create(codec, "w")
    assert isinstance(encoder, av.AudioCodecContext)
    encoder.sample_rate, encoder.layout, encoder.format = _LABEL_HZ, "mono", "fltp"
    encoder.bit_rate = 1000 * kilobits
    encoder.time_base = Fraction(1, _LABEL_HZ)
    encoder.open()
    decoder = av.CodecContext.create("mp3float" if codec == "libmp3lame" else codec, "r")
    assert isinstance(decoder, av.AudioCodecContext)
    decoder.extradata = encoder.extradata
    decoder.sample_rate, decoder.layout = _LABEL_HZ, "mono"
    size = encoder.frame_size
    padded = np.pad(samples, (0, _MOST_DELAY + -len(samples) % size))
    parts: list[Signal] = []
    for start in range(0, len(padded) - size + 1, size):
        chunk = np.ascontiguousarray(padded[None, start : start + size])
        frame = av.AudioFrame.from_ndarray(chunk, format="fltp", layout="mono")
        frame.sample_rate, frame.pts = _LABEL_HZ, start
        for packet in encoder.encode(frame):
            parts += [np.asarray(f.to_ndarray()[0], np.float32) for f in decoder.decode(packet)]
    for packet in encoder.encode(None):
        parts += [np.asarray(f.to_ndarray()[0], np.float32) for f in decoder.decode(packet)]
    result = np.concatenate(parts) if parts else np.zeros(0, np.float32)
    result = np.pad(result, (0, max(0, len(samples) + _MOST_DELAY - len(result))))
    shift, likeness = _delay(samples, result)
    return result[shift : shift + len(samples)] if likeness > _LEAST_LIKENESS else samples


def _delay(samples: Signal, result: Signal) -> tuple[int, float]:
    """Samples by which ``result`` is late, and the correlation there."""
    from scipy import fft

    size = fft.next_fast_len(len(samples) + len(result), real=True)
    product = fft.rfft(result, size) * np.conj(fft.rfft(samples, size))
    correlation = fft.irfft(product, size)[:_MOST_DELAY]
    shift = int(np.argmax(correlation))
    norm = np.linalg.norm(samples) * np.linalg.norm(result[shift : shift + len(samples)])
    return shift, float(correlation[shift] / max(float(norm), 1e-9))
