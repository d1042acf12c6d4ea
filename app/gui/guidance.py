"""What can be done now and what to do next, from the state of the session alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from app.gui.session import Session
from app.gui.told import told

if TYPE_CHECKING:
    from app.delivery_job import Delivery

_NEED_CLIP = (
    "play",
    "previous_frame",
    "next_frame",
    "forward",
    "backward",
    "halt",
    "second_back",
    "second_on",
    "go_start",
    "go_end",
    "mark_in",
    "mark_out",
    "clear_range",
    "zoom_in",
    "zoom_out",
    "zoom_all",
    "zoom_range",
    "spectrogram",
    "save",
    "save_as",
)


def enabled_actions(session: Session, busy: bool) -> dict[str, bool]:
    """Say for the actions that depend on it whether they can be done now."""
    enabled = dict.fromkeys(_NEED_CLIP, session.clip is not None)
    idle_clip = session.clip is not None and not busy
    enabled["find"] = idle_clip and not session.scene.complete
    enabled["isolate"] = not busy and session.can_isolate()
    voices = session.can_export() or session.can_isolate()
    enabled["export_now"] = idle_clip and bool(session.selected) and voices
    enabled["compare"] = bool(session.heard_voices())
    enabled["cancel"] = busy
    chosen = len(session.selected)
    enabled["draw_face"] = session.clip is not None and session.scene.complete
    enabled["rename_singer"] = enabled["split"] = chosen == 1
    for word in ("only_this", "this_voice", "not_this_voice"):
        enabled[word] = chosen == 1
    said = {anchor.singer for anchor in session.edits.anchors}
    enabled["forget_words"] = bool(said.intersection(session.selected))
    enabled["merge"] = chosen > 1
    enabled["ignore"] = chosen > 0
    enabled["separate"] = any(singer in session.scene.joined for singer in session.selected)
    return enabled


def singers_hint(session: Session, busy: bool) -> str:
    """What stands above the list of singers; "" once there are some."""
    if session.clip is None:
        return _tr("The people in the picture are listed here.")
    if session.scene.singers:
        return ""
    if session.scene.complete:
        return _tr("No face was found in this clip.")
    return _tr("Looking for faces…") if busy else ""


def next_step(session: Session) -> str:
    """One sentence that tells a new user how to go on."""
    if session.clip is None:
        return _tr("Open a video to begin.")
    if not session.scene.complete:
        return _tr("The search was stopped; choose Find singers to search again.")
    if not session.scene.singers:
        return _tr("No face was found; open another clip.")
    if not session.selected:
        return _tr("Click the singer you want to hear, in the picture or in the list.")
    if session.can_export():
        return _tr("Ready: press A to compare with the original, or export.")
    return _tr("Press Isolate to compute this voice.")


def exported_text(delivery: Delivery) -> str:
    """What was written, and what the user should know about it."""
    names = ", ".join(output.path.name for output in delivery.outputs)
    folder = delivery.outputs[0].path.parent
    text = _tr("Saved {names} in {folder}.").format(names=names, folder=folder)
    for note in delivery.notes:
        text += " " + told(note)
    if delivery.clipped:
        text += " " + _tr(
            "{count} sample values were louder than the format holds and were cut; "
            "WAV in 32 bit float keeps them, and a true peak limit lowers the gain instead."
        ).format(count=delivery.clipped)
    return text


def _tr(text: str) -> str:
    return QCoreApplication.translate("Guidance", text)
