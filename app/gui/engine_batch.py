"""The job of the queue's own engine process."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from app.batch import BatchResult, Rule
from app.caches import hold_cache
from app.edits import ExportSettings, Recipe

if TYPE_CHECKING:
    from app.gui.engine import JobContext
    from app.gui.engine_jobs import Workshop


def process_clip(
    context: JobContext,
    workshop: Workshop,
    path: Path,
    rule: Rule,
    settings: ExportSettings,
    recipe: Recipe,
    name: str,
) -> BatchResult:
    """Do everything for one clip of the queue; the clip at hand in the window is left alone.

    ``name`` is what a singer is called in the user's language, as "Singer {letter}".
    """
    from app.batch import process_clip
    from app.isolate import IsolateOptions
    from app.preferences import current
    from app.voice_cache import voice_cache
    from audio_models.device import device_or_best

    context.token.check()  # the imports above take seconds where the disk is slow
    wanted = current()
    device = device_or_best(wanted.device).torch_device.type
    context.token.check()
    result = process_clip(
        path,
        rule,
        settings,
        IsolateOptions(recipe.model, device, precision=wanted.precision, learn=recipe.learn),
        voice_cache(),
        on_progress=context.on_progress,
        token=context.token,
        plain_name=lambda singer: name.format(letter=singer),
    )
    hold_cache()
    return result
