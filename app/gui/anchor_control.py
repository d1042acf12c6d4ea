"""What the editor knows about whose voice is where, and whether the voices are learnt first."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from PySide6.QtCore import QObject

from app.edits import Anchor
from app.gui.controller import Controller


class AnchorControl(QObject):
    """Verbs on the range between In and Out and the chosen singer; each is one act of undo."""

    def __init__(self, control: Controller) -> None:
        super().__init__(control)
        self._control = control

    def only_this_singer(self) -> None:
        """Nobody but the chosen singer sounds between In and Out."""
        self._say(self.tr("Only this singer"), "only")

    def this_singer(self) -> None:
        """The chosen singer sounds between In and Out."""
        self._say(self.tr("This singer's voice"), "voice")

    def not_this_singer(self) -> None:
        """The chosen singer is silent between In and Out."""
        self._say(self.tr("Not this singer"), "not")

    def forget_words(self) -> None:
        """Take back what was said about the chosen singer."""
        chosen = self._control.session.selected
        kept = tuple(a for a in self._control.session.edits.anchors if a.singer not in chosen)
        self._set(self.tr("Forget what was said"), kept)

    def set_learn(self, learn: bool) -> None:
        """Learn the singers' voices from the clip before isolating them."""
        session = self._control.session
        self._control.edit(
            self.tr("Learn voices"),
            lambda: session.use_recipe(replace(session.edits, learn=learn)),
        )
        self._control.voices_moved()

    def _say(self, act: str, kind: Literal["only", "voice", "not"]) -> None:
        session = self._control.session
        if session.clip is None or len(session.selected) != 1:
            return
        singer, (start, stop) = session.selected[0], session.range
        others = [
            part
            for anchor in session.edits.anchors
            for part in ([anchor] if anchor.singer != singer else _outside(anchor, start, stop))
        ]
        anchors = (*others, Anchor(singer, start, stop, kind))
        self._set(act, tuple(sorted(anchors, key=lambda a: (a.singer, a.start))))
        if session.edits.range == (0, session.clip.audio.samples):
            self._control.remark.emit(
                self.tr(
                    "This was said of the whole clip; set In and Out first to say it of a part."
                )
            )

    def _set(self, act: str, anchors: tuple[Anchor, ...]) -> None:
        session = self._control.session
        self._control.edit(act, lambda: session.use_recipe(replace(session.edits, anchors=anchors)))
        self._control.voices_moved()


def _outside(anchor: Anchor, start: int, stop: int) -> list[Anchor]:
    """What is left of an earlier word beside a newer one about start..stop."""
    parts = [(anchor.start, min(anchor.stop, start)), (max(anchor.start, stop), anchor.stop)]
    return [replace(anchor, start=a, stop=b) for a, b in parts if a < b]
