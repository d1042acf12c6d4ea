"""What is chosen and computed, without a window."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from app.edits import ExportSettings, LaneMix, People
from app.gui.engine_jobs import VoicePart
from app.gui.engine_voices import RecalledVoice
from app.gui.scene import Scene, SingerCard
from app.gui.session import Session
from app.gui.voice_buffer import VoiceWriter, block_peaks

SAMPLES = 10_000


def _card(singer: str, *tracks: int) -> SingerCard:
    picture = np.zeros((96, 96, 3), np.uint8)
    return SingerCard(singer, f"Singer {singer}", tracks, 1.0, 0.5, picture)


@pytest.fixture
def session() -> Iterator[Session]:
    session = Session()
    zero, rate = Fraction(0), Fraction(25)
    audio = SimpleNamespace(samples=SAMPLES, channels=2, sample_rate=48000, start=zero)
    video = SimpleNamespace(start=zero, frame_rate=rate, variable_rate=False)
    info = SimpleNamespace(audio=(audio,), video=video, timecode=None)
    clip: Any = SimpleNamespace(path=Path("song.mp4"), audio=audio, info=info)
    session.open(clip)
    session.set_scene(Scene((_card("A", 1), _card("B", 2)), (), complete=True))
    yield session
    session.close()


def _compute(session: Session, singers: list[str]) -> None:
    start, stop = session.stretch
    for target in session.start_voices(singers):
        singer, path = target.singer, target.file
        block = np.full((2, stop - start), 0.5, np.float32)
        writer = VoiceWriter(path, start)
        writer.write(start, block)
        writer.close()
        session.add_part(VoicePart(singer, start, stop, block_peaks(start, start, block)))


def test_choice_keeps_the_order_of_the_list_and_knows_only_singers(session: Session) -> None:
    session.select(["B"])
    session.select(["A", "X"], add=True)
    assert session.selected == ("A", "B")
    session.select(["B"], add=True)
    assert session.selected == ("A",)
    session.select([])
    assert session.selected == ()


def test_choice_and_name_follow_the_face_when_letters_change(session: Session) -> None:
    session.select(["B"])
    session.rename("B", "Ruth")
    session.set_scene(Scene((_card("A", 9), _card("B", 1), _card("C", 2, 5)), (), complete=True))
    assert session.selected == ("C",)
    assert [card.name for card in session.scene.singers] == ["Singer A", "Singer B", "Ruth"]


def test_range_is_held_inside_the_sound(session: Session) -> None:
    session.set_range(-50, SAMPLES + 50)
    assert session.range == (0, SAMPLES)
    session.set_range(4000, 100)
    assert session.range == (4000, 4001)


def test_a_voice_can_be_exported_only_over_what_is_computed(session: Session) -> None:
    session.select(["A"])
    assert session.can_isolate()
    assert not session.can_export()
    session.set_range(2000, 6000)
    _compute(session, ["A"])
    assert session.can_export()
    assert not session.can_isolate()
    session.set_range(3000, 5000)
    assert session.can_export()
    session.set_range(1000, 5000)
    assert not session.can_export()
    assert session.can_isolate()


def test_voices_are_computed_in_whole_frames_with_their_handles(session: Session) -> None:
    session.set_range(2000, 6000)
    assert session.stretch == (1920, 7680), "a frame of 25 fps lasts 1920 samples"
    assert (session.span().first, session.span().last) == (2000, 6000)
    session.edits = replace(session.edits, export=ExportSettings(handles=Fraction(1)))
    assert session.stretch == (0, 9600)
    assert (session.span().first, session.span().last) == (80, 7920)
    session.edits = replace(session.edits, export=ExportSettings(timelines=("edl",)))
    assert (session.span().first, session.span().last) == (1920, 7680)


def test_choosing_a_finished_singer_again_costs_nothing(session: Session) -> None:
    session.select(["A"])
    _compute(session, ["A"])
    session.select(["B"])
    assert session.missing() == ["B"]
    assert session.heard_voices() == {}
    session.select(["A"])
    assert session.missing() == []
    assert session.heard_voices() == {"A": session.voices["A"]}


def test_stopped_work_keeps_what_is_finished(session: Session) -> None:
    session.select(["A", "B"])
    targets = session.start_voices(["A", "B"])
    block = np.full((2, 3000), 0.5, np.float32)
    writer = VoiceWriter(targets[0].file, 0)
    writer.write(0, block)
    writer.close()
    session.add_part(VoicePart("A", 0, 3000, block_peaks(0, 0, block)))
    session.end_voices()
    assert list(session.voices) == ["A"]
    assert not targets[1].file.exists()
    voice = session.voices["A"]
    assert (voice.start, voice.stop, voice.complete) == (0, 3000, True)
    assert voice.peaks.shape == (2, 3)
    assert session.missing() == ["A", "B"]
    session.select(["A"])
    session.set_range(0, 1000)
    assert session.can_export()


def _recalled(session: Session, singer: str, start: int, stop: int) -> RecalledVoice:
    file = session.folder / f"{singer}{start}.f32"
    file.write_bytes(np.full((stop - start, 2), 0.25, np.float32).tobytes() + b"and a tail")
    peaks = np.full((2, -(-(stop - start) // 1024)), 0.25, np.float32)
    return RecalledVoice(singer, session._basis(singer), file, 2, start, stop, peaks)


def test_a_voice_from_the_cache_is_as_good_as_a_computed_one(session: Session) -> None:
    session.set_range(1000, 5000)
    assert [singer for singer, _ in session.unheard()] == ["A", "B"]
    assert session.add_recalled(_recalled(session, "A", 0, 8000))
    session.select(["A"])
    assert session.can_export()
    assert [singer for singer, _ in session.unheard()] == ["B"]
    voice = session.voices["A"]
    assert (voice.read(0, SAMPLES) != 0).sum() == 2 * 8000
    assert voice.peaks.min() == 0.25


def test_a_late_answer_of_the_cache_is_not_taken(session: Session) -> None:
    late = _recalled(session, "A", 0, 2000)
    session.start_voices(["A"])
    assert not session.add_recalled(late), "the voice is being computed"
    assert not late.file.exists()
    late = _recalled(session, "B", 0, 2000)
    assert not session.add_recalled(late), "the range is longer by now"
    assert list(session.voices) == ["A"]


def test_windows_tidy_up_after_crashed_ones_only(session: Session) -> None:
    alive = session.folder
    dead = alive.with_name("dead")
    dead.mkdir()
    (dead / "voice.f32").write_bytes(b"0" * 99)
    dead.with_suffix(".lock").touch()
    other = Session()
    assert other.folder.parent == alive.parent
    assert alive.is_dir()
    assert not dead.exists()
    other.close()
    assert alive.is_dir()


def test_closing_removes_all_files(session: Session) -> None:
    session.select(["A"])
    _compute(session, ["A"])
    folder = session.voices["A"].path.parent
    session.close()
    assert not folder.exists()
    assert session.clip is None


def test_all_decisions_follow_the_face_when_letters_change(session: Session) -> None:
    people = People(names={"A": "Ruth", "B": "Ai"}, merges=(("A", "B"),), ignored=("A",))
    session.take(
        replace(session.edits, people=people, mix={"A": LaneMix(-3.0), "rest": LaneMix(1.0)})
    )
    moved = session.set_scene(Scene((_card("A", 7), _card("B", 1)), (), complete=True))
    assert moved == {"A": "B", "B": None}
    assert session.edits.people == People(names={"B": "Ruth"}, ignored=("B",))
    assert session.edits.mix == {"B": LaneMix(-3.0), "rest": LaneMix(1.0)}


def test_taken_decisions_name_singers_and_choose_only_known_ones(session: Session) -> None:
    session.rename("A", "Ruth")
    session.take(replace(session.edits, selected=("X", "B"), people=People(names={"B": "Ai"})))
    assert [card.name for card in session.scene.singers] == ["Singer A", "Ai"]
    assert session.selected == ("B",)
