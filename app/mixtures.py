"""Mixtures with known voices on disk, and what their recipes say about them.

A mixture ``ID`` is three files: ``ID.mkv`` with the mixed sound, ``ID_target.wav`` with the wanted
voice exactly as it is in the mixture, ``ID_others.wav`` with everything else. What kind of mixture
each is, and on which side the target's face is, stands in ``recipes.json``.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.errors import BadInputError
from app.paths import RESOURCES

UNKNOWN_KIND = "mixture"
SILENT_KIND = "silent_target"
KIND_TITLES = {
    "music": "voice + music",
    "talker_two_faces": "two talkers, both faces seen",
    "singing_voice": "talker + unseen singing voice",
    "music+talker": "voice + voice + music",
}
"""Kinds with a voice to find, in the order of tables."""
_RECIPES_BESIDE = RESOURCES.parent.parent / "shared" / "eval" / "recipes.json"
"""Where recipes are looked for when the folder of the mixtures has none."""


@dataclass(frozen=True)
class Mixture:
    """One mixture on disk."""

    id: str
    clip: Path
    target: Path
    others: Path
    kind: str = UNKNOWN_KIND
    person: str = ""
    place: str = "largest"
    """Where the target's face is: ``left``, ``right``, or ``largest`` when it is the only one."""
    doubtful: bool = False
    """The target's lips and sound agree only weakly: the face cannot help much."""

    @property
    def even(self) -> bool:
        """Parity of the number in the id, for two halves: one to choose on, one to report."""
        digits = re.findall(r"\d+", self.id)
        return bool(digits) and int(digits[-1]) % 2 == 0


def find_mixtures(folder: Path, recipes: Path | None = None) -> list[Mixture]:
    """List the mixtures of a folder, with what the recipes say about them.

    Raises `BadInputError` when there are none or the recipes cannot be read.
    """
    if not folder.is_dir():
        raise BadInputError(f"There is no folder {folder}; give the folder of the mixtures.")
    known = _read_recipes(folder, recipes)
    mixtures = []
    for clip in sorted(folder.glob("*.mkv")):
        target, others = (clip.with_name(f"{clip.stem}_{n}.wav") for n in ("target", "others"))
        if target.is_file() and others.is_file():
            mixtures.append(_mixture(clip, target, others, known.get(clip.stem)))
    if not mixtures:
        raise BadInputError(
            f"{folder} holds no mixtures; each is ID.mkv with ID_target.wav and ID_others.wav."
        )
    return mixtures


def _mixture(clip: Path, target: Path, others: Path, recipe: dict[str, Any] | None) -> Mixture:
    if recipe is None:
        return Mixture(clip.stem, clip, target, others)
    side_by_side = recipe.get("layout") == "side_by_side"
    wanted = recipe["target"]
    return Mixture(
        clip.stem,
        clip,
        target,
        others,
        kind=str(recipe["kind"]),
        person=str(wanted.get("person", "")),
        place=str(recipe["target_side"]) if side_by_side else "largest",
        doubtful=wanted.get("sync") == "doubtful",
    )


def _read_recipes(folder: Path, given: Path | None) -> dict[str, dict[str, Any]]:
    places = [given] if given is not None else [folder / "recipes.json", _RECIPES_BESIDE]
    for place in places:
        if place.is_file():
            try:
                recipes = json.loads(place.read_text(encoding="utf-8"))["recipes"]
                return {recipe["id"]: recipe for recipe in recipes}
            except (ValueError, KeyError, TypeError) as error:
                raise BadInputError(
                    f"{place} is not a list of recipes; give the one made with the mixtures."
                ) from error
    if given is not None:
        raise BadInputError(f"There is no file {given}; check the name of the recipes.")
    return {}
