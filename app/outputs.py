"""The files of an export: what there will be and how each is called, settled before any work."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from app.edits import ExportSettings
from app.errors import BadInputError
from app.export.naming import file_name, next_free

if TYPE_CHECKING:
    from app.clip import Clip
    from app.media.probe import AudioInfo, MediaInfo

REST = "rest"
Kind = Literal["voice", "rest", "video", "timeline"]
_ORDER: tuple[Kind, ...] = ("voice", "video", "rest", "timeline")
_KIND_TEXTS: dict[Kind, str] = {
    "voice": "isolated",
    "rest": REST,
    "video": "isolated",
    "timeline": "timeline",
}


@dataclass(frozen=True)
class Output:
    """One file to be written."""

    kind: Kind
    singer: str
    """Id of the singer; ``rest`` for the rest; ids with + in a video of several; "" for others."""
    path: Path
    title: str = ""
    """What people call it: the singer's name."""
    singers: tuple[str, ...] = ()
    """Whose voices a video has, in the order of its sound tracks."""


@dataclass(frozen=True)
class Place:
    """Where the files of a job on the terminal go."""

    output: Path | None = None
    """File of the single voice, or an existing folder."""
    folder: Path | None = None
    """Folder for all files, made when it is missing; the current one when neither is given."""
    overwrite: bool = False
    start: int = 0
    """First sample of the range."""


def names_of(
    clip: Path,
    info: MediaInfo,
    singers: Mapping[str, str],
    settings: ExportSettings,
    start: int,
    video_suffix: str = "",
    taken_counts: bool = True,
    now: datetime | None = None,
) -> list[Output]:
    """All files that ``settings`` ask for, by the template, where nothing is in the way yet.

    A taken name gets ``_02``; unless ``taken_counts`` only one that this export gives twice does.
    ``singers`` is id -> name of the chosen; ``start`` the first sample
    of the range, for ``{timecode}``; ``video_suffix`` what ``video="clip"`` means. No file is
    touched. Raises BadInputError for a template that cannot be used.
    """
    from app.export.sound import AUDIO_FORMATS
    from app.export.timeline import TIMELINE_SUFFIXES

    folder = Path(settings.folder) if settings.folder else clip.parent
    sound = AUDIO_FORMATS[settings.format]
    now = now or datetime.now()
    common = {
        "clip": clip.stem,
        "date": f"{now:%Y-%m-%d}",
        "time": f"{now:%H-%M}",
        "timecode": _timecode(info, start),
        "format": settings.format,
    }
    wanted: list[tuple[Kind, str, str, str, tuple[str, ...]]] = []
    if settings.voices:
        wanted += [("voice", who, name, sound, ()) for who, name in singers.items()]
    if settings.rest:
        wanted.append(("rest", REST, "", sound, ()))
    if settings.video:
        suffix = video_suffix if settings.video == "clip" else settings.video
        title = " + ".join(singers.values())
        wanted.append(("video", "+".join(singers), title, suffix, tuple(singers)))
    wanted += [("timeline", "", "", TIMELINE_SUFFIXES[kind], ()) for kind in settings.timelines]
    outputs: list[Output] = []
    for kind, who, title, suffix, voices in wanted:
        values = {**common, "singer": title, "kind": _KIND_TEXTS[kind]}
        path = folder / file_name(settings.name, values, suffix)
        path = next_free(path, [output.path for output in outputs], taken_counts)
        outputs.append(Output(kind, who, path, title or _KIND_TEXTS[kind], voices))
    return outputs


