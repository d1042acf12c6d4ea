"""`bench pairs`: every two people once, each with both faces seen and alone in the picture."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from app.bench import pairs
from app.bench.pairs import Talker, bench_pairs, lines
from app.errors import BadInputError
from app.isolation import IsolateOptions
from audio_models.base import BINS, SAMPLE_RATE, Chunk, FaceInput
from audio_models.registry import LoadedModel, find_model

PITCHES = {"a": 1000.0, "b": 3000.0, "c": 5000.0}


class ByPitch:
    """Knows each face's tone; who is seen alone gets the other's tone by half as well."""

    def __init__(self, faces: int) -> None:
        self.faces = faces

    def masks(self, chunk: Chunk) -> torch.Tensor:
        assert len(chunk.faces) == self.faces
        hz = torch.arange(BINS) * SAMPLE_RATE / 2 / BINS
        masks = []
        for face in chunk.faces:
            near = (hz - float(face.landmarks[:][0, 0, 0])).abs() < 500
            other = 0.0 if self.faces == 2 else 0.5
            masks.append(torch.where(near, 1.0, other)[:, None].expand(-1, chunk.spectrum.shape[1]))
        return torch.stack(masks)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    def talker(path: Path, _: Any) -> Talker:
        hz, count = PITCHES[path.stem], 2 * SAMPLE_RATE
        sound = np.sin(2 * np.pi * hz * np.arange(count) / SAMPLE_RATE).astype(np.float32)
        rows = np.full((51, 68, 2), hz, np.float32)
        return Talker(path.stem, sound, FaceInput(rows, np.ones(51, bool), np.ones(51, np.float32)))

    def load(_: IsolateOptions) -> tuple[LoadedModel, str]:
        spec = find_model("solovox")
        start = lambda faces, check: ByPitch(faces)  # noqa: E731
        return LoadedModel(spec, torch.device("cpu"), False, start), "CPU"  # type: ignore[arg-type]

    monkeypatch.setattr(pairs, "_talker", talker)
    monkeypatch.setattr(pairs, "load_chosen", load)
    for name in PITCHES:
        (tmp_path / f"{name}.mkv").touch()
    return tmp_path


def test_every_pair_is_scored_with_both_faces_and_with_one(folder: Path) -> None:
    scores = bench_pairs(folder)
    assert [score.names for score in scores] == [("a", "b"), ("a", "c"), ("b", "c")]
    for score in scores:
        assert min(score.both_seen) > 20
        assert score.one_seen == pytest.approx((6.0, 6.0), abs=0.5)
    text = "\n".join(lines(scores))
    assert text.startswith("3 pairs")
    assert "one face seen +6.0" in text


def test_one_clip_is_too_few(folder: Path) -> None:
    for name in "bc":
        (folder / f"{name}.mkv").unlink()
    with pytest.raises(BadInputError, match="no two clips"):
        bench_pairs(folder)
