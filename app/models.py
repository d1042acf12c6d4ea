"""The separation models for people: what each is, checking, importing and removing its weights."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeVar

from app.errors import BadInputError
from app.paths import RESOURCES

if TYPE_CHECKING:
    from audio_models.store import ModelStatus

CARDS = RESOURCES.parent / "docs" / "models"
_Result = TypeVar("_Result")


@dataclass(frozen=True)
class ModelFacts:
    """One model as the preferences show it."""

    id: str
    title: str
    state: Literal["ready", "missing", "damaged"]
    own: bool
    """It comes with the program and can't be removed."""
    size_bytes: int
    """Of all its files; 0 while they are missing."""
    licence: str
    needs: str
    sha256: str | None
    published_name: str | None
    """The file its authors publish, for a model whose weights the user brings."""
    card: str
    """The model card, Markdown."""


def all_models(folder: Path) -> list[ModelFacts]:
    """Every known model with what the user added in ``folder``; quick, reads no weights."""
    from audio_models import store

    return [_facts(status) for status in store.models_status(folder)]


def verify_model(model: str, folder: Path) -> ModelFacts:
    """Compare a model's files with their SHA-256; reads them whole."""
    from audio_models import store

    return _facts(_told(lambda: store.verify(model, folder)))


def import_model(file: Path, model: str, folder: Path) -> ModelFacts:
    """Take a downloaded checkpoint as the weights of ``model``.

    Raises `BadInputError` when it is no such checkpoint, or the weights are there already.
    """
    from audio_models import store

    if not file.is_file():
        raise BadInputError(f"There is no file {file}; check the name.")
    return _facts(_told(lambda: store.add_model(file, folder, model)))


def remove_model(model: str, folder: Path) -> ModelFacts:
    """Delete weights the user added; `BadInputError` when they are the program's or not there."""
    from audio_models import store

    _told(lambda: store.remove(model, folder))
    return next(facts for facts in all_models(folder) if facts.id == model)


def _facts(status: ModelStatus) -> ModelFacts:
    spec = status.spec
    size = 0
    if status.path is not None:
        names = [spec.weights, *(name for name, _ in spec.companions)]
        size = sum(status.path.with_name(name).stat().st_size for name in names)
    try:
        card = (CARDS / spec.card).read_text(encoding="utf-8")
    except OSError:
        card = ""
    return ModelFacts(
        id=spec.id,
        title=spec.title,
        state=status.state,
        own=status.own,
        size_bytes=size,
        licence=spec.licence,
        needs=spec.needs,
        sha256=status.sha256,
        published_name=spec.published_name,
        card=card,
    )


def _told(act: Callable[[], _Result]) -> _Result:
    """Turn the store's complaint into one for people at the window: they type no options."""
    from audio_models.errors import ModelError

    try:
        return act()
    except ModelError as error:
        raise BadInputError(str(error).replace(" with --id", "")) from error
