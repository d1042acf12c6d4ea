"""What every separation model of Solovox takes and gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from torch import Tensor

SAMPLE_RATE = 16384
"""Rate of all face-guided models, Hz (Y-Net section 2)."""
N_FFT = 1022
HOP = 256
BINS = N_FFT // 2 + 1
FACE_FPS = 25


class LandmarkRows(Protocol):
    """Landmarks of many frames: an array, or something that works them out where they are used."""

    @property
    def shape(self) -> tuple[int, ...]: ...

    def __getitem__(self, frames: slice, /) -> NDArray[np.float32]: ...


@dataclass(frozen=True)
class FaceInput:
    """One person's face over a stretch of sound.

    Frame k belongs to the instant k / 25 s after the first sound sample of the stretch.
    """

    landmarks: LandmarkRows
    """(T, 68, 2) x, y in pixels of the 96 x 128 registered face image, sub-pixel."""
    valid: NDArray[np.bool_]
    """(T,) False where the person is not in the picture."""
    motion: NDArray[np.float32]
    """(T,) lip motion as in vision.types.FaceFeatures.motion; near 0 = lips still."""
    mouth: NDArray[np.uint8] | None = None
    """(T, 128, 96, 3) RGB registered face images, only for models that need the mouth video."""
    anchor: NDArray[np.int8] | None = None
    """(T,) what the user knows: 1 = this person's voice sounds, -1 = it does not, 0 = no word."""


@dataclass(frozen=True)
class Chunk:
    """One stretch of a clip as a model sees it."""

    spectrum: Tensor
    """(512, T) complex64 STFT of the mono mixture at 16384 Hz."""
    start: int
    """Index at 16384 Hz of the chunk's first sample; negative in the context before the clip."""
    samples: int
    """Length at 16384 Hz."""
    overlap_frames: int
    """STFT frames shared with the previous chunk; 0 for the first."""
    faces: Sequence[FaceInput]
    """Every visible person over this chunk, always in the same order."""


class MaskEstimator(Protocol):
    """A model at work on one clip: chunks come in order, state may be kept between them."""

    def masks(self, chunk: Chunk) -> Tensor:
        """Give one mask per face: (faces, 512, T), float32 or complex64, before joint division."""
        ...


class AudioSource(Protocol):
    """Random access to sound by sample index; what ``app.media`` readers provide."""

    @property
    def sample_rate(self) -> int: ...

    @property
    def channels(self) -> int: ...

    @property
    def samples(self) -> int: ...

    def read(self, start: int, stop: int) -> NDArray[np.float32]:
        """Samples start..stop as (channels, stop - start) float32; zeros outside the stream."""
        ...
