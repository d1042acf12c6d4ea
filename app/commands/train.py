"""``train``: weights of any network, and of the default model's parts, from the user's material."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path

from app.commands.options import add_json
from app.errors import BadInputError
from app.jobs import CancelToken
from app.terminal import Terminal
from audio_models.registry import MODELS

NAME = "train"
HELP = "train a network, or a part of the default model"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the parts and their options."""
    parts = parser.add_subparsers(dest="part", metavar="PART", required=True)
    separator = parts.add_parser("default", help="the separator, from a folder of recordings")
    _recordings_argument(separator)
    separator.add_argument(
        "--out", type=Path, metavar="DIR", help="folder of the run (default: in the user's cache)"
    )
    separator.add_argument("--budget", default="90m", metavar="TIME", help="like 90m, 2h or 300s")
    separator.add_argument("--resume", action="store_true", help="go on from the last checkpoint")
    separator.add_argument(
        "--from",
        dest="start",
        type=Path,
        metavar="FILE",
        help="weights that a new run goes on from, for instance the shipped ones",
    )
    separator.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    separator.add_argument("--threads", type=int, default=1, metavar="N")
    separator.add_argument(
        "--workers", type=int, default=0, metavar="N", help="processes that make mixtures"
    )
    _processor_time_argument(separator)
    separator.add_argument(
        "--unchanged",
        action="store_true",
        help="leave voices and music as recorded, to see what changing them gives",
    )
    separator.add_argument(
        "--no-singing",
        action="store_true",
        help="leave singing out, to see what it gives; both are for new runs",
    )
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
    _recordings_argument(speaker)
    speaker.add_argument(
        "--out", type=Path, metavar="FILE", required=True, help="safetensors to write"
    )
    speaker.add_argument(
        "--budget", default="15m", metavar="LIMIT", help="processor time or steps: 15m, 2000steps"
    )
    pack = parts.add_parser(
        "pack", help="the same recordings in one file small enough to send to another machine"
    )
    _recordings_argument(pack)
    pack.add_argument("--out", type=Path, metavar="FILE.tar", required=True, help="file to write")
    pack.add_argument(
        "--mib", type=float, default=55.0, metavar="N", help="its largest size (default: 55 MiB)"
    )
    pack.add_argument(
        "--landmarks", type=Path, metavar="FILE", help="npz of train landmarks to go along"
    )
    for spec in MODELS:
        if spec.trained_here or spec.published_name:
            _network_arguments(parts.add_parser(spec.id, help=spec.title))
    for part in parts.choices.values():
        add_json(part)


def _recordings_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--data",
        type=Path,
        metavar="DIR",
        required=True,
        help="folder with manifest.json and its recordings",
    )


def _processor_time_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--processor-time", action="store_true", help="count the budget in time of processor cores"
    )


def _network_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--data",
        type=Path,
        nargs="+",
        metavar="DIR",
        required=True,
        help="folders with manifest.json, of MUSDB18, or of pairs named vocals and accompaniment; "
        "for Y-Net also the npz of train landmarks",
    )
    parser.add_argument(
        "--out", type=Path, metavar="DIR", help="folder of the run (default: in the user's cache)"
    )
    parser.add_argument(
        "--budget", default="20m", metavar="LIMIT", help="over all resumptions: 20m, 2h, 5000steps"
    )
    parser.add_argument("--resume", action="store_true", help="go on from the last checkpoint")
    parser.add_argument(
        "--recipe",
        choices=("reference", "modern"),
        default="reference",
        help="what the network's authors name, or AdamW, averaged weights and bfloat16",
    )
    parser.add_argument(
        "--config", type=Path, metavar="FILE", help="JSON with settings of network and training"
    )
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    parser.add_argument("--threads", type=int, metavar="N")
    _processor_time_argument(parser)
    parser.add_argument(
        "--keep", action="store_true", help="leave the weights in the run's folder only"
    )


def run(args: argparse.Namespace, terminal: Terminal, token: CancelToken) -> int:
    """Train one part; Ctrl-C leaves the separator's last checkpoint to resume from."""
    from audio_models.errors import ModelError
    from audio_models.train.material import TrainingDataError

    try:
        parts = {
            "default": _separator,
            "landmarks": _landmarks,
            "lips": _lips,
            "speaker": _speaker,
            "pack": _pack,
        }
        parts.get(args.part, _network)(args, terminal, token)
    except (ModelError, TrainingDataError) as error:
        raise BadInputError(str(error)) from error
    return 0


def _separator(args: argparse.Namespace, terminal: Terminal, token: CancelToken) -> None:
    from audio_models.train.mixer import SINGING_GROUPS
    from audio_models.train.run import run_training

    settings: dict[str, object] = {}
    if args.unchanged:
        settings["strength"] = 0.0
    if args.no_singing:
        settings["left_out"] = SINGING_GROUPS
    summary = run_training(
        args.data,
        args.out,
        args.budget,
        args.resume,
        args.threads,
        args.device,
        args.workers,
        args.start,
        args.processor_time,
        report=terminal.note,
        check=token.check,
        **settings,
    )
    facts = {"weights": str(summary.weights), "log": str(summary.log), "samples": summary.samples}
    terminal.result(facts, [f"{summary.samples} mixtures seen; weights in {summary.weights}"])


def _network(args: argparse.Namespace, terminal: Terminal, token: CancelToken) -> None:
    from app.paths import models_dir
    from audio_models.store import keep_trained
    from audio_models.train.network_run import train_network

    run = train_network(
        args.part,
        args.data,
        out=args.out,
        budget=args.budget,
        resume=args.resume,
        modern=args.recipe == "modern",
        config=args.config,
        device=args.device,
        threads=args.threads,
        processor_time=args.processor_time,
        report=terminal.note,
        check=token.check,
    )
    if not run.leads:
        return
    weights = run.weights
    if not args.keep:
        weights = keep_trained(run.weights, args.part, models_dir()).path or run.weights
    facts = {
        "model": args.part,
        "weights": str(weights),
        "picture": str(run.picture),
        "steps": run.steps,
        "skipped": run.skipped,
        "seconds": round(run.seconds, 1),
        "si_sdr_improvement": round(run.score, 3),
    }
    lines = [
        f"{run.steps} steps in {run.seconds / 60:.1f} minutes; best improvement of the voice "
        f"{run.score:+.2f} dB; weights in {weights}",
        f"Learning curve: {run.picture}",
    ]
    terminal.result(facts, lines)


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


def _speaker(args: argparse.Namespace, terminal: Terminal, token: CancelToken) -> None:
    from audio_models.train.material import open_pack
    from audio_models.train.speaker import train_speaker
    from audio_models.train.sung import with_singing

    if not args.out.absolute().parent.is_dir():
        raise BadInputError(f"There is no folder {args.out.parent}; make it first.")
    pack = open_pack(args.data, report=terminal.note)
    pack = with_singing(pack, report=terminal.note, check=token.check)
    figures = train_speaker(pack, args.out, args.budget, report=terminal.note, check=token.check)
    lines = [f"{100 * figures.pairs_right:.1f} % of held-out pairs right; weights in {args.out}"]
    terminal.result({"weights": str(args.out), **asdict(figures)}, lines)
