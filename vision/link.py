"""From tracklets to tracks: gaps are bridged inside a shot, never across a cut."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from vision.measure import mouth_occlusion
from vision.people import head_likeness
from vision.tracklet import Tracklet
from vision.types import BoolArray, FaceTrack, FloatArray

MAX_GAP_S = 1.0
"""Longest gap that is bridged."""
MIN_SEEN_S = 0.2
"""A face seen for less time in all is not kept."""
MAX_STRANGE = 0.4
"""Largest unlikeness (1 - cosine) of the two sides of a gap; different people have about 0.5."""
SAME_PLACE = 0.15
"""Largest step of a face from one frame to the next, in face sizes, that shows there was no cut."""
SAME_LOOKS = 0.95
"""Least likeness of a face on both sides of a change that shows there was no cut."""
_IMPOSSIBLE = 1e6


def build_tracks(
    tracklets: Sequence[Tracklet],
    pts: NDArray[np.int64],
    time_base: Fraction,
    cuts: Sequence[int],
) -> tuple[FaceTrack, ...]:
    """Join tracklets into tracks.

    ``pts`` (F,) are the times of all analysed frames, ``cuts`` the pts of each shot's first frame
    but the first shot's. A track keeps the id of its first tracklet, so ids stay the same while
    a scan goes on.
    """
    if not tracklets:
        return ()
    seconds = (pts - pts[0]).astype(np.float64) * float(time_base)
    tracks = []
    for chain in _chains(tracklets, pts, seconds, cuts):
        seen_frames = sum(tracklet.count for tracklet in chain)
        span = seconds[chain[-1].stop - 1] - seconds[chain[0].first]
        frames = chain[-1].stop - chain[0].first
        if frames > 1 and span * seen_frames / (frames - 1) >= MIN_SEEN_S:
            tracks.append(track_of(chain, pts, bisect_right(cuts, pts[chain[0].first])))
    return tuple(sorted(tracks, key=lambda track: track.id))


def real_cuts(
    tracklets: Sequence[Tracklet], pts: NDArray[np.int64], cuts: Sequence[int]
) -> tuple[int, ...]:
    """Drop those cuts at which a face simply goes on.

    A banner that pops up or one panel of a split screen that changes looks like a cut to a
    comparison of whole frames; the tracker ends all tracklets there, as at every large change.
    """
    kept = []
    for cut in sorted(cuts):
        index = int(np.searchsorted(pts, cut))
        ended = [t for t in tracklets if t.stop == index]
        started = [t for t in tracklets if t.first == index]
        if not any(_goes_on(a, b) for a in ended for b in started):
            kept.append(cut)
    return tuple(kept)


def _goes_on(earlier: Tracklet, later: Tracklet) -> bool:
    shift, ratio = _step(earlier, later)
    return (
        shift < SAME_PLACE
        and ratio < SAME_PLACE
        and head_likeness(earlier.descriptor, later.descriptor) > SAME_LOOKS
    )


def _step(earlier: Tracklet, later: Tracklet) -> tuple[float, float]:
    """Give the way between two tracklets in face sizes, and the logarithm of the growth."""
    a, b = earlier["boxes"][-1], later["boxes"][0]
    size = np.sqrt(a[2] * a[3]), np.sqrt(b[2] * b[3])
    way = np.hypot(*((b[:2] + b[2:] / 2) - (a[:2] + a[2:] / 2)))
    return float(way / max(size)), abs(float(np.log(size[1] / size[0])))


def _chains(
    tracklets: Sequence[Tracklet],
    pts: NDArray[np.int64],
    seconds: NDArray[np.float64],
    cuts: Sequence[int],
) -> list[list[Tracklet]]:
    """Order tracklets into chains, each tracklet in one chain."""
    by_shot: dict[int, list[int]] = defaultdict(list)
    for k, tracklet in enumerate(tracklets):
        by_shot[bisect_right(cuts, pts[tracklet.first])].append(k)
    follower: dict[int, int] = {}
    for members in by_shot.values():  # apart, for the assignment grows with the cube of the number
        cost = _link_costs([tracklets[k] for k in members], seconds)
        if not (cost < _IMPOSSIBLE).any():
            continue  # the usual case, and importing the solver takes a third of a second
        from scipy.optimize import linear_sum_assignment

        for i, j in zip(*linear_sum_assignment(cost), strict=True):
            if cost[i, j] < _IMPOSSIBLE:
                follower[members[i]] = members[j]
    chains = []
    for head in sorted(set(range(len(tracklets))) - set(follower.values())):
        chain = [head]
        while chain[-1] in follower:
            chain.append(follower[chain[-1]])
        chains.append([tracklets[k] for k in chain])
    return chains


def _link_costs(tracklets: Sequence[Tracklet], seconds: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the cost (i, j) of tracklet j being the continuation of tracklet i."""
    cost = np.full((len(tracklets), len(tracklets)), _IMPOSSIBLE)
    starts = np.array([seconds[t.first] for t in tracklets])
    for i, earlier in enumerate(tracklets):
        end = seconds[earlier.stop - 1]
        for j in np.flatnonzero((starts > end) & (starts - end <= MAX_GAP_S)):
            cost[i, j] = _link_cost(earlier, tracklets[j], float(starts[j] - end))
    return cost


