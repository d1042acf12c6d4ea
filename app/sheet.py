"""The contact sheet: a picture of the clip with its faces, and a strip for every singer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from app.clip import Clip
from app.errors import BadInputError, NotPossibleError
from app.singers import Singer
from app.times import format_time
from vision.types import FaceScan, FaceTrack

Image = NDArray[np.uint8]

WIDTH = 960
_MOST_HEIGHT = 720
"""Of the picture: upright clips stand between bars."""
_FACE = 120
_GAP = 12
_STRIP = _FACE + 2 * _GAP
_BACK = (28, 28, 30)
_TEXT = (235, 235, 235)
_DIM = (150, 150, 155)
_COLOURS = ((90, 200, 250), (255, 159, 10), (48, 209, 88), (255, 100, 130), (191, 140, 255))
_FONT = cv2.FONT_HERSHEY_SIMPLEX


def draw_sheet(clip: Clip, scan: FaceScan, singers: Sequence[Singer]) -> Image:
    """Draw (H, 960, 3) RGB: the frame with most faces on top, a strip for each singer below."""
    tracks = {track.id: track for track in scan.tracks}
    strips = [_strip(n, singer, tracks, scan, clip) for n, singer in enumerate(singers)]
    return np.concatenate([_picture(clip, scan, singers, tracks), *strips])


def write_sheet(sheet: Image, path: Path | None, clip: Clip, overwrite: bool) -> Path:
    """Write the sheet as PNG and give its path.

    Without ``path`` it gets a name of its own in the current folder: a sheet that is already there
    with the same content is kept, one with another content gets a number.
    """
    from app.export.atomic import PendingFile
    from app.export.naming import next_free

    coded, data = cv2.imencode(".png", cv2.cvtColor(sheet, cv2.COLOR_RGB2BGR))
    if not coded:
        raise NotPossibleError("The contact sheet could not be drawn; the clip's picture is odd.")
    content = data.tobytes()
    if path is None:
        path = Path.cwd() / f"{clip.path.stem}_faces.png"
        if path.is_file() and path.read_bytes() == content:
            return path
        if not overwrite:
            path = next_free(path)
    pending = PendingFile(path, overwrite)
    try:
        pending.temporary.write_bytes(content)
    except OSError as error:
        pending.discard()
        raise BadInputError(
            f"{path} could not be written ({error.strerror}); choose another place with --sheet."
        ) from error
    return pending.commit()


def _picture(
    clip: Clip, scan: FaceScan, singers: Sequence[Singer], tracks: dict[int, FaceTrack]
) -> Image:
    """The frame in which most singers are seen, with named boxes; 960 wide."""
    from app.media.video import VideoReader

    pts = _fullest(singers, tracks)
    with VideoReader(clip.path, max_width=WIDTH, info=clip.info) as reader:
        image = reader.frame_at(pts * scan.time_base).image
    height, width = image.shape[:2]
    fit = min(WIDTH / width, _MOST_HEIGHT / height)
    canvas = cv2.resize(
        image, (round(width * fit), round(height * fit)), None, 0, 0, cv2.INTER_AREA
    )
    scale = canvas.shape[1] / scan.frame_size[0]
    for n, singer in enumerate(singers):
        for number in singer.tracks:
            track = tracks[number]
            at = int(np.searchsorted(track.pts, pts))
            if at < len(track.pts) and track.pts[0] <= pts:
                x, y, w, h = (round(float(value) * scale) for value in track.boxes[at])
                colour = _COLOURS[n % len(_COLOURS)]
                cv2.rectangle(canvas, (x, y), (x + w, y + h), colour, 2, cv2.LINE_AA)
                _label(canvas, singer.id, (x, y), colour)
    bar = WIDTH - canvas.shape[1]
    sides = ((0, 0), (bar // 2, bar - bar // 2), (0, 0))
    return np.pad(np.asarray(canvas, np.uint8), sides)


def _fullest(singers: Sequence[Singer], tracks: dict[int, FaceTrack]) -> int:
    """Time stamp with the most faces, the middle one of the candidates."""
    members = [tracks[number] for singer in singers for number in singer.tracks]
    times = np.unique(np.concatenate([track.pts for track in members]))
    count = np.zeros(times.size, np.int64)
    for track in members:
        count += (times >= track.pts[0]) & (times <= track.pts[-1])
    best = np.flatnonzero(count == count.max())
    return int(times[best[best.size // 2]])


def _strip(
    number: int, singer: Singer, tracks: dict[int, FaceTrack], scan: FaceScan, clip: Clip
) -> Image:
    """(144, 960, 3): the face, what is known of the singer, and when the face is in the picture."""
    colour = _COLOURS[number % len(_COLOURS)]
    strip = np.full((_STRIP, WIDTH, 3), _BACK, np.uint8)
    members = [tracks[track] for track in singer.tracks]
    longest = max(members, key=lambda track: len(track.pts))
    strip[_GAP : _GAP + _FACE, _GAP : _GAP + _FACE] = cv2.resize(
        longest.thumbnail, (_FACE, _FACE), interpolation=cv2.INTER_CUBIC
    )
    left = _FACE + 3 * _GAP
    _write(strip, f"{singer.id}   {singer.name}", (left, 38), 0.8, colour)
    span = f"{format_time(singer.first - clip.start)} to {format_time(singer.last - clip.start)}"
    _write(strip, f"{span}   on screen {singer.seconds:.1f} s", (left, 68), 0.55, _TEXT)
    _write(strip, f"quality {singer.quality:.0%}", (left, 94), 0.55, _DIM)
    _timeline(strip, members, scan, (left, WIDTH - 2 * _GAP), colour)
    return strip


def _timeline(
    strip: Image,
    members: Sequence[FaceTrack],
    scan: FaceScan,
    across: tuple[int, int],
    colour: tuple[int, int, int],
) -> None:
    left, right = across
    top, bottom = _STRIP - _GAP - 16, _STRIP - _GAP - 4
    cv2.rectangle(strip, (left, top), (right, bottom), (60, 60, 64), cv2.FILLED)
    length = max(1, scan.last_pts - scan.first_pts)
    for track in members:
        ends = [
            left + round((right - left) * (int(pts) - scan.first_pts) / length)
            for pts in (track.pts[0], track.pts[-1])
        ]
        cv2.rectangle(strip, (ends[0], top), (ends[1], bottom), colour, cv2.FILLED)


def _label(
    image: NDArray, text: str, corner: tuple[int, int], colour: tuple[int, int, int]
) -> None:
    (width, height), _ = cv2.getTextSize(text, _FONT, 0.7, 2)
    x, y = max(0, corner[0]), max(height + 10, corner[1])
    cv2.rectangle(image, (x, y - height - 10), (x + width + 10, y), colour, cv2.FILLED)
    cv2.putText(image, text, (x + 5, y - 5), _FONT, 0.7, _BACK, 2, cv2.LINE_AA)


def _write(
    image: NDArray, text: str, place: tuple[int, int], size: float, colour: tuple[int, int, int]
) -> None:
    cv2.putText(image, text, place, _FONT, size, colour, 1, cv2.LINE_AA)
