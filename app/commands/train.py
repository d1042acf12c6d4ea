"""``train``: weights of any network, and of the default model, from the user's material."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from app.commands.options import add_json
from app.commands.train_parts import PARTS, add_parts, recordings_argument
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
    recordings_argument(separator)
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
    separator.add_argument(
        "--processes",
        type=int,
        default=1,
        metavar="N",
        help="that learn together from mixtures of their own, a processor core or card for each",
    )
    separator.add_argument(
        "--batch", type=int, metavar="N", help="mixtures of a step and process, of a new run"
    )
    _processor_time_argument(separator)
    separator.add_argument(
        "--architecture",
        choices=("bands", "stack"),
        default="bands",
        help="of a new run: bands share their weights, a stack has its own for every frequency",
    )
    separator.add_argument(
        "--strength",
        type=float,
        metavar="SHARE",
        help="how often voices and music are changed: 1 (the recipe) to 0 (left as recorded); a "
        "resumed run goes on with it",
    )
    separator.add_argument(
        "--no-singing",
        action="store_true",
        help="leave singing out of a new run, to see what it gives",
    )
    add_parts(parts)
    for spec in MODELS:
        if spec.trained_here or spec.published_name:
            _network_arguments(parts.add_parser(spec.id, help=spec.title))
    for part in parts.choices.values():
        add_json(part)


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
        {"default": _separator, **PARTS}.get(args.part, _network)(args, terminal, token)
    except (ModelError, TrainingDataError) as error:
        raise BadInputError(str(error)) from error
    return 0


def _separator(args: argparse.Namespace, terminal: Terminal, token: CancelToken) -> None:
    from audio_models.separator_stack import StackConfig
    from audio_models.train.mixer import SINGING_GROUPS
    from audio_models.train.run import run_training

    settings: dict[str, Any] = {}
    if args.batch is not None:
        settings["batch"] = args.batch
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
        StackConfig() if args.architecture == "stack" else None,
        args.processes,
        args.strength,
        report=terminal.note,
        check=token.check,
        **settings,
    )
    if not summary.leads:
        return
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
