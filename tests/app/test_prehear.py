"""A few stretches are listened to before a voice is asked for."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from other_sound import with_other_sound

from app.clip import Clip
from app.demo import DemoClip
from app.errors import CancelledError
from app.jobs import CancelToken
from app.prehear import agreement_in
from app.scan import scan_clip
from app.singers import find_singers


def _agreement(path: Path, stretches: list[tuple[int, int]]) -> dict[str, dict[int, float]]:
    clip = Clip.open(path)
    scan = scan_clip(clip)
    return agreement_in(stretches, clip, scan, find_singers(scan))


def test_lips_fit_their_own_sound_better_than_another(demo_clip: DemoClip, tmp_path: Path) -> None:
    own = _agreement(demo_clip.path, [(0, 9)])
    backwards = with_other_sound(demo_clip.path, tmp_path / "back.mkv", lambda x: x[::-1])
    other = _agreement(backwards, [(0, 9)])
    for singer in ("A", "B"):
        assert len(own[singer]) >= 2
        assert set(own[singer]) <= set(range(4))
        assert np.mean(list(own[singer].values())) > np.mean(list(other[singer].values())) + 0.2


def test_a_stretch_behind_the_sound_tells_nothing(demo_clip: DemoClip) -> None:
    assert _agreement(demo_clip.path, [(7, 8)]) == {"A": {}, "B": {}}


def test_it_can_be_cancelled(demo_clip: DemoClip) -> None:
    clip = Clip.open(demo_clip.path)
    scan = scan_clip(clip)
    token = CancelToken()
    token.cancel()
    with pytest.raises(CancelledError):
        agreement_in([(0, 4)], clip, scan, find_singers(scan), token=token)
