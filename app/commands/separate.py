"""``separate``: the voices of chosen singers, written as sound or as video."""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from app.commands.export_options import add_export, export_settings, facts_of, tell_files
from app.commands.faces import find_people
from app.commands.options import add_clip, add_json, add_landmarks, add_overwrite, time_value
from app.errors import NotPossibleError
from app.jobs import CancelToken
from app.singers import PLACES, Singer, choose
from app.terminal import Terminal

if TYPE_CHECKING:
    from app.clip import Clip
    from app.isolation import IsolateReport
    from vision.types import FaceScan

NAME = "separate"
HELP = "isolate the voice of one or more visible singers"
DEVICES = ("auto", "cuda", "mps", "cpu")
FEATURE_FPS = 25


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_clip(parser)
    who = parser.add_mutually_exclusive_group()
    who.add_argument(
        "--singer",
        default="largest",
        metavar="WHO",
        help="id or number from the faces command, left, right or largest (default); "
        "several with commas",
    )
    who.add_argument("--all", action="store_true", help="every singer, one file each")
    parser.add_argument("--in", dest="first", type=time_value, metavar="T", help="start, 1:02.5")
    parser.add_argument("--out", dest="last", type=time_value, metavar="T", help="end, 1:10.25")
    parser.add_argument("--model", default="solovox", metavar="ID", help="see the models command")
    parser.add_argument("--device", choices=DEVICES, default="auto")
    where = parser.add_mutually_exclusive_group()
    where.add_argument(
        "--output",
        type=Path,
        metavar="PATH",
        help="file, or existing folder (default: {clip}_{singer}_isolated in the current folder)",
    )
    where.add_argument("--folder", type=Path, metavar="DIR", help="folder, made when missing")
    add_export(parser)
    parser.add_argument(
        "--no-joint",
        action="store_true",
        help="do not weigh the visible singers against each other",
    )
    parser.add_argument(
        "--no-face",
        choices=("model", "silence"),
        default="model",
        help="what to give while the singer is not in the picture (default: model)",
    )
    parser.add_argument(
        "--learn",
        action="store_true",
        help="learn the singers' voices from the clip first: about a minute more, better where "
        "each is also heard alone",
    )
    add_landmarks(parser)
    add_overwrite(parser)
    add_json(parser)


def run(args: argparse.Namespace, terminal: Terminal, token: CancelToken) -> int:
    """Do the whole job: faces, separation, files."""
    from app.chosen_model import needs_of
    from app.clip import Clip
    from app.deliver import deliver
    from app.export.span import plan_span
    from app.isolate import NO_FACE_VOICE, isolate
    from app.isolation import IsolateOptions
    from app.outputs import Place, plan_outputs
    from app.warm import warm_up

    begun = time.monotonic()
    clip = Clip.open(args.clip)
    start, stop = clip.sample_range(args.first, args.last)
    settings = export_settings(args)
    place = Place(args.output, args.folder, args.overwrite, start)
    if settings.timelines:
        clip.require_video()
    span = plan_span(
        clip.info,
        start,
        stop,
        settings.handles,
        settings.handle_unit,
        whole_frames=bool(settings.timelines),
    )
    first, last = span.inside(clip.require_audio().samples)
    work = IsolateOptions(
        args.model, args.device, not args.no_joint, args.no_face, first, last, args.learn
    )
    needs = needs_of(work)
    scan: FaceScan | None = None
    singers: list[Singer] = []
    chosen: list[Singer] = []
    names = [NO_FACE_VOICE]
    if needs != "nothing":
        clip.require_video()
        if not args.all and "," not in args.singer:
            plan_outputs(clip, [args.singer], settings, place)  # an existing file is told at once
        scan, singers = find_people(args, clip, terminal, token, on_running=warm_up)
        chosen = _choose(args, clip, singers)
        names = [singer.id for singer in chosen]
    outputs = plan_outputs(clip, names, settings, place)
    scanned = time.monotonic()
    with isolate(
        clip, scan, singers, chosen, work, on_progress=terminal.progress, token=token
    ) as job:
        _tell(job.report, chosen, terminal)
        told = len(job.report.warnings)
        delivery = deliver(
            clip,
            job,
            outputs,
            settings,
            span=span,
            fade_ms=args.fade,
            overwrite=args.overwrite,
            on_progress=terminal.progress,
            token=token,
        )
    for text in job.report.warnings[told:]:
        terminal.warning(text)
    tell_files(delivery, terminal)
    ended = time.monotonic()
    sound_s = (stop - start) / job.sample_rate
    factor = (ended - begun) / sound_s
    terminal.note(
        f"{ended - begun:.1f} s for {sound_s:.1f} s of sound (real-time factor {factor:.2f}; "
        f"faces {scanned - begun:.1f} s, voices {ended - scanned:.1f} s).",
        seconds=round(ended - begun, 3),
        faces_s=round(scanned - begun, 3),
        real_time_factor=round(factor, 4),
    )
    facts = {
        "clip": str(clip.path),
        "outputs": [facts_of(file) for file in delivery.files],
        "model": job.report.model,
        "device": job.report.device,
        "lag_frames": job.report.lag_frames,
        "warnings": list(job.report.warnings),
        "start_sample": span.first,
        "samples": span.last - span.first,
        "sample_rate": job.sample_rate,
        "channels": job.channels,
        "real_time_factor": round(factor, 4),
    }
    terminal.result(facts, [str(output.path) for output in delivery.outputs])
    return 0


def _choose(args: argparse.Namespace, clip: Clip, singers: Sequence[Singer]) -> list[Singer]:
    """The wanted singers; places and ``--all`` mean the people visible in the chosen range."""
    choose(singers)
    first = clip.start + (args.first or 0)
    last = clip.start + args.last if args.last is not None else None
    visible = [
        singer
        for singer in singers
        if singer.last > first and (last is None or singer.first < last)
    ]
    if args.all or args.singer.lower() in PLACES:
        if not visible:
            raise NotPossibleError(
                "No face is in the picture between --in and --out; choose another range or name "
                "a singer with --singer."
            )
        return visible if args.all else choose(visible, args.singer)
    return choose(singers, args.singer)


def _tell(report: IsolateReport, chosen: Sequence[Singer], terminal: Terminal) -> None:
    who = ", ".join(singer.name for singer in chosen) or "the voice"
    terminal.note(f"Isolating {who} with {report.model} on {report.device}.", device=report.device)
    lag = report.lag_frames
    if lag:
        milliseconds = abs(lag) * 1000 // FEATURE_FPS
        side = "behind" if lag > 0 else "ahead of"
        terminal.note(
            f"The lips are {milliseconds} ms {side} the sound; corrected.", lag_frames=lag
        )
    for text in report.warnings:
        terminal.warning(text)
