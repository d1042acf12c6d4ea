"""The comparison of networks as a page with one table, the curves and the depth ablation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from app.bench.network_longer import longer_lines

PICTURE = "networks.png"
_DEPTHS = {"unet-jansson-3": 3, "unet-jansson-4": 4, "unet-jansson-5": 5, "unet-jansson": 6}
_DEPTH_L1 = {3: "1.516e-3", 4: "1.304e-3", 5: "9.800e-4", 6: "1.176e-3"}
"""L1 on patches that a student project reports: 5 epochs, rate 0.01, batch 1, 50 songs."""
_PUBLISHED_SDR = {
    "tdc-unet": "4.86",
    "tfc-tdf-unet": "7.12",
    "tfc-tdf-unet-7": "6.95",
    "tfc-tdf-unet-large": "7.98",
    "wave-unet-m4": "4.97 (STL1)",
    "wave-unet-m6": "3.25 (STL2)",
    "wave-unet-m5-highsr": "4.95",
}
"""Median SDR of vocals on MUSDB18 as published, trained for days."""


def write_page(result: dict[str, Any], runs: Path, page: Path) -> None:
    """Write the page and, beside it, the picture of the learning curves."""
    from audio_models.train.journal import draw_curves, read_table

    curves = {name: read_table(runs / name) for name in result["networks"]}
    curves = {name: rows for name, rows in curves.items() if rows}
    if curves:
        draw_curves(curves, page.with_name(PICTURE))
    partial = page.with_name(page.name + ".part")
    partial.write_text("\n".join(page_lines(result, bool(curves))) + "\n", encoding="utf-8")
    partial.replace(page)


def page_lines(result: dict[str, Any], curves: bool) -> list[str]:
    """The page in Markdown."""
    networks = result["networks"]
    lines = [
        "# Networks compared",
        "",
        "Made by `main.py bench networks`; run it again to renew it. What the networks are stands "
        "in [models/networks.md](models/networks.md).",
        "",
        "| network | parameters | multiply-adds per second of stereo sound | real-time factor | "
        "processor seconds | peak memory | trained, minutes | steps | validation | voice + music | "
        "test split | published SDR |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
        *(_row(name, facts) for name, facts in networks.items()),
        *(
            f"| {name} | {peer['parameters']:,} | - | "
            f"{peer['real_time_factor']:.2f} | {peer['processor_factor']:.2f} "
            "| - | - | - | - | - | - | - |"
            for name, peer in result["peers"].items()
        ),
        "",
        f"Real-time factor: seconds of computing for one second of stereo sound, network alone, "
        f"{result['cores']} processor cores, the faster of float32 and bfloat16. Processor "
        "seconds: those of all cores together, which other work on the machine does not stretch. "
        "Mono networks run once for each channel. Memory: the whole process with one window of "
        "sound. Look-alikes have the shape and size of the published networks, with new weights.",
        "",
        f"Training: minutes of processor time on one core, {result['recipe']} recipe, one seed, "
        "the same material for all. Improvements are mean "
        "SI-SDR of the voice over the mixture in dB: validation on held-out mixtures of the "
        f"training at the network's own rate, voice + music on {result['mixtures']} mixtures of "
        "filmed voices that occur in no training, and a synthetic test split of 12 mixtures of "
        "held-out voices and pieces at 44.1 kHz. Published SDR: median of vocals on MUSDB18, "
        "another measure on other data after days of training; it says where the networks can go, "
        "not where ours are.",
    ]
    if curves:
        lines += ["", f"![Learning curves]({PICTURE})"]
    depths = {name: depth for name, depth in _DEPTHS.items() if name in networks}
    if len(depths) > 1:
        lines += [
            "",
            "## Depth of Jansson's U-Net",
            "",
            "| levels | parameters | validation | voice + music | test split | L1 reported by a "
            "student project |",
            "| ---: | ---: | ---: | ---: | ---: | ---: |",
        ]
        for name, depth in depths.items():
            facts = networks[name]
            cells = " | ".join(_db(facts.get(key)) for key in _SCORES)
            lines.append(f"| {depth} | {facts['parameters']:,} | {cells} | {_DEPTH_L1[depth]} |")
        lines += [
            "",
            "The reported figures come from 5 epochs on 50 songs at a rate of 0.01 and batch 1, "
            "under-trained, and so are no evidence against six levels.",
        ]
    if result.get("longer"):
        lines += ["", *longer_lines(result["longer"], networks[result["longer"]["network"]])]
    lines += [
        "",
        "## What short training can and cannot show",
        "",
        "- It shows which network learns fastest from little: small and low-rate ones see many "
        "times more sound in the same time. It does not show which is best after days.",
        "- One seed for each: differences below about 0.5 dB are noise.",
        "- The voices of the material end at 8 kHz and are mostly spoken; networks of 44.1 kHz "
        "cannot learn from it what sung consonants are like.",
    ]
    return lines


_SCORES = ("si_sdr_improvement", "voice_music_db", "test_split_db")


def _row(name: str, facts: dict[str, Any]) -> str:
    cells = [
        f"`{name}`",
        f"{facts['parameters']:,}",
        f"{facts['macs_per_s'] / 1e9:.2f} G",
        f"{facts['real_time_factor']:.2f}",
        f"{facts['processor_factor']:.2f}",
        f"{facts['peak_bytes'] / 1e6:.0f} MB" if facts["peak_bytes"] else "-",
        f"{facts['seconds'] / 60:.0f}" if "seconds" in facts else "-",
        f"{facts['steps']:,}" if "steps" in facts else "-",
        *(_db(facts.get(key)) for key in _SCORES),
        _PUBLISHED_SDR.get(name, "-"),
    ]
    return f"| {' | '.join(cells)} |"


def _db(value: float | None) -> str:
    return "-" if value is None else f"{value:+.2f}"


def table(result: dict[str, Any]) -> list[str]:
    """The main figures for the terminal."""
    lines = [
        f"{'':<22}{'parameters':>12}{'GMAC/s':>9}{'RTF':>7}{'MB':>7}"
        f"{'valid.':>8}{'v+music':>9}{'test':>7}"
    ]
    for name, f in result["networks"].items():
        scores = "".join(
            f"{_db(f.get(key)):>{width}}" for key, width in zip(_SCORES, (8, 9, 7), strict=True)
        )
        lines.append(
            f"{name:<22}{f['parameters']:>12,}{f['macs_per_s'] / 1e9:>9.2f}"
            f"{f['real_time_factor']:>7.2f}{f['peak_bytes'] / 1e6:>7.0f}{scores}"
        )
    for name, peer in result["peers"].items():
        lines.append(f"{name[:21]:<22}{peer['parameters']:>12,}{peer['real_time_factor']:>16.2f}")
    return lines
