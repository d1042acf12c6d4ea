"""Solovox: isolate one visible singer's voice from a video."""

from __future__ import annotations

__version__ = "0.1.0"
