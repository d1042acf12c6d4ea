"""Writing the stems of a job: names settled before the work, files whole or absent after it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from app.clip import Clip
from app.errors import BadInputError
from app.isolate import Isolation
from app.jobs import CancelToken, OnProgress

if TYPE_CHECKING:
    from app.export.video import VideoExport

REST = "rest"


@dataclass(frozen=True)
class DeliverOptions:
    """What to write and where."""

    format: str = "wav24"
    video: bool = False
    """Write the clip again with the voice as its first sound, instead of a sound file."""
    rest: bool = False
    """Also write the original minus all voices, as a sound file."""
    output: Path | None = None
    """File of the single voice, or an existing folder."""
    folder: Path | None = None
    """Folder for all files, made when it is missing; the current one when neither is given."""
    overwrite: bool = False


@dataclass(frozen=True)
class Output:
    """One file to be written."""

    kind: Literal["voice", "video", "rest"]
    singer: str
    """Id of the singer; ``rest`` for the rest."""
    path: Path


@dataclass(frozen=True)
class Delivery:
    """What was written."""

    outputs: tuple[Output, ...]
    clipped: int
    """Sample values that lay beyond full scale and were cut to it."""
    notes: tuple[str, ...] = ()
    """What the user should know about the files."""


def plan_outputs(clip: Clip, names: Sequence[str], options: DeliverOptions) -> list[Output]:
    """Settle the names of all files of a job.

    Raises `BadInputError` when one exists (and overwriting isn't allowed), when a folder is
    missing, when one file name is given for several singers, or when the named kind of file
    cannot hold what is to be written.
    """
    from app.export.naming import output_path
    from app.export.sound import AUDIO_FORMATS

    if options.video:
        clip.require_video()
    sound_suffix = AUDIO_FORMATS[options.format]
    kind: Literal["voice", "video"] = "video" if options.video else "voice"
    suffix = _video_suffix(clip, options.output) if options.video else sound_suffix
    folder, file = _place(options, len(names), suffix)
    _check_folder(folder, may_be_made=folder == options.folder)
    outputs = [
        Output(kind, name, file or output_path(clip.path, name, suffix, folder, True))
        for name in names
    ]
    if options.rest:
        # A stem of its own, not of a singer: {clip}_rest.
        rest = folder / f"{clip.path.stem}_{REST}{sound_suffix}"
        if rest == file:
            raise BadInputError(f"{rest.name} is the name of the rest; give another --output.")
        outputs.append(Output("rest", REST, rest))
    for output in outputs:
        _check_free(output.path, clip, options.overwrite)
    return outputs


def deliver(
    clip: Clip,
    isolation: Isolation,
    outputs: Sequence[Output],
    options: DeliverOptions,
    *,
    on_progress: OnProgress | None = None,
    token: CancelToken | None = None,
) -> Delivery:
    """Compute the job and write its files.

    Sounds appear when all of them are whole; videos one after the other. Nothing half written is
    left, whatever happens.
    """
    from app.paths import cache_dir

    token = token or CancelToken()
    for output in outputs:
        output.path.parent.mkdir(parents=True, exist_ok=True)
    videos = [output for output in outputs if output.kind == "video"]
    notes = _container_notes(clip, videos)
    with ExitStack() as stack:
        voices: dict[str, Path] = {}
        if videos:
            scratch = stack.enter_context(tempfile.TemporaryDirectory(dir=cache_dir()))
            voices = {output.singer: Path(scratch) / f"{output.singer}.wav" for output in videos}
        clipped = _write_sounds(isolation, outputs, voices, options, token)
        for output in videos:
            made = _write_video(
                clip, isolation, output, voices[output.singer], options, on_progress, token
            )
            clipped += made.clipped
            if made.lead_in * clip.require_video().frame_rate >= 1:
                notes.append(
                    f"{output.path.name}: a copied picture can begin at key frames only, so it "
                    f"begins {float(made.lead_in):.2f} s before the range; .mov and .mp4 hide that."
                )
    return Delivery(tuple(outputs), clipped, tuple(notes))


def _write_sounds(
    isolation: Isolation,
    outputs: Sequence[Output],
    voices: dict[str, Path],
    options: DeliverOptions,
    token: CancelToken,
) -> int:
    from app.export.sound import SoundWriter

    writers: dict[str, SoundWriter] = {}
    with ExitStack() as files:
        for output in outputs:
            scratch = voices.get(output.singer)
            writer = SoundWriter(
                scratch or output.path,
                isolation.sample_rate,
                isolation.channels,
                "wav32f" if scratch else options.format,
                layout=isolation.layout,
                overwrite=options.overwrite,
            )
            writers[output.singer] = files.enter_context(writer)
        for block in isolation:
            token.check()
            for singer, writer in writers.items():
                writer.write(block.rest if singer == REST else block.voices[singer])
    return sum(writer.clipped for writer in writers.values())


def _video_suffix(clip: Clip, output: Path | None) -> str:
    """Ending of the video to write: that of the given file, or what suits the clip."""
    from app.export.containers import check_holds, container_for
    from app.media.opening import open_input

    if output is None or not output.suffix or output.is_dir():
        return container_for(clip.path)[0]
    with open_input(clip.path) as container:
        check_holds(container, output)
    return output.suffix.lower()


def _container_notes(clip: Clip, videos: Sequence[Output]) -> list[str]:
    """Why a video is of another kind than the clip, when nobody asked for that kind."""
    from app.export.containers import container_for

    if not videos:
        return []
    suffix, note = container_for(clip.path)
    return [note] if note and videos[0].path.suffix == suffix else []


def _place(options: DeliverOptions, singers: int, suffix: str) -> tuple[Path, Path | None]:
    """Folder of the outputs, and the file when ``output`` names one."""
    given = options.output
    if given is None:
        return options.folder or Path.cwd(), None
    if given.is_dir():
        return given, None
    if singers > 1:
        raise BadInputError(
            f"{given} is no folder, and {singers} singers need one; give it with --folder."
        )
    if not given.suffix:
        return given.parent, given.with_name(given.name + suffix)
    if given.suffix.lower() != suffix:
        raise BadInputError(
            f"{given.name} does not fit what is written; let it end in {suffix} or change --format."
        )
    return given.parent, given


def _check_folder(folder: Path, may_be_made: bool) -> None:
    place = folder
    while may_be_made and not place.exists() and place != place.parent:
        place = place.parent
    if not place.is_dir():
        raise BadInputError(f"There is no folder {place}; make it first or choose another.")
    if not os.access(place, os.W_OK):
        raise BadInputError(f"Nothing can be written to the folder {place}; choose another.")


def _check_free(path: Path, clip: Clip, overwrite: bool) -> None:
    if path.exists() and path.samefile(clip.path):
        raise BadInputError(f"{path} is the clip itself; give another --output.")
    if path.exists() and not overwrite:
        raise BadInputError(
            f"{path} exists already; give another name with --output or allow --overwrite."
        )


def _write_video(
    clip: Clip,
    isolation: Isolation,
    output: Output,
    voice: Path,
    options: DeliverOptions,
    on_progress: OnProgress | None,
    token: CancelToken,
) -> VideoExport:
    from app.export.video import write_video

    whole = isolation.start == 0 and isolation.stop == clip.require_audio().samples
    return write_video(
        clip.path,
        [(f"Singer {output.singer}", voice)],
        output.path,
        options.overwrite,
        on_progress=on_progress,
        token=token,
        start=None if whole else isolation.start,
        stop=None if whole else isolation.stop,
        info=clip.info,
    )
