"""Brings the translations up to date with the program's texts.

    .venv/bin/python resources/translations/update.py

Reads every text of the window from the source, keeps the translations there are (those of texts
that are gone are marked as vanished, in case they return), compiles, and prints what is still to
be translated in `solovox_XX.ts`, which any text editor or Qt Linguist shows. Exit code 1 while
something is missing.
"""

from __future__ import annotations

import ast
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
SOURCES = FOLDER.parent.parent / "app" / "gui"
Texts = dict[tuple[str, str], str]
"""(context, English text) -> translation, "" while there is none."""


def texts_of(folder: Path) -> list[tuple[str, str]]:
    """Every text that is given to Qt's translation, with its context, in the order of the files."""
    found: dict[tuple[str, str], None] = {}
    for path in sorted(folder.rglob("*.py")):
        _Collector(found).visit(ast.parse(path.read_text(encoding="utf-8")))
    return list(found)


class _Collector(ast.NodeVisitor):
    """Finds ``self.tr``, ``_tr`` with the context it names, ``translate``, QT_TRANSLATE_NOOP."""

    def __init__(self, found: dict[tuple[str, str], None]) -> None:
        self._found = found
        self._context: list[str] = []
        self._helper = ""

    def visit_Module(self, node: ast.Module) -> None:
        for child in node.body:
            if isinstance(child, ast.FunctionDef) and child.name == "_tr":
                calls = [part for part in ast.walk(child) if isinstance(part, ast.Call)]
                self._helper = next(text for call in calls if (text := _text(call.args[0])))
        self.generic_visit(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._context.append(node.name)
        self.generic_visit(node)
        self._context.pop()

    def visit_Call(self, node: ast.Call) -> None:
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        name = node.func.id if isinstance(node.func, ast.Name) else name
        literals = [_text(argument) for argument in node.args]
        if name in ("translate", "QT_TRANSLATE_NOOP") and len(literals) > 1 and all(literals[:2]):
            self._found[literals[0], literals[1]] = None
        elif name == "tr" and self._context and literals and literals[0]:
            self._found[self._context[-1], literals[0]] = None
        elif name == "_tr" and self._helper and literals and literals[0]:
            self._found[self._helper, literals[0]] = None
        self.generic_visit(node)


def _text(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def read(path: Path) -> Texts:
    """The translations in a .ts file; none when it isn't there yet."""
    if not path.exists():
        return {}
    texts: Texts = {}
    for context in ET.parse(path).getroot().iter("context"):
        name = context.findtext("name") or ""
        for message in context.iter("message"):
            texts[name, message.findtext("source") or ""] = message.findtext("translation") or ""
    return texts


def write(path: Path, texts: Texts, vanished: Texts, language: str) -> None:
    """Write a .ts file, context by context."""
    root = ET.Element("TS", version="2.1", language=language, sourcelanguage="en")
    contexts: dict[str, ET.Element] = {}
    for (context, source), translation in sorted({**vanished, **texts}.items()):
        if context not in contexts:
            contexts[context] = ET.SubElement(root, "context")
            ET.SubElement(contexts[context], "name").text = context
        message = ET.SubElement(contexts[context], "message")
        ET.SubElement(message, "source").text = source
        state = "" if translation else "unfinished"
        state = "vanished" if (context, source) not in texts else state
        attributes = {"type": state} if state else {}
        ET.SubElement(message, "translation", attributes).text = translation
    ET.indent(root)
    body = ET.tostring(root, encoding="unicode")
    path.write_text(f'<?xml version="1.0" encoding="utf-8"?>\n{body}\n', encoding="utf-8")


def update(path: Path) -> list[str]:
    """Bring one language up to date and compile it; returns the texts without translation."""
    known = read(path)
    elsewhere = {source: translation for (_, source), translation in known.items()}
    wanted = texts_of(SOURCES)
    # A text that moved to another place of the program keeps its translation.
    texts = {key: known.get(key) or elsewhere.get(key[1], "") for key in wanted}
    vanished = {key: text for key, text in known.items() if text and key not in texts}
    write(path, texts, vanished, path.stem.removeprefix("solovox_"))
    tool = Path(sys.executable).with_name("pyside6-lrelease")
    subprocess.run(
        [str(tool), str(path), "-qm", str(path.with_suffix(".qm"))], check=True, capture_output=True
    )
    return [source for (_, source), translation in texts.items() if not translation]


if __name__ == "__main__":
    missing = {path.name: update(path) for path in sorted(FOLDER.glob("solovox_*.ts"))}
    for name, texts in missing.items():
        for text in texts:
            print(f"{name}: {text!r}")
    raise SystemExit(1 if any(missing.values()) else 0)
