"""Where Solovox keeps what it makes for itself: caches, models, settings and logs."""

from __future__ import annotations

import os
from pathlib import Path

APP_NAME = "solovox"
RESOURCES = Path(__file__).resolve().parent.parent / "resources"


def _folder(variable: str, default: str) -> Path:
    given = os.environ.get(variable)
    path = Path(given) if given else Path(default)
    path.mkdir(parents=True, exist_ok=True)
    return path


def cache_dir() -> Path:
    """Folder for what can be computed again (``SOLOVOX_CACHE_DIR`` overrides)."""
    from platformdirs import user_cache_dir

    return _folder("SOLOVOX_CACHE_DIR", user_cache_dir(APP_NAME))


def data_dir() -> Path:
    """Folder for the user's models and logs (``SOLOVOX_DATA_DIR`` overrides)."""
    from platformdirs import user_data_dir

    return _folder("SOLOVOX_DATA_DIR", user_data_dir(APP_NAME))


def config_dir() -> Path:
    """Folder for settings (``SOLOVOX_CONFIG_DIR`` overrides)."""
    from platformdirs import user_config_dir

    return _folder("SOLOVOX_CONFIG_DIR", user_config_dir(APP_NAME))


def models_dir() -> Path:
    """Folder for models the user adds."""
    path = data_dir() / "models"
    path.mkdir(exist_ok=True)
    return path
