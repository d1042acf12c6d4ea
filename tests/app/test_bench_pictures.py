"""Pictures of the documentation come from the real window, and stay small."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from app.bench import pictures
from audio_models.registry import DEFAULT_MODEL
from audio_models.store import OWN_FOLDER, find_weights

ROOT = Path(__file__).resolve().parents[2]
MOST_BYTES = 200_000


def test_a_walk_photographs_every_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not find_weights(DEFAULT_MODEL, OWN_FOLDER)[1].is_file():
        pytest.skip("the weights of the default model are not in place")
    wanted = {"start": "start", "isolated": "voice", "exported": "files", "preferences_1": "set"}
    setting = pictures.Setting("tried", wanted, scheme="light", size=(1100, 700))
    monkeypatch.setattr(pictures, "SETTINGS", (setting,))
    made = pictures.take_pictures(tmp_path / "out")
    assert [path.name for path in made] == ["start.png", "voice.png", "files.png", "set.png"]
    for path in made:
        assert path.stat().st_size < MOST_BYTES
    sizes = [Image.open(path).size for path in made[:3]]
    assert sizes == [(1100, 700)] * 3
    start, voice, files = (Image.open(path).convert("RGB") for path in made[:3])
    assert len({image.tobytes() for image in (start, voice, files)}) == 3
    assert min(start.getpixel((5, 300))) > 240, "light colours, as the setting says"


def test_the_documentation_shows_only_pictures_that_are_there() -> None:
    folder = ROOT / "docs" / "pictures"
    made = {name for setting in pictures.SETTINGS for name in setting.pictures.values()}
    assert {path.stem for path in folder.glob("*.png")} == made
    assert all(path.stat().st_size < MOST_BYTES for path in folder.glob("*.png"))
    text = (ROOT / "docs" / "quickstart.md").read_text("utf-8")
    shown = {part.split(")")[0] for part in text.split("](pictures/")[1:]}
    assert shown
    assert all((folder / name).is_file() for name in shown)
