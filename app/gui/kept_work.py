"""Autosave of the open clip, and offers of work that was left behind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QDateTime, QLocale, QObject, QTimeZone, Signal

from app.gui.engine_project import LoadedProject
from app.gui.offer_bar import OfferBar
from app.gui.project_state import restored
from app.paths import data_dir
from app.project.autosave import Autosave
from app.project.recovery import Kept, RecoverySlot, left_behind

Restore = Callable[[LoadedProject, RecoverySlot], None]

_PATIENCE_S = 2.0


class KeptWork(QObject):
    """The recovery files of one window."""

    problem = Signal(str)

    def __init__(self, offers: OfferBar, restore: Restore, parent: QObject) -> None:
        super().__init__(parent)
        self._folder = data_dir() / "recovery"
        self._offers = offers
        self._restore = restore
        self._saver: Autosave | None = None
        self._slot: RecoverySlot | None = None
        self._last: Kept | None = None
        self._left: list[tuple[RecoverySlot, Kept]] = []
        self._enders: list[Autosave] = []
        """Savers of clips before this one that still write."""

    def look(self, only_crashes: bool) -> None:
        """Offer what was left behind by windows that are gone."""
        self._left += left_behind(self._folder)
        self._offer([pair for pair in self._left if not (only_crashes and pair[1].closed)])

    def offer_for(self, fingerprint: str) -> None:
        """Offer what was left behind about the clip that has just been opened."""
        self._offer(
            [
                pair
                for pair in self._left
                if pair[1].document.project.media.fingerprint == fingerprint
            ]
        )

    def next_clip(self, slot: RecoverySlot | None, dirty: bool) -> None:
        """Another clip is open: keep it in ``slot``, or in a place of its own.

        What wasn't saved of the clip before stays on the disk if it was ``dirty``.
        """
        self._leave(dirty)
        self._left = [pair for pair in self._left if pair[0] is not slot]
        self._enders = [saver for saver in self._enders if saver.running]
        try:
            self._slot = slot or RecoverySlot(self._folder)
        except OSError as error:
            self.problem.emit(
                self.tr(
                    "Nothing can be kept for the case of a crash because {folder} can't be "
                    "written to ({reason}); free some space or check its permissions."
                ).format(folder=self._folder, reason=error.strerror or error)
            )
            return
        self._saver = Autosave(self._slot, self.problem.emit)

    def keep(self, kept: Kept) -> None:
        """Keep this state of the open clip."""
        self._last = kept
        if self._saver is not None:
            self._saver.keep(kept)

    def flush(self) -> None:
        """Wait, on any thread, until the last act is on the disk."""
        saver = self._saver
        if saver is not None:
            saver.flush(_PATIENCE_S)

    def close(self, dirty: bool) -> None:
        """The window closes."""
        self._leave(dirty)
        for saver in self._enders:
            saver.join()
        for slot, _ in self._left:
            slot.close()
        self._left, self._enders = [], []

    def _leave(self, dirty: bool) -> None:
        saver, slot, last = self._saver, self._slot, self._last
        self._saver = self._slot = self._last = None
        if saver is None or slot is None:
            return
        if last is not None and dirty:
            last = replace(last, closed=True)
            saver.keep(last)
            self._left.insert(0, (slot, last))
            saver.end(release=False)
        else:
            saver.drop()
            saver.end(release=True)
        self._enders.append(saver)

    def _offer(self, pairs: list[tuple[RecoverySlot, Kept]]) -> None:
        if not pairs:
            return
        (slot, kept), *others = pairs

        def restore() -> None:
            self._restore(restored(kept, None), slot)

        def discard() -> None:
            self._left = [pair for pair in self._left if pair[0] is not slot]
            slot.drop()
            slot.close()
            self._offer(others)

        self._offers.offer(
            self._sentence(kept),
            [(self.tr("Restore"), restore), (self.tr("Discard"), discard)],
        )

    def _sentence(self, kept: Kept) -> str:
        name = kept.project.name if kept.project else kept.document.project.media.name
        seconds = round(kept.when.timestamp())
        moment = QDateTime.fromSecsSinceEpoch(seconds, QTimeZone.systemTimeZone())
        when = QLocale().toString(moment, QLocale.FormatType.ShortFormat)
        if kept.closed:
            text = self.tr("There are unsaved changes to {name} from {when}.")
        else:
            text = self.tr("Solovox ended unexpectedly; {name} was kept as it was at {when}.")
        return text.format(name=name, when=when)
