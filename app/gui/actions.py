"""The one table of actions: menus, toolbar, shortcuts and tests are made from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:

    def QT_TRANSLATE_NOOP(context: str, text: str) -> str:
        """Typed as what it does; PySide6 declares `object`."""
else:
    from PySide6.QtCore import QT_TRANSLATE_NOOP

CONTEXT = "Actions"
"""Of the translations."""


@dataclass(frozen=True)
class ActionSpec:
    """One thing the user can do."""

    id: str
    text: str
    tip: str
    shortcuts: tuple[str, ...]
    slot: str
    """Method of the object that carries the action out."""
    menu: str
    icon: str | None = None
    checkable: bool = False
    primary: bool = False
    """What the window is for: its button stands out."""
    arguments: tuple[int, ...] = ()
    """Passed to the slot."""


FILE = QT_TRANSLATE_NOOP("Actions", "&File")
EDIT = QT_TRANSLATE_NOOP("Actions", "&Edit")
SINGER = QT_TRANSLATE_NOOP("Actions", "&Singer")
PLAYBACK = QT_TRANSLATE_NOOP("Actions", "&Playback")
RANGE = QT_TRANSLATE_NOOP("Actions", "&Range")
VIEW = QT_TRANSLATE_NOOP("Actions", "&View")
HELP = QT_TRANSLATE_NOOP("Actions", "&Help")
MENUS = (FILE, EDIT, SINGER, PLAYBACK, RANGE, VIEW, HELP)

ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec(
        "open",
        QT_TRANSLATE_NOOP("Actions", "Open…"),
        QT_TRANSLATE_NOOP("Actions", "Open a video of people singing"),
        ("Ctrl+O",),
        "ask_open",
        FILE,
        "open",
    ),
    ActionSpec(
        "export",
        QT_TRANSLATE_NOOP("Actions", "Export"),
        QT_TRANSLATE_NOOP("Actions", "Choose what is exported: stems, video, timelines"),
        ("Ctrl+E",),
        "show_export",
        FILE,
        "sound",
    ),
    ActionSpec(
        "export_now",
        QT_TRANSLATE_NOOP("Actions", "Export now"),
        QT_TRANSLATE_NOOP("Actions", "Write the files that the export settings ask for"),
        ("Ctrl+Shift+E",),
        "export_now",
        FILE,
    ),
    ActionSpec("quit", QT_TRANSLATE_NOOP("Actions", "Quit"), "", ("Ctrl+Q",), "close", FILE),
    ActionSpec(
        "undo",
        QT_TRANSLATE_NOOP("Actions", "Undo"),
        QT_TRANSLATE_NOOP("Actions", "Take the last change back"),
        ("Ctrl+Z",),
        "undo",
        EDIT,
    ),
    ActionSpec(
        "redo",
        QT_TRANSLATE_NOOP("Actions", "Redo"),
        QT_TRANSLATE_NOOP("Actions", "Make the change again that was taken back"),
        ("Ctrl+Shift+Z", "Ctrl+Y"),
        "redo",
        EDIT,
    ),
    ActionSpec(
        "find",
        QT_TRANSLATE_NOOP("Actions", "Find singers"),
        QT_TRANSLATE_NOOP("Actions", "Look for the faces in the clip again"),
        ("Ctrl+F",),
        "find_singers",
        SINGER,
    ),
    ActionSpec(
        "isolate",
        QT_TRANSLATE_NOOP("Actions", "Isolate"),
        QT_TRANSLATE_NOOP("Actions", "Compute the voice of the chosen singer"),
        ("Ctrl+I",),
        "isolate",
        SINGER,
        "isolate",
        primary=True,
    ),
    ActionSpec(
        "cancel",
        QT_TRANSLATE_NOOP("Actions", "Cancel"),
        QT_TRANSLATE_NOOP("Actions", "Stop the running step; nothing half-done is kept"),
        ("Esc",),
        "cancel",
        SINGER,
    ),
    ActionSpec(
        "draw_face",
        QT_TRANSLATE_NOOP("Actions", "Add a missed face"),
        QT_TRANSLATE_NOOP("Actions", "Draw a box around a face that was not found"),
        ("Ctrl+D",),
        "set_drawing",
        SINGER,
        "add_face",
        checkable=True,
    ),
    ActionSpec(
        "rename_singer",
        QT_TRANSLATE_NOOP("Actions", "Rename"),
        QT_TRANSLATE_NOOP("Actions", "Give the chosen singer another name"),
        ("F2",),
        "rename_chosen",
        SINGER,
    ),
    ActionSpec(
        "merge",
        QT_TRANSLATE_NOOP("Actions", "Merge singers"),
        QT_TRANSLATE_NOOP("Actions", "The chosen singers are one person"),
        ("Ctrl+J",),
        "merge_chosen",
        SINGER,
        "merge",
    ),
    ActionSpec(
        "separate",
        QT_TRANSLATE_NOOP("Actions", "Separate again"),
        QT_TRANSLATE_NOOP("Actions", "Take a merged singer apart again"),
        ("Ctrl+Shift+J",),
        "separate_chosen",
        SINGER,
    ),
    ActionSpec(
        "split",
        QT_TRANSLATE_NOOP("Actions", "Split at the playhead"),
        QT_TRANSLATE_NOOP("Actions", "From the playhead on the chosen singer is somebody else"),
        ("Ctrl+K",),
        "split_here",
        SINGER,
        "split",
    ),
    ActionSpec(
        "ignore",
        QT_TRANSLATE_NOOP("Actions", "Not a singer"),
        QT_TRANSLATE_NOOP("Actions", "Take the chosen out of the list: a poster, a passer-by"),
        ("Del",),
        "ignore_chosen",
        SINGER,
        "ignore",
    ),
    *(
        ActionSpec(
            f"singer_{number}",
            QT_TRANSLATE_NOOP("Actions", "Choose singer %1"),
            "",
            (str(number),),
            "select_number",
            SINGER,
            arguments=(number,),
        )
        for number in range(1, 10)
    ),
    ActionSpec(
        "play",
        QT_TRANSLATE_NOOP("Actions", "Play"),
        QT_TRANSLATE_NOOP("Actions", "Play or pause"),
        ("Space",),
        "toggle_play",
        PLAYBACK,
        "play",
    ),
    ActionSpec(
        "compare",
        QT_TRANSLATE_NOOP("Actions", "Hear isolated"),
        QT_TRANSLATE_NOOP(
            "Actions", "Switch between the original and the isolated voice; hold to compare briefly"
        ),
        ("A",),
        "set_isolated",
        PLAYBACK,
        "compare",
        checkable=True,
    ),
    ActionSpec(
        "forward",
        QT_TRANSLATE_NOOP("Actions", "Play forwards, again for faster"),
        "",
        ("L",),
        "shuttle",
        PLAYBACK,
        arguments=(1,),
    ),
    ActionSpec(
        "backward",
        QT_TRANSLATE_NOOP("Actions", "Play backwards, again for faster"),
        "",
        ("J",),
        "shuttle",
        PLAYBACK,
        arguments=(-1,),
    ),
    ActionSpec(
        "halt",
        QT_TRANSLATE_NOOP("Actions", "Stop"),
        "",
        ("K",),
        "stop_shuttle",
        PLAYBACK,
    ),
    ActionSpec(
        "loop",
        QT_TRANSLATE_NOOP("Actions", "Loop"),
        QT_TRANSLATE_NOOP("Actions", "Repeat the range, or the whole clip"),
        ("Ctrl+L",),
        "set_loop",
        PLAYBACK,
        "loop",
        checkable=True,
    ),
    ActionSpec(
        "scrub_sound",
        QT_TRANSLATE_NOOP("Actions", "Scrub with sound"),
        QT_TRANSLATE_NOOP("Actions", "Hear the sound under the playhead while it is moved"),
        ("Shift+S",),
        "set_scrub_sound",
        PLAYBACK,
        checkable=True,
    ),
    ActionSpec(
        "previous_frame",
        QT_TRANSLATE_NOOP("Actions", "Previous frame"),
        QT_TRANSLATE_NOOP("Actions", "Go one frame back"),
        ("Left",),
        "step",
        PLAYBACK,
        "previous",
        arguments=(-1,),
    ),
    ActionSpec(
        "next_frame",
        QT_TRANSLATE_NOOP("Actions", "Next frame"),
        QT_TRANSLATE_NOOP("Actions", "Go one frame on"),
        ("Right",),
        "step",
        PLAYBACK,
        "next",
        arguments=(1,),
    ),
    ActionSpec(
        "second_back",
        QT_TRANSLATE_NOOP("Actions", "One second back"),
        "",
        ("Shift+Left",),
        "skip",
        PLAYBACK,
        arguments=(-1,),
    ),
    ActionSpec(
        "second_on",
        QT_TRANSLATE_NOOP("Actions", "One second on"),
        "",
        ("Shift+Right",),
        "skip",
        PLAYBACK,
        arguments=(1,),
    ),
    ActionSpec(
        "go_start",
        QT_TRANSLATE_NOOP("Actions", "Go to start"),
        QT_TRANSLATE_NOOP("Actions", "Go to the In point, or to the start of the clip"),
        ("Home",),
        "go_start",
        PLAYBACK,
    ),
    ActionSpec(
        "go_end",
        QT_TRANSLATE_NOOP("Actions", "Go to end"),
        QT_TRANSLATE_NOOP("Actions", "Go to the Out point, or to the end of the clip"),
        ("End",),
        "go_end",
        PLAYBACK,
    ),
    ActionSpec(
        "mark_in",
        QT_TRANSLATE_NOOP("Actions", "Mark In"),
        QT_TRANSLATE_NOOP("Actions", "Start of the range: only the range is isolated"),
        ("I",),
        "mark_in",
        RANGE,
        "mark_in",
    ),
    ActionSpec(
        "mark_out",
        QT_TRANSLATE_NOOP("Actions", "Mark Out"),
        QT_TRANSLATE_NOOP("Actions", "End of the range: only the range is isolated"),
        ("O",),
        "mark_out",
        RANGE,
        "mark_out",
    ),
    ActionSpec(
        "clear_range",
        QT_TRANSLATE_NOOP("Actions", "Clear range"),
        QT_TRANSLATE_NOOP("Actions", "Take the whole clip again"),
        ("X",),
        "clear_range",
        RANGE,
        "clear_range",
    ),
    ActionSpec(
        "zoom_in",
        QT_TRANSLATE_NOOP("Actions", "Zoom in"),
        QT_TRANSLATE_NOOP("Actions", "Show the lanes closer, down to single samples"),
        ("+", "="),
        "zoom_in",
        VIEW,
        "zoom_in",
    ),
    ActionSpec(
        "zoom_out",
        QT_TRANSLATE_NOOP("Actions", "Zoom out"),
        QT_TRANSLATE_NOOP("Actions", "Show more of the clip in the lanes"),
        ("-",),
        "zoom_out",
        VIEW,
        "zoom_out",
    ),
    ActionSpec(
        "zoom_all",
        QT_TRANSLATE_NOOP("Actions", "Whole clip"),
        QT_TRANSLATE_NOOP("Actions", "Show the whole clip in the lanes"),
        ("Shift+Z",),
        "zoom_all",
        VIEW,
        "zoom_all",
    ),
    ActionSpec(
        "zoom_range",
        QT_TRANSLATE_NOOP("Actions", "Zoom to range"),
        QT_TRANSLATE_NOOP("Actions", "Show In to Out in the lanes"),
        ("Z",),
        "zoom_range",
        VIEW,
    ),
    ActionSpec(
        "spectrogram",
        QT_TRANSLATE_NOOP("Actions", "Spectrogram"),
        QT_TRANSLATE_NOOP("Actions", "Show the original as spectrogram instead of waveform"),
        ("W",),
        "show_spectrogram",
        VIEW,
        "spectrogram",
        checkable=True,
    ),
    ActionSpec(
        "side_tabs",
        QT_TRANSLATE_NOOP("Actions", "Side panels"),
        QT_TRANSLATE_NOOP("Actions", "Show or hide the panels on the right"),
        ("F9",),
        "show_side_tabs",
        VIEW,
        checkable=True,
    ),
    ActionSpec(
        "preferences",
        QT_TRANSLATE_NOOP("Actions", "Preferences…"),
        QT_TRANSLATE_NOOP("Actions", "Models, device, cache, keys, language and colours"),
        ("Ctrl+,",),
        "show_preferences",
        EDIT,
    ),
    ActionSpec(
        "shortcuts",
        QT_TRANSLATE_NOOP("Actions", "Keyboard shortcuts"),
        QT_TRANSLATE_NOOP("Actions", "Show all keys"),
        ("?", "F1"),
        "show_shortcuts",
        HELP,
    ),
)
