"""What a training leaves to look at: a table, TensorBoard's log and a picture of the curve."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

TABLE = "curve.csv"
PICTURE = "curve.png"
TENSORBOARD = "tensorboard"
_LINES = ("-", "--", "-.", ":")
_MARKS = ("o", "s", "^", "v", "D", "P", "X")


class Journal:
    """Rows of figures over a training; a resumed one goes on where its checkpoint stands."""

    def __init__(self, folder: Path, step: int) -> None:
        from torch.utils.tensorboard import SummaryWriter

        self._folder = folder
        self.rows = [row for row in read_table(folder) if row["step"] <= step]
        self._writer: Any = SummaryWriter(str(folder / TENSORBOARD), purge_step=step)

    def add(self, row: Mapping[str, float]) -> None:
        """Append a row; it has ``step`` and ``minutes``."""
        self.rows.append(dict(row))
        for name, value in row.items():
            if name != "step":
                self._writer.add_scalar(name, value, int(row["step"]))
        self._writer.flush()
        names = list(dict.fromkeys(name for row in self.rows for name in row))
        partial = self._folder / (TABLE + ".part")
        with partial.open("w", newline="") as handle:
            writer = csv.DictWriter(handle, names)
            writer.writeheader()
            writer.writerows(self.rows)
        partial.replace(self._folder / TABLE)

    def close(self, title: str) -> None:
        """Draw the picture and close the log."""
        self._writer.close()
        if self.rows:
            draw_curves({title: self.rows}, self._folder / PICTURE)


def read_table(folder: Path) -> list[dict[str, float]]:
    """Rows of an earlier training; none when there is no table."""
    path = folder / TABLE
    if not path.is_file():
        return []
    with path.open(newline="") as handle:
        return [
            {name: float(value) for name, value in row.items() if value}
            for row in csv.DictReader(handle)
        ]


def draw_curves(curves: Mapping[str, Sequence[Mapping[str, float]]], path: Path) -> None:
    """Draw loss and score over minutes, a line for each training, into a PNG."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    from audio_models.train.task import SCORE

    figure = Figure(figsize=(9, 4.2) if len(curves) < 8 else (12, 5.5), layout="constrained")
    canvas = FigureCanvasAgg(figure)
    left, right = figure.subplots(1, 2)
    for number, (title, rows) in enumerate(curves.items()):
        # Not by colour alone: neighbours differ in their marks as well.
        style = {
            "linestyle": _LINES[number // 10 % len(_LINES)],
            "marker": _MARKS[number % len(_MARKS)],
            "markersize": 4,
            "label": title,
        }
        for axes, name in ((left, "loss"), (right, SCORE)):
            points = [(row["minutes"], row[name]) for row in rows if name in row]
            if points:
                axes.plot(*zip(*points, strict=True), **style)
    left.set_ylabel("training loss")
    left.set_yscale("log")
    right.set_ylabel("improvement of the voice, SI-SDR in dB")
    for axes in (left, right):
        axes.set_xlabel("minutes of training")
        axes.grid(alpha=0.3)
    if len(curves) > 1:
        handles, labels = right.get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside right center", fontsize="small")
        left.set_title("of its own kind for each family", fontsize="small")
    elif curves:
        figure.suptitle(next(iter(curves)))
    partial = path.with_name(path.name + ".part")
    with partial.open("wb") as handle:
        canvas.print_png(handle)
    partial.replace(path)
