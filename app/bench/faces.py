"""Measures how well the default model stands disturbed faces, on mixtures with known voices.

The pictures are scanned once; then what was seen is spoilt in several ways and every mixture is
separated again: half of the landmarks lost, the face late or early, the two faces exchanged.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from app.errors import BadInputError
from app.isolation import IsolateOptions
from app.jobs import CancelToken, OnProgress, ProgressClock
from app.mixtures import SILENT_KIND, Mixture, find_mixtures
from app.singers import Singer, choose
from app.whole_job import Faces, find_faces, isolate_voices

if TYPE_CHECKING:
    from vision.types import FaceScan, FaceTrack

Spoil = Callable[["FaceScan", int], "FaceScan"]
"""Takes a scan and a seed."""
_GAP_FRAMES = (5, 25)
SWAPPED = "faces exchanged"


def half_missing(scan: FaceScan, seed: int) -> FaceScan:
    """Half of every track's frames lost, in gaps of 0.2 to 1 s, bridged as the tracker does."""
    rng = np.random.default_rng(seed)
    return _each(scan, lambda track: _lose(track, rng))


def late(frames: int) -> Spoil:
    """Landmarks that come so many frames after their picture; negative = before it."""

    def spoil(scan: FaceScan, seed: int) -> FaceScan:
        return _each(scan, lambda track: _shift(track, frames))

    return spoil


def exchanged(scan: FaceScan, seed: int) -> FaceScan:
    """The two longest tracks have each other's landmarks; their places stay."""
    one, two = sorted(scan.tracks, key=lambda track: -len(track.pts))[:2]
    count = min(len(one.pts), len(two.pts))
    given = {
        one.id: _with_landmarks(one, two, count),
        two.id: _with_landmarks(two, one, count),
    }
    return replace(scan, tracks=tuple(given.get(track.id, track) for track in scan.tracks))


DISTURBANCES: dict[str, Spoil] = {
    "as seen": lambda scan, seed: scan,
    "half of the landmarks missing": half_missing,
    "faces two frames late": late(2),
    "faces two frames early": late(-2),
}


@dataclass(frozen=True)
class FaceScore:
    """One disturbance: mean SI-SDR improvements in dB over the mixtures with clear lips."""

    name: str
    mixtures: int
    improvement: float


def bench_faces(
    folder: Path,
    recipes: Path | None = None,
    *,
    model: str = "solovox",
    on_progress: OnProgress | None = None,
    token: CancelToken | None = None,
) -> list[FaceScore]:
    """Score every disturbance over a folder of mixtures.

    `SWAPPED` is scored against the voice of the other person, on mixtures of two faces.
    Raises `BadInputError` when there are no mixtures with a clear face.
    """
    token = token or CancelToken()
    mixtures = [m for m in find_mixtures(folder, recipes) if m.kind != SILENT_KIND]
    mixtures = [m for m in mixtures if not m.doubtful]
    if not mixtures:
        raise BadInputError(f"{folder} holds no mixture whose lips can be trusted.")
    gains: dict[str, list[float]] = {name: [] for name in [*DISTURBANCES, SWAPPED]}
    clock = ProgressClock("Disturbing faces", len(mixtures), on_progress)
    for number, mixture in enumerate(mixtures):
        faces = find_faces(mixture.clip, token=token)
        for name, spoil in DISTURBANCES.items():
            gains[name].append(_gain(mixture, faces, spoil(faces.scan, number), model, token))
        if mixture.place != "largest" and len(faces.singers) >= 2:
            scan = exchanged(faces.scan, number)
            gains[SWAPPED].append(_gain(mixture, faces, scan, model, token, other=True))
        clock.update(number + 1)
    return [
        FaceScore(n, len(g), float(np.mean(g)) if g else float("nan")) for n, g in gains.items()
    ]


def lines(scores: Sequence[FaceScore]) -> list[str]:
    """The table as text."""
    rows = [f"{'what the model sees':34} {'n':>4} {'SI-SDR':>8} {'change':>8}"]
    for score in scores:
        change = f"{score.improvement - scores[0].improvement:8.2f}"
        against = "-" if score.name == SWAPPED else change
        rows.append(f"{score.name:34} {score.mixtures:4d} {score.improvement:8.2f} {against:>8}")
    return [
        *rows,
        "",
        "dB, means of the improvement over the mixture. Faces exchanged: of the other person's "
        "voice, which then has to come.",
    ]


def _gain(
    mixture: Mixture,
    faces: Faces,
    scan: FaceScan,
    model: str,
    token: CancelToken,
    other: bool = False,
) -> float:
    import soundfile

    from audio_models.metrics import si_sdr

    def pick(singers: Sequence[Singer]) -> list[Singer]:
        wanted = choose(singers, mixture.place)
        if mixture.place == "largest" or len(singers) < 2:
            return wanted
        return wanted + choose(singers, "left" if mixture.place == "right" else "right")

    options = IsolateOptions(model=model)
    spoilt = Faces(scan, faces.singers, 0.0)
    voice = isolate_voices(mixture.clip, spoilt, pick, options, token=token).sounds[0]
    target, rest = (
        soundfile.read(path, dtype="float32", always_2d=True)[0].T
        for path in (mixture.target, mixture.others)
    )
    wanted = rest if other else target
    return float(si_sdr(wanted, voice) - si_sdr(wanted, target + rest))


def _each(scan: FaceScan, change: Callable[[FaceTrack], FaceTrack]) -> FaceScan:
    return replace(scan, tracks=tuple(change(track) for track in scan.tracks))


def _lose(track: FaceTrack, rng: np.random.Generator) -> FaceTrack:
    """Gaps and what stays take turns, equally long on average."""
    count = len(track.pts)
    seen = np.ones(count, bool)
    frame = int(rng.integers(_GAP_FRAMES[1]))
    while frame < count:
        gap = int(rng.integers(_GAP_FRAMES[0], _GAP_FRAMES[1] + 1))
        seen[frame : frame + gap] = False
        frame += gap + int(rng.integers(_GAP_FRAMES[0], _GAP_FRAMES[1] + 1))
    seen &= track.seen
    if not seen.any():
        return track
    kept = np.flatnonzero(seen)
    flat = track.landmarks.reshape(count, -1)
    bridged = np.stack([np.interp(np.arange(count), kept, column[kept]) for column in flat.T], 1)
    points = bridged.reshape(track.landmarks.shape).astype(np.float32)
    return replace(track, seen=seen, landmarks=points)


def _shift(track: FaceTrack, frames: int) -> FaceTrack:
    rows = np.clip(np.arange(len(track.pts)) - frames, 0, len(track.pts) - 1)
    return replace(track, landmarks=track.landmarks[rows], seen=track.seen[rows])


def _with_landmarks(track: FaceTrack, other: FaceTrack, count: int) -> FaceTrack:
    def lent(own: NDArray, others: NDArray) -> NDArray:
        return np.concatenate([others[:count], own[count:]])

    return replace(
        track,
        landmarks=lent(track.landmarks, other.landmarks),
        seen=lent(track.seen, other.seen),
    )
