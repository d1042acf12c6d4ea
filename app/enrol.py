"""Where each person of a clip is heard alone: what a model can learn their voices from.

A stretch counts as somebody's alone when theirs are the only lips that move and nothing the editor
said speaks against it; or because the editor said so. Where somebody else is out of the picture and
might speak all the same, one voice only must be heard, too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from app.edits import Anchor
from app.lanes import Axis
from vision.types import FEATURE_FPS

if TYPE_CHECKING:
    from audio_models.base import AudioSource
    from audio_models.separator_base import Separator

Signal = NDArray[np.float32]
Flags = NDArray[np.bool_]

TALKING = 0.2
"""Lip motion, averaged over a second, of somebody who talks or sings (0.26 to 1 on real clips)."""
QUIET = 0.12
"""The same of somebody who surely does neither (between sentences 0.03 to 0.05)."""
SHORTEST_S = 1
LONGEST_S = 10
"""A longer stretch is looked at in parts, each of which must hold one voice."""
ENOUGH_S = 40.0
"""More of one voice teaches little more."""
SECOND_VOICE_DB = 12.0
"""One voice sounds where the separator's second output lies this far below the first."""
AUDIBLE_DB = -35.0
"""Level of a voice, against the loudest stretch of the clip, below which nothing can be learnt."""


@dataclass(frozen=True)
class Lips:
    """One person's mouth on the 25 fps axis of the whole sound."""

    valid: Flags
    """(T,) the person is in the picture."""
    motion: Signal
    """(T,) as in `vision.types.FaceFeatures.motion`."""


@dataclass
class Heard:
    """What was found: stretches of mono sound at the models' rate."""

    alone: dict[int, list[Signal]] = field(default_factory=dict)
    """Person -> their voice alone."""
    unseen: list[Signal] = field(default_factory=list)
    """Voices while no visible lips move."""
    background: list[Signal] = field(default_factory=list)
    """What is neither."""

    def seconds(self, person: int) -> float:
        """How long a person was heard alone."""
        from audio_models.base import SAMPLE_RATE

        return sum(len(part) for part in self.alone.get(person, ())) / SAMPLE_RATE


@dataclass(frozen=True)
class _Stretch:
    """Frames first..last of the axis; ``person`` None = nobody visible moves their lips."""

    person: int | None
    first: int
    last: int
    sure: bool = False
    """The editor's word, or everybody else is seen to be silent: not checked by ear. (By ear alone
    too much would be lost: the separator now and then splits a single voice.)"""


def listen(
    sound: AudioSource,
    axis: Axis,
    rows: Sequence[Lips],
    separator: Separator,
    anchors: Sequence[tuple[int, Anchor]] = (),
    *,
    report: Callable[[float, float], None] = lambda _done, _total: None,
    check: Callable[[], None] = lambda: None,
) -> Heard:
    """Find where each person is heard alone.

    Args:
        anchors: the editor's words, each with the person of its singer.
        report: told the stretches done and in all.
    """
    stretches = _stretches(axis, rows, anchors)
    heard = Heard()
    found: list[tuple[_Stretch, Signal, Signal, float]] = []
    beside = 0.0
    for number, stretch in enumerate(stretches):
        check()
        if stretch.person is None:
            wanted = beside < ENOUGH_S
            beside += (stretch.last - stretch.first) / FEATURE_FPS
        else:
            wanted = heard.seconds(stretch.person) < ENOUGH_S
        if wanted:
            mono = _mono(sound, axis, stretch)
            voice, rest, single = _by_ear(separator, mono)
            level = 10 * np.log10(float(np.mean(voice**2)) + 1e-12)
            found.append((stretch, voice, rest, level))
            if (single or stretch.sure) and stretch.person is not None:
                heard.alone.setdefault(stretch.person, []).append(voice)
        report(number + 1, len(stretches))
    return _sorted_out(heard, found)


