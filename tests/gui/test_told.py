"""What the engine says reaches the window in the user's language; none of its sentences is missed.

The source of the jobs is read for the sentences, as it is for the texts of the window.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from editor import Editor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.errors import AppError
from app.gui.banner import Banner
from app.gui.language import set_language
from app.gui.model_texts import NAMES, of_model
from app.gui.model_texts import TEXTS as MODEL_TEXTS
from app.gui.told import plain_name, told
from app.gui.told_texts import TEXTS
from app.media.opening import open_input
from audio_models.registry import MODELS

ROOT = Path(__file__).resolve().parents[2]
JOBS = (
    "app/batch.py",
    "app/export/*.py",
    "app/media/*.py",
    "app/preferences.py",
    "app/project/document.py",
    "app/project/files.py",
    "app/project/media.py",
    "audio_models/device.py",
    "vision/drawn.py",
)
"""What the window's jobs can say, but for sentences that only the command line brings about."""
ONLY_COMMANDS = (
    "There is no sound format",
    "§ is no video file name",
    "§ exists already; give another name with --output",
    "There is no device called",
    "The setting ",
)
COMPOSED = (
    "An unexpected fault",
    "CPU, § threads",
    "The computed voices need",
    "§ about § in § and § are free",
    "The export needs",
    "§: the face is",
    "§: the mouth is",
)
"""Put together from parts in the source."""


def _gapped(text: str) -> str:
    return re.sub(r"\{[^{}]*\}", "§", text)


def _sentences(path: Path, raised: bool) -> Iterator[str]:
    """Texts of a module, with § for what is filled in; ``raised`` = only those of errors."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if raised:
            if not (isinstance(node, ast.Call) and ast.unparse(node.func).endswith("Error")):
                continue
            texts = node.args[:1]
        else:
            texts = [node] if isinstance(node, ast.expr) else []
        for text in texts:
            if isinstance(text, ast.Constant) and isinstance(text.value, str):
                yield _gapped(text.value)
            elif isinstance(text, ast.JoinedStr):
                parts = (v.value if isinstance(v, ast.Constant) else "§" for v in text.values)
                yield _gapped("".join(map(str, parts)))


@pytest.fixture
def german(qapp: QApplication) -> Iterator[None]:
    set_language(qapp, "de")
    yield
    set_language(qapp, "en")


def test_every_pattern_is_a_sentence_of_the_source() -> None:
    folders = [ROOT / name for name in ("app", "vision", "audio_models")]
    files = [p for f in folders for p in f.rglob("*.py") if p.name != "told_texts.py"]
    source = {text for path in files for text in _sentences(path, raised=False)}
    known = {_gapped(text) for text in TEXTS}
    assert not {text for text in known - source if not text.startswith(COMPOSED)}


def test_no_sentence_of_the_jobs_is_missing() -> None:
    known = {_gapped(text) for text in TEXTS}
    said = {
        text
        for pattern in JOBS
        for path in ROOT.glob(pattern)
        for text in _sentences(path, raised=True)
        if text.endswith(".") and " " in text
    }
    assert len(said) > 30
    assert not {text for text in said - known if not text.startswith((*ONLY_COMMANDS, *COMPOSED))}


@pytest.mark.usefixtures("german")
def test_real_complaints_are_said_in_german(tmp_path: Path, qtbot: QtBot) -> None:
    empty, text = tmp_path / "leer (1).mp4", tmp_path / "notes.mp4"
    empty.write_bytes(b"")
    text.write_text("no video")
    said = []
    for path in (tmp_path / "fehlt.mp4", empty, text, tmp_path):
        with pytest.raises(AppError) as caught:
            open_input(path)
        said.append(told(str(caught.value)))
    assert said == [
        f"Es gibt keine Datei {tmp_path / 'fehlt.mp4'}; prüfen Sie Name und Ordner.",
        f"{empty} ist leer; kopieren Sie die Datei noch einmal von ihrer Quelle.",
        f"{text} ist keine lesbare Video- oder Tondatei, was auch der Name sagt; "
        "wählen Sie eine andere Datei.",
        f"{tmp_path} ist ein Ordner; wählen Sie eine Videodatei darin.",
    ]
    banner = Banner()
    qtbot.addWidget(banner)
    banner.show_problem(f"{empty} is empty; copy it again from its source.")
    assert banner.text.text() == f"⚠  {empty} ist leer."
    assert banner.remedy.text() == "Kopieren Sie die Datei noch einmal von ihrer Quelle."


@pytest.mark.usefixtures("german")
def test_names_that_the_program_gave_are_german_and_own_ones_stay() -> None:
    assert plain_name("A") == "Person A"
    assert plain_name("Face2") == "Ergänzte Person 2"
    assert plain_name("A2") == "Person A2"
    sentence = "{}: the face is dark for 3 of 12 visible seconds."
    assert told(sentence.format("Singer B")) == (
        "Person B: in 3 von 12 sichtbaren Sekunden ist das Gesicht dunkel."
    )
    assert told(sentence.format("Singer Sam")).startswith("Singer Sam: in 3")
    assert told("CPU, 8 threads, bf16") == "CPU, 8 Threads, bf16"
    assert told("Something nobody foresaw.") == "Something nobody foresaw."


@pytest.mark.usefixtures("german")
def test_models_have_german_titles_and_licences() -> None:
    words = {text for spec in MODELS for text in (spec.title, spec.licence)} - set(NAMES)
    assert words == set(MODEL_TEXTS)
    assert all(of_model(text) != text for text in words)
    assert of_model("Wave-U-Net M6: four sources") == "Wave-U-Net M6: vier Quellen"
    assert of_model("Solovox") == "Solovox"


def test_english_stays_as_it_is() -> None:
    for text in TEXTS:
        sentence = re.sub(r"\{\w+\}", "7", text)
        assert told(sentence) == sentence


@pytest.mark.usefixtures("german")
def test_the_window_calls_people_in_german(editor: Editor, demo_clip: object) -> None:
    editor.open(demo_clip.path)  # type: ignore[attr-defined]
    assert [card.name for card in editor.session.scene.singers] == ["Person A", "Person B"]
    editor.control.rename("A", "Ruth")
    assert editor.session.scene.singers[0].name == "Ruth"
    editor.control.rename("A", "Person A")
    assert editor.session.edits.people.names == {}, "the plain name is no decision"
