"""The actions on people: the part of the table that the Singer menu shows."""

from __future__ import annotations

from app.gui.action_spec import QT_TRANSLATE_NOOP, SINGER, ActionSpec

SINGER_ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec(
        "find",
        QT_TRANSLATE_NOOP("Actions", "Find singers"),
        QT_TRANSLATE_NOOP("Actions", "Look for the faces in the clip again"),
        ("Ctrl+F",),
        "find_singers",
        SINGER,
        "find",
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
        QT_TRANSLATE_NOOP("Actions", "Stop the running step; what is finished is kept"),
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
        "only_this",
        QT_TRANSLATE_NOOP("Actions", "Only this singer here"),
        QT_TRANSLATE_NOOP(
            "Actions", "Say that nobody else sounds between In and Out: the voice is learnt there"
        ),
        ("Ctrl+1",),
        "only_this_singer",
        SINGER,
    ),
    ActionSpec(
        "this_voice",
        QT_TRANSLATE_NOOP("Actions", "This is the voice"),
        QT_TRANSLATE_NOOP("Actions", "Say that the chosen singer sounds between In and Out"),
        ("Ctrl+2",),
        "this_singer",
        SINGER,
    ),
    ActionSpec(
        "not_this_voice",
        QT_TRANSLATE_NOOP("Actions", "Not this voice"),
        QT_TRANSLATE_NOOP("Actions", "Say that the chosen singer is silent between In and Out"),
        ("Ctrl+3",),
        "not_this_singer",
        SINGER,
    ),
    ActionSpec(
        "forget_words",
        QT_TRANSLATE_NOOP("Actions", "Forget what was said"),
        QT_TRANSLATE_NOOP("Actions", "Take back what was said about the chosen singer"),
        ("Ctrl+0",),
        "forget_words",
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
)
