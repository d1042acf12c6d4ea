"""The stages of jobs in the user's language; the jobs themselves speak English."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from app.gui.action_spec import QT_TRANSLATE_NOOP

STAGES = (
    QT_TRANSLATE_NOOP("Stages", "Finding faces"),
    QT_TRANSLATE_NOOP("Stages", "Following the face"),
    QT_TRANSLATE_NOOP("Stages", "Reading mouths"),
    QT_TRANSLATE_NOOP("Stages", "Hearing the marked parts"),
    QT_TRANSLATE_NOOP("Stages", "Listening for each singer alone"),
    QT_TRANSLATE_NOOP("Stages", "Learning voices"),
    QT_TRANSLATE_NOOP("Stages", "Separating"),
    QT_TRANSLATE_NOOP("Stages", "Measuring loudness"),
    QT_TRANSLATE_NOOP("Stages", "Writing sound"),
    QT_TRANSLATE_NOOP("Stages", "Writing the video"),
)
"""What `Progress.stage` can be in the window."""


def stage_text(stage: str) -> str:
    """A stage in the user's language."""
    return QCoreApplication.translate("Stages", stage)
