"""Keys for actions: the program's own, those of known editing programs, and the user's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

Keys: TypeAlias = tuple[str, ...]
Bindings: TypeAlias = Mapping[str, Keys]

PRESET_TITLES = {
    "solovox": "Solovox",
    "resolve": "DaVinci Resolve",
    "premiere": "Premiere Pro",
    "losslesscut": "LosslessCut",
}
_PRESETS: dict[str, dict[str, Keys]] = {
    "solovox": {},
    "resolve": {
        "open": ("Ctrl+I", "Ctrl+O"),
        "isolate": ("Ctrl+Return",),
        "clear_range": ("Alt+X",),
        "loop": ("Ctrl+/",),
    },
    "premiere": {
        "open": ("Ctrl+I", "Ctrl+O"),
        "isolate": ("Ctrl+Return",),
        "export": ("Ctrl+M",),
        "export_now": ("Ctrl+Shift+M",),
        "clear_range": ("Ctrl+Shift+X",),
        "loop": ("Ctrl+L",),
    },
    "losslesscut": {
        "export": ("Shift+E",),
        "export_now": ("E",),
        "play": ("Space", "K"),
        "previous_frame": (",",),
        "next_frame": (".",),
        "second_back": ("Left", "Shift+Left"),
        "second_on": ("Right", "Shift+Right"),
        "clear_range": ("Backspace",),
    },
}
"""Only what differs from the program's own keys; ids that this program lacks are passed over."""


RESERVED = frozenset({"tab", "shift+tab", "backtab", "shift+backtab", "return"})
"""Keys that move between controls and press them, for everybody who works without a mouse."""


def bindings(defaults: Bindings, preset: str, own: Bindings) -> dict[str, Keys]:
    """Keys of every action: the user's before the preset's before the program's.

    A key that a stronger source gives to one action is taken from the others.
    """
    chosen = {**_PRESETS[preset], **own}
    taken = {same_form(key) for name in chosen if name in defaults for key in chosen[name]}
    result: dict[str, Keys] = {}
    given: set[str] = set()
    for name in defaults:
        if name in own:
            result[name] = tuple(own[name])
        elif name in chosen:
            mine = {same_form(key) for other in own if other in defaults for key in own[other]}
            result[name] = tuple(key for key in chosen[name] if same_form(key) not in mine)
        else:
            result[name] = tuple(key for key in defaults[name] if same_form(key) not in taken)
        # A settings file may have been written by hand: a key never serves two actions.
        result[name] = tuple(key for key in result[name] if same_form(key) not in given)
        given.update(same_form(key) for key in result[name])
    return result


def conflict(key: str, action: str, current: Bindings) -> str | None:
    """Id of another action that has this key; None when it is free."""
    wanted = same_form(key)
    for name, keys in current.items():
        if name != action and wanted in {same_form(other) for other in keys}:
            return name
    return None


def same_form(key: str) -> str:
    """A key's text such that equal keys have equal texts: modifiers in one order and case."""
    text = key.strip().lower()
    if text.endswith("+"):
        head, last = text[:-1].rstrip("+"), "+"
        modifiers = [part for part in head.split("+") if part]
    else:
        *modifiers, last = text.split("+")
    return "+".join([*sorted(modifiers), {"enter": "return", "escape": "esc"}.get(last, last)])


def without_defaults(own: Bindings, defaults: Bindings, preset: str) -> dict[str, Keys]:
    """The user's keys without those that the preset gives anyway."""
    plain = bindings(defaults, preset, {})
    return {
        name: tuple(keys)
        for name, keys in own.items()
        if name in plain and not _equal(keys, plain[name])
    }


def _equal(one: Sequence[str], other: Sequence[str]) -> bool:
    return [same_form(key) for key in one] == [same_form(key) for key in other]
