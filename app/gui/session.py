"""What is open in the window and what has been chosen and computed; no Qt."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.edits import DrawnFace, Edits, with_end, with_singers
from app.export.space import check_space
from app.export.span import Span, plan_span
from app.gui.engine_jobs import ClipView, VoicePart
from app.gui.engine_voices import Computed, RecalledVoice, VoiceTarget
from app.gui.export import VoiceFile, voice_file
from app.gui.people_scene import DrawnPath, Edited, Sources, edited_scene
from app.gui.scene import Scene, SingerCard
from app.gui.voice_buffer import VoiceBuffer
from app.paths import cache_dir
from app.people import drawn_among, rename, split_ids
from app.scratch import ScratchFolder
from app.singers import singer_name


class Session:
    """State of one window: one clip, its people, the choice, the range and finished voices."""

    def __init__(self, plain_name: Callable[[str], str] = singer_name) -> None:
        """``plain_name`` calls singers by their id whom nobody has named."""
        self._plain_name = plain_name
        self.clip: ClipView | None = None
        self.sources = Sources()
        self.people = Edited(Scene(), {}, (), ())
        self.scene = Scene()
        """The people as the editor wants them: `people.scene`."""
        self.edits = Edits()
        """What the editor decided; replaced as a whole, never changed in place."""
        self.voices: dict[str, VoiceBuffer] = {}
        """By singer id; may still be growing."""
        self._folder: ScratchFolder | None = None
        self._bases: dict[str, Computed] = {}
        self._aside: dict[tuple[str, Computed], VoiceBuffer] = {}
        """Voices of people as they were before an act that changed them."""
        self._awaited: tuple[str, ...] = ()
        """Chosen faces drawn by hand that the engine has still to follow."""

    @property
    def selected(self) -> tuple[str, ...]:
        """Ids of the chosen singers in the order of the list."""
        return self.edits.selected

    @property
    def range(self) -> tuple[int, int]:
        """First sample and end of the part to isolate."""
        return self.edits.range

    @property
    def stretch(self) -> tuple[int, int]:
        """First sample and end of what is computed: the range in whole frames, with handles."""
        return self.span(whole_frames=True).inside(self.clip.audio.samples) if self.clip else (0, 0)

    def span(self, whole_frames: bool | None = None) -> Span:
        """What the files of an export hold; in whole frames where a timeline has to place them."""
        assert self.clip is not None
        export = self.edits.export
        whole = bool(export.timelines) if whole_frames is None else whole_frames
        handles, unit = export.handles, export.handle_unit
        return plan_span(self.clip.info, *self.range, handles, unit, whole_frames=whole)

    def open(self, clip: ClipView) -> None:
        """Start with a new clip: nobody is found, chosen or computed yet."""
        export = self.edits.export  # how one delivers is a habit, not a matter of one clip
        self.close()
        self.clip = clip
        self.edits = Edits(range=(0, clip.audio.samples), export=export)

    def settle(self, clip: ClipView) -> None:
        """Take the clip at hand with its exact length."""
        assert self.clip is not None
        self.edits = with_end(self.edits, self.clip.audio.samples, clip.audio.samples)
        self.clip = clip
        self.follow_people()

    def close(self) -> None:
        """Forget the clip and remove all temporary files."""
        for voice in (*self.voices.values(), *self._aside.values()):
            voice.close()
        self.voices, self._aside, self._bases = {}, {}, {}
        self.clip, self.scene, self.edits, self._awaited = None, Scene(), Edits(), ()
        self.sources, self.people = Sources(), Edited(Scene(), {}, (), ())
        if self._folder is not None:
            self._folder.close()
            self._folder = None

    @property
    def folder(self) -> Path:
        """Where the voices of this window lie while the clip is open."""
        if self._folder is None:
            self._folder = ScratchFolder(cache_dir() / "voices")
        return self._folder.path

    def set_scene(self, found: Scene) -> dict[str, str | None]:
        """Take the people found so far; all decisions follow the tracks.

        Returns the singers that have got another id, and what it is now; None = the face is gone.
        """
        moved: dict[str, str | None] = {}
        for card in self.sources.found.singers:
            follower = found.with_tracks(card.tracks)
            new = follower.id if follower is not None else None
            if new != card.id:
                moved[card.id] = new
                for made in split_ids(card.id, self.edits.people):
                    moved[made] = new + made.removeprefix(card.id) if new is not None else None
        self.edits = with_singers(self.edits, moved)
        self.sources = replace(self.sources, found=found)
        self.follow_people()
        return moved

    def take(self, edits: Edits) -> None:
        """Take other decisions as a whole; singers that aren't there can't be chosen."""
        self.edits, self._awaited = edits, ()
        self.follow_people()

    def add_drawn(self, face: DrawnFace, path: DrawnPath) -> None:
        """Take the track of a face drawn by hand."""
        self.sources = replace(self.sources, drawn={**self.sources.drawn, face: path})
        self.follow_people()

    def add_portrait(self, part: tuple[int, int], picture: NDArray[np.uint8]) -> None:
        """Take the picture of the face after a split at (track, pts)."""
        portraits = {**self.sources.portraits, part: picture}
        self.sources = replace(self.sources, portraits=portraits)
        self.follow_people()

    def follow_people(self) -> None:
        """Bring scene and voices in line with the editor's decisions about people.

        A voice that was computed from other stretches than its singer has now is put aside, and
        taken back when an undo makes it right again.
        """
        self.people = edited_scene(self.sources, self.edits.people, self._plain_name)
        self.scene = self.people.scene
        chosen = (*self.edits.selected, *self._awaited)
        self._awaited = drawn_among(chosen, self.edits.people, self.people.missing_drawn)
        self.edits = replace(self.edits, selected=_in_order(chosen, self.scene))
        bases = {singer: self._basis(singer) for singer in self.people.bases}
        for singer, voice in list(self.voices.items()):
            was = self._bases.get(singer)
            if was is not None and was != bases.get(singer):
                del self.voices[singer]
                self._put_aside(singer, was, voice)
        for singer, now in bases.items():
            if singer not in self.voices and (singer, now) in self._aside:
                self.voices[singer] = self._aside.pop((singer, now))
                self._bases[singer] = now

    def select(self, singers: Sequence[str], add: bool = False) -> None:
        """Choose singers; ``add`` keeps those chosen before and drops one chosen twice."""
        self._awaited = ()
        wanted = set(self.selected).symmetric_difference(singers) if add else set(singers)
        self.edits = replace(self.edits, selected=_in_order(wanted, self.scene))

    def rename(self, singer: str, name: str) -> None:
        """Give a singer another name, used for display and for files."""
        people = rename(self.edits.people, singer, name, self._plain_name(singer))
        self.edits = replace(self.edits, people=people)
        self.follow_people()

    def use_recipe(self, edits: Edits) -> None:
        """Compute voices by another recipe; the present ones are kept for a change back."""
        self.edits = edits
        self.follow_people()

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

    def start_voices(self, singers: Sequence[str]) -> list[VoiceTarget]:
        """Make empty buffers over the range for these singers.

        Raises `NotPossibleError` when the disk has no room for them.
        """
        assert self.clip is not None
        start, stop = self.stretch
        size = 4 * (stop - start) * self.clip.audio.channels * len(singers)
        check_space(
            {cache_dir(): size}, "The computed voices need", "clear the cache in the preferences"
        )
        targets = []
        for singer in singers:
            self.drop_voice(singer)
            path = Path(tempfile.mkstemp(suffix=".f32", dir=self.folder)[1])
            self.voices[singer] = VoiceBuffer(path, self.clip.audio.channels, *self.stretch)
            self._bases[singer] = self._basis(singer)
            targets.append(VoiceTarget(singer, path, self._bases[singer]))
        return targets

    def unheard(self) -> list[tuple[str, Computed]]:
        """All singers, chosen or not, without a voice over the range, for the cache to give."""
        return [
            (card.id, self._basis(card.id))
            for card in self.scene.singers
            if not self._covers(card.id) and not self._grows(card.id)
        ]

    def add_recalled(self, found: RecalledVoice) -> bool:
        """Take a voice from the cache; False when nobody wants it any more."""
        wanted = (found.singer, found.basis) in self.unheard()
        start, stop = self.stretch
        if not wanted or not found.start <= start < stop <= found.stop:
            found.file.unlink(missing_ok=True)
            return False
        self.drop_voice(found.singer)
        voice = VoiceBuffer(found.file, found.channels, found.start, found.stop)
        voice.finish(found.peaks)
        voice.agreement.update(found.agreement)
        self.voices[found.singer] = voice
        self._bases[found.singer] = found.basis
        return True

    def add_part(self, part: VoicePart) -> None:
        """Note a finished stretch of a voice."""
        if part.singer in self.voices:
            voice = self.voices[part.singer]
            voice.mark(part.start, part.stop, part.peaks)
            voice.agreement.update(part.agreement)

    def drop_voice(self, singer: str) -> None:
        """Remove a voice and its file."""
        voice = self.voices.pop(singer, None)
        if voice is not None:
            voice.close()

    def end_voices(self) -> None:
        """A run has ended: what it has finished of each voice stays, and nothing else."""
        for singer, voice in list(self.voices.items()):
            if voice.ready == voice.start:
                self.drop_voice(singer)
            elif not voice.complete:
                voice.finish()

    def heard_voices(self) -> dict[str, VoiceBuffer]:
        """Voices of the chosen singers by id; empty unless each of them has one."""
        found = {singer: self.voices[singer] for singer in self.selected if singer in self.voices}
        return found if len(found) == len(self.selected) else {}

    def files(self) -> list[VoiceFile]:
        """The chosen voices as an export takes them."""
        return [voice_file(card.name, self.voices[card.id]) for card in self.cards()]

    def _basis(self, singer: str) -> Computed:
        return self.people.bases[singer], self.edits.recipe

    def _grows(self, singer: str) -> bool:
        voice = self.voices.get(singer)
        return voice is not None and not voice.complete

    def _put_aside(self, singer: str, was: Computed, voice: VoiceBuffer) -> None:
        """Keep a voice for an undo, unless it is unfinished or there is a newer one."""
        old = self._aside.pop((singer, was), None)
        if old is not None:
            old.close()
        if voice.complete:
            self._aside[singer, was] = voice
        else:
            voice.close()

    def _covers(self, singer: str) -> bool:
        voice = self.voices.get(singer)
        start, stop = self.stretch
        return voice is not None and voice.complete and voice.start <= start and stop <= voice.stop


def _in_order(singers: Collection[str], scene: Scene) -> tuple[str, ...]:
    return tuple(card.id for card in scene.singers if card.id in singers)
