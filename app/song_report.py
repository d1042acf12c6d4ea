"""Scores of songs as a table with the published figures beside them, and as plots."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from app.song_scores import MEASURES, SongScore, Sound, SystemRow, rows

_SISEC = "SiSEC 2018, from the submissions' own files (sigsep/sigsep-mus-2018)"
_CHOI = "Choi et al., ISMIR 2020, and the notebooks beside its code"
_WAVE = "Stoller et al., the README beside the code of Wave-U-Net"
PUBLISHED: tuple[tuple[str, str, tuple[float | None, ...], str], ...] = (
    ("mixture", "vocals", (1.12, -5.21, 29.97), _SISEC),
    ("mixture", "accompaniment", (6.32, None, None), _SISEC),
    ("ideal ratio mask", "vocals", (8.52, 17.34, 9.18), _SISEC),
    ("ideal ratio mask", "accompaniment", (14.50, None, None), _SISEC),
    ("ideal binary mask", "vocals", (7.67, 20.02, 7.60), _SISEC),
    ("ideal binary mask", "accompaniment", (10.03, None, None), _SISEC),
    ("MDL1", "vocals", (4.02, 7.85, 4.53), _SISEC),
    ("Wave-U-Net (STL1)", "vocals", (4.97, 13.99, 4.41), _SISEC),
    ("Wave-U-Net (STL1)", "accompaniment", (11.11, None, None), _SISEC),
    ("Wave-U-Net of four stems (STL2)", "vocals", (3.25, None, None), _SISEC),
    ("Wave-U-Net M5-HighSR", "vocals", (4.95, None, None), _WAVE),
    ("Wave-U-Net M5-HighSR", "accompaniment", (11.16, None, None), _WAVE),
    ("TDC-17", "vocals", (4.86, None, None), _CHOI),
    ("TFC-TDF-7", "vocals", (6.95, None, None), _CHOI),
    ("TFC-TDF-17", "vocals", (7.12, None, None), _CHOI),
    ("TFC-TDF large", "vocals", (7.98, None, None), _CHOI),
    ("TFC-TDF large, run again", "vocals", (8.03, 16.41, 7.53), _CHOI),
    ("JY3", "vocals", (5.74, 11.51, 5.54), _SISEC),
    ("UHL2", "vocals", (5.93, 11.69, 6.28), _SISEC),
    ("TAK1", "vocals", (6.60, 14.37, 6.37), _SISEC),
    ("TAU1 (more data)", "vocals", (7.15, 16.91, 7.45), _SISEC),
)
"""System, target, median SDR, SIR and SAR over the 50 test songs of MUSDB18, and the source."""


@dataclass(frozen=True)
class SongEvaluation:
    """All scores of an evaluation."""

    device: str
    scores: tuple[SongScore, ...]

    def rows(self) -> list[SystemRow]:
        """A row for each system and target."""
        return rows(self.scores)

    def facts(self) -> dict[str, Any]:
        """For programs: rows, every song's medians, and the published figures."""
        songs = [
            {
                "song": score.name,
                "system": score.system,
                "target": target,
                **{m: _number(part.median(m)) for m in MEASURES},
                "si_sdr": _number(part.si_sdr),
                "spectrogram_l1": _number(part.l1),
                "near_silent_seconds": int(part.near_silent.sum()),
            }
            for score in self.scores
            for target, part in score.targets.items()
        ]
        published = [
            {"system": name, "target": target, **dict(zip(MEASURES, values, strict=False)),
             "source": source}
            for name, target, values, source in PUBLISHED
        ]  # fmt: skip
        return {
            "device": self.device,
            "rows": [row.facts() for row in self.rows()],
            "songs": songs,
            "published": published,
        }

    def lines(self) -> list[str]:
        """For people."""
        head = "".join(f"{name:>8}" for name in MEASURES)
        lines = [f"{'':<34}{'songs':>6}{head}{'spread':>8}{'mean':>8}{'SI-SDR':>8}{'L1':>11}"]
        lost: dict[str, tuple[int, int]] = {}
        for row in self.rows():
            cells = "".join(_cell(row.medians[m]) for m in MEASURES)
            cells += _cell(row.spreads["SDR"]) + _cell(row.means["SDR"]) + _cell(row.si_sdr)
            lines.append(
                f"{row.system + ', ' + row.target:<34}{row.songs:>6}{cells}{row.l1:>11.2e}"
            )
            lost[row.target] = (row.near_silent, row.without_value)
        lines.append("")
        lines.append(
            "dB, medians over seconds, then over songs; spread: median absolute deviation of SDR "
            "over seconds; mean: of SDR without near-silent seconds. L1: of magnitudes."
        )
        lines += [
            f"{target}: {silent} seconds near silent, {none} without a value."
            for target, (silent, none) in lost.items()
        ]
        lines.append("")
        lines.append("Published, MUSDB18 test set of 50 songs (SDR, SIR, SAR):")
        for name, target, values, source in PUBLISHED:
            cells = "".join(f"{'-':>8}" if v is None else f"{v:8.2f}" for v in values)
            lines.append(f"{name + ', ' + target:<40}{cells}  {source}")
        return lines


