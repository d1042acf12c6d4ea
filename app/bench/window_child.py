"""The process that ``bench window`` measures: starts like the program itself, then is driven.

Run as ``python -m app.bench.window_child CLIP --began T``; prints one JSON object. The engine
process imports this module too, as it does `main.py`, so nothing else is imported at its head.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path


def main() -> None:
    """Drive the window over the clip that the arguments name."""
    parser = argparse.ArgumentParser()
    parser.add_argument("clip", type=Path)
    parser.add_argument("--began", type=float, required=True)
    parser.add_argument("--play", type=float, default=60.0)
    parser.add_argument("--limit", type=float)
    given = parser.parse_args()

    from app.gui import get_ready

    get_ready(given.clip)
    from app.gui.drive import measure

    print(json.dumps(measure(given.clip, given.began, given.play, given.limit)), flush=True)


if __name__ == "__main__":
    main()
