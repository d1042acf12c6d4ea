"""What can only be measured inside the process: decoding alone, first sound, stages.

Run as ``python -m app.bench.inside CLIP``: prints one JSON object. Faces are taken from the cache
folder, where an earlier run has left them, as they are known when a user presses Isolate.
"""

from __future__ import annotations

import cProfile
import json
import pstats
import sys
import tempfile
import time
from pathlib import Path

from app.clip import Clip
from app.deliver import deliver
from app.edits import ExportSettings
from app.isolate import isolate
from app.isolation import IsolateOptions
from app.outputs import Place, plan_outputs
from app.scan import ANALYSIS_WIDTH, UNFILTERED_WIDTH, scan_clip
from app.singers import choose, find_singers

STAGES = (
    ("load model", "app/chosen_model.py", "load_chosen"),
    ("lip features", "app/lanes.py", "follow"),
    ("lag of lips", "app/lag.py", "measure"),
    ("read sound", "audio_models/fullband.py", "extend"),
    ("network", "audio_models/driver.py", "_masks"),
    ("full band", "audio_models/driver.py", "_block"),
    ("keep voices", "app/export/raw.py", "append_raw"),
    ("loudness", "app/export/loudness.py", "add"),
    ("write", "app/export/sound.py", "write"),
)
"""Stage, file and function whose time it is; none of them calls another."""


def measure(path: Path) -> dict[str, object]:
    """Seconds for decoding alone, first sound (cold and warm) and each stage of the voices.

    Stages are counted in processor seconds, which other work on the machine doesn't stretch.
    """
    begun, cpu_begun = time.monotonic(), time.process_time()
    _decode(path)
    decode_s, decode_cpu_s = time.monotonic() - begun, time.process_time() - cpu_begun
    clip = Clip.open(path)
    scan = scan_clip(clip)
    singers = find_singers(scan)
    chosen = choose(singers)
    first = []
    for _ in range(2):
        begun = time.monotonic()
        with isolate(clip, scan, singers, chosen, IsolateOptions()) as job:
            block = next(iter(job))
            first.append(time.monotonic() - begun)
    with tempfile.TemporaryDirectory() as folder:
        settings = ExportSettings()
        outputs = plan_outputs(clip, [chosen[0].id], settings, Place(folder=Path(folder)))
        profile = cProfile.Profile(time.process_time)
        profile.enable()
        with isolate(clip, scan, singers, chosen, IsolateOptions()) as job:
            deliver(clip, job, outputs, settings)
        profile.disable()
    return {
        "decode_s": decode_s,
        "decode_cpu_s": decode_cpu_s,
        "first_sound_cold_s": first[0],
        "first_sound_warm_s": first[1],
        "first_block_s": block.rest.shape[1] / job.sample_rate,
        "stages_cpu_s": stage_times(pstats.Stats(profile)),
        "device": job.report.device,
    }


def stage_times(stats: pstats.Stats) -> dict[str, float]:
    """Cumulative seconds of each stage; raises KeyError when a function was never called."""
    found = {
        (file.replace("\\", "/"), name): cumulative
        for (file, _, name), (_, _, _, cumulative, _) in stats.stats.items()  # type: ignore[attr-defined]
    }
    times: dict[str, float] = {}
    for stage, file, function in STAGES:
        values = [
            t for (path, name), t in found.items() if path.endswith(file) and name == function
        ]
        if not values:
            raise KeyError(f"{file}:{function} was not called")
        times[stage] = sum(values)
    return times


def _decode(path: Path) -> None:
    """Read every frame as the face scan does, and do nothing with it."""
    from app.media.probe import probe, require_video
    from app.media.video import VideoReader

    info = probe(path)
    unfiltered = require_video(info).width >= UNFILTERED_WIDTH
    with VideoReader(path, ANALYSIS_WIDTH, info, unfiltered, halve=True) as reader:
        for _ in reader.frames():
            pass


if __name__ == "__main__":
    print(json.dumps(measure(Path(sys.argv[1]))))
