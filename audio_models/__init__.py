"""Networks that separate voices, and the driver that runs them over a clip."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from audio_models.official import load_official_ynet

__all__ = ["load_official_ynet"]


def __getattr__(name: str) -> Any:
    """Import torch only when a model is really asked for."""
    if name == "load_official_ynet":
        from audio_models.official import load_official_ynet

        return load_official_ynet
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
