"""What is asked of the system itself: libraries loaded without Python's lock, memory given back."""

from __future__ import annotations

import ctypes
import gc
import os
import sys
from importlib.util import find_spec
from pathlib import Path


def preload_torch() -> None:
    """Load torch's libraries, for the import that follows to find them loaded.

    An import holds Python's lock while the system loads 400 MB, which takes many seconds from a
    cold disk, and no Python thread can end the process then. A foreign call doesn't hold it.
    Where this can't be done (it is written for Linux), the import does all by itself.
    """
    if "torch" in sys.modules or not sys.platform.startswith("linux"):
        return
    spec = find_spec("torch")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        library = Path(folder) / "lib" / "libtorch_python.so"
        if library.is_file():
            load = ctypes.CDLL(None).dlopen
            load.argtypes, load.restype = (ctypes.c_char_p, ctypes.c_int), ctypes.c_void_p
            load(os.fsencode(library), os.RTLD_NOW)


def give_back_memory() -> None:
    """Return freed memory to the system, between stages that need it for different things.

    The C library keeps what big arrays leave behind, in pieces that the next stage's arrays don't
    fit into. Does nothing where it cannot be asked (it is glibc's).
    """
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    if trim is not None:
        trim(ctypes.c_size_t(0))
