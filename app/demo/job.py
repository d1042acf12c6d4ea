"""The demo as a user runs it: render the duet, isolate both singers, compare with the truth."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from app.demo.render import DemoClip, render_demo
from app.errors import NotPossibleError
from app.jobs import CancelToken, OnProgress

SYNTHETIC = (
    "Faces and voices are synthetic: one public-domain photograph animated twice, two voices "
    "computed by formant synthesis."
)


@dataclass(frozen=True)
class DemoVoice:
    """One isolated singer."""

    singer: str
    path: str
    truth: str
    si_sdr_before_db: float
    """The whole mixture against the true voice."""
    si_sdr_after_db: float


@dataclass(frozen=True)
class DemoReport:
    """What the demo made and how good it is."""

    clip: str
    voices: tuple[DemoVoice, ...]
    model: str
    device: str
    render_s: float
    separate_s: float
    seconds: float

    def facts(self) -> dict[str, Any]:
        """For programs."""
        return {"about": SYNTHETIC, **asdict(self)}

    def lines(self) -> list[str]:
        """For people."""
        lines = [SYNTHETIC, f"Clip: {self.clip}"]
        lines += [
            f"Singer {voice.singer}: {voice.path}  SI-SDR {voice.si_sdr_before_db:.1f} dB before, "
            f"{voice.si_sdr_after_db:.1f} dB after"
            for voice in self.voices
        ]
        lines.append(
            f"Separated with {self.model} on {self.device}: {self.separate_s:.1f} s for "
            f"{self.seconds:.1f} s of clip, faces included."
        )
        return lines


def run_demo(
    folder: Path,
    *,
    seconds: float = 12.0,
    size: tuple[int, int] = (960, 540),
    model: str = "solovox",
    on_progress: OnProgress | None = None,
    token: CancelToken | None = None,
) -> DemoReport:
    """Render the duet into ``folder`` and isolate both singers there; earlier files are replaced.

    Raises `NotPossibleError` when not exactly two singers are found, and whatever the job raises.
    """
    from app.chosen_model import needs_of
    from app.clip import Clip
    from app.deliver import deliver
    from app.edits import ExportSettings
    from app.isolate import isolate
    from app.isolation import IsolateOptions
    from app.outputs import Place, plan_outputs
    from app.scan import scan_clip
    from app.singers import find_singers

    work = IsolateOptions(model=model)
    needs_of(work)  # missing weights are told before anything is rendered
    begun = time.monotonic()
    made = render_demo(folder, seconds=seconds, size=size, on_progress=on_progress, token=token)
    rendered = time.monotonic()
    clip = Clip.open(made.path)
    scan = scan_clip(clip, on_progress=on_progress, token=token)
    singers = find_singers(scan)
    if len(singers) != len(made.voices):
        raise NotPossibleError(
            f"The demo shows {len(made.voices)} singers but {len(singers)} were found; this is a "
            "fault of the program or of its packages, please report it."
        )
    settings, place = ExportSettings(), Place(folder=folder, overwrite=True)
    outputs = plan_outputs(clip, [singer.id for singer in singers], settings, place)
    with isolate(clip, scan, singers, singers, work, on_progress=on_progress, token=token) as job:
        delivery = deliver(
            clip, job, outputs, settings, overwrite=True, on_progress=on_progress, token=token
        )
    separated = time.monotonic()
    paths = [output.path for output in delivery.outputs]
    return DemoReport(
        clip=str(made.path),
        voices=tuple(
            _score(made, clip, index, singer.id, path)
            for index, (singer, path) in enumerate(zip(singers, paths, strict=True))
        ),
        model=job.report.model,
        device=job.report.device,
        render_s=round(rendered - begun, 2),
        separate_s=round(separated - rendered, 2),
        seconds=made.samples / made.sample_rate,
    )


def _score(made: DemoClip, clip: Any, index: int, singer: str, path: Path) -> DemoVoice:
    import soundfile

    from app.media.audio import AudioReader
    from audio_models.metrics import si_sdr

    truth = soundfile.read(made.voices[index], dtype="float32", always_2d=True)[0].T
    voice = soundfile.read(path, dtype="float32", always_2d=True)[0].T
    reader = AudioReader(clip.path, clip.require_audio())
    try:
        mixture = reader.read(0, made.samples)
    finally:
        reader.close()
    # AAC may carry a few samples past the end of what was put in; nothing is sung there.
    voice = voice[:, : made.samples]
    return DemoVoice(
        singer=singer,
        path=str(path),
        truth=str(made.voices[index]),
        si_sdr_before_db=round(si_sdr(truth, mixture), 2),
        si_sdr_after_db=round(si_sdr(truth, voice), 2),
    )
