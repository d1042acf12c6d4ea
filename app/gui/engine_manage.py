"""Jobs of the engine process for the preferences: devices, models, cache; no Qt."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app import caches, models
from app.models import ModelFacts
from app.paths import cache_dir, models_dir

if TYPE_CHECKING:
    from app.gui.engine import JobContext
    from app.gui.engine_jobs import Workshop


@dataclass(frozen=True)
class CacheState:
    """What the preferences say about the cache."""

    folder: Path
    used: int
    clearable: int
    free: int
    """Bytes left on its disk."""


def list_devices(context: JobContext, workshop: Workshop) -> list[tuple[str, str]]:
    """Id and description of every device that can compute here; the first is the best."""
    from audio_models.device import NAMES, choose_device
    from audio_models.errors import ModelError

    found = []
    for name in NAMES[1:]:
        try:
            found.append((name, choose_device(name).description))
        except ModelError:
            continue
    return found


def list_models(context: JobContext, workshop: Workshop) -> list[ModelFacts]:
    """All models and the state of their weights."""
    return models.all_models(models_dir())


def verify_model(context: JobContext, workshop: Workshop, model: str) -> ModelFacts:
    """Check a model's weights against their SHA-256."""
    return models.verify_model(model, models_dir())


def import_model(context: JobContext, workshop: Workshop, file: Path, model: str) -> ModelFacts:
    """Import a checkpoint as the weights of a model."""
    return models.import_model(file, model, models_dir())


def remove_model(context: JobContext, workshop: Workshop, model: str) -> ModelFacts:
    """Delete weights the user added."""
    return models.remove_model(model, models_dir())


def cache_state(context: JobContext, workshop: Workshop) -> CacheState:
    """How much the cache holds."""
    folder = cache_dir()
    use = caches.cache_use(folder)
    return CacheState(folder, use.total, use.clearable, caches.free_bytes(folder))


def clear_cache(context: JobContext, workshop: Workshop) -> CacheState:
    """Remove all that no open window works on."""
    caches.clear(cache_dir())
    return cache_state(context, workshop)


def shrink_cache(context: JobContext, workshop: Workshop, gigabytes: int) -> CacheState:
    """Remove the least recently used until the rest fits."""
    caches.shrink(cache_dir(), gigabytes * 10**9)
    return cache_state(context, workshop)


MANAGE_JOBS = (
    list_devices,
    list_models,
    verify_model,
    import_model,
    remove_model,
    cache_state,
    clear_cache,
    shrink_cache,
)