def plan_outputs(
    clip: Clip, singers: Sequence[str], settings: ExportSettings, place: Place
) -> list[Output]:
    """The files of a job on the terminal: a name that is taken is refused, not counted on.

    Every singer gets a video of his own. Raises BadInputError when a file exists (and overwriting
    isn't allowed), when a folder is missing, when one file name is given for several singers, or
    when the named kind of file cannot hold what is to be written.
    """
    from app.export.sound import AUDIO_FORMATS

    sound = AUDIO_FORMATS[settings.format]
    video = ""
    if settings.video:
        clip.require_video()
        video = _video_suffix(clip, settings, place.output)
    given = video if settings.video and not settings.voices else sound
    folder, file = _place(place, len(singers), given)
    check_folder(folder, may_be_made=folder == place.folder)
    kept = replace(settings, folder=str(folder), video="")
    names = {who: who for who in singers}
    outputs = names_of(clip.path, clip.info, names, kept, place.start, taken_counts=False)
    if settings.video:
        for who in singers:
            one = replace(kept, voices=False, rest=False, timelines=(), video="clip")
            outputs += names_of(clip.path, clip.info, {who: who}, one, place.start, video, False)
    outputs.sort(key=lambda output: _ORDER.index(output.kind))
    if file is not None:
        outputs[0] = replace(outputs[0], path=file)
        if any(output.path == file for output in outputs[1:]):
            raise BadInputError(f"{file.name} is the name of the rest; give another --output.")
    for output in outputs:
        _check_free(output.path, clip, place.overwrite)
    check_outputs(clip, outputs, settings)
    return outputs


def check_folder(folder: Path, may_be_made: bool) -> None:
    """Raise BadInputError unless files can be written to ``folder``."""
    place = folder
    while may_be_made and not place.exists() and place != place.parent:
        place = place.parent
    if not place.is_dir():
        raise BadInputError(f"There is no folder {place}; make it first or choose another.")
    if not os.access(place, os.W_OK):
        raise BadInputError(f"Nothing can be written to the folder {place}; choose another.")


def check_formats(audio: AudioInfo, outputs: Sequence[Output], settings: ExportSettings) -> None:
    """Raise BadInputError where a kind of file cannot hold that sound; no file is touched."""
    from app.export.sound import check_format

    kinds = {output.kind for output in outputs}
    if kinds & {"voice", "rest"}:
        check_format(settings.format, audio.sample_rate, audio.channels, audio.layout)
    elif "timeline" in kinds:
        raise BadInputError("A timeline places sound files; export the voices or the rest too.")


def check_outputs(clip: Clip, outputs: Sequence[Output], settings: ExportSettings) -> None:
    """Raise BadInputError where a kind of file cannot hold what is to go into it."""
    check_formats(clip.require_audio(), outputs, settings)
    for output in outputs:
        if output.kind == "timeline":
            clip.require_video()
        if output.kind == "video":
            from app.export.containers import check_holds
            from app.media.opening import open_input

            clip.require_video()
            with open_input(clip.path) as container:
                check_holds(container, output.path)


def _timecode(info: MediaInfo, start: int) -> str:
    """Timecode of the range as names can hold it: 01-02-03-04."""
    from app.export.span import plan_span

    if info.video is None or not info.audio:
        return ""
    frames = plan_span(info, start, start + 1, whole_frames=True).frames
    assert frames is not None
    from app.export.timeline import clip_start

    zero = clip_start(info)
    label = str(zero.plus(frames[1] - zero.frame))
    return label.replace(":", "-").replace(";", "-")


def _video_suffix(clip: Clip, settings: ExportSettings, output: Path | None) -> str:
    """Ending of the video to write: that of the given file, or what suits the clip."""
    from app.export.containers import check_holds, container_for
    from app.media.opening import open_input

    if settings.video != "clip":
        return settings.video
    if output is None or settings.voices or not output.suffix or output.is_dir():
        return container_for(clip.path)[0]
    with open_input(clip.path) as container:
        check_holds(container, output)
    return output.suffix.lower()


def _place(place: Place, singers: int, suffix: str) -> tuple[Path, Path | None]:
    """Folder of the outputs, and the file when ``output`` names one."""
    given = place.output
    if given is None:
        return place.folder or Path.cwd(), None
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


def _check_free(path: Path, clip: Clip, overwrite: bool) -> None:
    if path.exists() and path.samefile(clip.path):
        raise BadInputError(f"{path} is the clip itself; give another --output.")
    if path.exists() and not overwrite:
        raise BadInputError(
            f"{path} exists already; give another name with --output or allow --overwrite."
        )
