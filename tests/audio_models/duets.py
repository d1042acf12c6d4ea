"""Duets for tests: a voice low, a voice high, their faces, and a separator that knows the two."""

from __future__ import annotations

import torch
from mouthing import face, opening_track, voice
from torch import Tensor, nn

from audio_models.base import FACE_FPS, HOP, N_FFT, SAMPLE_RATE, Chunk, FaceInput
from audio_models.stft import stft

SECONDS = 20
LOW, HIGH = (200.0, 1500.0), (2500.0, 6000.0)
CROSSING = round(2000.0 * N_FFT / SAMPLE_RATE)


class BandSeparator(nn.Module):
    """Knows that one voice is low and one high; gives them in the order it is told."""

    def __init__(self, exchanged: tuple[bool, ...] = (), leak: float = 0.1) -> None:
        super().__init__()
        self.exchanged, self.leak, self.runs = exchanged, leak, 0

    def forward(self, spectrum: Tensor) -> Tensor:
        low = torch.full(spectrum.shape, self.leak)
        low[:, :CROSSING] = 1.0 - self.leak
        voices = [low, 1.0 - low]
        if self.exchanged and self.exchanged[self.runs % len(self.exchanged)]:
            voices.reverse()
        self.runs += 1
        return torch.stack([*voices, torch.zeros_like(low)], 1)


class Duet:
    """Two voices and the faces of the two, over `SECONDS`."""

    def __init__(self) -> None:
        tracks = [opening_track(seed, SECONDS) for seed in (1, 2)]
        self.voices = [voice(tracks[0], *LOW), voice(tracks[1], *HIGH, seed=1)]
        self.faces = [face(track) for track in tracks]

    def chunks(self, faces: list[FaceInput]) -> list[Chunk]:
        """0-4, 2-10 and 8-20 s, as the driver would cut them."""
        mixture = torch.from_numpy(self.voices[0] + self.voices[1])
        chunks = []
        for start, stop, overlap in ((0, 4, 0), (2, 10, 2), (8, 20, 2)):
            samples = (stop - start) * SAMPLE_RATE
            spectrum = stft(mixture[start * SAMPLE_RATE : stop * SAMPLE_RATE])
            part = slice(start * FACE_FPS, stop * FACE_FPS)
            shown = [
                FaceInput(
                    f.landmarks[part],
                    f.valid[part],
                    f.motion[part],
                    anchor=None if f.anchor is None else f.anchor[part],
                )
                for f in faces
            ]
            frames = samples // HOP
            chunks.append(
                Chunk(
                    spectrum=spectrum[:, :frames],
                    start=start * SAMPLE_RATE,
                    samples=samples,
                    overlap_frames=overlap * SAMPLE_RATE // HOP,
                    faces=shown,
                )
            )
        return chunks
