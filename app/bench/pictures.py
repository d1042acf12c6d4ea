"""``bench pictures``: photographs the real window at work, for the documentation and to look at."""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from app.bench.child import run_child
from app.demo import render_demo
from app.jobs import CancelToken, OnProgress, ProgressClock
from app.paths import RESOURCES

PROJECT = RESOURCES.parent
_COLOURS = 200
_SCREEN = "2800x1800x24"
"""Size of the screen made for the occasion: 1280 x 800 at 200 % fits."""


@dataclass(frozen=True)
class Setting:
    """One way in which somebody may see the window."""

    name: str
    pictures: Mapping[str, str]
    """Step of `app.gui.photograph` -> name of its picture in the documentation."""
    scheme: str = "dark"
    scale: float = 1.0
    language: str = "en"
    size: tuple[int, int] = (1280, 800)
    mirrored: bool = False
    """Laid out for languages that run from right to left."""


SETTINGS = (
    Setting(
        "dark",
        {
            "start": "start",
            "found": "found",
            "chosen": "chosen",
            "isolated": "isolated",
            "export": "export",
            "exported": "exported",
            "shape": "shape",
            "preferences_3": "preferences",
        },
    ),
    Setting(
        "light",
        {"isolated": "isolated_light", "preferences_4": "preferences_light"},
        scheme="light",
    ),
    Setting("light_150", {"export": "export_150"}, scheme="light", scale=1.5, size=(1280, 720)),
    Setting("dark_150", {}, scale=1.5, size=(1280, 720)),
    Setting("dark_200", {}, scale=2.0, size=(1280, 720)),
    Setting("small", {}, size=(1280, 720)),
    Setting("german", {"isolated": "isolated_german"}, scheme="light", language="de"),
    Setting("mirrored", {}, size=(1280, 720), mirrored=True),
)


def take_pictures(
    out: Path,
    *,
    every: bool = False,
    on_progress: OnProgress | None = None,
    token: CancelToken | None = None,
) -> list[Path]:
    """Write the pictures of the documentation into ``out``; returns their paths.

    ``every`` writes each step in each setting instead, unreduced, into a folder per setting: for
    looking at. The window works on a screen of its own where the system has Xvfb, and has folders
    of its own everywhere. Raises `NotPossibleError` with the window's complaint.
    """
    token = token or CancelToken()
    settings = [setting for setting in SETTINGS if every or setting.pictures]
    written: list[Path] = []
    with tempfile.TemporaryDirectory(prefix="solovox_") as scratch:
        home = Path(scratch)
        demo = render_demo(home / "demo", token=token).path
        clock = ProgressClock("Photographing", len(settings), on_progress)
        for number, setting in enumerate(settings):
            clock.update(number)
            taken = home / setting.name
            taken.mkdir()
            _walk(setting, demo, taken, home, token)
            if every:
                (out / setting.name).mkdir(parents=True, exist_ok=True)
                for picture in sorted(taken.glob("*.png")):
                    written.append(out / setting.name / picture.name)
                    shutil.copyfile(picture, written[-1])
                continue
            out.mkdir(parents=True, exist_ok=True)
            for step, name in setting.pictures.items():
                written.append(out / f"{name}.png")
                _reduce(taken / f"{step}.png", written[-1])
        clock.update(len(settings))
    return written


def _walk(setting: Setting, demo: Path, taken: Path, home: Path, token: CancelToken) -> None:
    """One walk through the window, by somebody who never used it before."""
    # The faces found by an earlier walk may stay, its voices and habits may not.
    shutil.rmtree(home / "cache" / "results", ignore_errors=True)
    for name in ("config", "data", "Videos"):
        shutil.rmtree(home / name, ignore_errors=True)
        (home / name).mkdir()
    clip = home / "Videos" / demo.name
    shutil.copyfile(demo, clip)
    wanted = {"scheme": setting.scheme, "language": setting.language}
    (home / "config" / "preferences.json").write_text(json.dumps(wanted))
    environment = {"PYTHONPATH": str(PROJECT), "QT_SCALE_FACTOR": str(setting.scale)}
    for name in ("CACHE", "DATA", "CONFIG"):
        environment[f"SOLOVOX_{name}_DIR"] = str(home / name.lower())
    width, height = setting.size
    arguments = ["-m", "app.gui.photograph", str(clip), str(taken), f"--size={width}x{height}"]
    run_child(
        [*arguments, *(["--mirrored"] if setting.mirrored else [])],
        home,
        environment,
        token,
        before=_screen(environment),
    )


def _screen(environment: dict[str, str]) -> list[str]:
    """The command that gives a program a screen of its own; else the window is drawn unseen."""
    xvfb = shutil.which("xvfb-run") if sys.platform.startswith("linux") else None
    if xvfb is not None:
        environment["QT_QPA_PLATFORM"] = "xcb"
        return [xvfb, "-a", "-s", f"-screen 0 {_SCREEN}"]
    environment["QT_QPA_PLATFORM"] = "offscreen"
    return []


def _reduce(picture: Path, target: Path) -> None:
    """Keep a picture small: its most telling colours, packed well."""
    from PIL import Image  # comes with matplotlib

    temporary = target.with_suffix(".part")
    with Image.open(picture) as image:
        whole = image.convert("RGB")
    colours = whole.quantize(_COLOURS, Image.Quantize.MEDIANCUT, kmeans=2)
    few = whole.quantize(palette=colours, dither=Image.Dither.NONE)
    few.save(temporary, "PNG", optimize=True)
    os.replace(temporary, target)
