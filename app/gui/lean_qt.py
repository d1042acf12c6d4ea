"""Qt's Python bindings without a search through the source of every module that is imported."""

from __future__ import annotations

import importlib


def skip_source_search() -> None:
    """Keep PySide from reading sources; call it before the first of its modules is imported.

    From then on PySide watches all imports of the process and searches the source text of each
    module for its own name, to know where ``from __feature__ import …`` may apply. Nothing here
    uses that, and the reading holds Python's lock on whatever thread the import happens.
    """
    importlib.import_module("shiboken6")
    try:
        feature = importlib.import_module("shibokensupport.feature")
    except ImportError:
        return  # another version of PySide does without
    if hasattr(feature, "_mod_uses_pyside"):
        vars(feature)["_mod_uses_pyside"] = lambda _module: False
