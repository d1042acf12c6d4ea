"""Errors of the vision package."""

from __future__ import annotations


class VisionError(Exception):
    """Faces or landmarks cannot be had; the text is one sentence that names the remedy."""
