"""Jobs of the engine process about people: light copies for the window, faces drawn by hand."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from app.edits import DrawnFace, People
from app.gui.engine_options import preferred_options
from app.gui.people_scene import DrawnPath
from app.gui.scene import FacePath, LipTrace, Scene, SingerCard
from app.people import DRAWN_TRACKS

if TYPE_CHECKING:
    from app.gui.engine import JobContext
    from app.gui.engine_jobs import Workshop
    from app.jobs import OnProgress
    from app.singers import Singer
    from vision.types import FaceScan, FaceTrack


def follow_drawn(
    context: JobContext, workshop: Workshop, path: Path, face: DrawnFace
) -> tuple[DrawnFace, DrawnPath]:
    """Follow a face that the editor drew; NotPossibleError when there is none in the box."""
    track = _drawn_track(context, workshop, path, face)
    scan = workshop.scan(path)
    return face, DrawnPath(_path(track, scan, lips=True), track.thumbnail)


def hear_lips(
    context: JobContext,
    workshop: Workshop,
    path: Path,
    people: People,
    stretches: Sequence[tuple[int, int]],
) -> dict[str, dict[int, float]]:
    """How well everybody's lips and the sound agree in these stretches (whole seconds)."""
    from app.prehear import agreement_in

    scan, singers = edited_people(context, workshop, path, people, lambda _progress: None)
    clip = workshop.clip(path, context.token.check)
    return agreement_in(stretches, clip, scan, singers, preferred_options(), token=context.token)


def portrait(
    context: JobContext, workshop: Workshop, path: Path, people: People, part: tuple[int, int]
) -> tuple[tuple[int, int], NDArray[np.uint8]]:
    """Picture (96, 96, 3) of the face of a track a little after a split at ``part``."""
    from app.media.video import VideoReader
    from app.scan import ANALYSIS_WIDTH
    from vision.tracklet import thumbnail

    number, pts = part
    scan = workshop.scan(path)
    if number >= DRAWN_TRACKS:
        face = people.drawn[number - DRAWN_TRACKS]
        track = _drawn_track(context, workshop, path, face)
    else:
        track = next(track for track in scan.tracks if track.id == number)
    # The face may still be turning just after the cut between two people.
    row = min(int(np.searchsorted(track.pts, pts)) + 5, len(track.pts) - 1)
    clip = workshop.glance(path)
    with VideoReader(path, max_width=ANALYSIS_WIDTH, info=clip.info) as reader:
        image = reader.frame_at(int(track.pts[row]) * scan.time_base).image
    x, y, width, height = (float(value) for value in track.boxes[row])
    return part, thumbnail(image, (x, y, width, height))


def edited_people(
    context: JobContext, workshop: Workshop, path: Path, people: People, report: OnProgress
) -> tuple[FaceScan, list[Singer]]:
    """The scan and the singers as the editor wants them; ``report`` hears of faces to follow."""
    from app.people import edited

    for face in people.drawn:
        _drawn_track(context, workshop, path, face, report)
    return edited(workshop.scan(path), people, workshop.drawn)


def scene_of(scan: FaceScan, complete: bool) -> Scene:
    """Make the light copy of a scan that the window draws from."""
    from app.singers import find_singers
    from vision.people import suggest_joins

    tracks = {track.id: track for track in scan.tracks}
    cards = [
        SingerCard(
            singer.id,
            singer.name,
            singer.tracks,
            singer.seconds,
            singer.quality,
            tracks[singer.tracks[0]].thumbnail,
        )
        for singer in find_singers(scan)
    ]
    shown = {number for card in cards for number in card.tracks}
    paths = tuple(_path(tracks[number], scan, lips=complete) for number in sorted(shown))
    alike = tuple((pair.track_a, pair.track_b) for pair in suggest_joins(scan)) if complete else ()
    searched = None if complete else float(scan.last_pts * scan.time_base)
    return Scene(tuple(cards), paths, complete, searched=searched, alike=alike)


def _drawn_track(
    context: JobContext,
    workshop: Workshop,
    path: Path,
    face: DrawnFace,
    report: OnProgress | None = None,
) -> FaceTrack:
    if face not in workshop.drawn:
        from app.drawn import follow_face

        workshop.drawn[face] = follow_face(
            workshop.glance(path),
            workshop.scan(path),
            face,
            report or context.on_progress,
            context.token,
        )
    return workshop.drawn[face]


def _path(track: FaceTrack, scan: FaceScan, lips: bool) -> FacePath:
    width, height = scan.frame_size
    scale = np.asarray([width, height, width, height], np.float32)
    times = track.pts.astype(np.float64) * float(scan.time_base)
    trace = _lips(track, scan) if lips else None
    return FacePath(track.id, times, track.boxes / scale, track.seen, track.pts, trace)


def _lips(track: FaceTrack, scan: FaceScan) -> LipTrace:
    from vision.features import features_at
    from vision.quality import second_quality
    from vision.types import FEATURE_FPS

    start = int(track.pts[0]) * scan.time_base
    span = int(track.pts[-1] - track.pts[0]) * scan.time_base
    features = features_at(track, scan, start, max(1, int(span * FEATURE_FPS) + 1))
    seconds = second_quality(track, scan, features)
    return LipTrace(
        float(Fraction(start)),
        features.opening,
        np.where(features.valid, features.motion, 0.0).astype(np.float32),
        np.array([second.quality for second in seconds], np.float32),
        tuple(second.warnings for second in seconds),
    )
