"""The comparison of networks: trained once each, taken up again, scored, written as a page."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from app.bench import network_longer, network_scores
from app.bench.network_longer import longer_lines
from app.bench.network_page import page_lines, table
from app.bench.networks import COMPARED, NetworkBench, bench_networks
from app.errors import BadInputError
from app.evaluate_table import Evaluation, MixtureScore
from app.mixtures import find_mixtures
from audio_models.metrics import Scores
from audio_models.networks import CONFIGS

RATE = 16000


@pytest.fixture
def pairs(tmp_path: Path) -> Path:
    """Three songs of four seconds."""
    folder = tmp_path / "pairs"
    folder.mkdir()
    time = np.arange(4 * RATE) / RATE
    rng = np.random.default_rng(1)
    for number in range(3):
        voice = 0.2 * np.sin(2 * np.pi * (200 + 40 * number) * time) * (time % 1 < 0.7)
        soundfile.write(folder / f"{number}_vocals.wav", voice, RATE)
        music = 0.05 * rng.standard_normal(len(time))
        soundfile.write(folder / f"{number}_accompaniment.wav", music, RATE)
    return folder


def test_one_network_from_nothing_to_a_page_and_again(
    pairs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(network_scores, "TEST_MIXTURES", 2)
    runs, page = tmp_path / "runs", tmp_path / "networks.md"
    runs.mkdir()
    peers = {"Like": {"parameters": 12, "real_time_factor": 0.5, "processor_factor": 0.9}}
    (runs / "peers.json").write_text(json.dumps(peers))
    mixtures = tmp_path / "mixtures"
    mixtures.mkdir()
    (mixtures / "d001.mkv").write_bytes(b"only its sounds are read")
    (mixtures / "recipes.json").write_text(
        json.dumps({"recipes": [{"id": "d001", "kind": "music", "layout": "single", "target": {}}]})
    )
    for name in ("target", "others"):
        other = "vocals" if name == "target" else "accompaniment"
        sound, _ = soundfile.read(pairs / f"0_{other}.wav")
        soundfile.write(mixtures / f"d001_{name}.wav", sound, RATE)
    bench = NetworkBench(
        ("unet-jansson-3",), (pairs,), "2steps", mixtures=mixtures, runs=runs, page=page
    )
    result = bench_networks(bench)
    facts = result["networks"]["unet-jansson-3"]
    assert facts["parameters"] == 142_481
    assert facts["steps"] == 2
    assert np.isfinite(facts["voice_music_db"])
    assert np.isfinite(facts["test_split_db"])
    assert 0 < facts["real_time_factor"] < 10
    text = page.read_text()
    assert "| `unet-jansson-3` | 142,481 |" in text
    assert "| Like |" in text
    assert page.with_name("networks.png").read_bytes().startswith(b"\x89PNG")
    stamps = {path: path.stat().st_mtime_ns for path in runs.rglob("*.json")}
    assert bench_networks(bench)["networks"] == result["networks"]
    assert stamps == {path: path.stat().st_mtime_ns for path in runs.rglob("*.json")}
    less = bench_networks(replace(bench, budget="1step"))["networks"]["unet-jansson-3"]
    assert less["steps"] == 2, "who had more already is left as it is"
    more = bench_networks(replace(bench, budget="3steps"))["networks"]["unet-jansson-3"]
    assert more["steps"] == 3

    def evaluate(folder: Path, **_: Any) -> Evaluation:
        (mixture,) = find_mixtures(folder)
        before, after = Scores(-2.0, 0, 0, 0), Scores(1.5, 0, 0, 0)
        return Evaluation("solovox", "", (MixtureScore(mixture, 1.0, before=before, after=after),))

    monkeypatch.setattr(network_longer, "evaluate", evaluate)
    longer = bench_networks(replace(bench, longer="5steps"))["longer"]
    assert longer["steps"] == 5
    assert longer["default_db"] == 3.5
    table_row = json.loads((runs / "unet-jansson-3" / "trained.json").read_text())
    assert table_row["steps"] == 3, "the table keeps the equal budget"
    assert "`unet-jansson-3` went on to 0 minutes (5 steps)" in page.read_text()


def test_multiply_adds_are_those_of_the_definition() -> None:
    """The U-Net of three levels, counted by hand for its patch of 128 frames."""
    from app.bench.network_child import measure

    facts = measure("unet-jansson-3", 1)
    maps = [256 * 64, 128 * 32, 64 * 16]
    down = sum(25 * a * b * m for a, b, m in zip((1, 16, 32), (16, 32, 64), maps, strict=True))
    # A transposed convolution spreads every input value: its work goes with the input's size.
    up = 25 * (64 * 32 * maps[2] + 64 * 16 * maps[1] + 32 * 1 * maps[0])
    window_s = (127 - 8) * 768 / 8192
    assert facts["macs_per_s"] == pytest.approx(2 * (down + up) / window_s, rel=0.01)
    assert facts["window_s"] == pytest.approx(window_s)


@pytest.mark.parametrize(("reached", "word"), [(6.0, "does without it"), (8.1, "enough to ship")])
def test_the_best_is_worth_shipping_from_one_decibel_on(reached: float, word: str) -> None:
    longer = {"network": "n", "seconds": 3600.0, "steps": 7000, "default_db": 6.8}
    text = "\n".join(longer_lines(longer | {"voice_music_db": reached}, {"voice_music_db": 5.1}))
    assert word in text
    assert f"+5.10 dB before, {reached:+.2f} dB after" in text


def test_pages_of_what_is_known() -> None:
    facts = {
        "parameters": 5,
        "macs_per_s": 2e9,
        "real_time_factor": 0.25,
        "peak_bytes": 0,
        "processor_factor": 0.5,
    }
    result = {
        "cores": 2,
        "recipe": "reference",
        "mixtures": 3,
        "peers": {},
        "networks": {
            "unet-jansson": facts,
            "unet-jansson-4": facts | {"test_split_db": -1.5, "seconds": 1500.0, "steps": 9},
        },
    }
    lines = page_lines(result, curves=False)
    assert any("| - | 25 | 9 | - | - | -1.50 |" in line for line in lines)
    assert any(line.startswith("| 6 | 5 | - | - | - |") for line in lines)
    assert any("-1.50" in line for line in lines)
    assert len(table(result)) == 3


def test_wrong_requests(tmp_path: Path) -> None:
    assert set(COMPARED) <= set(CONFIGS)
    for bench, match in (
        (NetworkBench(("demucs",)), "no network to compare"),
        (NetworkBench(data=(tmp_path / "no",)), "no folder"),
        (NetworkBench(budget="soon"), "no budget"),
        (NetworkBench(longer="later", mixtures=tmp_path), "no budget"),
        (NetworkBench(longer="2h"), "Give mixtures"),
        (NetworkBench(page=tmp_path / "no" / "x.md"), "no folder"),
    ):
        with pytest.raises(BadInputError, match=match):
            bench_networks(bench)