def _sorted_out(heard: Heard, found: list[tuple[_Stretch, Signal, Signal, float]]) -> Heard:
    """Drop what is too soft to be a voice, and keep what lies beside the voices."""
    loudest = max((level for *_, level in found), default=0.0)
    soft = {id(voice) for _, voice, _, level in found if level < loudest + AUDIBLE_DB}
    for person in list(heard.alone):
        heard.alone[person] = [voice for voice in heard.alone[person] if id(voice) not in soft]
    for stretch, voice, rest, _ in found:
        if stretch.person is None:
            if id(voice) not in soft:
                heard.unseen.append(voice)
            heard.background.append(rest)
        elif float(np.mean(rest**2)) > 1e-3 * float(np.mean(voice**2)):
            heard.background.append(rest)
    return heard


def _stretches(
    axis: Axis, rows: Sequence[Lips], anchors: Sequence[tuple[int, Anchor]]
) -> list[_Stretch]:
    """Candidates, the editor's first, then by time."""
    motion = np.stack([_over_a_second(np.where(r.valid, r.motion, 0.0)) for r in rows])
    moving, quiet = motion >= TALKING, motion < QUIET
    free = np.ones(axis.count, np.bool_)
    denied = np.zeros((len(rows), axis.count), np.bool_)
    present = np.stack([_over_a_second(row.valid.astype(float)) for row in rows]) > 0.9
    said = []
    for person, anchor in anchors:
        first, last = axis.frame_at(anchor.start), axis.frame_at(anchor.stop)
        if anchor.kind == "only":
            said.append(_Stretch(person, first, last, sure=True))
            free[first:last] = False
        elif anchor.kind == "not":
            denied[person, first:last] = True
        else:
            denied[np.arange(len(rows)) != person, first:last] = True
    candidates = []
    for person in range(len(rows)):
        others = np.delete(quiet, person, 0).all(0)
        alone = moving[person] & others & free & ~denied[person]
        seen = np.delete(present, person, 0).all(0)
        candidates += [
            _Stretch(person, *ends, sure=bool(seen[slice(*ends)].all())) for ends in _pieces(alone)
        ]
    candidates += [_Stretch(None, *ends) for ends in _pieces(quiet.all(0) & free)]
    return said + sorted(candidates, key=lambda stretch: stretch.first)


def _over_a_second(curve: NDArray[np.floating]) -> NDArray[np.floating]:
    kernel = np.ones(FEATURE_FPS)
    counts = np.convolve(np.ones(len(curve)), kernel, mode="same")
    return np.convolve(curve, kernel, mode="same")[: len(curve)] / counts[: len(curve)]


def _pieces(flags: Flags) -> list[tuple[int, int]]:
    """Runs of True of at least `SHORTEST_S`, cut to at most `LONGEST_S`."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    pieces = []
    for start, stop in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        for first in range(start, stop, LONGEST_S * FEATURE_FPS):
            last = min(stop, first + LONGEST_S * FEATURE_FPS)
            if last - first >= SHORTEST_S * FEATURE_FPS:
                pieces.append((first, last))
    return pieces


def _mono(sound: AudioSource, axis: Axis, stretch: _Stretch) -> Signal:
    import soxr

    from audio_models.base import SAMPLE_RATE

    rate = sound.sample_rate
    start, stop = (frame * rate // FEATURE_FPS for frame in (stretch.first, stretch.last))
    mono = sound.read(start, min(stop, sound.samples)).mean(axis=0)
    return np.asarray(soxr.resample(mono, rate, SAMPLE_RATE), np.float32)


def _by_ear(separator: Separator, mono: Signal) -> tuple[Signal, Signal, bool]:
    """The voices together, the rest, and whether only one voice sounds."""
    import torch

    from audio_models.train.validate import separate_signals

    device = next(separator.parameters()).device
    parts = separate_signals(separator, torch.from_numpy(mono)[None].to(device))[0].cpu().numpy()
    powers = sorted(float(np.mean(part**2)) + 1e-12 for part in parts[:2])
    single = 10 * np.log10(powers[1] / powers[0]) >= SECOND_VOICE_DB
    return parts[:2].sum(0), parts[2], single
