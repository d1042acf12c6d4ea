"""Made-up people in a scan, and a model whose masks are known numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import torch

from audio_models import registry
from audio_models.base import Chunk
from audio_models.solovox import SecondAgreement
from vision.register import mean_face
from vision.types import FaceScan, FaceTrack

FPS = 25
FRAME = (640, 360)


@dataclass(frozen=True)
class Person:
    """A talking face at one place of the picture."""

    x: float
    """Centre as a part of the picture's width."""
    width: float = 80.0
    """Of the face, pixels."""
    start: float = 0.0
    stop: float = 4.0
    still: bool = False
    look: int = 0
    """People of equal look have equal descriptors."""


def make_scan(people: Sequence[Person], seconds: float = 4.0, first_pts: int = 0) -> FaceScan:
    """A scan at 25 fps with one track per person; ids count from 0."""
    frames = round(seconds * FPS)
    return FaceScan(
        frame_size=FRAME,
        time_base=Fraction(1, FPS),
        first_pts=first_pts,
        last_pts=first_pts + frames - 1,
        frames=frames,
        cuts=(),
        tracks=tuple(_track(n, person, first_pts) for n, person in enumerate(people)),
    )


def _track(number: int, person: Person, first_pts: int) -> FaceTrack:
    pts = np.arange(round(person.start * FPS), round(person.stop * FPS), dtype=np.int64) + first_pts
    count = len(pts)
    points = (mean_face() - mean_face().mean(axis=0)) * (person.width / 224)
    centre = np.array([person.x * FRAME[0], FRAME[1] / 2])
    points = np.tile(points + centre, (count, 1, 1))
    if not person.still:
        swing = 0.1 * person.width * (1 + np.sin(2 * np.pi * 3 * np.arange(count) / FPS))
        points[:, [57, 65, 66, 67], 1] += swing[:, None]
    box = (person.x * FRAME[0] - person.width / 2, 130.0, person.width, person.width * 1.2)
    descriptor = np.zeros(8, np.float32)
    descriptor[person.look] = 1.0
    return FaceTrack(
        id=number,
        shot=0,
        pts=pts,
        boxes=np.tile(np.asarray(box, np.float32), (count, 1)),
        landmarks=points.astype(np.float32),
        seen=np.ones(count, np.bool_),
        blur=np.full(count, 100.0, np.float32),
        pose=np.zeros((count, 2), np.float32),
        luminance=np.full(count, 0.5, np.float32),
        occlusion=np.zeros(count, np.float32),
        descriptor=descriptor,
        thumbnail=np.full((96, 96, 3), 40 * number + 40, np.uint8),
    )


class Shares:
    """Gives face n of a chunk the n-th of these masks, everywhere; keeps the chunks it saw."""

    def __init__(self, shares: Sequence[float], needs: str = "landmarks") -> None:
        self.shares = shares
        self.needs = needs
        self.chunks: list[Chunk] = []
        self.agreement: list[SecondAgreement] = []

    def masks(self, chunk: Chunk) -> torch.Tensor:
        self.chunks.append(chunk)
        ones = torch.ones(chunk.spectrum.shape)
        return torch.stack([self.shares[n] * ones for n in range(len(chunk.faces))])


def install(model: Shares, data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the program know ``model`` by the id ``shares``, with a weights file in its folder."""
    spec = registry.ModelSpec(
        id="shares",
        title="Shares",
        needs=model.needs,  # type: ignore[arg-type]
        weights="shares.bin",
        licence="none",
        card="none.md",
        build=lambda *_: lambda *_: model,
        joint_by_sum=False,
    )
    others = tuple(known for known in registry.MODELS if known.id != spec.id)
    monkeypatch.setattr(registry, "MODELS", (*others, spec))
    (data_dir / "models").mkdir(parents=True, exist_ok=True)
    (data_dir / "models" / "shares.bin").write_bytes(b"weights")
