"""What the editor should know about a singer before computing the voice, in short sentences."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from PySide6.QtCore import QCoreApplication

from app.gui.scene import LIP_RATE, STILL, Scene
from app.picture_faults import HARDLY, LEAST_SECONDS, frequent_faults

_STILL_SHARE = 0.05
"""A mouth that moves in less of the visible time than this counts as still throughout."""


def singer_warnings(
    scene: Scene, singer: str, start: float, stop: float, doubtful: Collection[str] = ()
) -> list[str]:
    """Say what will cost quality between two media times (seconds), the gravest first.

    ``doubtful`` holds the singers whose lips don't fit the clip's sound.
    """
    traces = [path.lips for path in scene.paths_of(singer) if path.lips is not None]
    parts = [
        trace.between(start, stop)
        for trace in traces
        if trace.start < stop and trace.start + len(trace.motion) / LIP_RATE > start
    ]
    frames = sum(len(part.motion) for part in parts)
    if not traces:
        return []
    if not frames:
        return [_tr("Not in the picture between In and Out")]
    told = []
    if singer in doubtful:
        told.append(_tr("Lips and sound don't fit together"))
    moving = sum(int((part.motion >= STILL).sum()) for part in parts)
    if moving < _STILL_SHARE * frames:
        told.append(_tr("The lips hardly move"))
    names = {
        "small": _tr("Mouth small"),
        "profile": _tr("Turned to the side"),
        "blurred": _tr("Mouth blurred"),
        "dark": _tr("Face dark"),
        "covered": _tr("Mouth covered"),
    }
    for fault, bad, total in frequent_faults([f for part in parts for f in part.faults]):
        told.append(
            _tr("{fault} for {bad} of {total} s").format(fault=names[fault], bad=bad, total=total)
        )
    return told


def hardly_agree(agreement: Mapping[int, float]) -> bool:
    """Whether lips and computed voice agree so little that the voice may be somebody else's.

    ``agreement`` gives the score of each second in which the lips move.
    """
    scores = list(agreement.values())
    return len(scores) >= LEAST_SECONDS and sum(scores) / len(scores) < HARDLY


def _tr(text: str) -> str:
    return QCoreApplication.translate("SingerWarnings", text)
