"""How well lips and sound agree in a few stretches, before a voice is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from app.isolate import isolate
from app.isolation import IsolateOptions
from app.jobs import CancelToken

if TYPE_CHECKING:
    from app.clip import Clip
    from app.singers import Singer
    from vision.types import FaceScan


def agreement_in(
    stretches: Sequence[tuple[int, int]],
    clip: Clip,
    scan: FaceScan,
    singers: Sequence[Singer],
    options: IsolateOptions | None = None,
    *,
    token: CancelToken | None = None,
) -> dict[str, dict[int, float]]:
    """Separate only these whole seconds and keep what was found out, not the voices.

    Returns:
        Singer id -> second of the sound -> 0 to 1, for seconds in which the lips move; as
        `app.isolation.Isolation.agreement`.

    Raises:
        BadInputError, NotPossibleError: as `app.isolate.isolate`.
    """
    audio = clip.require_audio()
    found: dict[str, dict[int, float]] = {singer.id: {} for singer in singers}
    for first, last in stretches:
        start = first * audio.sample_rate
        stop = min(audio.samples, last * audio.sample_rate)
        if start >= stop:
            continue
        part = replace(options or IsolateOptions(), start=start, stop=stop)
        with isolate(clip, scan, singers, singers, part, token=token) as isolation:
            for _ in isolation:
                pass
            for singer, scores in isolation.agreement().items():
                found[singer] |= scores
    return found
