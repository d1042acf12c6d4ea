"""``train``: the smaller parts of the default model, and the material for them."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.errors import BadInputError
from app.jobs import CancelToken
from app.terminal import Terminal

if TYPE_CHECKING:
    from audio_models.train.material import Pack


def add_parts(parts: Any) -> None:
    """Declare `PARTS` among the sub-commands ``parts``."""
    landmarks = parts.add_parser("landmarks", help="follow the faces of filmed speech, for lips")
    landmarks.add_argument(
        "--data",
        type=Path,
        metavar="PATH",
        required=True,
        help="clips of one face each: a folder, or a tar file",
    )
    landmarks.add_argument("--out", type=Path, metavar="FILE", required=True, help="npz to write")
    landmarks.add_argument(
        "--mouths",
        action="store_true",
        help="also keep pictures of the mouths, for ynet-m",
    )
    lips = parts.add_parser("lips", help="the sound-to-mouth regressor, from such landmarks")
    lips.add_argument("--data", type=Path, metavar="FILE", required=True, help="npz of landmarks")
    lips.add_argument(
        "--out", type=Path, metavar="FILE", required=True, help="safetensors to write"
    )
    lips.add_argument("--steps", type=int, default=2000, metavar="N")
    speaker = parts.add_parser("speaker", help="the speaker embedding, from the same recordings")
    recordings_argument(speaker)
    _part_arguments(speaker, "15m")
    fused = parts.add_parser(
        "fused", help="a small Y-Net behind the default model's other parts, as they are now"
    )
    recordings_argument(fused)
    _part_arguments(fused, "25m")
    before = fused.add_mutually_exclusive_group()
    before.add_argument(
        "--separator",
        type=Path,
        metavar="FILE",
        help="train behind these weights of train default",
    )
    before.add_argument(
        "--no-separator",
        action="store_true",
        help="train it on its own: the face steers, nothing is told apart before",
    )
    pack = parts.add_parser(
        "pack", help="the same recordings in one file small enough to send to another machine"
    )
    recordings_argument(pack)
    pack.add_argument("--out", type=Path, metavar="FILE.tar", required=True, help="file to write")
    pack.add_argument(
        "--mib", type=float, default=55.0, metavar="N", help="its largest size (default: 55 MiB)"
    )
    pack.add_argument(
        "--landmarks", type=Path, metavar="FILE", help="npz of train landmarks to go along"
    )


def _part_arguments(parser: argparse.ArgumentParser, budget: str) -> None:
    parser.add_argument(
        "--out", type=Path, metavar="FILE", required=True, help="safetensors to write"
    )
    parser.add_argument(
        "--budget", default=budget, metavar="LIMIT", help="processor time or steps: 15m, 2000steps"
    )


def recordings_argument(parser: argparse.ArgumentParser) -> None:
    """Declare the folder of recordings."""
    parser.add_argument(
        "--data",
        type=Path,
        metavar="DIR",
        required=True,
        help="folder with manifest.json and its recordings",
    )


def _landmarks(args: argparse.Namespace, terminal: Terminal, token: CancelToken) -> None:
    from app.training import extract_landmarks

    count = extract_landmarks(
        args.data, args.out, mouths=args.mouths, on_progress=terminal.progress, token=token
    )
    terminal.result({"clips": count, "file": str(args.out)}, [f"{count} clips in {args.out}"])


def _lips(args: argparse.Namespace, terminal: Terminal, token: CancelToken) -> None:
    from app.training import train_lips_file

    figures = train_lips_file(args.data, args.out, args.steps, report=terminal.note, token=token)
    raw, moving = ([round(r, 2) for r in rs] for rs in (figures.components, figures.high_passed))
    facts = {"components": raw, "high_passed": moving, "seconds": round(figures.seconds)}
    lines = [
        f"r of predicted and real mouth components on held-out clips: {raw}",
        f"the same with the slow part removed: {moving}",
    ]
    terminal.result(facts, lines)


def _pack(args: argparse.Namespace, terminal: Terminal, token: CancelToken) -> None:
    from audio_models.train.pack_file import write_pack_file

    if not args.out.absolute().parent.is_dir():
        raise BadInputError(f"There is no folder {args.out.parent}; make it first.")
    if args.out.exists():
        raise BadInputError(f"{args.out} is there already; choose another name.")
    if args.landmarks is not None and not args.landmarks.is_file():
        raise BadInputError(f"There is no file {args.landmarks}; make it with train landmarks.")
    figures = write_pack_file(
        args.data, args.out, args.mib, args.landmarks, report=terminal.note, check=token.check
    )
    lines = [
        f"{figures.voices} voices and {figures.pieces} pieces of music, "
        f"{figures.seconds / 3600:.1f} hours, in {figures.bytes / (1 << 20):.1f} MiB: {args.out}",
        "Unpack it there and give the folder to train default --data.",
    ]
    terminal.result({"file": str(args.out), **asdict(figures)}, lines)


def _voices(args: argparse.Namespace, terminal: Terminal, token: CancelToken) -> Pack:
    """The recordings for a part of the default model, once its outcome has a place."""
    from audio_models.train.material import open_pack
    from audio_models.train.sung import with_singing

    if not args.out.absolute().parent.is_dir():
        raise BadInputError(f"There is no folder {args.out.parent}; make it first.")
    pack = open_pack(args.data, report=terminal.note)
    return with_singing(pack, report=terminal.note, check=token.check)


def _fused(args: argparse.Namespace, terminal: Terminal, token: CancelToken) -> None:
    from app.chosen_model import load_chosen
    from app.isolation import IsolateOptions, Parts
    from audio_models.fused import FusedConfig
    from audio_models.solovox import SolovoxStarter
    from audio_models.train.fused import train_fused

    before = Parts(args.separator, args.no_separator)
    model, _ = load_chosen(IsolateOptions(device="cpu", parts=before))
    assert isinstance(model.starter, SolovoxStarter)
    figures = train_fused(
        _voices(args, terminal, token),
        model.starter.separator.requires_grad_(False),
        model.starter.lips,
        args.out,
        args.budget,
        # Where nobody else says whose a bin is, all of what it says is made.
        config=FusedConfig(trust=1.0) if args.no_separator else None,
        report=terminal.note,
        check=token.check,
    )
    lines = [
        f"Held-out people: error {figures.before:.2f} dB before, {figures.after:.2f} dB after; "
        f"weights in {args.out}"
    ]
    terminal.result({"weights": str(args.out), **asdict(figures)}, lines)


def _speaker(args: argparse.Namespace, terminal: Terminal, token: CancelToken) -> None:
    from audio_models.train.speaker import train_speaker

    pack = _voices(args, terminal, token)
    figures = train_speaker(pack, args.out, args.budget, report=terminal.note, check=token.check)
    lines = [f"{100 * figures.pairs_right:.1f} % of held-out pairs right; weights in {args.out}"]
    terminal.result({"weights": str(args.out), **asdict(figures)}, lines)


PARTS = {
    "landmarks": _landmarks,
    "lips": _lips,
    "speaker": _speaker,
    "fused": _fused,
    "pack": _pack,
}
"""What runs each of them."""
