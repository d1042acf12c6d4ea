"""The model's page: its figures are the measured ones, its limits really are limits."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
import torch
from safetensors.torch import save_file

from app import model_page, model_parts
from app.errors import BadInputError
from app.evaluate_table import Evaluation, MixtureScore
from app.isolation import Parts
from app.mixtures import Mixture
from app.model_beside import title_of
from app.yardsticks import Yardstick, measure
from audio_models.metrics import Scores

RATE = 16384


def _mixture(folder: Path, name: str, kind: str, doubtful: bool = False) -> Mixture:
    paths = [folder / f"{name}{end}" for end in (".mkv", "_target.wav", "_others.wav")]
    return Mixture(name, *paths, kind=kind, doubtful=doubtful)


def test_no_mask_beats_the_ideal_one_and_the_truth_chooses_the_better_output(
    tmp_path: Path,
) -> None:
    rng = np.random.default_rng(0)
    time = np.arange(3 * RATE) / RATE
    pitch = 2 * np.pi * np.cumsum(150 + 20 * np.sin(2 * np.pi * 3 * time)) / RATE
    voice = sum(np.sin(k * pitch) / k for k in range(1, 12)) * (np.sin(2 * np.pi * 2 * time) > 0)
    mixture = _mixture(tmp_path, "m1", "music")
    soundfile.write(mixture.target, 0.1 * voice, RATE, "FLOAT")
    soundfile.write(mixture.others, 0.1 * rng.standard_normal(len(time)), RATE, "FLOAT")
    silent = _mixture(tmp_path, "m2", "silent_target")
    (stick,) = measure([mixture, silent])
    assert stick.mixture.id == "m1"
    assert stick.ideal_mask > 5
    assert stick.ideal_mask > max(stick.best_output, stick.no_face)


def _score(mixture: Mixture, gain: float, wrong: float) -> MixtureScore:
    before, after = (Scores(level, 0, 0, 0) for level in (-2.0, -2.0 + gain))
    return MixtureScore(mixture, 3.0, before=before, after=after, wrong_si_sdr=wrong - 2.0)


def test_the_page_holds_the_means(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    music = [_mixture(tmp_path, f"d{k}", "music") for k in range(2)]
    talker = _mixture(tmp_path, "d7", "talker_two_faces", doubtful=True)
    still = _mixture(tmp_path, "d9", "silent_target")
    scores = {
        True: [
            _score(music[0], 5.0, 1.0),
            _score(music[1], 7.0, 2.0),
            _score(talker, 1.0, -3.0),
            MixtureScore(still, 3.0, silence_db=-61.2),
        ],
        False: [_score(music[0], 4.0, 0), _score(music[1], 5.0, 0), _score(talker, 0.5, 0)],
    }
    sticks = [Yardstick(m, 12.0, 8.0, 3.0) for m in (*music, talker)]

    def evaluate(
        folder: Path, joint: bool = True, model: str = "solovox", **more: Any
    ) -> Evaluation:
        if more.get("parts") == Parts(no_fused=True):
            return Evaluation(model, "test", (_score(music[0], 5.5, 0), _score(talker, 2.0, 0)))
        if model == "ynet-g":
            return Evaluation(model, "test", (_score(music[0], 1.0, 0), _score(talker, -1.0, 0)))
        return Evaluation("solovox", "test", tuple(scores[joint]))

    drawn: list[str] = []
    monkeypatch.setattr(model_page, "evaluate", evaluate)
    monkeypatch.setattr(model_page, "find_mixtures", lambda *_: [])
    monkeypatch.setattr(model_page, "measure", lambda *_, **__: sticks)
    monkeypatch.setattr(model_page, "draw_estimate", lambda m, path: drawn.append(m.id))
    curve = tmp_path / "curve.csv"
    curve.write_text("samples,two voices,two voices + music,voice + music\n100,1,2,3\n900,2,3,4\n")
    page = tmp_path / "model.md"
    with pytest.raises(BadInputError, match="no file"):
        model_page.write_page(tmp_path, page, curves=[curve, tmp_path / "none.csv"])
    monkeypatch.setattr(model_page, "title_of", lambda model: f"`{model}`, 25 min")
    model_page.write_page(tmp_path, page, curves=[curve, curve], beside=["ynet-g"])
    text = page.read_text()
    assert "| voice + music | 2 | −2.0 | +3.0 | +1.5 | **+6.0** | +4.5 | +8.0 | +12.0 |" in text
    assert (
        "| doubtful lips: two talkers, both faces seen | 1 | −2.0 | +3.0 | −3.0 | **+1.0** | +0.5"
        in text
    )
    assert "output −61 dB" in text
    assert "| **solovox** | +6.0 | – | – | – | +6.0 | +1.0 |" in text
    assert "| `ynet-g`, 25 min | +1.0 | – | – | – | +1.0 | −1.0 |" in text
    assert "| solovox without its third part | +5.5 | – | – | – | +5.5 | +2.0 |" in text
    assert drawn == ["d1", "d0"]
    assert "--keep" not in text
    assert (tmp_path / "model" / "curve.png").stat().st_size > 5000

    # Another day only one of the models beside is at hand, trained for longer, and no others are.
    old = text.replace("+1.0 | −1.0", "+1.1 | −1.1").replace("+6.0 | +1.0", "+9.9 | +9.9")
    old = old.replace(
        "## Learning",
        "| `ynet-m`, 7 min | −1.3 | – | – | – | −1.3 | −0.6 |\n\n"
        "## Three routes on equal time\n\nroutes of old\n\n"
        "## What each part gives\n\nparts of old\n\n## Learning",
    )
    page.write_text(old.replace("\n\n| `ynet-m`", "\n| `ynet-m`"))
    monkeypatch.setattr(model_page, "title_of", lambda model: f"`{model}`, 90 min")
    model_page.write_page(tmp_path, page, curves=[curve], beside=["ynet-g"], keep=True)
    text = page.read_text()
    assert [line for line in text.splitlines() if "net-" in line or "**solovox**" in line] == [
        "| **solovox** | +6.0 | – | – | – | +6.0 | +1.0 |",
        "| `ynet-g`, 90 min | +1.0 | – | – | – | +1.0 | −1.0 |",
        "| `ynet-m`, 7 min | −1.3 | – | – | – | −1.3 | −0.6 |",
    ]
    assert "earlier page (`--keep`)" in text
    order = ["## Other", "## Three", "routes of old", "## What", "parts of old", "## Learning"]
    assert sorted(order, key=text.index) == order
    assert text.count("## What each part gives") == text.count("## A success") == 1
    again = tmp_path / "again.md"
    with pytest.raises(BadInputError, match="no page to keep"):
        model_page.write_page(tmp_path, again, keep=True)


def test_a_model_beside_is_named_with_its_time_of_training(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOLOVOX_DATA_DIR", str(tmp_path))
    (tmp_path / "models").mkdir()
    weights = tmp_path / "models" / "unet-jansson-3.safetensors"
    save_file({"a": torch.zeros(1)}, str(weights), metadata={"minutes": "24.6"})
    assert title_of("unet-jansson-3") == "`unet-jansson-3`, 25 min"
    with pytest.raises(BadInputError, match="ynet-m"):
        title_of("ynet-m")


def test_the_parts_are_rows_named_by_what_was_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mixture = _mixture(tmp_path, "d1", "music")
    facts = {
        "whole": {"minutes": "25.1", "strength": "1", "left_out": ""},
        "plain": {"minutes": "25.0", "strength": "0", "left_out": ""},
        "speech": {"minutes": "25.0", "strength": "1", "left_out": "singing,sung"},
    }
    for name, known in facts.items():
        save_file({"a": torch.zeros(1)}, str(tmp_path / f"{name}.safetensors"), metadata=known)
    gains = {("whole", True): 3.0, ("whole", False): 2.0, ("plain", True): 1.0}

    def evaluate(folder: Path, parts: Parts, joint: bool, **_: Any) -> Evaluation:
        assert parts.separator is not None
        gain = 2.5 if parts.no_fused else gains.get((parts.separator.stem, joint), 0.5)
        return Evaluation("solovox", "test", (_score(mixture, gain, 0),))

    measured: list[Path] = []

    def measure_with(_mixtures: Any, separator: Path, **_: Any) -> list[Yardstick]:
        measured.append(separator)
        return [Yardstick(mixture, 12.0, 8.0, -0.5)]

    monkeypatch.setattr(model_parts, "evaluate", evaluate)
    monkeypatch.setattr(model_parts, "find_mixtures", lambda *_: [mixture])
    monkeypatch.setattr(model_parts, "measure", measure_with)
    paths = [tmp_path / f"{name}.safetensors" for name in facts]
    lines = model_parts.parts_lines(tmp_path, paths)
    rows = [line for line in lines if line.startswith("| ") and "---" not in line][1:]
    assert [row.split("|")[2].strip() for row in rows] == [
        *("+3.0", "+2.0", "+2.5", "−0.5", "+1.0", "+0.5")
    ]
    assert [row.split("|")[1].strip() for row in rows] == [
        "the whole recipe",
        "without joint choice: every face for itself",
        "without the third part",
        "without choice by lips: both voices together",
        "voices and music left as recorded",
        "without singing",
    ]
    assert "25 minutes" in "\n".join(lines)
    assert measured == paths[:1]
    broken = tmp_path / "broken.safetensors"
    broken.write_bytes(b"no weights")
    with pytest.raises(BadInputError, match="broken"):
        model_parts.parts_lines(tmp_path, [broken])


def test_routes_are_rows_with_the_time_of_their_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mixture = _mixture(tmp_path, "d1", "music")
    minutes = {"alone": "20.1", "separator": "19.9", "shorter": "15", "fused": "5.0"}
    files = {name: tmp_path / f"{name}.safetensors" for name in minutes}
    for name, time in minutes.items():
        save_file({"a": torch.zeros(1)}, str(files[name]), metadata={"minutes": time})
    gains = {
        Parts(no_separator=True, fused=files["alone"]): 1.0,
        Parts(files["separator"], no_fused=True): 2.0,
        Parts(files["shorter"], fused=files["fused"]): 3.0,
    }

    def evaluate(folder: Path, parts: Parts, **_: Any) -> Evaluation:
        return Evaluation("solovox", "test", (_score(mixture, gains[parts], 0),))

    monkeypatch.setattr(model_parts, "evaluate", evaluate)
    lines = model_parts.routes_lines(tmp_path, model_parts.Routes(*files.values()))
    rows = [line for line in lines if line.startswith("| ") and "---" not in line][1:]
    assert [[cell.strip() for cell in row.split("|")][1:3] for row in rows] == [
        ["conditioned only, 20 min", "+1.0"],
        ["by ear, then lips choose, 20 min", "+2.0"],
        ["by ear, lips choose, small Y-Net, 15 + 5 min", "+3.0"],
    ]
