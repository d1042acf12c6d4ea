"""Preparing filmed speech for training: landmarks by this program's own eyes, sound beside them.

The networks' package does not look at pictures, so this is done here, once, into one file.
"""

from __future__ import annotations

import tarfile
import tempfile
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from app.errors import BadInputError
from app.jobs import CancelToken, OnProgress, ProgressClock

if TYPE_CHECKING:
    from audio_models.train.lips import LipFigures, TalkingClip

STAGE = "Finding landmarks"
MOST_UNSEEN = 0.1
"""Share of frames without a face up to which a clip is used; they are interpolated."""
_SUFFIXES = (".mkv", ".mp4", ".mov", ".mpg", ".avi", ".webm")


def extract_landmarks(
    data: Path,
    out: Path,
    *,
    mouths: bool = False,
    on_progress: OnProgress | None = None,
    token: CancelToken | None = None,
) -> int:
    """Follow the face of every clip in ``data`` and store landmarks and sound in ``out`` (npz).

    ``mouths`` also stores the pictures of the mouths, 180 kB for each second.

    ``data`` is a folder of clips, of tar files of clips, or one such tar file; each clip shows one
    person without cuts. Clips in which the face is often missing are left out.

    Returns:
        Number of clips stored.

    Raises:
        BadInputError: nothing usable lies in ``data``.
    """
    from audio_models.train.lips import save_clips

    token = token or CancelToken()
    if not data.exists():
        raise BadInputError(f"There is no {data}; check the name.")
    members = list(_members(data))
    if not members:
        raise BadInputError(f"{data} holds no video clips; give a folder or a tar file of clips.")
    clock = ProgressClock(STAGE, len(members), on_progress)
    clips: list[TalkingClip] = []
    with tempfile.TemporaryDirectory() as folder:
        for count, (path, member) in enumerate(_unpacked(members, Path(folder))):
            token.check()
            clip = _talking_clip(path, mouths)
            if clip is not None:
                clips.append(clip)
            if member is not None:
                path.unlink()
            clock.update(count + 1)
    if not clips:
        raise BadInputError(f"No clip in {data} shows a face throughout; give clips of one face.")
    save_clips(clips, out)
    return len(clips)


def train_lips_file(
    data: Path,
    out: Path,
    steps: int,
    *,
    report: Callable[[str], None] = print,
    token: CancelToken | None = None,
) -> LipFigures:
    """Train the sound-to-mouth regressor on a file of `extract_landmarks`; write its weights.

    Raises:
        audio_models.errors.ModelError: the file is missing or holds too little.
    """
    import torch

    from audio_models.lips import save_lips
    from audio_models.train.lips import load_clips, train_lips

    # The network is small: threads would cost more than they give.
    torch.set_num_threads(1)
    check = (token or CancelToken()).check
    model, figures = train_lips(load_clips(data), steps=steps, report=report, check=check)
    save_lips(model, out)
    return figures


def _members(data: Path) -> Iterator[tuple[Path, str | None]]:
    """Clips in order: the file and, when it is a tar file, the name inside."""
    files = sorted(data.iterdir()) if data.is_dir() else [data]
    for file in files:
        if file.suffix == ".tar":
            with tarfile.open(file) as archive:
                for info in archive:
                    if info.isfile() and info.name.lower().endswith(_SUFFIXES):
                        yield file, info.name
        elif file.suffix.lower() in _SUFFIXES:
            yield file, None


def _unpacked(
    members: list[tuple[Path, str | None]], folder: Path
) -> Iterator[tuple[Path, str | None]]:
    """Each clip as a file of its own; those from a tar file lie in ``folder``."""
    archive: tarfile.TarFile | None = None
    opened: Path | None = None
    try:
        for number, (file, member) in enumerate(members):
            if member is None:
                yield file, None
                continue
            if archive is None or opened != file:
                if archive is not None:
                    archive.close()
                archive, opened = tarfile.open(file), file  # noqa: SIM115
            handle = archive.extractfile(member)
            path = folder / f"{number}{Path(member).suffix}"
            path.write_bytes(handle.read() if handle is not None else b"")
            yield path, member
    finally:
        if archive is not None:
            archive.close()


def _talking_clip(path: Path, mouths: bool) -> TalkingClip | None:
    """Registered landmarks at 25 per second of sound, None when the face is often missing."""
    import soxr

    from app.media.audio import AudioReader
    from app.media.video import VideoReader
    from audio_models.base import FACE_FPS, SAMPLE_RATE
    from audio_models.train.lips import TalkingClip
    from vision.landmarks import follow_face
    from vision.register import register_landmarks

    with AudioReader(path) as reader:
        start = reader.start
        sound = reader.read(0, reader.samples).mean(axis=0)
        rate = reader.sample_rate
    with VideoReader(path) as video:
        frames = list(video.frames())
        times = [float(frame.pts * video.time_base - start) for frame in frames]
    points, seen = follow_face(frame.image for frame in frames)
    if not seen.any() or 1.0 - seen.mean() > MOST_UNSEEN:
        return None
    flat = register_landmarks(points[seen]).reshape(int(seen.sum()), -1)
    known = np.asarray(times)[seen]
    count = int(Fraction(len(sound), rate) * FACE_FPS)
    axis = np.arange(count) / FACE_FPS
    landmarks = np.stack([np.interp(axis, known, column) for column in flat.T], axis=1)
    return TalkingClip(
        landmarks.reshape(count, 68, 2).astype(np.float32),
        np.asarray(soxr.resample(sound, rate, SAMPLE_RATE), np.float32),
        _mouths([frame.image for frame in frames], points, seen, times, axis) if mouths else None,
    )


def _mouths(
    images: Sequence[NDArray[np.uint8]],
    points: NDArray[np.floating],
    seen: NDArray[np.bool_],
    times: Sequence[float],
    axis: NDArray[np.floating],
) -> NDArray[np.uint8]:
    """(T, 40, 60, 3) mouths of the frames nearest to the axis that show the face."""
    from audio_models.video_net import MOUTH_COLUMNS, MOUTH_ROWS
    from vision.register import face_image

    known = np.flatnonzero(seen)
    at = np.asarray(times)[known]
    pictures = [face_image(images[i], points[i])[MOUTH_ROWS, MOUTH_COLUMNS] for i in known]
    return np.stack([pictures[int(np.abs(at - time).argmin())] for time in axis])
