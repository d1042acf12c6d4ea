"""Lips that move where nothing sounds are told; lips that belong to the sound never are."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from app.clip import Clip
from app.face_curve import CURVE_FPS, FaceCurve
from app.gui.engine_people import scene_of
from app.gui.face_curves import face_curves
from app.lips_and_sound import (
    ENOUGH_S,
    LEAST_SECONDS,
    MOST_STRETCHES,
    STRETCH_S,
    lips_without_sound,
    where_to_listen,
)
from app.media.audio import AudioReader
from app.media.peaks import waveform_peaks
from app.scan import scan_clip

LOUD, ROOM = 0.3, 0.002


def talks(*seconds: tuple[int, int], of: int = 20) -> FaceCurve:
    """Somebody in the picture all the time whose lips move in these seconds."""
    motion = np.full(of * CURVE_FPS, 0.05, np.float32)
    for start, stop in seconds:
        motion[start * CURVE_FPS : stop * CURVE_FPS] = 0.7
    return FaceCurve(np.ones(motion.size, np.bool_), motion)


def sounds(*seconds: tuple[int, int], of: int = 20) -> NDArray[np.float32]:
    """The level of a quiet room in which somebody is heard in these seconds."""
    level = np.full(of * CURVE_FPS, ROOM, np.float32)
    for start, stop in seconds:
        level[start * CURVE_FPS : stop * CURVE_FPS] = LOUD
    return level


def test_lips_in_step_with_the_sound_are_fine() -> None:
    face = talks((1, 6), (9, 14))
    assert not lips_without_sound(face, sounds((1, 6), (9, 14)))
    assert not lips_without_sound(face, sounds((0, 20))), "with others or music nothing is certain"
    assert not lips_without_sound(face, sounds()), "a low recording may be a voice"
    late = np.roll(sounds((1, 6), (9, 14)), 5)
    assert not lips_without_sound(face, late), "a fifth of a second is allowed for when isolating"


def test_lips_that_move_in_silence_are_told() -> None:
    assert lips_without_sound(talks((1, 6), (9, 14)), sounds((6, 9), (14, 19)))
    assert lips_without_sound(talks((1, 6)), np.zeros(20 * CURVE_FPS, np.float32))


def test_a_few_movements_in_silence_are_not_enough() -> None:
    assert not lips_without_sound(talks((1, 1 + LEAST_SECONDS - 1)), sounds((10, 20)))
    chews_once = talks((0, 3), (4, 20))
    assert not lips_without_sound(chews_once, sounds((4, 20)))


def test_somebody_out_of_the_picture_has_no_lips() -> None:
    face = talks((1, 6))
    hidden = FaceCurve(np.zeros_like(face.visible), np.full_like(face.motion, np.inf))
    assert not lips_without_sound(hidden, sounds((10, 15)))


@pytest.mark.parametrize("folder", ["av", "two_face"])
def test_no_real_person_is_suspected(shared_dir: Path, folder: str) -> None:
    suspected, faces, mute = [], 0, 0
    for path in sorted((shared_dir / "clips" / folder).glob("*.mkv")):
        clip = Clip.open(path)
        audio = clip.require_audio()
        with AudioReader(path, audio) as reader:
            entries = waveform_peaks(reader).levels[0]
        for name, face in face_curves(scene_of(scan_clip(clip), True), audio).items():
            edges = np.linspace(0, entries.shape[1] - 1, face.motion.size + 1).astype(int)[:-1]
            level = np.maximum.reduceat(np.abs(entries).max(axis=0), edges)
            faces += 1
            mute += lips_without_sound(face, np.zeros_like(level))
            if lips_without_sound(face, level):
                suspected.append((path.name, name))
    assert faces >= 8
    assert suspected == []
    assert mute > faces / 2, "the same lips without their sound would be suspected"


def test_stretches_are_chosen_where_lips_move() -> None:
    faces = {"A": talks((9, 15), of=60), "B": talks((41, 55), of=60)}
    assert where_to_listen(faces, 60) == [(8, 16), (40, 56)]
    assert where_to_listen(faces, 52) == [(8, 16), (40, 52)], "nothing beyond the sound"
    assert where_to_listen({"A": talks(of=60)}, 60) == [], "still lips tell nothing"


def test_no_more_is_listened_to_than_tells_enough() -> None:
    whole = talks((0, 600), of=600)
    stretches = where_to_listen({"A": whole, "B": whole}, 600)
    seconds = sum(stop - start for start, stop in stretches)
    assert ENOUGH_S <= seconds <= ENOUGH_S + STRETCH_S, "one stretch can serve several people"
    crowd = {str(k): talks((20 * k, 20 * k + 8), of=600) for k in range(30)}
    assert len(where_to_listen(crowd, 600)) <= MOST_STRETCHES
