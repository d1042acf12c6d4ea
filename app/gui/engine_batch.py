"""The job of the queue's own engine process."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from app.batch import BatchResult, Rule
from app.caches import hold_cache
from app.edits import ExportSettings, Recipe
from app.gui.engine_options import preferred_options

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
    from app.voice_cache import voice_cache

    context.token.check()  # imports take seconds where the disk is slow, here and below
    options = replace(preferred_options(), model=recipe.model, learn=recipe.learn)
    context.token.check()
    result = process_clip(
        path,
        rule,
        settings,
        options,
        voice_cache(),
        on_progress=context.on_progress,
        token=context.token,
        plain_name=lambda singer: name.format(letter=singer),
    )
    hold_cache()
    return result
