"""What the lanes show and where they look: outlines, tiles, rows, zoom."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QColor

from app.gui.controller import Controller
from app.gui.engine_jobs import ClipView
from app.gui.lane_rows import Row, StripRow, WaveRow
from app.gui.ruler_ticks import ClipTime, clip_time
from app.gui.sound_outline import SoundOutline
from app.gui.spectrogram_view import SpectrogramPainter
from app.gui.theme import current_tone, panel_singer_colour
from app.gui.tile_store import TileStore
from app.gui.timeline import Timeline
from app.gui.viewport import Viewport
from app.gui.voice_buffer import PEAK_SAMPLES, VoiceBuffer
from app.gui.workers import JobHandlers

SOUND_TILE = 1 << 16
"""Samples of one tile of the closest zoom; that of `app.gui.engine_sound`."""
_SOUND_TILES = 64
_KEY_ZOOM = 2.0
_BUNDLE_MS = 30
"""Tiles that come within this time are drawn together."""


class TimelineControl(QObject):
    """State of the lanes; the timeline only shows it."""

    view_changed = Signal(object)
    """`Viewport`."""
    rows_changed = Signal(object, int)
    """Rows, and samples per second."""
    time_changed = Signal(object)
    """`ClipTime`."""
    timecode_passed = Signal(str)
    """Source timecode at the playhead; "" where the clip has none."""

    def __init__(self, control: Controller) -> None:
        super().__init__(control)
        self._control = control
        self.view = Viewport()
        self.time = ClipTime(1)
        self.outline = SoundOutline(0)
        """That of the original."""
        self.spectrogram = SpectrogramPainter(self._fetch_spectrogram)
        self._sounds: TileStore[int, NDArray[np.float32]] = TileStore(self._fetch_sound, 1)
        self._voices: dict[int, tuple[VoiceBuffer, SoundOutline]] = {}
        self._jobs: set[int] = set()
        self._as_spectrogram = False
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_BUNDLE_MS)
        self._later.timeout.connect(self.show_rows)
        control.clip_changed.connect(self._on_clip_changed)
        control.length.settled.connect(self._on_settled)
        for signal in (control.scene_changed, control.selection_changed, control.voices_changed):
            signal.connect(self._later.start)

    def show_in(self, timeline: Timeline) -> None:
        """Connect the widget that shows all this."""
        control = self._control
        self.view_changed.connect(timeline.set_view)
        self.rows_changed.connect(timeline.set_rows)
        self.time_changed.connect(timeline.set_time)
        timeline.zoom_asked.connect(self.zoom)
        timeline.scroll_asked.connect(self.scroll)
        timeline.range_asked.connect(control.set_range)
        control.player.moved.connect(self.follow)
        self.show_rows()

    def zoom_in(self) -> None:
        """Show half as much around the playhead."""
        self.zoom(_KEY_ZOOM, self._control.player.position)

    def zoom_out(self) -> None:
        """Show twice as much around the playhead."""
        self.zoom(1 / _KEY_ZOOM, self._control.player.position)

    def zoom_all(self) -> None:
        """Show the whole clip."""
        self._look(Viewport.whole(self.view.first, self.view.last))

    def zoom_range(self) -> None:
        """Show In to Out."""
        if self._control.session.clip is not None:
            self._look(self.view.showing(*self._control.session.range))

    def zoom(self, factor: float, anchor: int) -> None:
        """Show less (``factor`` > 1) or more; the anchor stays where it is."""
        if self.view.last > self.view.first:
            self._look(self.view.zoomed(factor, anchor))

    def scroll(self, samples: int) -> None:
        """Move what is shown."""
        self._look(self.view.moved(samples))

    def follow(self, sample: int) -> None:
        """Turn the page when the clip plays out of it, and tell the timecode."""
        self.timecode_passed.emit(self.time.text(sample) if self.time.timecode else "")
        if self._control.player.playing:
            self._look(self.view.following(sample))

    def show_spectrogram(self, shown: bool) -> None:
        """Show the original as spectrogram, or as waveform."""
        self._as_spectrogram = shown
        self.show_rows()

    def show_rows(self) -> None:
        """Make all rows from what is known now."""
        session = self._control.session
        if session.clip is None:
            self.rows_changed.emit((), 1)
            return
        audio = session.clip.audio
        wave = QColor(current_tone().wave)
        rows: list[Row] = [
            WaveRow(
                "original",
                self.tr("Original"),
                wave,
                self.outline,
                0,
                audio.samples,
                spectrogram=self._as_spectrogram,
            )
        ]
        origin = float(audio.start)
        for card in session.scene.singers:
            colour = panel_singer_colour(card.colour)
            voice = session.voices.get(card.id) if card.id in session.selected else None
            if voice is not None:
                rows.append(
                    WaveRow(
                        f"voice {card.id}",
                        card.name,
                        colour,
                        self._outline_of(voice),
                        voice.start,
                        voice.stop,
                        behind=self.outline,
                    )
                )
            rows.append(
                StripRow(
                    f"strips {card.id}",
                    card.name if voice is None else self.tr("Lips and voice"),
                    colour,
                    tuple(session.scene.paths_of(card.id)),
                    origin,
                    audio.sample_rate,
                    dict(voice.agreement) if voice is not None else {},
                    voice is not None and bool(voice.agreement),
                    tuple(a for a in session.edits.anchors if a.singer == card.id),
                )
            )
        self.rows_changed.emit(tuple(rows), audio.sample_rate)

    def _look(self, view: Viewport) -> None:
        if view != self.view:
            self.view = view
            self._sounds.forget_wanted()
            self.view_changed.emit(view)

    def _outline_of(self, voice: VoiceBuffer) -> SoundOutline:
        """The outline of a voice, grown by what was computed since the last time."""
        kept = self._voices.get(id(voice))
        if kept is None or kept[0] is not voice:
            outline = SoundOutline(
                voice.stop - voice.start, lambda a, b: _extremes(voice, a, b), PEAK_SAMPLES
            )
            alive = {id(other) for other in self._control.session.voices.values()}
            self._voices = {key: pair for key, pair in self._voices.items() if key in alive}
            self._voices[id(voice)] = (voice, outline)
        else:
            outline = kept[1]
        ready = voice.ready - voice.start
        if ready > outline.ready:
            first = outline.ready // PEAK_SAMPLES
            outline.add(first, voice.peaks[:, first : -(-ready // PEAK_SAMPLES)])
            outline.ready = ready
        return outline

    def _on_clip_changed(self) -> None:
        for job in self._jobs:
            self._control.jobs.abandon(job)
        self._jobs.clear()
        self._voices.clear()
        clip = self._control.session.clip
        self.spectrogram.reset()
        self._sounds = TileStore(self._fetch_sound, _SOUND_TILES)
        if clip is None:
            self.outline, self.view, self.time = SoundOutline(0), Viewport(), ClipTime(1)
        else:
            self.outline = SoundOutline(clip.audio.samples, self._fine)
            self.view = Viewport.whole(clip.first, clip.last)
            self.time = _time_of(clip)
            self._run("waveform", on_item=self._on_peaks)
        self.time_changed.emit(self.time)
        self.view_changed.emit(self.view)
        self.follow(0)
        self.show_rows()

    def _on_settled(self, stated: ClipView, clip: ClipView) -> None:
        self.outline.resize(clip.audio.samples)
        self.time = _time_of(clip)
        self.time_changed.emit(self.time)
        self._look(self.view.within(clip.first, clip.last))
        self.show_rows()

    def _on_peaks(self, part: tuple[int, NDArray[np.float32]]) -> None:
        self.outline.add(*part)
        self._later.start()

    def _fine(self, start: int, stop: int) -> NDArray[np.float32] | None:
        """Extremes of single samples of the original from the tiles in memory."""
        numbers = range(start // SOUND_TILE, (stop - 1) // SOUND_TILE + 1)
        tiles = [self._sounds.get(number) for number in numbers]
        there = [tile for tile in tiles if tile is not None]
        if len(there) < len(tiles):
            return None
        offset = numbers.start * SOUND_TILE
        return np.concatenate(there, axis=1)[:, start - offset : stop - offset]

    def _fetch_sound(self, number: int) -> None:
        store = self._sounds

        def done(tile: NDArray[np.float32]) -> None:
            store.put(number, tile)
            self.outline.version += 1
            self._later.start()

        self._run("sound_tile", number, on_done=done, on_failed=lambda: store.failed(number))

    def _fetch_spectrogram(self, key: tuple[int, int]) -> None:
        def done(tile: NDArray[np.uint8]) -> None:
            self.spectrogram.put(key, tile)
            self._later.start()

        self._run(
            "spectrogram_tile", *key, on_done=done, on_failed=lambda: self.spectrogram.failed(key)
        )

    def _run(
        self,
        name: str,
        *arguments: object,
        on_done: Callable[[Any], None] = lambda _result: None,
        on_item: Callable[[Any], None] | None = None,
        on_failed: Callable[[], None] | None = None,
    ) -> None:
        """Run a job about the clip at hand; a lane that can't be drawn stays empty."""
        clip = self._control.session.clip
        if clip is None:
            return

        def failed(sentence: str) -> None:
            if on_failed is not None:
                on_failed()
            else:
                self._control.problem.emit(sentence)

        handlers = JobHandlers(on_done, failed, on_item=on_item)
        self._jobs.add(self._control.jobs.run(name, clip.path, *arguments, handlers=handlers))


def _time_of(clip: ClipView) -> ClipTime:
    return clip_time(
        clip.audio.sample_rate,
        clip.audio.start,
        min(clip.audio.start, clip.video.start),
        clip.video.start,
        clip.info.timecode,
        clip.video.frame_rate,
    )


def _extremes(voice: VoiceBuffer, start: int, stop: int) -> NDArray[np.float32]:
    """Extremes over the channels of each sample of a voice, counted from its start."""
    sound = voice.read(voice.start + start, voice.start + stop)
    return np.stack([sound.min(axis=0), sound.max(axis=0)])