def _link_cost(earlier: Tracklet, later: Tracklet, gap_s: float) -> float:
    """Say how unlikely it is that two tracklets are one face; `_IMPOSSIBLE` if it can't be."""
    shift, ratio = _step(earlier, later)
    strange = 1.0 - float(earlier.descriptor @ later.descriptor)
    if ratio > 0.5 or shift > 0.6 + 1.2 * gap_s or strange > MAX_STRANGE:
        return _IMPOSSIBLE
    return float(shift + ratio + 2 * strange + gap_s)


def track_of(chain: Sequence[Tracklet], pts: NDArray[np.int64], shot: int) -> FaceTrack:
    """Join tracklets of one face, in order of time, and bridge the gaps between them.

    ``pts`` (F,) are the times of all analysed frames.
    """
    first, stop = chain[0].first, chain[-1].stop
    known = np.concatenate([np.arange(t.first, t.stop) for t in chain]) - first
    seen: BoolArray = np.zeros(stop - first, dtype=np.bool_)
    seen[known] = True

    def filled(field: str) -> FloatArray:
        return _interpolated(_joined(chain, field), known, len(seen))

    occlusion = mouth_occlusion(_joined(chain, "patches"), _joined(chain, "presence"))
    covered = _interpolated(occlusion, known, len(seen))
    covered[~seen] = 1.0
    weights = [t.count for t in chain]
    descriptor = np.average([t.descriptor for t in chain], axis=0, weights=weights)
    return FaceTrack(
        id=chain[0].id,
        shot=shot,
        pts=pts[first:stop].copy(),
        boxes=filled("boxes"),
        landmarks=filled("landmarks"),
        seen=seen,
        blur=filled("blur"),
        pose=filled("pose"),
        luminance=filled("luminance"),
        occlusion=covered,
        descriptor=np.asarray(descriptor / np.linalg.norm(descriptor), dtype=np.float32),
        thumbnail=max(chain, key=lambda t: t.best).thumbnail,
    )


def _joined(chain: Sequence[Tracklet], field: str) -> FloatArray:
    """Give one field of all frames; of a single tracklet its own rows, which no longer change."""
    parts = [tracklet[field] for tracklet in chain]
    return parts[0] if len(parts) == 1 else np.concatenate(parts)


def _interpolated(values: FloatArray, known: NDArray[np.intp], count: int) -> FloatArray:
    """Spread values (K, ...) of the frames ``known`` (K,) over ``count`` frames, linearly.

    Without a gap they are given as they are: landmarks of half an hour are large.
    """
    if len(known) == count:
        return values
    frame = np.arange(count)
    after = np.clip(np.searchsorted(known, frame), 0, len(known) - 1)
    before = np.where(known[after] == frame, after, np.maximum(after - 1, 0))
    span = np.maximum(known[after] - known[before], 1)
    part = ((frame - known[before]) / span).astype(np.float32)
    part = part.reshape(-1, *[1] * (values.ndim - 1))
    return (1 - part) * values[before] + part * values[after]
