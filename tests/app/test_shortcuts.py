"""Keys: presets, the user's own, and no key for two actions."""

from __future__ import annotations

import json

import pytest

from app.gui.actions import ACTIONS
from app.preferences import PRESETS
from app.shortcuts import PRESET_TITLES, bindings, conflict, same_form, without_defaults

DEFAULTS = {spec.id: spec.shortcuts for spec in ACTIONS}


@pytest.mark.parametrize("preset", PRESETS)
def test_no_preset_gives_a_key_twice_or_leaves_a_main_action_without(preset: str) -> None:
    made = bindings(DEFAULTS, preset, {})
    keys = [same_form(key) for keys in made.values() for key in keys]
    assert len(keys) == len(set(keys))
    for name in ("open", "isolate", "play", "compare", "export", "mark_in", "mark_out"):
        assert made[name], f"{name} has no key in {preset}"
    assert preset in PRESET_TITLES


def test_presets_have_the_keys_of_their_programs() -> None:
    assert bindings(DEFAULTS, "solovox", {}) == DEFAULTS
    resolve, premiere = bindings(DEFAULTS, "resolve", {}), bindings(DEFAULTS, "premiere", {})
    cut = bindings(DEFAULTS, "losslesscut", {})
    assert resolve["clear_range"] == ("Alt+X",)
    assert premiere["export"] == ("Ctrl+M",)
    assert "Ctrl+I" in resolve["open"]
    assert "Ctrl+I" not in resolve["isolate"]
    assert (cut["previous_frame"], cut["next_frame"]) == ((",",), (".",))
    assert cut["export_now"] == ("E",)


def test_own_keys_win_and_are_taken_from_others() -> None:
    made = bindings(DEFAULTS, "resolve", {"compare": ("ctrl+i", "B")})
    assert made["compare"] == ("ctrl+i", "B")
    assert made["open"] == ("Ctrl+O",)
    by_hand = bindings(DEFAULTS, "solovox", {"play": ("P",), "compare": ("P",)})
    assert sorted([by_hand["play"], by_hand["compare"]]) == [(), ("P",)]


def test_a_conflict_names_the_other_action() -> None:
    assert conflict("space", "compare", DEFAULTS) == "play"
    assert conflict("Space", "play", DEFAULTS) is None
    assert conflict("Shift+Ctrl+E", "play", DEFAULTS) == conflict("Ctrl+Shift+E", "play", DEFAULTS)
    assert conflict("Ctrl+Alt+F12", "play", DEFAULTS) is None


def test_forms_of_one_key_are_equal() -> None:
    assert same_form("Shift+Ctrl+E") == same_form("ctrl+shift+e")
    assert same_form("Enter") == same_form("Return")
    assert same_form("Ctrl++") == "ctrl++"
    assert same_form("+") == "+"
    assert same_form("Ctrl+,") != same_form("Ctrl+.")


def test_only_what_differs_is_kept() -> None:
    own = {"play": ("Space",), "compare": ("B",), "of_another_version": ("F9",)}
    kept = without_defaults(own, DEFAULTS, "solovox")
    assert kept == {"compare": ("B",)}
    json.dumps(kept)
