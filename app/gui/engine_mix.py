"""Jobs of the engine process for the shape panel; no Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from app.gui.engine import JobContext
    from app.gui.engine_jobs import Workshop


@dataclass(frozen=True)
class ModelChoice:
    """A model that the editor may compute with."""

    id: str
    title: str
    ready: bool
    """Its weights are there."""


def model_choices(context: JobContext, workshop: Workshop) -> tuple[ModelChoice, ...]:
    """List the models."""
    from app.paths import models_dir
    from audio_models.store import models_status

    return tuple(
        ModelChoice(status.spec.id, status.spec.title, status.state == "ready")
        for status in models_status(models_dir())
    )


MIX_JOBS: tuple[Any, ...] = (model_choices,)
