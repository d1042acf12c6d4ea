"""What is open in the window and what has been chosen and computed; no Qt."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

from app.edits import Edits, with_singers
from app.gui.engine_jobs import ClipView, VoicePart
from app.gui.export import VoiceFile, voice_file
from app.gui.scene import Scene, SingerCard
from app.gui.voice_buffer import VoiceBuffer
from app.paths import cache_dir
from app.singers import singer_name

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

    def set_scene(self, scene: Scene) -> dict[str, str | None]:
        """Take the people found so far; all decisions follow the tracks.

        Returns the singers that have got another id, and what it is now; None = the face is gone.
        """
        ids: dict[str, str | None] = {}
        for card in self.scene.singers:
            follower = scene.with_tracks(card.tracks)
            ids[card.id] = follower.id if follower is not None else None
        moved = {old: new for old, new in ids.items() if new != old}
        edits = with_singers(self.edits, moved)
        self.edits = replace(edits, selected=_in_order(edits.selected, scene))
        self.scene = scene
        self._show_names()
        return moved

    def take(self, edits: Edits) -> None:
        """Take other decisions as a whole; singers that aren't there can't be chosen."""
        self.edits = replace(edits, selected=_in_order(edits.selected, self.scene))
        self._show_names()

    def select(self, singers: Sequence[str], add: bool = False) -> None:
        """Choose singers; ``add`` keeps those chosen before and drops one chosen twice."""
        wanted = set(self.selected).symmetric_difference(singers) if add else set(singers)
        self.edits = replace(self.edits, selected=_in_order(wanted, self.scene))

    def rename(self, singer: str, name: str) -> None:
        """Give a singer another name, used for display and for files."""
        people = self.edits.people
        people = replace(people, names={**people.names, singer: name})
        self.edits = replace(self.edits, people=people)
        self._show_names()

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

    def _show_names(self) -> None:
        names = self.edits.people.names
        singers = (
            replace(card, name=names.get(card.id, singer_name(card.id)))
            for card in self.scene.singers
        )
        self.scene = replace(self.scene, singers=tuple(singers))

    def _covers(self, singer: str) -> bool:
        voice = self.voices.get(singer)
        return (
            voice is not None
            and voice.complete
            and voice.start <= self.range[0]
            and self.range[1] <= voice.stop
        )


def _in_order(singers: Collection[str], scene: Scene) -> tuple[str, ...]:
    return tuple(card.id for card in scene.singers if card.id in singers)


def _temporary_folder() -> Path:
    """A folder beside the caches: the system's temporary folder may live in memory."""
    parent = cache_dir() / "voices"
    parent.mkdir(exist_ok=True)
    for old in parent.iterdir():
        if time.time() - old.stat().st_mtime > _STALE_S:
            shutil.rmtree(old, ignore_errors=True)
    return Path(tempfile.mkdtemp(dir=parent))
