"""What is open in the window and what has been chosen and computed; no Qt."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from app.edits import Edits
from app.gui.engine_jobs import ClipView, VoicePart
from app.gui.export import VoiceFile, voice_file
from app.gui.scene import Scene, SingerCard
from app.gui.voice_buffer import VoiceBuffer
from app.paths import cache_dir

_STALE_S = 3 * 24 * 3600
"""Buffers of a run that ended without tidying up are removed after this time."""


class Session:
    """State of one window: one clip, its people, the choice, the range and finished voices."""

    def __init__(self) -> None:
        self.clip: ClipView | None = None
        self.scene = Scene()
        self.edits = Edits()
        """What the editor decided; replaced as a whole, never changed in place."""
        self.voices: dict[str, VoiceBuffer] = {}
        """By singer id; may still be growing."""
        self._folder: Path | None = None

    @property
    def selected(self) -> tuple[str, ...]:
        """Ids of the chosen singers in the order of the list."""
        return self.edits.selected

    @property
    def range(self) -> tuple[int, int]:
        """First sample and end of the part to isolate."""
        return self.edits.range

    def open(self, clip: ClipView) -> None:
        """Start with a new clip: nobody is found, chosen or computed yet."""
        self.close()
        self.clip = clip
        self.edits = Edits(range=(0, clip.audio.samples))

    def close(self) -> None:
        """Forget the clip and remove all temporary files."""
        for voice in self.voices.values():
            voice.close()
        self.voices = {}
        self.clip, self.scene, self.edits = None, Scene(), Edits()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    def set_scene(self, scene: Scene) -> None:
        """Take the people found so far; the choice and given names follow the tracks."""
        chosen = [self.scene.singer(singer) for singer in self.selected]
        people = self.edits.people
        names = {
            follower.id: name
            for old, name in people.names.items()
            if (card := self.scene.singer(old)) is not None
            and (follower := scene.with_tracks(card.tracks)) is not None
        }
        kept = [scene.with_tracks(card.tracks) for card in chosen if card is not None]
        self.scene = replace(
            scene,
            singers=tuple(
                replace(card, name=names.get(card.id, card.name)) for card in scene.singers
            ),
        )
        selected = tuple(dict.fromkeys(card.id for card in kept if card is not None))
        self.edits = replace(self.edits, selected=selected, people=replace(people, names=names))

    def select(self, singers: Sequence[str], add: bool = False) -> None:
        """Choose singers; ``add`` keeps those chosen before and drops one chosen twice."""
        known = [card.id for card in self.scene.singers]
        if add:
            wanted = set(self.selected).symmetric_difference(singers)
        else:
            wanted = set(singers)
        selected = tuple(singer for singer in known if singer in wanted)
        self.edits = replace(self.edits, selected=selected)

    def rename(self, singer: str, name: str) -> None:
        """Give a singer another name, used for display and for files."""
        people = self.edits.people
        people = replace(people, names={**people.names, singer: name})
        self.edits = replace(self.edits, people=people)
        self.scene = replace(
            self.scene,
            singers=tuple(
                replace(card, name=name) if card.id == singer else card
                for card in self.scene.singers
            ),
        )

    def set_range(self, start: int, stop: int) -> None:
        """Set In and Out, held inside the sound; at least one sample remains."""
        if self.clip is None:
            return
        start = min(max(0, start), self.clip.audio.samples - 1)
        stop = min(max(start + 1, stop), self.clip.audio.samples)
        self.edits = replace(self.edits, range=(start, stop))

    def cards(self) -> list[SingerCard]:
        """The chosen singers."""
        return [card for card in self.scene.singers if card.id in self.selected]

    def missing(self) -> list[str]:
        """Chosen singers whose voice doesn't cover the range yet."""
        return [singer for singer in self.selected if not self._covers(singer)]

    def can_isolate(self) -> bool:
        """True when there is something to compute for the choice."""
        return self.scene.complete and bool(self.missing())

    def can_export(self) -> bool:
        """True when every chosen voice is computed over the whole range."""
        return bool(self.selected) and not self.missing()

    def start_voices(self, singers: Sequence[str]) -> list[tuple[str, Path]]:
        """Make empty buffers over the range for these singers; returns (id, file) pairs."""
        assert self.clip is not None
        if self._folder is None:
            self._folder = _temporary_folder()
        targets = []
        for singer in singers:
            self.drop_voice(singer)
            path = Path(tempfile.mkstemp(suffix=".f32", dir=self._folder)[1])
            self.voices[singer] = VoiceBuffer(path, self.clip.audio.channels, *self.range)
            targets.append((singer, path))
        return targets

    def add_part(self, part: VoicePart) -> None:
        """Note a finished stretch of a voice."""
        if part.singer in self.voices:
            self.voices[part.singer].mark(part.start, part.stop, part.peaks)

    def drop_voice(self, singer: str) -> None:
        """Remove a voice and its file."""
        voice = self.voices.pop(singer, None)
        if voice is not None:
            voice.close()

    def drop_unfinished(self) -> None:
        """Remove the voices of a stopped run."""
        for singer in [key for key, voice in self.voices.items() if not voice.complete]:
            self.drop_voice(singer)

    def heard_voices(self) -> list[VoiceBuffer]:
        """Voices of the chosen singers; empty unless each of them has one."""
        found = [self.voices[singer] for singer in self.selected if singer in self.voices]
        return found if len(found) == len(self.selected) else []

    def files(self) -> list[VoiceFile]:
        """The chosen voices as an export takes them."""
        return [voice_file(card.name, self.voices[card.id]) for card in self.cards()]

    def _covers(self, singer: str) -> bool:
        voice = self.voices.get(singer)
        return (
            voice is not None
            and voice.complete
            and voice.start <= self.range[0]
            and self.range[1] <= voice.stop
        )


def _temporary_folder() -> Path:
    """A folder beside the caches: the system's temporary folder may live in memory."""
    parent = cache_dir() / "voices"
    parent.mkdir(exist_ok=True)
    for old in parent.iterdir():
        if time.time() - old.stat().st_mtime > _STALE_S:
            shutil.rmtree(old, ignore_errors=True)
    return Path(tempfile.mkdtemp(dir=parent))