def draw_scores(evaluation: SongEvaluation, path: Path) -> None:
    """Draw every song's median SDR, a box for each system and target, as PNG."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 4.5), layout="constrained")
    canvas = FigureCanvasAgg(figure)
    targets = ("vocals", "accompaniment")
    for axes, target in zip(figure.subplots(1, 2), targets, strict=True):
        systems = list(dict.fromkeys(score.system for score in evaluation.scores))
        values = [
            [
                v
                for s in evaluation.scores
                if s.system == system and math.isfinite(v := s.targets[target].median("SDR"))
            ]
            for system in systems
        ]
        axes.boxplot(values, tick_labels=systems)
        axes.tick_params(axis="x", rotation=60)
        axes.set_title(target)
        axes.set_ylabel("SDR of songs, dB")
        axes.grid(axis="y", alpha=0.3)
    _save(canvas, path)


def draw_patches(
    truth: Sound, estimate: Sound, rate: int, path: Path, title: str, seconds: float = 6.0
) -> None:
    """Draw target, estimate and difference of the loudest stretch of the target as PNG.

    Args:
        truth, estimate: (C, N).
    """
    import torch
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    from audio_models.oracle import TRANSFORM

    length = min(truth.shape[1], round(seconds * rate))
    energy = np.cumsum(np.concatenate([[0.0], (truth.astype(np.float64) ** 2).sum(0)]))
    first = int(np.argmax(energy[length:] - energy[: len(energy) - length]))
    cut = slice(first, first + length)
    magnitudes = [
        TRANSFORM.forward(torch.from_numpy(s[:, cut].mean(0))).abs().numpy() / TRANSFORM.n_fft * 4
        for s in (truth, estimate)
    ]
    pictures = [20 * np.log10(m + 1e-6) for m in magnitudes]
    difference = 20 * np.log10(np.abs(magnitudes[0] - magnitudes[1]) + 1e-6)
    top = max(float(picture.max()) for picture in pictures)
    figure = Figure(figsize=(13, 4), layout="constrained")
    canvas = FigureCanvasAgg(figure)
    image = None
    names = ("target", "estimate", "difference of magnitudes")
    subplots = figure.subplots(1, 3, sharey=True)
    for axes, picture, name in zip(subplots, (*pictures, difference), names, strict=True):
        extent = (first / rate, (first + length) / rate, 0, rate / 2000)
        image = axes.imshow(
            picture, origin="lower", aspect="auto", extent=extent, vmin=top - 70, vmax=top,
            cmap="magma",
        )  # fmt: skip
        axes.set_title(name)
        axes.set_xlabel("s")
    subplots[0].set_ylabel("kHz")
    if image is not None:
        figure.colorbar(image, ax=list(subplots), label="dB of full scale")
    figure.suptitle(title)
    _save(canvas, path)


def _save(canvas: Any, path: Path) -> None:
    partial = path.with_name(path.name + ".part")
    with partial.open("wb") as handle:
        canvas.print_png(handle)
    partial.replace(path)


def _number(value: float) -> float | None:
    return None if math.isnan(value) else round(value, 4)


def _cell(value: float) -> str:
    return f"{'-':>8}" if math.isnan(value) else f"{value:8.2f}"
