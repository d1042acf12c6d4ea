"""What a user sets once for all clips; kept as JSON in the user's settings folder.

The engine process reads the same file when a job begins, so a change holds from the next job on.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Literal

from app.errors import BadInputError
from app.project.files import write_whole

DEVICES = ("auto", "cuda", "mps", "cpu")
PRECISIONS = ("auto", "fp32")
SCHEMES = ("system", "dark", "light")
LANGUAGES = ("system", "en", "de")
PRESETS = ("solovox", "resolve", "premiere", "losslesscut")
LEAST_CACHE_GB, MOST_CACHE_GB = 1, 500
_CHOICES = {
    "device": DEVICES,
    "precision": PRECISIONS,
    "scheme": SCHEMES,
    "language": LANGUAGES,
    "preset": PRESETS,
}


@dataclass(frozen=True)
class Preferences:
    """All settings with their defaults; a value outside its bounds is never stored."""

    device: str = "auto"
    """Where voices are computed, of `DEVICES`."""
    precision: Literal["auto", "fp32"] = "auto"
    """`auto` = as fast as the device can without harm, `fp32` = the same on every device."""
    cache_gb: int = 10
    """Room on the disk for what can be computed again."""
    scheme: str = "system"
    """Dark or light window."""
    language: str = "system"
    preset: str = "solovox"
    """The editing program whose keys are used."""
    shortcuts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Action id -> keys the user chose instead of the preset's, as "Ctrl+Shift+E"."""

    def changed(self, **values: Any) -> Preferences:
        """A copy with other values; BadInputError when one is outside its bounds."""
        changed = replace(self, **values)
        wrong = faults(asdict(changed))
        if wrong:
            raise BadInputError(next(iter(wrong.values())))
        return changed


def faults(values: Mapping[str, Any]) -> dict[str, str]:
    """Name of each setting that can't be used -> a sentence that says why."""
    wrong = {}
    for name, choices in _CHOICES.items():
        if name in values and values[name] not in choices:
            wrong[name] = f"The setting {name} must be one of {', '.join(choices)}."
    size = values.get("cache_gb", LEAST_CACHE_GB)
    whole = isinstance(size, int) and not isinstance(size, bool)
    if not whole or not LEAST_CACHE_GB <= size <= MOST_CACHE_GB:
        wrong["cache_gb"] = (
            f"The cache may take {LEAST_CACHE_GB} to {MOST_CACHE_GB} GB; give a whole number "
            "between them."
        )
    keys = values.get("shortcuts", {})
    if not isinstance(keys, Mapping) or not all(
        isinstance(name, str)
        and isinstance(texts, list | tuple)
        and all(isinstance(text, str) for text in texts)
        for name, texts in keys.items()
    ):
        wrong["shortcuts"] = "The setting shortcuts must give a list of keys for each action."
    return wrong


class PreferenceFile:
    """The settings on disk."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "preferences.json"

    def load(self) -> tuple[Preferences, tuple[str, ...]]:
        """The settings, and a sentence for each that was damaged and is back at its default.

        The file stays as it is until something is changed.
        """
        try:
            found = json.loads(self.path.read_text("utf-8"))
        except FileNotFoundError:
            return Preferences(), ()
        except (OSError, ValueError, RecursionError):
            return Preferences(), (self._unreadable(),)
        if not isinstance(found, dict):
            return Preferences(), (self._unreadable(),)
        known = {name.name for name in fields(Preferences)}
        values = {name: value for name, value in found.items() if name in known}
        wrong = faults(values)
        good = {name: value for name, value in values.items() if name not in wrong}
        if "shortcuts" in good:
            good["shortcuts"] = {name: tuple(keys) for name, keys in good["shortcuts"].items()}
        return Preferences(**good), tuple(wrong.values())

    def save(self, preferences: Preferences) -> None:
        """Keep the settings; what a later program put into the file stays in it.

        Raises `NotPossibleError` when the folder can't be written to.
        """
        try:
            found = json.loads(self.path.read_text("utf-8"))
        except (OSError, ValueError, RecursionError):
            found = {}
        kept = found if isinstance(found, dict) else {}
        text = json.dumps(kept | asdict(preferences), indent=1, sort_keys=True)
        write_whole(self.path, text.encode())

    def _unreadable(self) -> str:
        return f"The settings in {self.path} could not be read, so the usual ones are in use."


def current() -> Preferences:
    """The user's settings now; damaged ones at their defaults."""
    from app.paths import config_dir

    return PreferenceFile(config_dir()).load()[0]
