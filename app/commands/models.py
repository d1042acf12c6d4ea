"""``models``: list the separation models, add weights, verify and remove them."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.commands.options import add_json
from app.errors import BadInputError
from app.jobs import CancelToken
from app.terminal import Terminal

if TYPE_CHECKING:
    from audio_models.store import ModelStatus

NAME = "models"
HELP = "list, add, verify and remove separation models"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the actions and their options."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    actions.add_parser("list", help="every model and whether its weights are there")
    add = actions.add_parser("add", help="import a published checkpoint or weights of train")
    add.add_argument(
        "file", type=Path, metavar="FILE", help="checkpoint as its authors gave it, or safetensors"
    )
    add.add_argument("--id", metavar="ID", help="which model it is, where its name does not tell")
    verify = actions.add_parser("verify", help="compare weights with their SHA-256")
    verify.add_argument("id", nargs="?", metavar="ID", help="one model (default: all present)")
    remove = actions.add_parser("remove", help="delete weights you added")
    remove.add_argument("id", metavar="ID")
    landmarks = actions.add_parser(
        "landmarks", help="the weights of the accurate landmarks: where they are, or get them"
    )
    source = landmarks.add_mutually_exclusive_group()
    source.add_argument("--file", type=Path, metavar="FILE", help="take this file you have")
    source.add_argument("--fetch", action="store_true", help="download them (96 MB)")
    for action in actions.choices.values():
        add_json(action)


def run(args: argparse.Namespace, terminal: Terminal, token: CancelToken) -> int:
    """Do one action on the models."""
    from app.paths import models_dir
    from audio_models import store
    from audio_models.errors import ModelError

    if args.action == "landmarks":
        return _landmarks(args.file, args.fetch, terminal)
    folder = models_dir()
    try:
        if args.action == "list":
            _show(store.models_status(folder), terminal)
        elif args.action == "add":
            if not args.file.is_file():
                raise BadInputError(f"There is no file {args.file}; check the name.")
            _show([store.add_model(args.file, folder, args.id)], terminal)
        elif args.action == "remove":
            store.remove(args.id, folder)
            terminal.result({"removed": args.id}, [f"Removed {args.id}."])
        else:
            return _verify(args.id, folder, terminal)
    except ModelError as error:
        raise BadInputError(str(error)) from error
    return 0


def _landmarks(source: Path | None, fetch: bool, terminal: Terminal) -> int:
    from vision.accurate import fetch_weights, find_weights, keep_weights
    from vision.errors import VisionError

    try:
        if source is not None:
            path = keep_weights(source)
        else:
            path = fetch_weights() if fetch else find_weights()
    except VisionError as error:
        raise BadInputError(str(error)) from error
    terminal.result({"landmarks": str(path)}, [f"The accurate landmarks use {path}."])
    return 0


def _verify(model_id: str | None, folder: Path, terminal: Terminal) -> int:
    from audio_models import store

    present = [item.spec.id for item in store.models_status(folder) if item.state == "ready"]
    statuses = [store.verify(name, folder) for name in ([model_id] if model_id else present)]
    if not statuses:
        terminal.result({"models": []}, ["There are no weights to verify."])
        return 0
    _show(statuses, terminal)
    bad = [status.spec.id for status in statuses if status.state != "ready"]
    if bad:
        raise BadInputError(
            f"{', '.join(bad)}: the weights are missing or damaged; add them again with models add."
        )
    return 0


def _show(statuses: list[ModelStatus], terminal: Terminal) -> None:
    rows = [_row(status) for status in statuses]
    lines = [f"{'id':<20} {'state':<8} {'needs':<10} {'title':<40} licence"]
    lines += [
        f"{row['id']:<20} {row['state']:<8} {row['needs']:<10} {row['title']:<40} {row['licence']}"
        for row in rows
    ]
    terminal.result({"models": rows}, lines)


def _row(status: ModelStatus) -> dict[str, Any]:
    return {
        "id": status.spec.id,
        "title": status.spec.title,
        "state": status.state,
        "needs": status.spec.needs,
        "licence": status.spec.licence,
        "sha256": status.sha256,
        "path": None if status.path is None else str(status.path),
        "own": status.own,
    }
