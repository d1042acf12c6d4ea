"""Decisions with something in every corner, for what must survive the disk."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from app.edits import Anchor, DrawnFace, Edits, ExportSettings, LaneMix, People, Shape
from app.project.document import Document, Project
from app.project.media import MediaReference
from app.project.people import KnownSinger

BUSY = Edits(
    selected=("B", "A"),
    range=(48_048, 1_441_440_001),
    people=People(
        names={"A": "Ruth", "B": "Ai Ono 小野", "C": 'a "quoted"\n name'},
        merges=(("A", "C"), ("B", "D", "E")),
        apart=(("A", "B"),),
        splits=((3, 1001), (4, -12)),
        ignored=("F",),
        drawn=(DrawnFace(Fraction(1001, 30000), (0.1, 1 / 3, 0.2, 2 / 7)),),
    ),
    mix={"A": LaneMix(-0.1, solo=True), "rest": LaneMix(float("-inf"), mute=True)},
    shape=Shape(fullness=0.1 + 0.2, rest_gain_db=-17.3, gate=True, fade_ms=40),
    learn=True,
    anchors=(Anchor("A", 10, 20, "only"), Anchor("B", 30, 2**40, "not")),
    off_screen="silence",
    export=ExportSettings(
        rest=True,
        video=".mov",
        timelines=("fcpxml", "edl"),
        handles=Fraction(1, 3),
        handle_unit="seconds",
        loudness="custom",
        lufs=-18.5,
        true_peak=-1.5,
        name="{clip} – {singer}",
        folder="/films/小野",
    ),
)


def make_document(edits: Edits = BUSY, clip: Path | None = None) -> Document:
    """A document about a clip that need not exist."""
    media = MediaReference("duet.mkv", str(clip or "/films/duet.mkv"), "duet.mkv", "ab" * 16, 7)
    singers = (KnownSinger("A", 0.0, 4.1, (0.1, 0.2, 0.3, 0.4)),)
    return Document(Project(media, edits, singers, position=96_000))


def renamed(document: Document, name: str) -> Document:
    """The same with another name for singer A."""
    edits = document.project.edits
    people = replace(edits.people, names={"A": name})
    return replace(document, project=replace(document.project, edits=replace(edits, people=people)))
