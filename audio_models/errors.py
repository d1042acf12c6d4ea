"""Errors of the audio_models package."""

from __future__ import annotations


class ModelError(Exception):
    """A model or its weights cannot be used; the text is one sentence that names the remedy."""
